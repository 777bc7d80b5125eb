"""The words of papers up to a year, and which papers name what: all that a prediction reads of a library."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from kg import identity
from kg.model import QUARANTINED, Mention, Paper, Passage, SourceRecord
from kg.names import key_of, words_of
from kg.views import Form, clusters, concept, form_of, merged, pinned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.stores.graph_store import GraphStore

LEAST_PAPERS = 2
"""A concept that stands in fewer papers than these is none that a library's popularity is measured by."""

_BREAK = re.compile(r"[^\w\s\-\u2010\u2011/'\u2019]+")  # a name never runs over a comma, a bracket or a full stop


@dataclass(frozen=True, slots=True)
class Named:
    """A concept of the library as it was: its label then, its type, all keys that are it, and how many papers mention
    it (others may have its words inside a longer name)."""

    label: str
    type: str
    keys: tuple[str, ...]
    papers: int


@dataclass(frozen=True, eq=False)
class Texts:
    """Papers in order of their leading record's id (`records`), with nothing in it that a later paper could change.

    `years` is NaN where a paper has none. `words` are those of all papers one after the other, as places in
    `vocabulary` from 1 on, and 0 where a name must end; `ends` tells where each paper's end. `spoken` has the papers
    (rows) that name a key by other words, as an abbreviation does, or with a break inside; `concepts` are those of
    LEAST_PAPERS papers or more, by label.
    """

    records: tuple[str, ...]
    years: NDArray[np.float64]
    vocabulary: tuple[str, ...]
    words: NDArray[np.int32]
    ends: NDArray[np.int64]
    spoken: Mapping[str, tuple[int, ...]]
    concepts: tuple[Named, ...]

    @property
    def papers(self) -> int:
        return len(self.years)

    @cached_property
    def concept_of(self) -> dict[str, int]:
        """Key -> place in `concepts`."""
        return {key: place for place, one in enumerate(self.concepts) for key in one.keys}

    @cached_property
    def places(self) -> dict[str, int]:
        """Word -> what stands for it in `words`."""
        return {word: number for number, word in enumerate(self.vocabulary, 1)}

    @cached_property
    def paper_of(self) -> NDArray[np.int32]:
        """The paper (row) that each of `words` belongs to."""
        return np.repeat(np.arange(self.papers, dtype=np.int32), np.diff(self.ends, prepend=0))

    @cached_property
    def counts(self) -> Any:
        """(papers, vocabulary) CSR: how often each paper has each word."""
        there = np.flatnonzero(self.words)
        cells = (np.ones(len(there)), (self.paper_of[there], self.words[there] - 1))
        return sparse.coo_array(cells, (self.papers, len(self.vocabulary))).tocsr()

    def rows(self, chosen: NDArray[np.int64]) -> Texts:
        """The same of these papers alone (rows in ascending order), concepts as they were."""
        row_of = {row: place for place, row in enumerate(chosen.tolist())}
        begins = np.append(0, self.ends[:-1])
        parts = [self.words[begins[row] : self.ends[row]] for row in chosen.tolist()]
        return Texts(
            tuple(self.records[row] for row in chosen.tolist()),
            self.years[chosen],
            self.vocabulary,
            np.concatenate([np.zeros(0, np.int32), *parts]),
            np.cumsum([len(part) for part in parts], dtype=np.int64),
            {key: tuple(row_of[row] for row in rows if row in row_of) for key, rows in self.spoken.items()},
            self.concepts,
        )

    def naming(self, names: Sequence[Collection[str]]) -> Any:
        """(papers, names) CSC of ones: which papers name what. A name is given by its keys, and a paper names it when
        the words of one of them stand in the paper in a row, or a mention in it has one of them."""
        owners: dict[str, list[int]] = defaultdict(list)
        for place, keys in enumerate(names):
            for key in keys:
                owners[key].append(place)
        order = sorted(owners)
        rows: list[NDArray[np.int32]] = []
        columns: list[NDArray[np.int64]] = []
        most = max((len(one) for one in owners.values()), default=1)
        table = np.full((len(order), most), -1)
        for number, key in enumerate(order):
            table[number, : len(owners[key])] = owners[key]
            if spoken := self.spoken.get(key):
                for place in owners[key]:
                    rows.append(np.array(spoken, np.int32))
                    columns.append(np.full(len(spoken), place, np.int64))
        for starts, found in self._found(order):
            for owner in table[found].T:
                real = owner >= 0
                rows.append(self.paper_of[starts[real]])
                columns.append(owner[real])
        row = np.concatenate(rows) if rows else np.zeros(0, np.int32)
        column = np.concatenate(columns) if columns else np.zeros(0, np.int64)
        made = sparse.coo_array((np.ones(len(row)), (row, column)), (self.papers, len(names))).tocsc()
        made.sum_duplicates()
        made.data[:] = 1.0
        return made

    def _found(self, keys: Sequence[str]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Where keys stand: for keys of one word, two words …, places in `words` and the numbers of the keys."""
        size = len(self.vocabulary) + 1
        edges: dict[int, int] = {}  # of the trie of all keys: node and word -> node
        ends: dict[int, int] = {}
        for number, key in enumerate(keys):
            told = [self.places.get(word, 0) for word in key.split()]
            if not told or 0 in told:
                continue
            node = 0
            for word in told:
                node = edges.setdefault(node * size + word, len(edges) + 1)
            ends[node] = number
        if not ends:
            return
        codes = np.array(sorted(edges))
        nodes = np.array([edges[code] for code in codes.tolist()])
        key_at = np.full(len(edges) + 1, -1)
        key_at[list(ends)] = list(ends.values())
        padded = np.append(self.words, np.int32(0))
        starts, here = np.flatnonzero(self.words), np.zeros(np.count_nonzero(self.words), np.int64)
        length = 0
        while len(starts):
            wanted = here * size + padded[np.minimum(starts + length, len(self.words))]
            place = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
            on = codes[place] == wanted
            starts, here = starts[on], nodes[place[on]]
            length += 1
            whole = key_at[here] >= 0
            yield starts[whole], key_at[here[whole]]


# Reading ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaperText:
    """One paper as it was."""

    record: str
    year: int | None
    title: str
    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...]


def texts(store: GraphStore, until: int | None) -> Texts:
    """The papers of a store up to a year (inclusive); None: all, those without a year too, which are later than any.

    Papers are folded from the records up to the year alone: what a later record would add to a paper is not there.
    """
    with store.reading():
        read = sorted(papers_up_to(store, until), key=lambda one: one.record)
        decisions = list(store.decisions())
    return made(read, merged(decisions), pinned(decisions))


def made(read: Sequence[PaperText], together: Mapping[str, frozenset[str]], pins: Mapping[str, str]) -> Texts:
    """The words and names of these papers, with what a person decided of keys."""
    number: dict[str, int] = {}
    words: list[int] = []
    ends: list[int] = []
    forms: dict[str, Counter[Form]] = defaultdict(Counter)
    met: dict[str, set[int]] = defaultdict(set)
    spoken: dict[str, set[int]] = defaultdict(set)
    for row, paper in enumerate(read):
        for text in (paper.title, *(one.text for one in paper.passages)):
            for clause in _BREAK.split(text):
                if told := words_of(clause):
                    words.extend(number.setdefault(word, len(number) + 1) for word in told)
                    words.append(0)
        ends.append(len(words))
        for mention in paper.mentions:
            if mention.key:
                forms[mention.key][form_of(mention)] += 1
                met[mention.key].add(row)
                # The others are found by their words.
                if _BREAK.search(mention.text) or key_of(mention.text) != mention.key:
                    spoken[mention.key].add(row)
    concepts = []
    for keys in clusters(met, together):
        papers = len(set[int]().union(*(met[key] for key in keys)))
        if papers >= LEAST_PAPERS:
            one = concept(sum((forms[key] for key in keys), Counter()), papers, pins)
            concepts.append(Named(one.label, one.type, one.keys, papers))
    return Texts(
        tuple(one.record for one in read),
        np.array([np.nan if one.year is None else one.year for one in read], np.float64),
        tuple(number),
        np.array(words, np.int32),
        np.array(ends, np.int64),
        {key: tuple(sorted(rows)) for key, rows in sorted(spoken.items())},
        tuple(sorted(concepts, key=lambda one: one.label)),
    )


def papers_up_to(store: GraphStore, until: int | None) -> Iterator[PaperText]:
    """The papers of a store as they were at the end of a year (inclusive; None: as they are), quarantined passages left
    out, in no order."""
    papers = list(store.papers())
    several = {one.id for one in papers if len(one.records) > 1} if until is not None else set[str]()
    single = {one.id: one for one in papers if one.id not in several and _up_to(one.year, until)}
    passages: dict[str, list[Passage]] = defaultdict(list)
    paper_of: dict[str, str] = {}
    for there in store.passages():
        if there.paper.id in single and there.passage.kind != QUARANTINED:
            passages[there.paper.id].append(there.passage)
            paper_of[there.passage.id] = there.paper.id
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for mention, _ in store.mentions():
        if mention.passage in paper_of:
            mentions[paper_of[mention.passage]].append(mention)
    for id, paper in single.items():
        text = sorted(passages[id], key=lambda one: (one.start, one.id))
        yield PaperText(paper.leader, paper.year, paper.title, tuple(text), tuple(mentions[id]))
    yield from _as_they_were(store, [one for one in papers if one.id in several], until)


def _as_they_were(store: GraphStore, papers: Sequence[Paper], until: int | None) -> Iterator[PaperText]:
    """Papers of several records, folded anew from those of them that are not later than the year."""
    wanted = {record for paper in papers for record in paper.records}
    if not wanted:
        return
    records: dict[str, SourceRecord] = {
        one.id: one
        for one in store.records()
        if one.id in wanted and (one.facts.year is None or _up_to(one.facts.year, until))
    }
    for paper in identity.papers(one.head for one in records.values()):
        if _up_to(paper.year, until):
            leader = records[paper.leader]
            shown = tuple(one for one in leader.passages if one.kind != QUARANTINED)
            kept = {one.id for one in shown}
            told = tuple(one for one in leader.mentions if one.passage in kept)
            yield PaperText(paper.leader, paper.year, paper.title, shown, told)


def _up_to(year: int | None, until: int | None) -> bool:
    return until is None or (year is not None and year <= until)


def keys_for(name: str, known: Texts) -> tuple[str, ...]:
    """The keys that a name in words means: those of its concept, else its own; none for what has no letter."""
    key = key_of(name)
    place = known.concept_of.get(key)
    return known.concepts[place].keys if place is not None else (key,) if key else ()
