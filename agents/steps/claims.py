"""The claim of a statement in words: subject – predicate – object; English, by rules alone.

Actives, passives, comparisons, nouns made of verbs ("inhibition of X by Y", "X is a cause of Y") and verbs that leave
the meaning to a noun ("leads to an increase in") are read; negation, hedges and what stands before "that" are told
apart from the names of the two things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.critique import Claim, End
from agents.steps.phrases import PREPOSITIONS, predicate_in
from agents.steps.predicate_words import NOUNS, lemmas, verbs_at
from kg.errors import NotFound, UsageError
from kg.names import key_of
from kg.predicates import GENERAL, PREDICATES

Labels = Callable[[Sequence[str]], Mapping[str, str]]
"""Key -> label of its concept, for those keys that have one."""

_WORD = re.compile(r"[^\W_]+(?:[-\u2013'\u2019./+][^\W_]+)*[+#%]*")
_MOST_WORDS = 60
_LONGEST_NAME = 12  # words

_BEFORE_THAT = re.compile(
    r"^\s*(?:(?:we|i|they|one|it|this|these|there|here|our|my|the|some|several|many|results?|data|findings?|evidence)\b"
    r"[^,;:]{0,60}?\bthat|(?:hypothesis|claim|statement|conjecture|question)\s*:|if|whether)\s+",
    re.IGNORECASE,
)
_FALSE = re.compile(
    r"\b(?:not\s+(?:true|the\s+case|so|correct)|false|untrue|wrong|no\s+evidence|never\s+shown)\b", re.IGNORECASE
)
_ASKED = re.compile(r"^\s*(?:do|does|did|can|could|may|might|will|would)\s+(?=\S+\s+\S)", re.IGNORECASE)
_NEGATORS = frozenset("not never no cannot neither nor hardly scarcely barely n't without".split())
_NOT_JOINED = re.compile(r"(?:n't|n\u2019t)$", re.IGNORECASE)
_FAILING = frozenset("fails fail failed unable".split())
_HEDGES = frozenset(
    """
