"""Passages that answer a question together: what the best ones lead to, by names, titles and the words they lack.

No passage says where the director of a film was born; one says who directed it, another where she was born. So the best
passages of the first stage are read, and what they name leads to more. Each feature is a function from a `Look` to a
number for every passage of the snapshot; a logistic model (`hops.json`, recipe: `training/retrieval`) weighs them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kg.citations import cited
from kg.model import shortened
from kg.named import NamedSentence
from kg.names import key_of
from kg.proper_names import proper_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.snapshot import Snapshot

    Numbers = NDArray[np.float64]

READ = 15
"""First passages whose sentences are read."""
ASKED_AGAIN = 3
"""First passages that a second question is made of."""
FROM_EACH = 20
"""Candidates that each feature puts forward,"""
_LACKING = 10  # first passages whose missing words are looked for elsewhere
_SEEDS, _SHARPNESS = 20, 8.0  # the walk starts at the first hits in proportion to exp(8 · score)
_FROM_FIRST = 60  # beside those of the first stage
_RARE = 2.0  # ln(passages / passages that name it) of a name that joins two passages
_LONGEST_NAME = 8  # words
_MOST_NAMES = 4  # of a passage, in a second question
_STRONG_LINK = 0.2
_WORD = re.compile(r"[^\W_]+")
_MODEL = Path(__file__).with_name("hops.json")


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage of the first stage with its title and sentences; `beside` is named by the title's brackets."""

    row: int
    title: str
    text: str
    sentences: tuple[NamedSentence, ...]
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Look:
    """A question as the library meets it.

    `base` is the first stage's score of every passage (0…1, 0 where it was not found), `words` the question's telling
    words with their inverse document frequency, `held` BM25 of each word (rows) in every passage (columns) relative to
    the best whole sum, `read` the first passages, best first, `meant` the keys that the library knows abbreviations of
    the question by.
    """

    snapshot: Snapshot
    question: str
    base: Numbers
    words: Mapping[str, float]
    held: Numbers
    read: Sequence[ReadPassage]
    meant: frozenset[str] = frozenset()
    second: list[Numbers] = field(default_factory=list)
    """For each of the first `ASKED_AGAIN` passages, how near every passage is to the question it leads to (0…1)."""
    made: dict[str, Numbers] = field(default_factory=dict)
    """Features by name, each made when first needed."""

    def feature(self, name: str) -> Numbers:
        if name not in self.made:
            self.made[name] = FEATURES[name](self)
        return self.made[name]

    def asked_again(self, cosines: Mapping[str, float], least: float, row: int) -> None:
        """Adds how near passages are to a second question, which the passage in `row` has led to."""
        near = np.zeros(len(self.base))
        greatest = max(cosines.values(), default=least)
        if greatest > least:
            for passage, cosine in cosines.items():
                near[self.snapshot.rows[passage]] = (cosine - least) / (greatest - least)
        near[row] = 0.0
        self.second.append(near * self.base[row])

    @cached_property
    def first_rows(self) -> frozenset[int]:
        """The first passages, which nothing led to."""
        return frozenset(one.row for one in self.read[:_LACKING])

    @cached_property
    def names(self) -> NDArray[np.int64]:
        """The names of the snapshot that the question names."""
        keys = {name.key for name in proper_names(self.question)} | cited(self.question) | self.meant
        words = key_of(self.question).split()
        for at in range(len(words)):
            keys.update(" ".join(words[at : at + length]) for length in range(1, _LONGEST_NAME + 1))
        columns = self.snapshot.columns
        return np.array(sorted({columns[key] for key in keys if key in columns}), np.int64)

    @cached_property
    def has_proper_name(self) -> bool:
        """Whether a capitalised name stands in the question, but for its first word."""
        return any(name.start > 0 for name in proper_names(self.question))

    @cached_property
    def worth(self) -> dict[tuple[int, int], float]:
        """(row, sentence) of what was read -> the passage's score times the share of the question's weight that the
        sentence and the title hold."""
        weights = {part: weight for word, weight in self.words.items() for part in key_of(word).split()}
        total = sum(weights.values())
        found = {}
        for one in self.read:
            for place, sentence in enumerate(one.sentences):
                text = f"{one.title} {one.text[sentence.start : sentence.end]}"
                held = sum(weights[word] for word in set(key_of(text).split()) & weights.keys())
                found[one.row, place] = float(self.base[one.row]) * (held / total if total > 0 else 0.0)
        return found

    @cached_property
    def best_sentence(self) -> dict[int, NamedSentence]:
        """Row -> the sentence of it that is worth most, the first of equals."""
        return {
            one.row: one.sentences[max(range(len(one.sentences)), key=lambda at: (self.worth[one.row, at], -at))]
            for one in self.read
            if one.sentences
        }

    @cached_property
    def led_by(self) -> dict[int, tuple[float, int]]:
        """Name -> (worth, row) of the best sentence among those read that names it."""
        columns = self.snapshot.columns
        found: dict[int, tuple[float, int]] = {}
        for one in self.read:
            for place, sentence in enumerate(one.sentences):
                worth = self.worth[one.row, place]
                for name in sentence.names | one.beside if place == 0 else sentence.names:
                    column = columns.get(name)
                    if column is not None and (column not in found or worth > found[column][0]):
                        found[column] = (worth, one.row)
        return found

    @cached_property
    def link(self) -> tuple[Numbers, NDArray[np.int64]]:
        """The worth of the best sentence that names a passage's title or cites it, and the row it stands in, -1 for
        none."""
        worth, origin = np.zeros(len(self.base)), np.full(len(self.base), -1)
        for name, (value, row) in self.led_by.items():
            titled = self.snapshot.titles.get(name)
            if titled is not None and name not in self.snapshot.called(row):
                better = titled[(worth[titled] < value) & (titled != row)]
                worth[better], origin[better] = value, row
        return worth, origin

    @cached_property
    def shared(self) -> tuple[Numbers, NDArray[np.int64]]:
        """The greatest worth times rarity of a name that a passage shares with a sentence read and the question lacks,
        and that name, -1 for none."""
        snapshot = self.snapshot
        most = math.log(max(len(self.base), 2))
        known = set(self.names.tolist())
        values, by = np.zeros(len(self.base)), np.full(len(self.base), -1)
        for name, (worth, _) in self.led_by.items():
            value = worth * snapshot.rarity[name] / most
            if value > 0 and name not in known:
                rows = snapshot.naming.indices[snapshot.naming.indptr[name] : snapshot.naming.indptr[name + 1]]
                better = rows[values[rows] < value]
                values[better], by[better] = value, name
        return values, by

    @cached_property
    def lacking(self) -> tuple[Numbers, NDArray[np.int64]]:
        """How well a passage that a link or a rare name joins to one of the first holds the words which that one lacks,
        and the row of that one, -1 for none."""
        values, by = np.zeros(len(self.base)), np.full(len(self.base), -1)
        for one in self.read[:_LACKING]:
            missing = self.held[:, one.row] <= 0
            if not missing.any():
                continue
            found = float(self.base[one.row]) * self.held[missing].sum(axis=0) * _joined(self.snapshot, one.row)
            found[one.row] = 0.0
            better = found > values
            values[better], by[better] = found[better], one.row
        return values, by


