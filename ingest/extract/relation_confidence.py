"""How likely a relation that a pattern found is right: a logistic model over the pattern's family and a few features.

Right means, strictly: subject, predicate, object and stance are as the sentence says. The weights are fitted to
relations that were read and judged (`training/relations`), so that of those with a confidence of .8 about four in five
hold.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ingest.extract.noun_phrases import Phrase
from ingest.extract.nouns import EMPTY
from ingest.extract.parse import Parse
from kg.predicates import GENERAL

WEIGHTS = Path(__file__).with_name("relation_confidence.json")


def features(parse: Parse, subject: Phrase, target: Phrase, predicate: str) -> dict[str, float]:
    """What is told about a relation beside its family; each about 0…1.

    `distance`: words between the ends; `length`: of the sentence; `commas` and `verbs` between the ends;
    `generic ends`: such as "method" or "activity"; `bare ends`: of one common word; `names`: that are proper; `left
    off`: that go on with "of" or "in"; `symbols`: the share of words without a letter, punctuation included.
    """
    first, last = min(subject.last, target.last) + 1, max(subject.first, target.first)
    between = range(first, last)
    ends = (subject, target)
    return {
        "distance": math.log1p(len(between)) / 3,
        "length": math.log1p(len(parse)) / 4,
        "commas": min(3, sum(parse.words[at] in _STOPS for at in between)) / 3,
        "verbs": min(3, sum(parse.is_verb(at) for at in between)) / 3,
        "generic ends": sum(parse.lower[end.head] in EMPTY for end in ends) / 2,
        "bare ends": sum(end.first == end.last and parse.words[end.head].islower() for end in ends) / 2,
        "names": sum(parse.tags[end.head].startswith("NNP") for end in ends) / 2,
        "left off": sum(_goes_on(parse, end) for end in ends) / 2,
        "symbols": 2 * sum(not any(map(str.isalpha, word)) for word in parse.words) / len(parse),
        "reread": float(parse.reread),
        "bracket": float(parse.starts[0] != parse.start),
        "open": float(predicate == GENERAL),
    }


def _goes_on(parse: Parse, end: Phrase) -> bool:
    return end.last + 1 < len(parse) and parse.lower[end.last + 1] in ("of", "in")


def confidence(family: str, denied: bool, hedged: bool, seen: Mapping[str, float]) -> float:
    """The probability that a relation is right, 0…1."""
    weights = _fitted().weights
    told = weights["all"] + weights.get(f"family {family}", 0.0)
    told += weights.get("denied", 0.0) * denied + weights.get("hedged", 0.0) * hedged
    told += sum(weights.get(name, 0.0) * value for name, value in seen.items())
    return 1 / (1 + math.exp(-told))


def is_candidate(share: float) -> bool:
    """Whether a relation of this confidence is below the line, and does not count."""
    return share < _fitted().line


@dataclass(frozen=True, slots=True)
class _Fitted:
    weights: Mapping[str, float]
    line: float


@lru_cache(maxsize=1)
def _fitted() -> _Fitted:
    told = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return _Fitted(told["weights"], told["line"])


_STOPS = frozenset(",;:")
