"""Instructions in a paper's text that are meant for a program which reads it, not for people.

Each sentence is read as it stands and, where it is disguised (lookalike letters, digits for letters, letters apart,
backwards, base64), as it is meant. Cues of an instruction have weights; a sentence whose cues weigh enough is
suspected, and so are the sentences beside it that are suspicious in company. The cues and weights were set on
instructions written for it and on passages of papers (see docs/guard.md); nothing but the text decides, so that a
suspicion can be told again from a passage alone.
"""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from itertools import islice, pairwise
from typing import Any

from kg.model import QUARANTINED, PaperPassage, Passage, shortened
from kg.sentences import sentences

VERSION = "1"
"""A change of what is suspected needs a new one, so that libraries read their papers again."""

UNSEEN = "⟦unseen: "
"""Before text that a file holds in characters which cannot be seen, as readers write it down; `⟧` stands after it."""

HIDDEN = "Hidden: "
"""What the section of a quarantined passage begins with that people do not see in the file; then how it is hidden."""

ENOUGH = 0.8
_BESIDE = 0.4
_PAIR = 1.1
_MOST_REASONS = 3
_LONG = 2000


@dataclass(frozen=True, slots=True)
class Suspicion:
    """text[start:end] is suspected, and why, in words."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A passage that is kept, and never searched, counted or quoted, since it looks like an instruction to a program;
    and why, in words."""

    passage: str
    paper: str
    key: str
    section: str | None
    page: int | None
    start: int
    reason: str
    text: str

    def __repr__(self) -> str:
        return f"<Quarantined {shortened(self.text)!r} ({self.key}): {self.reason}>"

    def as_json(self) -> dict[str, Any]:
        """One row of `hypograph quarantine --json`."""
        return asdict(self)


def quarantined(passages: Iterable[PaperPassage]) -> Iterator[Quarantined]:
    """Those of the passages that are quarantined, as they come."""
    for one in passages:
        passage = one.passage
        if passage.kind == QUARANTINED:
            yield Quarantined(passage.id, one.paper.id, one.paper.key, passage.section, passage.page, passage.start,
                              reason(passage), passage.text)


def suspicions(text: str) -> list[Suspicion]:
    """The suspected stretches of a text, whole sentences, in order; neighbours are one stretch."""
    rules = _that_may_hold(_folded(text))
    disguises = [disguise for disguise in _DISGUISES if disguise.seen(text)]
    if not rules and not disguises:
        return []
    spans = sentences(text)
    weighed = [_weighed(text[start:end], rules, disguises) for start, end in spans]
    scores = [round(sum(cues.values()), 6) for cues in weighed]
    chosen = {at for at, score in enumerate(scores) if score >= ENOUGH}
    for at, (one, other) in enumerate(pairwise(scores)):
        if min(one, other) >= _BESIDE and one + other >= _PAIR:
            chosen |= {at, at + 1}
    for step in (1, -1):
        for at in sorted(chosen, reverse=step < 0):
            beside = at + step
            while 0 <= beside < len(spans) and beside not in chosen and scores[beside] >= _BESIDE:
                chosen.add(beside)
                beside += step
    found: list[Suspicion] = []
    cues: dict[str, float] = {}
    for at in sorted(chosen):
        start, end = spans[at]
        joined = bool(found) and at - 1 in chosen and "\n\n" not in text[found[-1].end : start]
        cues = _more(cues, weighed[at]) if joined else weighed[at]
        begin = found.pop().start if joined else start
        found.append(Suspicion(begin, end, _told(cues)))
    return found


def reason(passage: Passage) -> str:
    """Why a quarantined passage is one, in words."""
    if passage.section is not None and passage.section.startswith(HIDDEN):
        return passage.section.removeprefix(HIDDEN)
    found = suspicions(passage.text)
    return "; ".join(dict.fromkeys(one.reason for one in found)) if found else "stands beside such an instruction"