def _joined(snapshot: Snapshot, row: int) -> NDArray[np.bool_]:
    incidence, links = snapshot.incidence, snapshot.links
    names = incidence.indices[incidence.indptr[row] : incidence.indptr[row + 1]]
    rare = np.zeros(incidence.shape[1])
    rare[names[snapshot.rarity[names] > _RARE]] = 1.0
    joined: NDArray[np.bool_] = (incidence @ rare) > 0
    joined[links.indices[links.indptr[row] : links.indptr[row + 1]]] = True
    for title in snapshot.called(row).tolist():
        joined[snapshot.naming.indices[snapshot.naming.indptr[title] : snapshot.naming.indptr[title + 1]]] = True
    return joined


# Features: a number for every passage -------------------------------------------------------------------------------


def first_stage(look: Look) -> Numbers:
    """The score of words and meaning together."""
    return look.base


def titled(look: Look) -> Numbers:
    """1 where the passage's title stands in the question."""
    found = np.zeros(len(look.base))
    for name in look.names.tolist():
        found[look.snapshot.titles.get(name, [])] = 1.0
    return found


def linked(look: Look) -> Numbers:
    """How much a sentence that was read and names the passage's title is worth, less where many name it."""
    worth: Numbers = look.link[0] / np.sqrt(np.maximum(look.snapshot.linked_by, 1))
    return worth


def shared(look: Look) -> Numbers:
    """How much a sentence that was read and shares a name with the passage is worth, times the name's rarity."""
    return look.shared[0]


def joined(look: Look) -> Numbers:
    """BM25 of the question's words that a first passage lacks, times its score, where a link or a rare name joins the
    two."""
    return look.lacking[0]


def second_question(look: Look) -> Numbers:
    """Nearness to what a first passage leaves open, asked with what it names."""
    nearest: Numbers = np.max([np.zeros(len(look.base)), *look.second], axis=0)
    return nearest


FEATURES: dict[str, Callable[[Look], Numbers]] = {
    one.__name__: one for one in (first_stage, titled, linked, shared, joined, second_question)
}
_PUT_FORWARD = ("linked", "shared", "joined")


