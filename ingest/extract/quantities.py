"""Amounts as written: "180 MJ/m3", "between 5 and 10 °C", "about 300 patients", "p < 0.05".

Which numbers are amounts and how far each reaches is what MeasEval's annotators mark (SemEval-2021 task 8, Harper et
al. 2021, doi:10.18653/v1/2021.semeval-1.38), learnt by `training/quantities`; what they say is read by
`quantity_values`.
"""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import exp, log
from pathlib import Path

from ingest.extract.quantity_spans import Candidate, Spans
from ingest.extract.quantity_values import read

WEIGHTS = Path(__file__).parent / "kg_quantity"
SPANS = "spans.tsv.gz"


_WORDS = re.compile(r"[^\W\d_]+(?:\s[^\W\d_]+)*")
"""What a unit of plain words looks like; any other is written with signs."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at text[start:end].

    `low` and `high` are equal for a single value, None where open ("> 5") or not read ("room temperature"). `unit` is
    as written, empty for a bare count. `confidence` is the probability of exactly this span, 0…1 with three decimals.
    """

    start: int
    end: int
    low: float | None
    high: float | None
    unit: str
    confidence: float

    @property
    def signed(self) -> bool:
        """Whether the unit is written with signs ("MJ/m3"), so that no word of it names a thing."""
        return bool(self.unit) and _WORDS.fullmatch(self.unit) is None


def quantities(text: str) -> list[Amount]:
    """The amounts of a text by place, none overlapping another."""
    return amounts_by(_weights(), text)


def amounts_by(weights: Mapping[str, float], text: str) -> list[Amount]:
    """The amounts by these weights of features: the likeliest candidates that do not overlap."""
    spans = Spans(text)
    if not spans.numbers:
        return []
    candidates = spans.candidates()
    scores = _scores(weights, spans, candidates)
    found = []
    for at, probability in _chosen(candidates, scores):
        one = candidates[at]
        start, end = spans.starts[one.first], spans.ends[one.after - 1]
        low, high, unit = read(text[start:end])
        found.append(Amount(start, end, low, high, unit, round(probability, 3)))
    return found


def _scores(weights: Mapping[str, float], spans: Spans, candidates: list[Candidate]) -> list[float]:
    starts: dict[tuple[int, int], float] = {}
    ends: dict[tuple[int, int], float] = {}
    scores = []
    for one in candidates:
        start, end = (one.first, one.low), (one.after, one.high)
        if start not in starts:
            starts[start] = sum([weights[name] for name in spans.start_features(*start) if name in weights])
        if end not in ends:
            ends[end] = sum([weights[name] for name in spans.end_features(*end) if name in weights])
        own = sum([weights[name] for name in spans.span_features(one) if name in weights])
        scores.append(starts[start] + ends[end] + own)
    return scores


def _chosen(candidates: list[Candidate], scores: list[float]) -> list[tuple[int, float]]:
    """The best choice of candidates that do not overlap, from left to right, each with its probability."""
    places = sorted({place for one in candidates for place in (one.first, one.after)})
    number = {place: at for at, place in enumerate(places)}
    ending: list[list[tuple[int, int]]] = [[] for _ in places]
    for at, one in enumerate(candidates):
        ending[number[one.after]].append((at, number[one.first]))
    best = [0.0] * len(places)
    taken: list[tuple[int, int] | None] = [None] * len(places)
    forward = [0.0] * len(places)
    for place in range(1, len(places)):
        best[place] = best[place - 1]
        terms = [forward[place - 1]]
        for at, begin in ending[place]:
            terms.append(forward[begin] + scores[at])
            if best[begin] + scores[at] > best[place]:
                best[place], taken[place] = best[begin] + scores[at], (at, begin)
        forward[place] = _log_of_sum(terms)
    backward = _backward(ending, scores)
    chosen = []
    place = len(places) - 1
    while place > 0:
        step = taken[place]
        if step is None:
            place -= 1
            continue
        at, begin = step
        chosen.append((at, exp(min(0.0, forward[begin] + scores[at] + backward[place] - forward[-1]))))
        place = begin
    return chosen[::-1]


def _backward(ending: list[list[tuple[int, int]]], scores: list[float]) -> list[float]:
    """For each place the logarithm of the sum over the choices after it."""
    beginning: list[list[tuple[int, int]]] = [[] for _ in ending]
    for place, steps in enumerate(ending):
        for at, begin in steps:
            beginning[begin].append((at, place))
    backward = [0.0] * len(ending)
    for place in range(len(ending) - 2, -1, -1):
        terms = [backward[place + 1], *(scores[at] + backward[end] for at, end in beginning[place])]
        backward[place] = _log_of_sum(terms)
    return backward


def _log_of_sum(terms: list[float]) -> float:
    if len(terms) == 1:
        return terms[0]
    most = max(terms)
    return most + log(sum(exp(term - most) for term in terms))


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    return read_weights(SPANS)


def read_weights(name: str) -> dict[str, float]:
    """Shipped weights of features, by the name of their file."""
    weights = {}
    for line in gzip.decompress((WEIGHTS / name).read_bytes()).decode("utf-8").splitlines():
        feature, _, weight = line.rpartition("\t")
        weights[feature] = int(weight) / 1000
    return weights


def write_weights(weights: Mapping[str, float], path: Path) -> None:
    """Writes weights, in thousandths, as `read_weights` reads them. The same weights give the same bytes."""
    lines = "".join(f"{name}\t{round(weight * 1000)}\n" for name, weight in sorted(weights.items()))
    path.write_bytes(gzip.compress(lines.encode("utf-8"), 9, mtime=0))


@lru_cache(maxsize=1)
def weights_digest() -> str:
    """A hash of the shipped weights."""
    digest = blake2b(digest_size=8)
    for path in sorted(WEIGHTS.glob("*.tsv.gz")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
