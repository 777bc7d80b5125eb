"""What is known of two names before they meet: six numbers, none of which needs training or a sentence encoder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.prediction.texts import Named, Texts

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

FEATURES = ("recent", "fresh", "context", "fit", "analogy", "affinity")

_BY_ITSELF = 0.4
_TOPICS = 100  # dimensions of the papers' vectors
_SEEN, _COMMON = 3, 0.3  # words in fewer papers, or in a larger share of them, tell nothing of a paper's subject
_RIDGE_FIT, _RIDGE_FRESH = 1.0, 3.0
_LATE = 3.0  # years
_NEAR = 20
_MOST_WORDS = 4_000  # of names, the commonest; their table of pairs bounds the memory
_LONGEST = 8  # words of a name that are looked at
_MANY = 1000  # names looked at at once
_DECIMALS = 6  # the last bits depend on the machine, and must not decide


class Pairs(NamedTuple):
    """Places of names: the first and the second of each pair."""

    a: Places
    b: Places


@dataclass(frozen=True, eq=False)
class Profiles:
    """What is known of some names. `papers` is (names, papers) CSR, `near` (names, concepts) CSR: the nearest concepts
    with shares of one; `late` (concepts, names) CSC: who met in the last three years; `words` (names, words) CSR.

    `own` is the place of the concept that a name is, or -1; `degree` counts the concepts that share a paper with it.
    """

    own: Places
    papers: Any
    degree: Numbers
    recent: Numbers
    fresh: Numbers
    context: Numbers
    fit: Numbers
    near: Any
    late: Any
    words: Places


class View:
    """The concepts and papers of a library at the end of a year.

    A concept is one of `least` papers or more, two in five of which mention it: "machine" is none where nearly all have
    "machine translation". Two names are joined when a paper names both. Ages are in years before
    the end; a paper without a year is as old as half of the others.
    """

    def __init__(self, texts: Texts, cut: int, least: int, topics: Numbers | None = None) -> None:
        """`topics` are those of `topics_of`, where they are known already."""
        self.texts = texts
        naming = texts.naming([one.keys for one in texts.concepts])
        count = np.diff(naming.indptr)
        mentioned = np.array([one.papers for one in texts.concepts])
        enough = np.flatnonzero((count >= least) & (mentioned >= _BY_ITSELF * count))
        self.concepts: list[Named] = [texts.concepts[place] for place in enough.tolist()]
        self.place = {key: place for place, one in enumerate(self.concepts) for key in one.keys}
        self.naming = naming[:, enough]
        age = np.maximum(cut - texts.years, 0.0)
        age = np.where(np.isnan(age), np.nanmedian(age) if np.isfinite(age).any() else 0.0, age)
        self.weight = np.exp(-age)
        self.topics = topics = topics_of(texts) if topics is None else topics
        square = topics.T @ topics
        of_papers = np.linalg.inv(square + _RIDGE_FIT * np.eye(topics.shape[1]))
        recently = np.linalg.cholesky(topics.T @ (topics * self.weight[:, None]) + 1e-6 * np.eye(topics.shape[1]))
        self._fitting = of_papers @ recently
        self.centred = topics - topics.mean(axis=0)
        self.newness = topics @ np.linalg.solve(square + _RIDGE_FRESH * np.eye(topics.shape[1]), topics.T @ (age < 2.0))
        self._late = self.naming.tocsr()[np.flatnonzero(age < _LATE)]
        self._late_papers = np.flatnonzero(age < _LATE)
        self._context = self._contexts(self.naming.T.tocsr())
        self._affinity = self._affinities()

    @property
    def size(self) -> int:
        return len(self.concepts)

    def profiles(self, names: Sequence[Sequence[str]]) -> Profiles:
        """Of names, each given by its keys; a name's profile depends on it and the view alone."""
        own = np.array([self.place.get(keys[0], -1) if keys else -1 for keys in names], np.int64)
        return self._profiled(self.texts.naming(names).T.tocsr(), own, names)

    def of_concepts(self, places: Places) -> Profiles:
        """Of concepts by their places."""
        names = [self.concepts[place].keys for place in places.tolist()]
        return self._profiled(self.naming[:, places].T.tocsr(), places, names)

    def _profiled(self, papers: Any, own: Places, names: Sequence[Sequence[str]]) -> Profiles:
        count = np.maximum(np.diff(papers.indptr), 1)
        context = self._contexts(papers)
        return Profiles(
            own,
            papers,
            self._degrees(papers, own),
            np.log1p(papers @ self.weight).round(_DECIMALS),
            (papers @ self.newness / count).round(_DECIMALS),
            context,
            ((papers @ self.topics) @ self._fitting).round(_DECIMALS),
            self._nearest(context, own),
            self._met_late(papers, own),
            self._worded(names),
        )

    def _contexts(self, papers: Any) -> Numbers:
        rows = papers @ self.centred
        unit: Numbers = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return unit.round(_DECIMALS)

    def _degrees(self, papers: Any, own: Places) -> Numbers:
        found = np.zeros(papers.shape[0])
        for part in _parts(papers.shape[0]):
            together = papers[part] @ self.naming
            found[part] = np.diff(together.indptr) - (own[part] >= 0)
        return found

    def _nearest(self, context: Numbers, own: Places) -> Any:
        most = min(_NEAR, self.size - 1)
        rows = [np.zeros(0, np.int64)]
        columns, weights = [np.zeros(0, np.int64)], [np.zeros(0)]
        every = self._context.astype(np.float32)
        for part in _parts(len(context)) if most > 0 else ():
            alike = context[part].astype(np.float32) @ every.T
            real = own[part] >= 0
            alike[np.flatnonzero(real), own[part][real]] = -2.0
            # More than asked for, told exactly: how a matrix product rounds depends on what else is in it.
            some = min(2 * _NEAR, self.size - 1)
            near = np.argpartition(-alike, some - 1, axis=1)[:, :some]
            near.sort(axis=1)
            cosine = np.einsum("ij,ikj->ik", context[part], self._context[near]).round(_DECIMALS)
            best = np.argsort(-cosine, axis=1, kind="stable")[:, :most]
            weight = np.maximum(np.take_along_axis(cosine, best, 1), 0.0) ** 2
            weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
            rows.append(np.repeat(np.arange(part.start, part.start + len(weight)), most))
            columns.append(np.take_along_axis(near, best, 1).ravel())
            weights.append(weight.ravel())
        cells = (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns)))
        return sparse.coo_array(cells, (len(context), self.size)).tocsr()

    def _met_late(self, papers: Any, own: Places) -> Any:
        late = self._late.T.tocsr()
        made = []
        for part in _parts(papers.shape[0]):
            met = (late @ papers[part][:, self._late_papers].T).tocsc()
            met.data[:] = 1.0
            made.append(met.astype(np.float32))
        joined = sparse.hstack(made, format="csr") if made else sparse.csr_array((self.size, 0))
        joined = joined.tocoo()
        keep = own[joined.col] != joined.row
        return sparse.coo_array((joined.data[keep], (joined.row[keep], joined.col[keep])), joined.shape).tocsr()

    def _worded(self, names: Sequence[Sequence[str]]) -> Places:
        """(names, words) places of each name's words, -1 where one is no concept's or there are no more."""
        found = np.full((len(names), _LONGEST), -1, np.int64)
        for row, keys in enumerate(names):
            words = keys[0].split()[:_LONGEST] if keys else []
            found[row, : len(words)] = [self._word.get(word, -1) for word in words]
        return found

    def _affine(self, a: Places, b: Places) -> Numbers:
        """The mean affinity of the words of one name to those of the other; 0 where one has none that is known."""
        total, count = np.zeros(len(a)), np.zeros(len(a))
        for one, other in product(a.T, b.T):
            known = (one >= 0) & (other >= 0)
            total[known] += self._affinity[one[known], other[known]]
            count += known
        mean: Numbers = total / np.maximum(count, 1.0)
        return mean

    def _affinities(self) -> Numbers:
        """log (observed + 1) / (expected + 1) of how often names with one word are joined to names with another."""
        often = Counter(word for one in self.concepts for word in one.keys[0].split())
        common = sorted(often, key=lambda word: (-often[word], word))[:_MOST_WORDS]
        self._word = {word: place for place, word in enumerate(common)}
        places = self._worded([one.keys for one in self.concepts])
        row, _ = np.nonzero(places >= 0)
        size = len(self._word)
        cells = (1 / np.maximum((places >= 0).sum(axis=1), 1)[row], (row, places[places >= 0]))
        words = sparse.coo_array(cells, (self.size, size)).tocsr()
        joined, mass = np.zeros((size, size), np.float32), np.zeros(size)
        total = 0.0
        every = self.naming.T.tocsr()
        for part in _parts(self.size):
            links = every[part] @ self.naming
            links.data[:] = 1.0
            links = links.tocoo()
            keep = links.row + part.start != links.col
            links = sparse.coo_array((links.data[keep], (links.row[keep], links.col[keep])), links.shape).tocsr()
            degree = np.diff(links.indptr)
            mass += words[part].T @ degree
            total += degree.sum()
            joined += (words[part].T @ (links @ words)).toarray()
        found = np.log((joined + 1) / (np.outer(mass, mass) / max(total, 1.0) + 1))
        affinity: Numbers = found.astype(np.float64)
        return affinity

    # Pairs

    def features(self, names: Profiles, pairs: Pairs) -> Numbers:
        """(pairs, FEATURES): each pair's depends on the pair alone."""
        found = np.zeros((len(pairs.a), len(FEATURES)))
        for part in _parts(len(pairs.a), 20_000):
            a, b = pairs.a[part], pairs.b[part]
            found[part, 0] = names.recent[a] + names.recent[b]
            found[part, 1] = names.fresh[a] + names.fresh[b]
            found[part, 2] = np.einsum("ij,ij->i", names.context[a], names.context[b])
            found[part, 3] = np.einsum("ij,ij->i", names.fit[a], names.fit[b])
            found[part, 5] = self._affine(names.words[a], names.words[b])
        found[:, 4] = _analogy(names, pairs.a, pairs.b) + _analogy(names, pairs.b, pairs.a)
        return found.round(_DECIMALS)