def walked(look: Look) -> Numbers:
    """Personalised PageRank from the first hits and the question's names: see `kg.snapshot.Snapshot.walk`."""
    order = np.argsort(-look.base, kind="stable")[:_SEEDS]
    seeds, names = np.zeros(len(look.base)), np.zeros(len(look.snapshot.names))
    seeds[order] = np.exp(_SHARPNESS * (look.base[order] - look.base.max(initial=0.0)))
    names[look.names] = look.snapshot.rarity[look.names]
    return look.snapshot.walk(seeds, names)


def opens(look: Look) -> bool:
    """Whether following what was found is likely to help.

    It is where a title stands in the question or in a sentence that was read, and the question asks for something by
    its name, or the sentence nearly answers it. A question in general terms is answered best by what is nearest to it.
    """
    strength = float(look.feature("linked").max(initial=0.0))
    return (look.has_proper_name or strength > _STRONG_LINK) and (strength > 0 or bool(look.feature("titled").any()))


def second_questions(look: Look) -> list[str]:
    """For each of the first passages: the question's words that it lacks, and names from its title and best sentence
    that the question lacks."""
    asked = key_of(look.question)
    written = []
    for one in look.read[:ASKED_AGAIN]:
        lacked = {word for word, held in zip(look.words, look.held[:, one.row], strict=True) if held <= 0}
        words = [word for word in look.question.split() if _telling(word, look.words) <= lacked]
        sentence = look.best_sentence.get(one.row)
        text = one.text[sentence.start : sentence.end] if sentence is not None else ""
        names = [
            part[name.start : name.end]
            for part in (one.title, text)
            for name in proper_names(part)
            if name.key not in asked
        ]
        if not names and sentence is not None:
            rarity = look.snapshot.rarity
            known = [
                (column, name) for name in sentence.names if (column := look.snapshot.columns.get(name)) is not None
            ]
            names = [name for _, name in sorted((-rarity[column], name) for column, name in known) if name not in asked]
        written.append(f"{' '.join(words)} {', '.join(dict.fromkeys(names[:_MOST_NAMES]))}".strip())
    return written


def _telling(word: str, words: Mapping[str, float]) -> set[str]:
    return {one for one in _WORD.findall(word.casefold()) if one in words}


def candidates(look: Look) -> NDArray[np.int64]:
    """The rows worth weighing: the best of the first stage and of each feature."""
    found = set(np.argsort(-look.base, kind="stable")[:_FROM_FIRST].tolist())
    for feature in _PUT_FORWARD:
        values = look.feature(feature)
        best = np.argsort(-values, kind="stable")[:FROM_EACH]
        found.update(best[values[best] > 0].tolist())
    return np.array(sorted(found), np.int64)


def values(look: Look, rows: Sequence[int], first: Sequence[float]) -> Numbers:
    """(rows, features): every feature of these passages, `first` being their scores in the first stage, which had not
    put them all forward."""
    others = [look.feature(name)[rows] for name in FEATURES if name != first_stage.__name__]
    return np.stack([np.asarray(first, np.float64), *others], axis=1)


# The model -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class HopModel:
    """A logistic model over the features, in their order."""

    weights: Numbers
    bias: float

    def chances(self, features: Numbers) -> Numbers:
        """0…1 for every row of (rows, features)."""
        chances: Numbers = 1 / (1 + np.exp(-(features @ self.weights + self.bias)))
        return chances


@cache
def hop_model() -> HopModel:
    """The shipped weights."""
    return read_model(_MODEL)


def read_model(path: Path) -> HopModel:
    """Weights from a file as `training/retrieval` writes it; ValueError where it is for other features."""
    told = json.loads(path.read_text(encoding="utf-8"))
    if list(told["weights"]) != list(FEATURES):
        raise ValueError(f"{path.name} has weights for {list(told['weights'])}, not for {list(FEATURES)}.")
    return HopModel(np.array(list(told["weights"].values()), np.float64), float(told["bias"]))


# Reasons, in words ---------------------------------------------------------------------------------------------------


def reasons(look: Look, row: int, model: HopModel) -> list[str]:
    """Why a passage was found by following others, the weightiest reason first."""
    snapshot = look.snapshot
    title_of = {one.row: shortened(one.title) for one in look.read}
    features = values(look, [row], [0.0])[0]
    weight = dict(zip(FEATURES, (features * model.weights).tolist(), strict=True))
    link, name, first = int(look.link[1][row]), int(look.shared[1][row]), int(look.lacking[1][row])
    told = {
        "titled": "the question names its title",
        "linked": f"named in “{title_of[link]}”" if link >= 0 else "",
        "shared": f"names “{snapshot.names[name]}”, as does “{title_of[look.led_by[name][1]]}”" if name >= 0 else "",
        "joined": f"joined to “{title_of[first]}”, and holds what that lacks" if first >= 0 else "",
        "second_question": "near to what the first hits leave open",
    }
    found = sorted((feature for feature in told if weight[feature] > 0 and told[feature]), key=lambda one: -weight[one])
    return [told[feature] for feature in found]