may might could possibly probably perhaps presumably potentially apparently likely seemingly suggests suggest suggested
suggesting suspected supposed thought believed hypothesized hypothesised hypothesize hypothesise propose proposed
speculate appears appear seems seem maybe conceivably putative putatively possible plausible plausibly tends tend
sometimes unclear unknown whether if
""".split()
)
_DETERMINERS = frozenset(
    "a an the this that these those its their his her our my your some any all each every both such certain most many "
    "several various other".split()
)
_LIGHT_WORDS = _DETERMINERS | _HEDGES | _NEGATORS | frozenset("it is are that there of be been".split())
_DEGREES = frozenset(
    "strong weak significant positive negative direct clear possible marked great large small key important high good "
    "show shows showed exhibit exhibits have has had much very more well".split()
)
_SAYING_LITTLE = _LIGHT_WORDS | PREPOSITIONS | _DEGREES
_COPULAS = frozenset("is are was were be being been remains remain seems seem appears appear becomes became".split())
_NO_ADVERBS = frozenset("family assembly supply anomaly early only likely apply rely reply multiply imply july".split())

_UP_NOUNS = "increase rise growth gain enhancement boost elevation increases rises gains enhancements".split()
_DOWN_NOUNS = "decrease reduction decline drop fall loss decreases reductions declines drops losses".split()
_LIGHT_NOUNS: dict[str, str] = {
    **dict.fromkeys(_UP_NOUNS, "increases"),
    **dict.fromkeys(_DOWN_NOUNS, "decreases"),
    **dict.fromkeys(["improvement", "improvements", "enhancement"], "improves"),
    **dict.fromkeys(["deterioration", "degradation", "impairment", "worsening", "damage"], "worsens"),
    **dict.fromkeys(["inhibition", "suppression", "blockade"], "inhibits"),
    **dict.fromkeys(["prevention", "avoidance"], "prevents"),
    **dict.fromkeys(["change", "changes", "effect", "effects", "impact", "influence", "alteration"], "affects"),
    **dict.fromkeys(["role", "roles", "part"], "involved in"),
    **dict.fromkeys(["association", "associations", "relationship", "relation", "link", "links"], "associated with"),
    **dict.fromkeys(["correlation", "correlations"], "correlated with"),
    **dict.fromkeys(["interaction", "interactions"], "interacts with"),
    **dict.fromkeys(["affinity"], "binds"),
    **dict.fromkeys(["removal", "elimination", "clearance"], "removes"),
    **dict.fromkeys(["formation", "production", "synthesis"], "produces"),
}
_LIGHT_VERBS = frozenset(
    "cause lead result produce show have exert give bring yield induce play contribute exhibit see find demonstrate be "
    "bring experience undergo reveal report observe exist".split()
)
_LINKING = frozenset("in of on to for with between upon towards toward".split())

# "X is a cause of Y" and the like: the noun, and whether the subject of "is" is the relation's subject.
_NOMINAL: dict[str, tuple[str, bool]] = {
    **{noun: (predicate, end == "subject") for noun, (predicate, end) in NOUNS.items()},
    **dict.fromkeys(["method", "tool", "technique", "means", "approach", "basis"], ("used for", True)),
    **dict.fromkeys(["marker", "indicator", "sign", "biomarker"], ("indicates", True)),
    **dict.fromkeys(["measure"], ("measured with", False)),
    **dict.fromkeys(["activator", "stimulator", "inducer"], ("promotes", True)),
    **dict.fromkeys(["suppressor", "antagonist", "blocker"], ("inhibits", True)),
    **dict.fromkeys(["result", "consequence", "outcome", "effect"], ("causes", False)),
    **dict.fromkeys(["subtype", "subclass", "member", "class", "kind", "type", "form"], ("is a", True)),
    **dict.fromkeys(["component", "constituent", "ingredient", "part"], ("part of", True)),
    **dict.fromkeys(["requirement", "prerequisite", "condition"], ("requires", False)),
    **dict.fromkeys(["property", "feature", "characteristic"], ("has property", False)),
}

# "The NOUN of X PREPOSITION Y": which predicate, and whether X is its subject.
_OF_NOUNS: dict[str, tuple[str, dict[str, bool]]] = {
    "effect": ("affects", {"on": True, "upon": True}),
    "influence": ("affects", {"on": True, "upon": True}),
    "impact": ("affects", {"on": True, "upon": True}),
    "role": ("involved in", {"in": True, "for": True}),
    "use": ("used for", {"for": True, "in": True, "by": False, "as": True}),
    "usage": ("used for", {"for": True, "in": True, "by": False}),
    "application": ("used for", {"to": True, "in": True, "for": True}),
    "dependence": ("depends on", {"on": True, "upon": True}),
    "reliance": ("depends on", {"on": True, "upon": True}),
    "binding": ("binds", {"to": True, "by": False}),
    "conversion": ("becomes", {"to": True, "into": True, "by": False}),
    "correlation": ("correlated with", {"with": True, "and": True, "to": True}),
    "association": ("associated with", {"with": True, "and": True, "to": True}),
    "interaction": ("interacts with", {"with": True, "and": True}),
    "comparison": ("compared with", {"with": True, "and": True, "to": True}),
    "presence": ("located in", {"in": True, "on": True}),
    "evaluation": ("evaluated on", {"on": True, "by": False, "with": False}),
    "measurement": ("measured with", {"by": True, "with": True, "using": True}),
    "detection": ("detects", {"by": False, "with": False, "using": False}),
}
_BY = frozenset({"by", "with", "through", "via", "using"})

_FROM = frozenset({"from", "with", "using", "through", "via"})
_FORETELLING = {"predict": "predicts", "forecast": "predicts", "detect": "detects", "produce": "produces",
                "treat": "treats", "prevent": "prevents", "inhibit": "inhibits", "improve": "improves",
                "increase": "increases", "reduce": "decreases", "decrease": "decreases"}  # fmt: skip

_MADE = frozenset("made produced manufactured fabricated prepared built obtained created processed".split())

_BETTER = frozenset("better superior".split())
_WORSE = frozenset("worse inferior".split())
_LESS = frozenset("less lower smaller weaker shorter fewer poorer slower thinner lighter softer cheaper colder".split())
_GREATER_ENDING = re.compile(r"^[a-z]{3,}er$")
_NO_COMPARATIVES = frozenset(
    "other rather another either neither whether together further later never water fiber polymer layer number paper "
    "order after under over user parser".split()
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A reading of the words: what stands at words[begin:end] is the predicate. `turned` when its subject follows."""

    begin: int
    end: int
    predicate: str
    turned: bool
    left: int = 0  # where the first name begins
    until: int | None = None  # where the second name ends
    aspect: str = ""
    denied: bool = False
    split: int | None = None  # where the first name ends, when the predicate stands before both