def together(names: Profiles, pairs: Pairs) -> Numbers:
    """In how many papers both of a pair are named."""
    found = np.zeros(len(pairs.a))
    for part in _parts(len(pairs.a), 20_000):
        found[part] = names.papers[pairs.a[part]].multiply(names.papers[pairs.b[part]]).sum(axis=1)
    return found


def _analogy(names: Profiles, a: Places, b: Places) -> Numbers:
    """The share of what is nearest to `a` that met `b` late."""
    found = np.zeros(len(a))
    order = np.argsort(a, kind="stable")
    firsts, begins = np.unique(a[order], return_index=True)
    ends = np.append(begins[1:], len(order))
    for part in _parts(len(firsts), 200):
        rows = (names.near[firsts[part]] @ names.late).toarray()
        for row, begin, end in zip(rows, begins[part], ends[part], strict=True):
            places = order[begin:end]
            found[places] = row[b[places]]
    return found


def topics_of(texts: Texts) -> Numbers:
    """(papers, topics): each paper's words, rare ones weighing more, in the main directions of all (latent semantic
    analysis, Deerwester et al. 1990). The directions are found by random projection with a fixed seed: Halko,
    Martinsson and Tropp 2011, doi:10.1137/090771806."""
    there = texts.counts
    seen = np.bincount(there.indices, minlength=there.shape[1])
    told = np.flatnonzero((seen >= min(_SEEN, texts.papers)) & (seen <= max(_COMMON * texts.papers, _SEEN)))
    weights = there[:, told]
    weights.data[:] = 1.0
    weights = weights @ sparse.diags_array(np.log(texts.papers / np.maximum(seen[told], 1)))
    lengths = np.sqrt(weights.multiply(weights).sum(axis=1))
    weights = (sparse.diags_array(1 / np.maximum(lengths, 1e-9)) @ weights).tocsr()
    width = min(_TOPICS + 10, *weights.shape)
    if width == 0:
        return np.zeros((texts.papers, 1))
    turned = weights.T.tocsr()
    basis = np.linalg.qr(weights @ np.random.default_rng(0).standard_normal((weights.shape[1], width)))[0]
    for _ in range(4):
        basis = np.linalg.qr(weights @ np.linalg.qr(turned @ basis)[0])[0]
    left, values, _ = np.linalg.svd((turned @ basis).T, full_matrices=False)
    found: Numbers = (basis @ left * values)[:, :_TOPICS]
    # The sign of a direction is free: its largest part is made positive.
    found = found * np.where(found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])] < 0, -1.0, 1.0)
    return found.round(_DECIMALS)


def _parts(size: int, many: int = _MANY) -> Iterator[slice]:
    return (slice(start, min(start + many, size)) for start in range(0, size, many))
