"""A BERT encoder's weights (safetensors) as an ONNX graph, built without torch.

The graph takes the ids of one text, `ids` (1, length) int64 with the special tokens in place, and gives its vector,
`vector` (1, hidden) float32: the mean of the last layer's states, scaled to unit length. One text a call needs no
padding and no mask, and keeps a vector independent of its neighbours. The encoder is BERT's (Devlin et al. 2019,
doi:10.18653/v1/N19-1423) with post-normalisation and the exact GELU; mean pooling as in Sentence-BERT (Reimers and
Gurevych 2019, doi:10.18653/v1/D19-1410).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Opset 20 is the first with Gelu. When the graph changes, `_BUILDER` in `kg.vectors.embedder`, which keeps it, goes up.
_OPSET = 20
_IR_VERSION = 9


@dataclass(frozen=True, slots=True)
class Shape:
    """The part of a BERT configuration that the graph depends on."""

    hidden: int
    heads: int
    layers: int
    epsilon: float

    @classmethod
    def read(cls, config: Path) -> Shape:
        """The shape from a `config.json`; raises ValueError for anything that is not a plain BERT encoder."""
        told = json.loads(config.read_text(encoding="utf-8"))
        if (told.get("model_type"), told.get("hidden_act"), told.get("position_embedding_type", "absolute")) != (
            "bert", "gelu", "absolute",
        ):
            raise ValueError(f"{config}: not a BERT encoder with GELU and absolute positions")
        return cls(told["hidden_size"], told["num_attention_heads"], told["num_hidden_layers"], told["layer_norm_eps"])


def build(model_folder: Path) -> bytes:
    """The graph, as ONNX stores it, of the model in `model_folder` (`config.json`, `model.safetensors`)."""
    stored = load_file(model_folder / "model.safetensors")
    weights = {name.removeprefix("bert."): value for name, value in stored.items()}
    graph: bytes = _Graph(weights, Shape.read(model_folder / "config.json")).model().SerializeToString()
    return graph


class _Graph:
    """Collects nodes and constants; every method returns the name of the value it adds."""

    def __init__(self, weights: dict[str, NDArray[np.float32]], shape: Shape) -> None:
        self.weights, self.shape = weights, shape
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def model(self) -> Any:
        states = self.embeddings("ids")
        for number in range(self.shape.layers):
            states = self.layer(states, number)
        mean = self.node("ReduceMean", "mean", states, self.integers("along_text", 1), keepdims=0)
        norm = self.node("ReduceL2", "norm", mean, self.integers("along_hidden", 1), keepdims=1)
        self.node("Div", "vector", mean, norm)
        graph = helper.make_graph(
            self.nodes,
            "encoder",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "length"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, self.shape.hidden])],
            list(self.constants.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
        onnx.checker.check_model(model)
        return model

    def embeddings(self, ids: str) -> str:
        # One text has one segment, so the segment's embedding is added to the positions' once and for all.
        positions = (self.weights["embeddings.position_embeddings.weight"]
                     + self.weights["embeddings.token_type_embeddings.weight"][0])
        words = self.node("Gather", "words", self.weight("embeddings.word_embeddings.weight"), ids)
        length = self.node("Shape", "length", ids, start=1, end=2)
        first = self.node("Slice", "positions", self.constant("all_positions", positions),
                          self.integers("zero", 0), length, self.integers("rows", 0))
        return self.normalised("embeddings.LayerNorm", self.node("Add", "embedded", words, first))

    def layer(self, states: str, number: int) -> str:
        prefix = f"encoder.layer.{number}"
        attended = self.linear(f"{prefix}.attention.output.dense", self.attention(states, f"{prefix}.attention.self"))
        states = self.normalised(f"{prefix}.attention.output.LayerNorm",
                                 self.node("Add", f"{prefix}.attended", attended, states))
        inner = self.node("Gelu", f"{prefix}.gelu", self.linear(f"{prefix}.intermediate.dense", states))
        outer = self.linear(f"{prefix}.output.dense", inner)
        return self.normalised(f"{prefix}.output.LayerNorm", self.node("Add", f"{prefix}.fed", outer, states))

    def attention(self, states: str, prefix: str) -> str:
        hidden, heads = self.shape.hidden, self.shape.heads
        apart = self.integers("apart", 1, -1, heads, hidden // heads)

        def head(part: str, order: list[int]) -> str:
            split = self.node("Reshape", f"{prefix}.{part}.split", self.linear(f"{prefix}.{part}", states), apart)
            return self.node("Transpose", f"{prefix}.{part}.heads", split, perm=order)

        query, key, value = head("query", [0, 2, 1, 3]), head("key", [0, 2, 3, 1]), head("value", [0, 2, 1, 3])
        root = self.constant("root", np.float32((hidden // heads) ** 0.5))
        scores = self.node("Div", f"{prefix}.scores", self.node("MatMul", f"{prefix}.products", query, key), root)
        shares = self.node("Softmax", f"{prefix}.shares", scores, axis=-1)
        seen = self.node("MatMul", f"{prefix}.seen", shares, value)
        together = self.node("Transpose", f"{prefix}.together", seen, perm=[0, 2, 1, 3])
        return self.node("Reshape", f"{prefix}.context", together, self.integers("joined", 1, -1, hidden))

    def linear(self, prefix: str, states: str) -> str:
        matrix = self.constant(f"{prefix}.weight", np.ascontiguousarray(self.weights[f"{prefix}.weight"].T))
        product = self.node("MatMul", f"{prefix}.product", states, matrix)
        return self.node("Add", f"{prefix}.sum", product, self.weight(f"{prefix}.bias"))

    def normalised(self, prefix: str, states: str) -> str:
        return self.node("LayerNormalization", prefix, states, self.weight(f"{prefix}.weight"),
                         self.weight(f"{prefix}.bias"), axis=-1, epsilon=self.shape.epsilon)

    def node(self, operation: str, result: str, *inputs: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operation, list(inputs), [result], name=result, **attributes))
        return result

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def integers(self, name: str, *values: int) -> str:
        return self.constant(name, np.array(values, np.int64))

    def constant(self, name: str, value: Any) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.asarray(value), name))
        return name
