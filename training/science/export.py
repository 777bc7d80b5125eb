"""Writes what was trained as the files that `ingest.extract.kg_sci_model` reads.

    python -m training.science.export shared --out ingest/extract/kg_sci
    python -m training.science.export HEAD.pt --out ingest/extract/kg_sci

Networks go to ONNX with int8 weights (dynamic quantisation), the scorer of pairs to half precision. Thresholds and
calibration are put in afterwards by `training.science.calibrate`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from ingest.extract.word_pieces import WordPieces
from training.science.examples import SCHEMES
from training.science.network import HIDDEN, STATE, Head, minilm
from training.science.train import SHARED


class Bottom(nn.Module):
    """The shared layers: embeddings as they are added up, (1, pieces, 384), to states of the same shape."""

    def __init__(self, folder: Path, shared: int) -> None:
        super().__init__()
        encoder = minilm(str(folder))
        self.norm = encoder.embeddings.LayerNorm
        self.layers = encoder.encoder.layer[:shared]

    def forward(self, embedded: Tensor) -> Tensor:
        states: Tensor = self.norm(embedded)
        for layer in self.layers:
            made = layer(states)
            states = made[0] if isinstance(made, tuple) else made
        return states


class Top(nn.Module):
    """A head but for its pairs: the words' states and the log probabilities of each level's tags."""

    def __init__(self, head: Head) -> None:
        super().__init__()
        self.head = head

    def forward(self, states: Tensor, first: Tensor, shapes: Tensor) -> tuple[Tensor, ...]:
        words = self.head.words(states, None, first, shapes)
        return (words, *(self.head.tags(words, level) for level in range(self.head.scheme.levels)))


def write(network: nn.Module, examples: tuple[Tensor, ...], names: list[str], results: list[str], path: Path) -> None:
    """A network of one window a call as int8 ONNX. The second dimension of all that goes in and out is open."""
    axes = {name: {1: "pieces" if name in ("states", "embedded") else "words"} for name in [*names, *results]}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = Path(folder) / "whole.onnx"
        # The newer exporter needs onnxscript and writes LSTMs as loops.
        torch.onnx.export(
            network.eval(), examples, str(whole), input_names=names, output_names=results, dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            whole, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=False,
            op_types_to_quantize=["MatMul", "Gemm", "LSTM"],
        )  # fmt: skip


def export_shared(out: Path, shared: int = SHARED) -> None:
    bottom = Bottom(WordPieces().folder, shared)
    out.mkdir(parents=True, exist_ok=True)
    write(bottom, (torch.randn(1, 40, HIDDEN),), ["embedded"], ["states"], out / "shared.onnx")


def export_head(trained: Path, out: Path) -> None:
    stored = torch.load(trained, weights_only=False)
    settings = stored["settings"]
    name = settings["head"]
    scheme = SCHEMES[name]
    encoder = minilm(str(WordPieces().folder))
    head = Head(scheme, encoder, int(settings["shared"]), int(settings["layers"]), 0.0)
    head.load_state_dict(stored["weights"])
    head.eval()
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    words = torch.arange(1, 31)[None]
    results = ["words", *(f"tags{level}" for level in range(scheme.levels))]
    inputs = (torch.randn(1, 40, HIDDEN), words, torch.zeros_like(words))
    write(Top(head), inputs, ["states", "first", "shapes"], results, folder / "head.onnx")
    if scheme.predicates:
        arrays = {
            "in.weight": head.pair_in.weight, "in.bias": head.pair_in.bias, "out.weight": head.pair_out.weight,
            "out.bias": head.pair_out.bias, "types": head.types.weight, "distances": head.distances.weight,
        }  # fmt: skip
        halves = {key: value.detach().numpy().astype(np.float16) for key, value in arrays.items()}
        np.savez_compressed(folder / "pairs.npz", width=np.array(2 * STATE), **halves)
    told = {
        "labels": scheme.labels,
        "predicates": scheme.predicates,
        "symmetric": sorted(scheme.symmetric),
        "levels": scheme.levels,
        "threshold": 0.0,
        "line": 1.0,
        "mentions": [[0.0, 1.0], [0.0, 1.0]],
        "relations": [[0.0, 1.0], [0.0, 1.0]],
    }
    (folder / "head.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", help="'shared', or a file that training.science.train wrote")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if options.what == "shared":
        export_shared(options.out)
    else:
        export_head(Path(options.what), options.out)


if __name__ == "__main__":
    main()
