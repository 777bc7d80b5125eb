"""What an amount is the amount of: "the toughness of silk is 180 MJ/m3" tells of silk, and of its toughness.

Among the mentions of its sentence a thing and a property are chosen, either of them perhaps none, by a log-linear
model over places, words between and paths in the parse; its weights are learnt from MeasEval (`training/quantities`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.extract.extractor import FoundMention, FoundQuantity
from ingest.extract.parse import Parse
from ingest.extract.quantities import Amount, quantities, read_weights

WEIGHTS = "measured.tsv.gz"
NEAREST_LEFT, NEAREST_RIGHT = 4, 2
"""How many mentions on each side of an amount are looked at; the first of its sentence is too."""

Pair = tuple[int | None, int | None]
"""The places of what is measured and of the property."""

_WORD = re.compile(r"\d+(?:\.\d+)?|\w+|\S")
_PLAIN_UNIT = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is true of each thing, of each property and of each pair of them that an amount could measure."""

    things: Mapping[int | None, Sequence[str]]
    properties: Mapping[int | None, Sequence[str]]
    pairs: Mapping[Pair, Sequence[str]]

    def features(self, pair: Pair) -> list[str]:
        """All that is true of a pair."""
        thing, aspect = pair
        return [*self.things[thing], *self.properties[aspect], *self.pairs[pair]]

    def best(self, weights: Mapping[str, float]) -> Pair:
        """The likeliest pair; the first of those that score alike."""
        things = {thing: _score(weights, features) for thing, features in self.things.items()}
        aspects = {aspect: _score(weights, features) for aspect, features in self.properties.items()}
        scores = {
            (thing, aspect): things[thing] + aspects[aspect] + _score(weights, features)
            for (thing, aspect), features in self.pairs.items()
        }
        return max(scores, key=scores.__getitem__)


