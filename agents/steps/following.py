"""Follow-up questions: what is left unsaid in them is taken from the questions before.

"And in nacre?" after "What increases the toughness of silk?" is completed to "What increases the toughness of nacre?".
A question that stands by itself is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agents.steps.phrases import PREPOSITIONS, Phrase, is_generic, names_in, noun_phrases, phrases

Labels = Callable[[Sequence[str]], Mapping[str, str]]
"""Keys of names -> the labels of those that are concepts of the library."""

Likeness = Callable[[str, Sequence[str]], Sequence[float]]
"""How alike a name is to each of others, -1…1."""

_LEAD = re.compile(r"\s*(?:and|or|but|so|then|what\s+about|how\s+about|what\s+of)\b[\s,]*", re.IGNORECASE)
_FULL = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|may|might|must|should|will|would"
    r"|what|which|who|whom|whose|when|where|why|how|tell|give|compare|name|list|explain|describe)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\s*(?:and\s+|but\s+|so\s+)?((?:why|how|when|where|since\s+when|by\s+whom|how\s+much|how\s+many"
    r"|how\s+so|how\s+come|which|who)(?:\s+not)?)\s*[?.!]*\s*",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"\s*(?:is|are|was|were|do|does|did|has|have|had|can|could|may|might|must|should|will|would)\b", re.IGNORECASE
)
_HOW_IS = re.compile(
    r"\s*how\s+(?!much\b|many\b|often\b|long\b|is\b|are\b|do\b|does\b|can\b)([\w-]+)\s+(is|are|was|were)"
    r"\s+(.+?)\s*\?*\s*",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be|would|does|how|what|makes?|made)\s+(?:\w+\s+)?it\s+(?:\w+ly\s+)?(?:true|possible|known"
    r"|likely|clear|necessary|important|worth|better|best|said|thought|believed|follow|matter|take|that"
    r"|[a-z]+\s+(?:that|to|for)\b)|\bit\s+(?:is|was)\s+(?:\w+ly\s+)?\w+\s+(?:that|to)\b",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"\b(?:its|their)\b(?!\s+own\b)", re.IGNORECASE)
_PERSONAL = re.compile(r"\b(?:it|they|them|the\s+latter|the\s+former)\b", re.IGNORECASE)
_DEMONSTRATIVE = re.compile(r"\b(?:this|these|those|that|such(?:\s+an?)?|the\s+same)\s+([a-z][\w-]*)", re.IGNORECASE)
_ALONE = re.compile(
    r"(?:\b(?:this|these|those)\b(?=\s*[?.,;]|\s*$|\s+(?:is|are|was|were|do|does|did|has|have|can|could"
    r"|may|might|will|would|mean|happen|work)\b)|(?<=\bis\s)that\b|(?<=\bwas\s)that\b|(?<=\bdoes\s)that\b"
    r"|(?<=\bdo\s)that\b|(?<=\bdid\s)that\b|\bthat(?=\s*[?.]*\s*$))",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r",|;|\b(?:when|if|because|while|since|as|and|but|that|which|after|before|although|once)\b", re.IGNORECASE
)
_ANAPHORIC_TAIL = frozenset("so too either again more less else".split())


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, as it was completed, and what its answer began with ("" for none)."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Completed:
    """A question that stands by itself, and in words what was added; `how` is "" where it did so already."""

    question: str
    how: str = ""


def completed(question: str, earlier: Sequence[Turn], labels: Labels, likeness: Likeness) -> Completed:
    """The question as it stands by itself after these turns, the latest last.

    In turn: a bare "why?" takes the whole of the question before; pronouns stand for what that question was about;
    a name alone ("and in nacre?") takes the place of the name before that is most like it, one after the same
    preposition first; and a question that names nothing is about the same thing as before.
    """
    if not earlier:
        return Completed(question)
    before = earlier[-1].question
    known = _phrases(before, labels)
    if (bare := _BARE.fullmatch(question)) is not None:
        return Completed(_of_whole(bare[1], before), f"“{question.strip()}” asks about the question before")
    if not known:
        return Completed(question)
    topic = _topic(before, known)
    resolved = _resolved(question, topic, labels)
    if resolved != question:
        lead = _LEAD.match(resolved)
        if lead is not None and _FULL.search(resolved[lead.end() :]) is None:
            resolved = f"What about {resolved[lead.end() :].strip()}"
        return Completed(_as_question(resolved), f"what it points to is {topic.whole}")
    if (put := _put_in(question, before, known, labels, likeness)) is not None:
        return put
    if not _phrases(question, labels):
        return Completed(_as_question(f"{question.rstrip(' ?.!')} about {topic.whole}"), f"it is about {topic.whole}")
    return Completed(question)


@dataclass(frozen=True, slots=True)
class _Topic:
    """What a question was about: `whole` as "stiffness of bone", and `bearer` the thing itself, "bone"."""

    whole: str
    bearer: str


def _phrases(question: str, labels: Labels) -> tuple[Phrase, ...]:
    """Its names, those with a preposition in them apart: "of nacre" may change while "stiffness" stays."""
    names = labels(list(names_in(question)))
    found = phrases(question, {key: label for key, label in names.items() if PREPOSITIONS.isdisjoint(key.split())})
    found = _compounds(question, found)
    if len(found) == 1 and found[0].label is None and _AUXILIARY.match(question) is not None:
        return _without_predicate(question, found[0])
    return found


def _compounds(question: str, found: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """A name of the library with the words right before it: of "spider silk" only "silk" may be known."""
    joined: list[Phrase] = []
    for one in found:
        if joined and one.label is not None and question[joined[-1].end : one.start].isspace():
            first = joined.pop()
            one = Phrase(first.start, one.end, question[first.start : one.end], first.before, one.label)
        joined.append(one)
    return tuple(joined)


def _without_predicate(question: str, one: Phrase) -> tuple[Phrase, ...]:
    """Of "Is spider silk tough?", which names nothing that the library knows, all but the last word."""
    name = one.text.rpartition(" ")[0]
    if not name or question[one.end :].strip(" ?.!"):
        return (one,)
    return (Phrase(one.start, one.start + len(name), name, one.before),)


def _topic(question: str, known: Sequence[Phrase]) -> _Topic:
    """The first noun phrase that holds a concept of the library, else the first: what comes first is most often what
    the next sentence goes on with (Grosz, Joshi and Weinstein 1995, Computational Linguistics 21:203)."""
    groups = noun_phrases(question, known)
    group = next((one for one in groups if any(part.label is not None for part in one)), groups[0])
    whole = question[group[0].start : group[-1].end]
    return _Topic(whole, group[-1].text)


def _of_whole(asked: str, before: str) -> str:
    """ "Why?" after a whole question: "Why is bone stiff?", "Why does …?"; else both side by side."""
    word = " ".join(asked.split()).capitalize()
    if (adjective := _HOW_IS.fullmatch(before)) is not None and word == "Why":
        return f"Why {adjective[2].lower()} {adjective[3]} {adjective[1]}?"
    if _AUXILIARY.match(before) is not None and "not" not in word:
        return f"{word} {before[:1].lower()}{before[1:]}"
    return f"{word}: {before}"


def _resolved(question: str, topic: _Topic, labels: Labels) -> str:
    """The question with its pronouns replaced, those left that mean something in the question itself."""
    blocked = [found.span() for found in _EXPLETIVE.finditer(question)]
    own = _phrases(question, labels)

    def inside(start: int) -> bool:
        return any(first <= start < last for first, last in blocked)

    def mine(start: int, possessive: bool) -> bool:
        """Whether a name earlier in the same question is meant."""
        named = [one for one in own if one.end <= start]
        return bool(named) and (possessive or any(_CLAUSE.search(question[one.end : start]) for one in named))

    def personal(found: re.Match[str]) -> str:
        return found[0] if inside(found.start()) or mine(found.start(), False) else topic.whole

    def possessive(found: re.Match[str]) -> str:
        return found[0] if mine(found.start(), True) else f"{topic.bearer}'s"

    def demonstrative(found: re.Match[str]) -> str:
        if inside(found.start()):
            return found[0]
        if is_generic(found[1]):
            return topic.bearer
        return found[0]

    for pattern, replace in (
        (_POSSESSIVE, possessive),
        (_PERSONAL, personal),
        (_DEMONSTRATIVE, demonstrative),
        (_ALONE, lambda found: found[0] if inside(found.start()) else topic.whole),
    ):
        changed = pattern.sub(replace, question)
        if changed != question:
            return changed  # what else points there points to the same thing, which now stands in the question
    return question


def _put_in(
    question: str, before: str, known: Sequence[Phrase], labels: Labels, likeness: Likeness
) -> Completed | None:
    """A name alone, put into the question before in the place of another; None for a question with a verb."""
    lead = _LEAD.match(question)
    rest = question[lead.end() :] if lead is not None else question
    rest = rest.strip().rstrip("?.! ").strip()
    words = rest.split()
    if not words or len(words) > 8 or _FULL.search(rest) is not None or (lead is None and len(words) > 4):
        return None
    while words and words[-1].casefold() in _ANAPHORIC_TAIL:
        words.pop()
    preposition = words[0].casefold() if words and words[0].casefold() in PREPOSITIONS else ""
    name = " ".join(words[1:] if preposition else words)
    name = re.sub(r"^(?:the|a|an)\s+", "", name, flags=re.IGNORECASE)
    if not name:
        return None
    same = [one for one in known if preposition and one.before == preposition]
    # "in nacre" takes the place of something that another preposition leads, where none stands after the same.
    led = [one for one in known if preposition and one.before]
    places = same if same else led if led else list(known)
    alike = likeness(name, [one.text for one in places])
    # Of places as alike as can be told the last: there stands what a question is put to.
    at = max(range(len(places)), key=lambda place: (round(alike[place], 2) + 0.05 * place, place))
    place = places[at]
    changed = f"{before[: place.start]}{name}{before[place.end :]}"
    return Completed(_as_question(changed), f"{name} takes the place of {place.text}")


def _as_question(text: str) -> str:
    line = " ".join(text.split()).rstrip("?.! ")
    return f"{line[:1].upper()}{line[1:]}?"
