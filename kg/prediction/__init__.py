"""Which links are missing: scores of pairs that no paper joins yet, and their proof on the past."""

from kg.prediction.predictor import Predictor, Score, predictor

__all__ = ["Predictor", "Score", "predictor"]