def _score(weights: Mapping[str, float], features: Sequence[str]) -> float:
    return sum([weights[name] for name in features if name in weights])


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A mention that could be measured. `order`: 0 inside the amount, -1 the nearest before it, 1 the nearest after."""

    place: int
    start: int
    end: int
    order: int


def found_quantities(
    text: str,
    parses: Sequence[Parse],
    mentions: Sequence[FoundMention],
    passage: int = 0,
    offset: int = 0,
    amounts: Sequence[Amount] | None = None,
) -> list[FoundQuantity]:
    """The quantities of one passage, by place, with what they measure among its `mentions`.

    `offset` is added to the places of mentions, so that they count among all of a paper's. `amounts` are those of the
    text, where they have been found already.
    """
    found = []
    amounts = quantities(text) if amounts is None else amounts
    spans = [(one.start, one.end) for one in mentions]
    for amount, (thing, aspect) in zip(amounts, measured(text, parses, amounts, spans), strict=True):
        found.append(
            FoundQuantity(
                passage,
                amount.start,
                amount.end,
                amount.low,
                amount.high,
                amount.unit,
                None if thing is None else thing + offset,
                None if aspect is None else aspect + offset,
                amount.confidence,
            )
        )
    return found


def measured(
    text: str, parses: Sequence[Parse], amounts: Sequence[Amount], mentions: Sequence[tuple[int, int]]
) -> list[Pair]:
    """For each amount the places of the thing and of the property that it measures. `mentions` are spans by place.

    A property alone is not told: what is measured without a property is the thing. An amount for which the model finds
    nothing is one of what it counts ("300 patients").
    """
    if not amounts:
        return []
    weights = _weights()
    chosen = [one.best(weights) for one in choices(text, parses, amounts, mentions)]
    return [
        (_counted(amount, mentions), None) if thing is None else (thing, aspect)
        for amount, (thing, aspect) in zip(amounts, chosen, strict=True)
    ]


def _counted(amount: Amount, mentions: Sequence[tuple[int, int]]) -> int | None:
    """The mention inside an amount; None where there is none."""
    at = bisect_left(mentions, (amount.start, 0))
    return at if at < len(mentions) and mentions[at][1] <= amount.end else None


def choices(
    text: str, parses: Sequence[Parse], amounts: Sequence[Amount], mentions: Sequence[tuple[int, int]]
) -> Iterator[Choice]:
    """For each amount the pairs that it could measure, with what is true of each."""
    bounds = sorted({(parse.start, parse.end) for parse in parses})
    starts = [start for start, _ in bounds]
    by_sentence: dict[int, list[Parse]] = {}
    for parse in parses:
        by_sentence.setdefault(parse.start, []).append(parse)
    mention_starts = [start for start, _ in mentions]
    for amount in amounts:
        at = bisect_right(starts, amount.start) - 1
        if at < 0 or amount.start >= bounds[at][1]:
            yield Choice({None: []}, {None: []}, {(None, None): []})
            continue
        start, end = bounds[at]
        first, after = bisect_left(mention_starts, start), bisect_left(mention_starts, end)
        around = _Around(text, by_sentence[start], amount, amounts, start, end)
        yield around.choice(_near(mentions, first, after, amount))


def _near(mentions: Sequence[tuple[int, int]], first: int, after: int, amount: Amount) -> list[_Candidate]:
    places = range(first, after)
    left = [at for at in places if mentions[at][1] <= amount.start]
    right = [at for at in places if mentions[at][0] >= amount.end]
    inside = [at for at in places if mentions[at][0] < amount.end and mentions[at][1] > amount.start]
    found = [_Candidate(at, *mentions[at], 0) for at in inside]
    found += [_Candidate(at, *mentions[at], -1 - order) for order, at in enumerate(left[::-1][:NEAREST_LEFT])]
    if len(left) > NEAREST_LEFT:
        found.append(_Candidate(left[0], *mentions[left[0]], -9))
    found += [_Candidate(at, *mentions[at], 1 + order) for order, at in enumerate(right[:NEAREST_RIGHT])]
    return found


class _Around:
    """An amount in its sentence: what is true of the mentions there."""

    def __init__(
        self, text: str, parses: Sequence[Parse], amount: Amount, amounts: Sequence[Amount], start: int, end: int
    ) -> None:
        self.text, self.parses, self.amount = text, parses, amount
        self.start, self.end = start, end
        self.others = [one for one in amounts if start <= one.start < end and one is not amount]
        before = _WORD.findall(text[max(start, amount.start - 60) : amount.start].lower())
        after = _WORD.findall(text[amount.end : min(end, amount.end + 60)].lower())
        self.before = before[-1] if before else "^"
        self.earlier = before[-2] if len(before) > 1 else "^"
        self.after = after[0] if after else "$"
        self.later = after[1] if len(after) > 1 else "$"
        self.bracketed = text.rfind("(", start, amount.start) > text.rfind(")", start, amount.start)
        unit = amount.unit.lower()
        self.unit = unit
        self.kind = "0" if not unit else "%" if "%" in unit else "w" if _PLAIN_UNIT.match(unit) else "u"

    def choice(self, candidates: Sequence[_Candidate]) -> Choice:
        """Every thing with every other mention as its property, or with none, or nothing at all."""
        things: dict[int | None, list[str]] = {None: ["T-none", f"T-none{self.kind}"]}
        aspects: dict[int | None, list[str]] = {
            None: ["P-none", f"P-none{self.kind}", f"P-none{self.before}", f"P-none{self.after}"]
        }
        for one in candidates:
            names = self._features(one)
            things[one.place] = ["T" + name for name in names]
            aspects[one.place] = ["P" + name for name in names]
        pairs: dict[Pair, list[str]] = {(None, None): []}
        for thing in candidates:
            pairs[thing.place, None] = [f"J-alone{thing.order}{self.kind}"]
            for aspect in candidates:
                if aspect is not thing:
                    pairs[thing.place, aspect.place] = self._joint(thing, aspect)
        return Choice(things, aspects, pairs)

    def _features(self, one: _Candidate) -> list[str]:
        text, amount, order, kind = self.text, self.amount, one.order, self.kind
        words = _WORD.findall(text[one.start : one.end].lower())
        head = words[-1]
        gap = text[one.end : amount.start] if order < 0 else text[amount.end : one.start] if order > 0 else ""
        between = ["#" if word[0].isdigit() else word for word in _WORD.findall(gap.lower())]
        following = _WORD.findall(text[one.end : min(self.end, one.end + 30)].lower())
        preceding = _WORD.findall(text[max(self.start, one.start - 30) : one.start].lower())
        follower = following[0] if following else "$"
        leader = preceding[-1] if preceding else "^"
        side = "L" if order < 0 else "R" if order > 0 else "I"
        skipped = sum(
            1 for other in self.others if min(one.end, amount.end) <= other.start < max(one.start, amount.start)
        )
        joined = " ".join(between[:5]) if len(between) <= 4 else "…"
        names = [
            f"o{order}",
            f"o{order}{kind}",
            f"o{order}b{self.before}",
            f"o{order}a{self.after}",
            f"o{order}({self.bracketed}",
            f"o{order}f{follower}",
            f"o{order}l{leader}",
            f"g{side}{joined}",
            f"g{side}{joined}{kind}",
            f"n{side}{min(len(between), 12) // 2}",
            f"h{head}",
            f"h{head[-3:]}{kind}",
            f"s{head[-4:]}",
            f"s{head[-3:]}{side}",
            f"hu{head}|{self.unit}",
            f"su{head[-3:]}|{self.unit}",
            f"f{follower}{side}",
            f"l{leader}{side}",
            f"lf{leader}|{follower}",
            f"w{min(len(words), 4)}",
            f"q{side}{min(skipped, 3)}",
            f"bb{self.earlier} {self.before}|{side}",
            f"aa{self.after} {self.later}|{side}",
            f"up{text[one.start].isupper()}{any(c.isdigit() for c in text[one.start : one.end])}",
            f"first{one.start - self.start < 5}{side}",
        ]
        for mark in (
            "(",
            ")",
            ",",
            ";",
            "and",
            "of",
            "was",
            "is",
            "were",
            "are",
            "with",
            "to",
            "=",
            ":",
            "respectively",
        ):
            if mark in between:
                names.append(f"m{side}{mark}")
                if order in (-1, 1):
                    names.append(f"m{order}{mark}{kind}")
        names += self._paths(one)
        return names

    def _paths(self, one: _Candidate) -> list[str]:
        for parse in self.parses:
            top, there = _top(parse, self.amount.start, self.amount.end), _top(parse, one.start, one.end)
            if top is None or there is None:
                continue
            path = _path(parse, top, there)
            names = [
                f"d{parse.relations[there]}",
                f"d{parse.relations[there]}{parse.relations[top]}",
                f"dt{parse.relations[top]}",
            ]
            if path is not None:
                names += [f"p{path}", f"p{path}{self.kind}", f"plen{path.count('<') + path.count('>')}"]
            return names
        return ["aside"]

    def _joint(self, thing: _Candidate, aspect: _Candidate) -> list[str]:
        text = self.text
        apart = "over"
        if aspect.end <= thing.start:
            words = _WORD.findall(text[aspect.end : thing.start].lower())
            apart = "P " + (" ".join(words) if len(words) <= 3 else "…") + " T"
        elif thing.end <= aspect.start:
            words = _WORD.findall(text[thing.end : aspect.start].lower())
            apart = "T " + (" ".join(words) if len(words) <= 3 else "…") + " P"
        return [
            f"J{thing.order}/{aspect.order}",
            f"J{thing.order}/{aspect.order}{self.kind}",
            f"J{apart}",
            f"J{apart}{aspect.order}",
            f"J{apart[0]}{self.before}",
            f"J{thing.order}/{aspect.order}({self.bracketed}",
        ]


def _top(parse: Parse, start: int, end: int) -> int | None:
    """The word of a stretch whose head stands outside it; None where the parse has no word there."""
    first = bisect_right(parse.ends, start)
    for at in range(first, len(parse)):
        if parse.starts[at] >= end:
            return None
        head = parse.heads[at]
        if head == at or not (parse.starts[head] < end and parse.ends[head] > start):
            return at
    return None


def _path(parse: Parse, here: int, there: int) -> str | None:
    """The relations from one word up and down to another: "nummod>" where `there` is the head. None if long."""
    upward = [here]
    while parse.heads[upward[-1]] != upward[-1] and len(upward) <= 5:
        upward.append(parse.heads[upward[-1]])
    downward = [there]
    while downward[-1] not in upward:
        if parse.heads[downward[-1]] == downward[-1] or len(downward) > 4:
            return None
        downward.append(parse.heads[downward[-1]])
    turn = upward.index(downward[-1])
    up = "".join(parse.relations[at] + ">" for at in upward[:turn])
    down = "".join("<" + parse.relations[at] for at in reversed(downward[:-1]))
    return up + down


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    return read_weights(WEIGHTS)