def _more(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    return {name: max(one.get(name, 0.0), other.get(name, 0.0)) for name in {**one, **other}}


def _told(cues: dict[str, float]) -> str:
    ranked = sorted(cues, key=lambda name: (-cues[name], name))
    return "; ".join(ranked[:_MOST_REASONS])


def _weighed(sentence: str, rules: Sequence[_Rule], disguises: Sequence[_Disguise]) -> dict[str, float]:
    """The cues in a sentence, as reasons in words, and what they weigh."""
    if len(sentence) > _LONG:  # no sentence, but a table or a sequence
        parts = [_weighed(sentence[at : at + _LONG], rules, disguises) for at in range(0, len(sentence), _LONG)]
        return max(parts, key=lambda cues: sum(cues.values()))
    plain = _folded(sentence)
    best = _cues(plain, rules)
    for disguise in disguises:
        for meant in disguise.meant(sentence):
            folded = _folded(meant)
            cues = _cues(folded, _that_may_hold(folded)) if disguise.by_cues else {_OVERRIDES: ENOUGH}
            if disguise.enough:
                cues[disguise.name] = ENOUGH
            elif cues:
                cues[disguise.name] = _DISGUISE
            if sum(cues.values()) - _DISGUISE > sum(best.values()):
                best = cues
    return best


def _that_may_hold(folded: str) -> list[_Rule]:
    return [rule for rule in _rules() if any(word in folded for word in rule.needs)]


def _cues(folded: str, rules: Sequence[_Rule]) -> dict[str, float]:
    """What the rules that hold weigh, by their reasons: of one reason the weightiest whole, the next one half."""
    held: dict[str, list[float]] = {}
    for rule in rules:
        if any(word in folded for word in rule.needs) and rule.pattern.search(folded) is not None:
            held.setdefault(rule.reason, []).append(rule.weight)
    return {reason: sum(weight / 2**place for place, weight in enumerate(sorted(weights, reverse=True)[:2]))
            for reason, weights in held.items()}


# Readings ------------------------------------------------------------------------------------------------------------

_JOINERS = re.compile("[\u200c\u200d]")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*]{1,3}){7,}[^\W\d_](?![^\W_])")
_SQUASHED = re.compile(r"""
    (?:ignore|disregard|forget|override) \w{0,24} (?:instruction|prompt|rule|guideline|direction|command)
  | (?:positive|favou?rable) review | recommendacceptance | acceptthispaper | languagemodel | systemprompt
""", re.VERBOSE)
_BLOB = re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{32,}={0,2}(?![\w+/=])")
_LEET = str.maketrans("4310578@$!", "aeiostbasi")
_LEET_INSIDE = re.compile(r"[A-Za-z][013457@$]+[A-Za-z]")
_LEET_WORD = re.compile(r"[A-Za-z0-9@$!]+")
_LOOKALIKES = str.maketrans(
    "аеорсхуіјѕԁһԛԝкмтвнАЕОРСХУІЈЅКМТВНοαινρτυκχεηΑΒΕΖΗΙΚΜΝΟΡΤΥΧɡıℓ",
    "aeopcxyijsdhqwkmtbhAEOPCXYIJSKMTBHoaivptukxenABEZHIKMNOPTYXgil",
)
_MIXED = re.compile("[A-Za-z][\u0370-\u03ff\u0400-\u052f\u0261\u0131]|[\u0370-\u03ff\u0400-\u052f\u0261\u0131][A-Za-z]")
_ORDERED = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{1,40}\b(?:instructions?|prompts?|rules)\b|positive review",
    re.IGNORECASE,
)
_BACKWARDS = re.compile("snoitcurtsni|tpmorp|erongi |dragersid|weiver evitisop", re.IGNORECASE)
_DISGUISE = 0.3


def _folded(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _JOINERS.sub("", text)).replace("’", "'")
    return " ".join(text.casefold().replace("_", " ").split())


def _apart(sentence: str) -> Iterator[str]:
    for run in _SPACED.findall(unicodedata.normalize("NFKC", _JOINERS.sub("", sentence))):
        letters = "".join(filter(str.isalpha, run)).casefold()
        if _SQUASHED.search(letters) is not None:
            yield letters


def _alike(sentence: str) -> Iterator[str]:
    yield sentence.translate(_LOOKALIKES)


def _digits(sentence: str) -> Iterator[str]:
    yield _LEET_WORD.sub(lambda word: word[0].translate(_LEET), sentence)


def _backwards(sentence: str) -> Iterator[str]:
    meant = sentence[::-1]
    if _ORDERED.search(meant) is not None:
        yield meant


def _decoded(sentence: str) -> Iterator[str]:
    """The texts in blobs of base64."""
    for blob in _BLOB.findall(sentence):
        if blob.isalpha() and (blob.islower() or blob.isupper()):
            continue  # a sequence of bases or residues
        try:
            text = base64.b64decode(blob + "=" * (-len(blob) % 4), validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if text.isprintable() and text.count(" ") >= 2:
            yield text


@dataclass(frozen=True, slots=True)
class _Disguise:
    """A way to write a text so that it looks like another. `by_cues`: what is meant is weighed as if it were written
    so; `enough`: nobody writes so who means no harm."""

    name: str
    looks: re.Pattern[str]
    meant: Callable[[str], Iterator[str]]
    least: int = 1
    by_cues: bool = True
    enough: bool = False

    def seen(self, text: str) -> bool:
        if self.least == 1:
            return self.looks.search(text) is not None
        return sum(1 for _ in islice(self.looks.finditer(text), self.least)) == self.least


_DISGUISES = (
    _Disguise("in disguise: letters apart", _SPACED, _apart, by_cues=False),
    _Disguise("in disguise: lookalike letters", _MIXED, _alike),
    _Disguise("in disguise: digits for letters", _LEET_INSIDE, _digits, least=3),
    _Disguise("in disguise: written backwards", _BACKWARDS, _backwards, by_cues=False),
    _Disguise("in disguise: text in base64", _BLOB, _decoded, enough=True),
)

# Cues ----------------------------------------------------------------------------------------------------------------

_OVERRIDES = "tells its reader to ignore instructions"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A cue: where `pattern` is found, `weight` counts for `reason`; it holds one of the words that it `needs`."""

    reason: str
    weight: float
    needs: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def _rules() -> tuple[_Rule, ...]:
    held = tomllib.loads(files("kg").joinpath("injections.toml").read_text("utf-8"))

    def whole(pattern: str) -> str:
        return _PART.sub(lambda part: whole(held["parts"][part[1]]), pattern)

    return tuple(
        _Rule(cue["reason"], cue["weight"], tuple(cue["needs"]), re.compile(whole(cue["pattern"]), re.VERBOSE))
        for cue in held["cue"]
    )


_PART = re.compile("«([a-z]+)»")
