"""Which pairs may be worth naming: the best partners of each concept, found without looking at every pair."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from kg.prediction.features import Pairs, Profiles, View, together
from kg.prediction.predictor import Predictor, Score

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.prediction.texts import Named

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

_PARTNERS = 50  # of each concept, by fit: they held 99 % of the best 1,000 of all pairs of ACL abstracts
_EXACT = 20_000  # with more concepts, partners are looked for in the nearest cells alone
_METRIC = "Metric"  # how something was measured joins everything
_SAME = 0.8  # contexts as alike as these are mostly one thing under two names
_LETTERS = 0.8
_TWICE, _WORDS = 2, 2  # papers that know a pair by broader names, and the words that such a name has at least
_LOOKED_AT = 1_000  # pairs whose broader names are looked for at once
_OFTEN = 3  # times that one concept may stand in a list
_BOILERPLATE = frozenset(
    """analysis annotated approach article assessment author available baseline benchmark best campaign case challenge
    class community competition computational conference corpora corpus data dataset demonstration development
    empirical evaluation evidence example existing experiment experimental experience expert feature field finding
    framework future gold good group human improvement information international issue journal knowledge labeled
    large literature manual method methodology model new novel number open organizer overview paper participant
    participating performance previous problem process project promising proposal proposed publication qualitative
    quality quantitative question real recent report research researcher resource result review science scientific
    set shared small software source standard strong study submission submitted sub subtask survey system table task
    team technique technology test text time tool track traditional training tutorial unlabeled unseen user various
    work workshop world year""".split()
)
"""Words of any field's papers: a name that has no others is none that a person would look for."""

_MANY = 200_000  # pairs looked at at once


def unstated(one: Predictor, most: int = 30) -> list[Score]:
    """The pairs of concepts that are likeliest to meet and that no paper names together, the highest score first.

    Left out are concepts whose papers have less to do with each other than most concepts' have, boilerplate ("shared
    task") and measures, pairs that are two names of one thing, and pairs that papers name together by broader names
    ("LSTM networks" where they say "LSTM"); no concept stands in it more than three times.
    UsageError where there is too little to predict from.
    """
    view, _ = one.made
    with threadpool_limits(1, "blas"):
        named = np.array([not _generic(each) for each in view.concepts], bool)
        focused = focus(view)
        worth = named & (focused >= np.median(focused))
        places = np.flatnonzero(worth)
        names = view.of_concepts(places)
        pairs = _partners(names)
        scores = np.zeros(len(pairs.a))
        for start in range(0, len(pairs.a), _MANY):
            part = Pairs(pairs.a[start : start + _MANY], pairs.b[start : start + _MANY])
            scores[start : start + _MANY] = one.values(names, part)[0]
        chosen: list[int] = []
        often: Counter[int] = Counter()
        order = np.lexsort((pairs.b, pairs.a, -scores))
        for start in range(0, len(order), _LOOKED_AT):
            few = order[start : start + _LOOKED_AT]
            known = Known(view, places[np.unique(np.concatenate([pairs.a[few], pairs.b[few]]))])
            for at in few.tolist():
                a, b = int(pairs.a[at]), int(pairs.b[at])
                if len(chosen) == most:
                    break
                if often[a] >= _OFTEN or often[b] >= _OFTEN or _one_thing(view, names, places, a, b):
                    continue
                if not known.together(int(places[a]), int(places[b])):
                    chosen.append(at)
                    often.update((a, b))
            if len(chosen) == most:
                break
        best = Pairs(pairs.a[chosen], pairs.b[chosen])
        told = one.judged(names, best)
        return [
            Score(view.concepts[places[a]].label, view.concepts[places[b]].label, *each)
            for a, b, each in zip(best.a.tolist(), best.b.tolist(), told, strict=True)
        ]


def _generic(one: Named) -> bool:
    return one.type == _METRIC or any(
        all(word in _BOILERPLATE for word in key.split()) or "state of the art" in key or "state of art" in key
        for key in one.keys
    )


def focus(view: View) -> Numbers:
    """How much of one subject each concept's papers are: the mean cosine of two of them, -1 … 1."""
    rows = view.centred / np.maximum(np.linalg.norm(view.centred, axis=1, keepdims=True), 1e-9)
    count = np.diff(view.naming.indptr)
    total = view.naming.T.tocsr() @ rows
    squared = np.einsum("ij,ij->i", total, total)
    found: Numbers = ((squared - count) / np.maximum(count * (count - 1), 1)).round(6)
    return found


def _partners(names: Profiles) -> Pairs:
    """Unconnected pairs, each once, of which one is among the other's best partners by fit."""
    import faiss

    size, width = names.fit.shape
    if size < 2:
        return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))
    rows = np.ascontiguousarray(names.fit, np.float32)
    index: Any = faiss.IndexFlatIP(width)
    if size > _EXACT:
        index = faiss.IndexIVFFlat(index, width, int(4 * size**0.5), faiss.METRIC_INNER_PRODUCT)
        index.train(rows)
        index.nprobe = 32
    index.add(rows)
    a, b = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for start in range(0, size, 1000):
        _, near = index.search(rows[start : start + 1000], min(_PARTNERS + 1, size))
        ends = np.repeat(np.arange(start, start + len(near)), near.shape[1])
        a.append(np.minimum(ends, near.ravel()))
        b.append(np.maximum(ends, near.ravel()))
    low, high = np.concatenate(a), np.concatenate(b)
    codes = np.unique((low * size + high)[(low >= 0) & (low != high)])
    pairs = Pairs(codes // size, codes % size)
    free = together(names, pairs) == 0
    return Pairs(pairs.a[free], pairs.b[free])


class Known:
    """In which papers some concepts stand by their own or broader names: those with fewer of the words in a row."""

    def __init__(self, view: View, places: Places) -> None:
        names = {place: _broader(view.concepts[place].keys[0]) for place in places.tolist()}
        every = sorted({name for told in names.values() for name in told})
        naming = view.texts.naming([(name,) for name in every])
        ends = naming.indptr
        papers = {name: naming.indices[ends[at] : ends[at + 1]] for at, name in enumerate(every)}
        self._papers = {place: [papers[name] for name in told] for place, told in names.items()}

    def together(self, a: int, b: int) -> bool:
        """Whether two papers or more name both."""
        both = product(self._papers[a], self._papers[b])
        return any(len(np.intersect1d(one, other, assume_unique=True)) >= _TWICE for one, other in both)


def _broader(name: str) -> list[str]:
    words = name.split()
    lengths = range(_WORDS, len(words))
    return [name, *(" ".join(words[at : at + long]) for long in lengths for at in range(len(words) - long + 1))]


def _one_thing(view: View, names: Profiles, places: Places, a: int, b: int) -> bool:
    """Whether two concepts are probably one under two names, or one a kind of the other."""
    if float(names.context[a] @ names.context[b]) >= _SAME:
        return True
    one, other = view.concepts[places[a]], view.concepts[places[b]]
    return any(_alike(first, second) for first in one.keys for second in other.keys)


def _alike(one: str, other: str) -> bool:
    first, second = one.split(), other.split()
    if 2 * len(set(first) & set(second)) >= min(len(first), len(second)):
        return True
    initials = {"".join(word[0] for word in words) for words in (first, second) if len(words) > 1}
    if initials & {one.replace(" ", ""), other.replace(" ", "")}:
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _LETTERS