@dataclass(frozen=True, slots=True)
class _End:
    """A name found in a part of the statement. `label` is None where the library has no such concept. `fit` between 0
    (none) and 1 (the whole part is the name)."""

    text: str
    label: str | None
    fit: float
    passed_over: tuple[str, ...] = ()


def parsed(statement: str, labels: Labels) -> Claim:
    """The claim of a statement, with the concepts that the library has for its two ends.

    Of several readings the one whose ends are best known counts. Raises UsageError for a statement in which no
    predicate is found between two names, and NotFound where the library has neither of them.
    """
    bare = statement.strip().rstrip(".!?").strip()
    before = _BEFORE_THAT.match(bare)
    prefix = before[0] if before is not None else ""
    rest = bare[len(prefix) :]
    asked = _ASKED.match(rest)
    body = rest[asked.end() :] if asked is not None else rest
    spans = [found.span() for found in _WORD.finditer(body)][:_MOST_WORDS]
    words = [body[start:end] for start, end in spans]
    found = [one for one in _readings(words) if _parts(one, words) is not None]
    if not found:
        raise UsageError(
            f"No claim is found in {statement!r}: say what one thing does to another, for example “spider silk is "
            "stronger than steel”, “A inhibits B” or “A is used for B”. docs/predicates.md lists the verbs."
        )
    known = dict(labels(list(_keys(found, words, spans, body))))
    best = max(found, key=lambda one: _quality(one, words, spans, body, known))
    first, second = _ends(best, words, spans, body, known)
    if first.label is None and second.label is None:
        raise NotFound(
            f"The library has no concept for {first.text!r} or {second.text!r}: nothing can be said of {statement!r}. "
            "Look names up with `hypograph concepts TEXT`, and write the statement with two of them."
        )
    subject, object = (second, first) if best.turned else (first, second)
    outside = [word.casefold() for word in [*_WORD.findall(prefix), *_beside(best, words, first, second)]]
    denied = best.denied != (_FALSE.search(prefix) is not None)
    hedged = any(word in _HEDGES for word in outside)
    ends: tuple[tuple[End, _End], ...] = (("subject", subject), ("object", object))
    narrower = tuple(end for end, one in ends if one.passed_over)
    return Claim(
        subject.text if subject.label is None else subject.label,
        best.predicate,
        object.text if object.label is None else object.label,
        denied,
        hedged,
        best.aspect,
        tuple(one.text for one in (subject, object) if one.label is None),
        (*subject.passed_over, *object.passed_over),
        narrower,
    )


# The ends ------------------------------------------------------------------------------------------------------------


