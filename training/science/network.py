"""The part of kg_sci that is trained: the upper layers of an encoder, a BiLSTM, taggers and a scorer of pairs."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from ingest.extract.kg_sci_model import DISTANCES, LONGEST_POOL
from ingest.extract.word_pieces import SHAPES
from training.science.examples import Scheme, WordSpan

HIDDEN = 384
STATE = 192
"""Of one direction of the BiLSTM."""


def minilm(folder: str) -> BertModel:
    model: BertModel = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    return model.eval()


class Head(nn.Module):
    """One head. `layers` of the encoder, from `shared` on, are its own; what lies below is the same for all heads."""

    def __init__(self, scheme: Scheme, encoder: BertModel, shared: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.scheme = scheme
        self.layers = nn.ModuleList(encoder.encoder.layer[shared : shared + layers])
        self.mix = nn.Parameter(torch.zeros(layers + 1))
        self.shapes = nn.Embedding(SHAPES, 16)
        self.drop = nn.Dropout(dropout)
        self.lstm = nn.LSTM(HIDDEN + 16, STATE, batch_first=True, bidirectional=True)
        tags = 1 + 2 * len(scheme.labels)
        self.taggers = nn.ModuleList(nn.Linear(2 * STATE, tags) for _ in range(scheme.levels))
        if scheme.predicates:
            self.types = nn.Embedding(len(scheme.labels), 24)
            self.distances = nn.Embedding(len(DISTANCES) + 1, 16)
            self.pair_in = nn.Linear(3 * 2 * STATE + 2 * 24 + 16 + 1, 192)
            self.pair_out = nn.Linear(192, 1 + len(scheme.predicates))

    def words(self, states: Tensor, mask: Tensor | None, first: Tensor, shapes: Tensor) -> Tensor:
        """(batch, words, 384) from the shared layers' states (batch, pieces, 384)."""
        every = [states]
        for layer in self.layers:
            made = layer(every[-1], mask)
            every.append(made[0] if isinstance(made, tuple) else made)
        return self.above(every, first, shapes)

    def above(self, every: list[Tensor], first: Tensor, shapes: Tensor) -> Tensor:
        """The same from the states of the last shared layer and of each layer of its own."""
        shares = torch.softmax(self.mix, 0)
        mixed = sum(shares[place] * one for place, one in enumerate(every))
        assert isinstance(mixed, Tensor)
        picked = torch.gather(mixed, 1, first.unsqueeze(-1).expand(-1, -1, HIDDEN))
        picked = self.drop(torch.cat([picked, self.shapes(shapes)], -1))
        made, _ = self.lstm(picked)
        return made

    def tags(self, words: Tensor, level: int) -> Tensor:
        return torch.log_softmax(self.taggers[level](self.drop(words)), -1)

    def pairs(self, words: Tensor, spans: list[tuple[int, WordSpan]], pairs: list[tuple[int, int]]) -> Tensor:
        """(pairs, 1 + predicates) scores. `spans` are (place in the batch, span), `pairs` places among them."""
        batch, length, width = words.shape
        # One row of very low values behind the words stands for "nothing here".
        flat = torch.cat([words.reshape(batch * length, width), words.new_full((1, width), -1.0)])
        where = np.array([[at * length + one.low, at * length + one.high] for at, one in spans])
        left, right = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
        low = np.minimum(where[left, 1], where[right, 1])
        high = np.maximum(where[left, 0], where[right, 0])
        between = np.stack([low, np.maximum(low, high)], 1)
        pooled = self.drop(_pooled(flat, where))
        context = self.drop(_pooled(flat, between))
        gap = torch.from_numpy(np.searchsorted(DISTANCES, between[:, 1] - between[:, 0]))
        labels = torch.tensor([one.label for _, one in spans])
        before = torch.from_numpy((where[left, 0] < where[right, 0]).astype(np.float32))
        seen = torch.cat(
            [
                pooled[left], pooled[right], context, self.types(labels[left]), self.types(labels[right]),
                self.distances(gap), before[:, None],
            ],
            -1,
        )  # fmt: skip
        made: Tensor = self.pair_out(self.drop(functional.relu(self.pair_in(seen))))
        return made


def _pooled(rows: Tensor, spans: NDArray[np.int64], longest: int = LONGEST_POOL) -> Tensor:
    """The greatest value in each column over the rows low…high of each span; the last row where a span is empty."""
    nothing = len(rows) - 1
    sizes = np.minimum(spans[:, 1] - spans[:, 0], longest)
    index = spans[:, :1] + np.arange(max(1, int(sizes.max(initial=1))))
    index[np.arange(index.shape[1]) >= sizes[:, None]] = nothing
    pooled: Tensor = rows[torch.from_numpy(index)].max(1).values
    return pooled