def _parts(one: _Found, words: Sequence[str]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The words of the two names, as (first, after the last); None where one has none."""
    last = len(words) if one.until is None else one.until
    left = (one.left, one.begin) if one.split is None else (one.end, one.split)
    right = (one.end, last) if one.split is None else (one.split + 1, last)
    first, second = _trimmed(words, *left), _trimmed(words, *right)
    return (first, second) if first[0] < first[1] and second[0] < second[1] else None


def _trimmed(words: Sequence[str], begin: int, end: int) -> tuple[int, int]:
    """Without determiners, hedges and adverbs around it, but for what would be nothing without them."""
    first, last = begin, end
    while first < end and _is_light(words[first]):
        first += 1
    while last > first and _is_light(words[last - 1]):
        last -= 1
    return (first, last) if first < last else (begin, end)


def _is_light(word: str) -> bool:
    return word.casefold() in _LIGHT_WORDS or _is_adverb(word) or _denies(word)


def _is_adverb(word: str) -> bool:
    folded = word.casefold()
    return folded in ("also", "often", "only", "then", "thus", "therefore", "both") or (
        folded.endswith("ly") and len(folded) > 4 and folded not in _NO_ADVERBS
    )


def _keys(found: Sequence[_Found], words: Sequence[str], spans: Sequence[tuple[int, int]], body: str) -> set[str]:
    keys: set[str] = set()
    seen: set[tuple[int, int]] = set()
    for one in found:
        last = len(words) if one.until is None else one.until
        for begin, end in (*(_parts(one, words) or ()), (one.left, one.begin), (one.end, last)):
            if (begin, end) in seen:
                continue
            seen.add((begin, end))
            if begin < end:
                keys.add(key_of(body[spans[begin][0] : spans[end - 1][1]]))
            for at in range(begin, end):
                for after in range(at + 1, min(end, at + _LONGEST_NAME) + 1):
                    keys.add(key_of(body[spans[at][0] : spans[after - 1][1]]))
    return keys - {""}


def _ends(
    one: _Found, words: Sequence[str], spans: Sequence[tuple[int, int]], body: str, known: Mapping[str, str]
) -> tuple[_End, _End]:
    parts = _parts(one, words)
    assert parts is not None, "readings without names were left out"
    last = len(words) if one.until is None else one.until
    given = [(one.left, one.begin), (one.end, last)]
    if one.split is not None:
        given = [(one.end, one.split), (one.split + 1, last)]

    def text(begin: int, end: int) -> str:
        return body[spans[begin][0] : spans[end - 1][1]]

    ends = []
    for (begin, end), (first, after) in zip(parts, given, strict=True):
        # A name may begin or end with what is passed over elsewhere: "the likely outcome".
        wider = [text(at, to) for at in range(first, begin + 1) for to in range(after, end - 1, -1) if at < to]
        exact = next((name for name in wider if key_of(name) in known), None)
        if exact is None:
            ends.append(_end(begin, end, words, spans, body, known))
        else:
            ends.append(_End(exact, known[key_of(exact)], 1.0))
    return ends[0], ends[1]


def _end(
    begin: int, end: int, words: Sequence[str], spans: Sequence[tuple[int, int]], body: str, known: Mapping[str, str]
) -> _End:
    """The longest known name, first of all one that ends with the head: before the first preposition, or at the end."""
    text = body[spans[begin][0] : spans[end - 1][1]]
    head = next((at for at in range(begin + 1, end) if words[at].casefold() in PREPOSITIONS), end)
    best: tuple[tuple[int, int, int], int, int] | None = None
    for at in range(begin, end):
        for after in range(at + 1, min(end, at + _LONGEST_NAME) + 1):
            if words[at].casefold() in _LIGHT_WORDS | PREPOSITIONS or words[after - 1].casefold() in PREPOSITIONS:
                continue
            if key_of(body[spans[at][0] : spans[after - 1][1]]) in known:
                rank = (1 if after >= head and at < head else 0, after - at, -at)
                if best is None or rank > best[0]:
                    best = (rank, at, after)
    if best is None:
        return _End(text, None, 0.0)
    _, at, after = best
    beside = [words[place] for place in range(begin, end) if not at <= place < after]
    rest = tuple(word for word in beside if word.casefold() in _COPULAS or word.casefold() not in _SAYING_LITTLE)
    key = key_of(body[spans[at][0] : spans[after - 1][1]])
    fit = (after - at) / (after - at + len(rest)) * (1.0 if best[0][0] else 0.6)
    return _End(body[spans[at][0] : spans[after - 1][1]], known[key], fit, rest)


def _quality(
    one: _Found, words: Sequence[str], spans: Sequence[tuple[int, int]], body: str, known: Mapping[str, str]
) -> tuple[float, ...]:
    first, second = _ends(one, words, spans, body, known)
    exact = (first.fit == 1.0) + (second.fit == 1.0)
    named = len(_WORD.findall(first.text)) + len(_WORD.findall(second.text)) if exact == 2 else 0
    over = any(word in _COPULAS for end in (first, second) for word in end.passed_over)
    return (not over, exact, round(first.fit + second.fit, 6), named, one.end - one.begin, -one.begin)


def _beside(one: _Found, words: Sequence[str], first: _End, second: _End) -> Iterator[str]:
    """The words of a statement that belong to neither name."""
    named = {word.casefold() for end in (first, second) for word in _WORD.findall(end.text)}
    return (word for word in words if word.casefold() not in named)


# Readings ------------------------------------------------------------------------------------------------------------


def _readings(words: Sequence[str]) -> Iterator[_Found]:
    yield from _plain(words)
    shorter = [at for at, word in enumerate(words) if not _left_out(word)]
    if len(shorter) < len(words) or any(_NOT_JOINED.search(word) for word in words):
        for one in _plain([_joined(words[at]) for at in shorter]):
            begin, end = shorter[one.begin], shorter[one.end - 1] + 1
            # What was left out beside the predicate belongs to it; "not" between the names denies it.
            while begin > 0 and _left_out(words[begin - 1]):
                begin -= 1
            while end < len(words) and _left_out(words[end]):
                end += 1
            until = None if one.until is None or one.until >= len(shorter) else shorter[one.until]
            split = None if one.split is None else shorter[one.split]
            denied = one.denied != any(_denies(word) for word in words[begin:end])
            yield _Found(begin, end, one.predicate, one.turned, shorter[one.left], until, one.aspect, denied, split)
    yield from _none_of(words)


def _left_out(word: str) -> bool:
    folded = word.casefold()
    return folded in _NEGATORS or folded in ("also", "often", "yet", "away") or _is_adverb(word)


def _joined(word: str) -> str:
    return "can" if word.casefold() == "cannot" else _NOT_JOINED.sub("", word)


def _denies(word: str) -> bool:
    return word.casefold() in _NEGATORS or _NOT_JOINED.search(word) is not None


def _none_of(words: Sequence[str]) -> Iterator[_Found]:
    """ "No X inhibits Y", "Neither …": the denial stands before the first name."""
    if words and words[0].casefold() in ("no", "neither", "none"):
        for one in _readings(words[1:]):
            last = None if one.until is None else one.until + 1
            split = None if one.split is None else one.split + 1
            yield _Found(
                one.begin + 1,
                one.end + 1,
                one.predicate,
                one.turned,
                one.left + 1,
                last,
                one.aspect,
                not one.denied,
                split,
            )


def _plain(words: Sequence[str]) -> Iterator[_Found]:
    lower = [word.casefold() for word in words]
    for at in range(1, len(words)):
        yield from _named_at(lower, at)
        yield from _verbs_at(words, at)
        yield from _nominal_at(lower, at)
        yield from _compared_at(lower, at)
    yield from _of_noun(lower)


def _verbs_at(words: Sequence[str], at: int) -> Iterator[_Found]:
    lower = [word.casefold() for word in words]
    for said in verbs_at(words, at):
        denied = _denies(words[at]) or any(word in _FAILING for word in lower[at : said.end])
        # "Acts on" is the name of a predicate before it is a verb for another one.
        predicate = GENERAL if said.frame.words == ("act", "on") else said.frame.predicate
        compared = said.frame.words if said.frame.words[-1] == "than" else ()
        yield _Found(said.begin, said.end, predicate, said.frame.turned, aspect=" ".join(compared[1:-1]), denied=denied)
        if said.frame.words[0] in _LIGHT_VERBS:
            yield from _light(lower, said.begin, said.end, denied)
    yield from _foretold_at(lower, at)
    yield from _belongs_at(lower, at)
    if lower[at] in ("makes", "make", "made") and lower[-1] in ("possible", "feasible", "practicable"):
        yield _Found(at, at + 1, "enables", False, until=len(lower) - 1)
    if lower[at] in _FAILING and lower[at + 1 : at + 2] == ["to"]:
        for said in verbs_at(words, at + 2):
            yield _Found(at, said.end, said.frame.predicate, said.frame.turned, denied=True)
    if lower[at] in ("has", "have", "had", "shows", "show", "plays", "play", "exerts", "exert", "is", "are", "there"):
        yield from _light(lower, at, at + 1, False)


def _foretold_at(lower: Sequence[str], at: int) -> Iterator[_Found]:
    """ "X can be predicted from Y": a passive whose doer stands after another word than "by"."""
    for be in range(at, min(at + 3, len(lower) - 2)):
        if lower[be] in (*_COPULAS, "be") and lower[be + 2] in _FROM:
            if lower[be + 1] in _MADE and lower[be + 2] != "from":
                yield _Found(at, be + 3, "used for", True)
            for lemma in lemmas(lower[be + 1]) & _FORETELLING.keys():
                yield _Found(at, be + 3, _FORETELLING[lemma], True, denied=any(map(_denies, lower[at:be])))
        if lower[be] not in ("can", "could", "may", "might", "cannot", *_COPULAS):
            return


def _belongs_at(lower: Sequence[str], at: int) -> Iterator[_Found]:
    """ "X belongs to the class of Y": a kind of it, not a part."""
    if lower[at] in ("belongs", "belong", "belonging") and lower[at + 1 : at + 2] == ["to"]:
        for noun in range(at + 2, min(at + 5, len(lower) - 1)):
            if lower[noun] in ("class", "family", "group", "category", "genus") and lower[noun + 1] == "of":
                yield _Found(at, noun + 2, "is a", False)


def _light(lower: Sequence[str], begin: int, end: int, denied: bool) -> Iterator[_Found]:
    """ "Leads to a marked increase in Y": the noun tells what happens."""
    for at in range(end, min(end + 5, len(lower))):
        if lower[at] in _LIGHT_NOUNS and at + 1 < len(lower) and lower[at + 1] in _LINKING:
            none = any(word in _NEGATORS for word in lower[end:at])
            yield _Found(begin, at + 2, _LIGHT_NOUNS[lower[at]], False, denied=denied != none)


@lru_cache(maxsize=1)
def _names() -> dict[tuple[str, ...], tuple[str, bool]]:
    found: dict[tuple[str, ...], tuple[str, bool]] = {}
    for one in PREDICATES:
        found[tuple(one.name.casefold().split())] = (one.name, False)
        if one.inverse is not None:
            found.setdefault(tuple(one.inverse.casefold().split()), (one.name, True))
    found["the", "same", "as"] = ("same as", False)
    found["identical", "to"] = ("same as", False)
    return found


def _named_at(lower: Sequence[str], at: int) -> Iterator[_Found]:
    """A predicate of the vocabulary by its name, with or without "is" before it."""
    begin = at + 1 if lower[at] in _COPULAS else at
    for length in range(1, 6):
        name = tuple(lower[begin : begin + length])
        if (meant := _names().get(name)) is None or len(name) < length:
            continue
        # A verb says what it means: "comes from" is a verb for one predicate, and the reading backwards of another.
        if not meant[1] or not any(verbs_at([*name, "it"], 0)):
            yield _Found(at, begin + length, *meant)


def _nominal_at(lower: Sequence[str], at: int) -> Iterator[_Found]:
    """ "X is a strong inhibitor of Y"."""
    if lower[at] not in _COPULAS and lower[at] not in ("acts", "act", "serves", "serve", "functions", "known", "as"):
        return
    for noun in range(at + 1, min(at + 6, len(lower))):
        if lower[noun + 1 : noun + 2] and lower[noun + 1] in ("of", "for", "in") and noun > at:
            meant = _NOMINAL.get(lower[noun]) or _NOMINAL.get(lower[noun].removesuffix("s")) or _agent(lower[noun])
            if meant is not None:
                denied = any(word in _NEGATORS for word in lower[at:noun])
                yield _Found(at, noun + 2, meant[0], not meant[1], denied=denied)
        if lower[noun] in PREPOSITIONS:
            return


def _agent(noun: str) -> tuple[str, bool] | None:
    """ "inhibitor", "reducer": who does it."""
    if noun.endswith(("er", "or", "ers", "ors", "ant", "ants")) and (predicate := predicate_in(noun)) is not None:
        return predicate, True
    return None


def _compared_at(lower: Sequence[str], at: int) -> Iterator[_Found]:
    """ "X is (much) stronger than Y", "X is more stable than Y"."""
    than = next((place for place in range(at + 1, min(at + 6, len(lower))) if lower[place] == "than"), None)
    if than is None:
        return
    inside = lower[at:than]
    bare = len(inside) <= 2 and (_is_comparative(inside[0]) or inside[0] in ("more", "less"))
    if not bare and inside[0] not in (*_COPULAS, "has", "have", "had", "shows", "performs", "perform", "works"):
        return
    how = next((word for word in inside if word in ("more", "less", "fewer") or _is_comparative(word)), None)
    if how is None:
        return
    aspect = " ".join(inside[inside.index(how) :])
    denied = any(word in _NEGATORS for word in inside)
    predicate = "outperforms" if how in _BETTER | _WORSE else "exceeds"
    yield _Found(at, than + 1, predicate, how in _WORSE | _LESS, aspect=aspect, denied=denied)


def _is_comparative(word: str) -> bool:
    if word in _BETTER | _WORSE | _LESS:
        return True
    return _GREATER_ENDING.match(word) is not None and word not in _NO_COMPARATIVES


def _of_noun(lower: Sequence[str]) -> Iterator[_Found]:
    """ "Inhibition of Y by X", "the effect of X on Y", "(no) association between X and Y"."""
    for at in range(min(8, len(lower) - 3)):
        if lower[at + 1] not in ("of", "between"):
            continue
        noun = lower[at]
        denied = any(word in _NEGATORS for word in lower[:at])
        if any(word not in _LIGHT_WORDS and not _is_adverb(word) and word not in _DEGREES for word in lower[:at]):
            continue
        listed = _OF_NOUNS.get(noun, _OF_NOUNS.get(noun.removesuffix("s")))
        for split in range(at + 3, len(lower) - 1):
            if listed is not None and lower[split] in listed[1]:
                yield _Found(at, at + 2, listed[0], not listed[1][lower[split]], at, None, "", denied, split)
            elif listed is None and lower[split] in _BY and lower[at + 1] == "of":
                predicate = _LIGHT_NOUNS.get(noun, predicate_in(noun) if _is_nominal(noun) else None)
                if predicate is not None:
                    yield _Found(at, at + 2, predicate, True, at, None, "", denied, split)
            elif listed is None and lower[split] == "and" and lower[at + 1] == "between" and noun in _LIGHT_NOUNS:
                yield _Found(at, at + 2, _LIGHT_NOUNS[noun], False, at, None, "", denied, split)


def _is_nominal(noun: str) -> bool:
    return noun.endswith(("tion", "sion", "ment", "ance", "ence", "al", "ing", "ure")) or bool(
        lemmas(noun) - {noun.casefold()}
    )
