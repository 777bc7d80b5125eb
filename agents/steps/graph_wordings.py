"""How people ask for what a graph computes: questions in plain English as the things that they may mean.

A wording is a guess: it names concepts by the words of the question, and only a library tells whether there are such
concepts. So several wordings are given, the likeliest first, and the first whose names are all known is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agents.steps.predicate_words import MEASURING, NOUNS, Said, lemmas, negated, readings, verbs_at, verbs_ending
from kg.concept_graph import End, Reading

Kind = Literal["path", "common", "central", "relations", "disagreement", "changes", "count", "neighbours"]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a question may mean. `names` are the words for concepts. `noun` is what is asked for ("proteins"), "" for
    anything. `counted`: how many there are. `of` is what is counted where no concept is named."""

    kind: Kind
    names: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    noun: str = ""
    most: int | None = None
    counted: bool = False
    of: str = ""
    since: int | None = None
    until: int | None = None


def wordings(question: str) -> Iterator[Wording]:
    """What a question may mean, the likeliest first; nothing for one that no graph answers."""
    text = " ".join(question.replace("’", "'").replace("“", '"').replace("”", '"').split())
    text, since, until = _years(_bare(text))
    text = _bare(text)
    if not text or negated(text.split()):
        return
    for form in (_changes, _counts, _disagreements, _common, _paths, _central, _neighbours, _relations):
        for found in form(text):
            if found.kind == "changes" and since is None:
                continue
            yield replace(found, since=since, until=until)


# What stands around a question

_MY = r"(?:(?:all|any)\s+(?:of\s+)?)?(?:the|my|our|your|these|this|those)"
_LIBRARY = (
    rf"(?:{_MY}\s+)?(?:whole\s+|entire\s+)?(?:papers?|librar(?:y|ies)|literature|corpus|collection"
    rf"|articles?|sources?|graph|"
    r"knowledge\s+graph|texts?|documents?|sample)"
)
_LEADS = re.compile(
    r"^(?:(?:please|kindly|hi|hello|hey|ok|okay|so|and|well|now|then)\b[,!]?\s+"
    rf"|(?:according\s+to|based\s+on|going\s+by|in|from|within|across|throughout|judging\s+by)\s+{_LIBRARY}\s*[,:]?\s+"
    r"|(?:can|could|would|will)\s+you\s+(?:please\s+)?(?=tell|show|give|list|find|name|say|compute|explain)"
    r"|(?:tell|show|give)\s+(?:me|us)\s+(?:please\s+)?|(?:let\s+(?:me|us)\s+know|say|compute|find(?:\s+out)?)\s+"
    r"|(?:i|we)(?:\s+would|'d)?\s+(?:like|want|need|wish)\s+to\s+(?:know|see|learn|find\s+out|understand)\s+"
    r"|(?:i|we)\s+(?:wonder|am\s+wondering)\s+|do\s+you\s+know\s+)",
    re.IGNORECASE,
)
_TAILS = re.compile(
    rf"(?:[,\s]+(?:in|from|within|across|throughout|by|according\s+to|based\s+on)\s+{_LIBRARY}|[,\s]+please"
    rf"|[,\s]+overall"
    r"|[,\s]+(?:if\s+at\s+all|at\s+all|exactly|actually))$",
    re.IGNORECASE,
)


def _bare(text: str) -> str:
    """A question without its end mark, politeness, and mention of the papers as a whole."""
    before = None
    while before != text:
        before = text
        text = text.strip(" ?!.;:\"'")
        text = _TAILS.sub("", _LEADS.sub("", text))
    return text


_PAPERS = r"(?:papers?|articles?|studies|work|works|publications?|research|results?)"
_PUBLISHED = (
    rf"(?:(?:in|from|by|using|of|only)\s+)?(?:the\s+)?(?:{_PAPERS}\s+)?(?:(?:that\s+were\s+)?(?:published"
    rf"|written|dated)\s+)?"
)
_YEAR = r"(?:the\s+year\s+)?(?P<year>(?:19|20)\d\d)"
_BETWEEN = re.compile(
    rf"[,\s]*\b{_PUBLISHED}(?:between|from)\s+{_YEAR}\s+(?:and|to|until|till)\s+(?P<last>(?:19|20)\d\d)\b[,]?",
    re.IGNORECASE,
)
_BOUND = re.compile(
    rf"[,\s]*\b{_PUBLISHED}(?P<how>since|from|after|before|until|till|up\s+to|as\s+of|in)\s+{_YEAR}\b"
    r"(?:\s+(?:on|onwards?|and\s+later|or\s+later))?[,]?",
    re.IGNORECASE,
)


def _years(text: str) -> tuple[str, int | None, int | None]:
    """The question without the years that it is limited to, and those: both inclusive."""
    if found := _BETWEEN.search(text):
        return _without(text, found), int(found["year"]), int(found["last"])
    found = _BOUND.search(text)
    if found is None:
        return text, None, None
    how, year = " ".join(found["how"].casefold().split()), int(found["year"])
    since = year + 1 if how == "after" else year if how in ("since", "from", "in") else None
    until = year - 1 if how == "before" else year if how in ("until", "till", "up to", "as of", "in") else None
    return _without(text, found), since, until


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())


# Pieces of the patterns

_WHAT = r"(?:what|which|who)"
_IS = r"(?:is|are|was|were|'s)"
_THING = (
    r"(?:(?:other|different|the|all|any|some|main|key|known|possible)\s+)*(?:concepts?|things?|terms?"
    r"|topics?|ideas?|nodes?|"
    r"entit(?:y|ies)|notions?|subjects?|themes?|words?|elements?|factors?|aspects?)"
)
_JOINED = r"(?:connected|linked|related|associated|tied|joined|coupled|relevant|attached)"
_X = r"(?P<x>.+)"
_NUMBER = r"(?P<most>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"
_NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_NUMBERS |= {"twelve": 12, "fifteen": 15, "twenty": 20}


def _forms(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"^(?:{pattern})$", re.IGNORECASE) for pattern in patterns)


def _matches(forms: Sequence[re.Pattern[str]], text: str) -> Iterator[dict[str, str]]:
    for form in forms:
        if found := form.match(text):
            yield {name: value for name, value in found.groupdict().items() if value is not None}


def _pairs(text: str, *joints: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a text in two at one of these words."""
    text = re.sub(r"^(?:both|either)\s+", "", text, flags=re.IGNORECASE)
    for cut in re.finditer(rf"\s+(?:{'|'.join(joints)})\s+", text, re.IGNORECASE):
        yield text[: cut.start()], text[cut.end() :]


# The forms

_PATH = (
    r"(?:(?:shortest|best|direct|short|quickest|any|a|the|some)\s+)*(?:paths?|routes?|chains?(?:\s+of\s+"
    r"(?:relations|steps|evidence))?|connections?|links?|ways?|relations?(?:hips?)?|bridges?)"
)
_AND_PATHS = _forms(
    rf"how\s+(?:{_IS}|might|could|can|do|does|would)\s+(?P<both>.+?)\s+(?:(?:be|hang|directly|indirectly|possibly)\s+)*"
    rf"(?:{_JOINED}|relate|together|connect|link(?:\s+up)?|fit\s+together|tie\s+together)(?:\s+(?:to|with)"
    rf"\s+(?:each\s+other|one\s+another))?",
    rf"{_WHAT}\s+(?:concepts?\s+)?(?:connects?|links?|joins?|relates?|ties|bridges|stands\s+between|lies"
    rf"\s+between|is\s+between)\s+(?P<both>.+)",
    rf"(?:{_WHAT}\s+{_IS}\s+|is\s+there\s+|are\s+there\s+|trace\s+|draw\s+|find\s+|show\s+)?{_PATH}\s+(?:is"
    rf"\s+there\s+|are\s+there\s+|there\s+is\s+|exists?\s+)?"
    r"(?:between|from|joining|linking|connecting|that\s+(?:leads?|goes|runs)\s+from)\s+(?P<both>.+)",
    rf"(?:{_WHAT}\s+|through\s+{_WHAT}\s+|via\s+{_WHAT}\s+|over\s+{_WHAT}\s+){_THING}\s+(?:lead|go|run"
    rf"|stand|lie|are)\s+(?:from|between)\s+(?P<both>.+)",
    r"how\s+(?:do|does|can|could|would)\s+(?:i|one|you|we|it)\s+(?:get|go|come|arrive|walk)\s+from\s+(?P<both>.+)",
    r"(?:what\s+steps|which\s+steps|what\s+hops|which\s+hops)\s+(?:lead|go|are\s+there)\s+(?:from|between)"
    r"\s+(?P<both>.+)",
)
_TO_PATHS = _forms(
    rf"how\s+(?:{_IS}|might|could|can|would)\s+(?P<a>.+?)\s+(?:(?:be|directly|indirectly|possibly)"
    rf"\s+)*{_JOINED}\s+(?:to|with)\s+(?P<b>.+)",
    r"how\s+(?:do|does|might|could|can|would)\s+(?P<a>.+?)\s+(?:relate|connect|link)\s+(?:to|with)\s+(?P<b>.+)",
    r"what\s+(?:do|does)\s+(?P<a>.+?)\s+have\s+to\s+do\s+with\s+(?P<b>.+)",
    rf"(?:through|via|over|by)\s+{_WHAT}\s+(?:{_THING}\s+|steps\s+|relations\s+)?{_IS}\s+(?P<a>.+?)"
    rf"\s+{_JOINED}\s+(?:to|with)\s+(?P<b>.+)",
)


def _paths(text: str) -> Iterator[Wording]:
    for found in _matches(_TO_PATHS, text):
        yield Wording("path", (found["a"], found["b"]))
    for found in _matches(_AND_PATHS, text):
        for pair in _pairs(found["both"], "and", "to", "with", "from"):
            yield Wording("path", pair)


_SHARED = (
    r"(?:neighbou?rs?|relations?|links?|connections?|concepts?|things?|features?|ground|properties|elements?"
    r"|factors?|causes|partners?)"
)
_COMMON = _forms(
    r"(?:what|which\s+(?:concepts?|things?|features?))\s+(?:do|does|did|might)\s+(?P<both>.+?)\s+(?:both"
    r"\s+)?(?:have\s+in\s+common|share|both\s+(?:touch|relate\s+to|connect\s+to|link\s+to))",
    rf"(?:{_WHAT}\s+{_IS}\s+|list\s+|name\s+)?(?:the\s+)?(?:common|shared|mutual|joint)\s+(?:{_SHARED})\s+"
    rf"(?:of|between|to|for)\s+(?P<both>.+)",
    rf"(?:{_WHAT}\s+)?(?:{_THING}\s+)?(?:{_IS}\s+)?(?:common\s+to|shared\s+by|shared\s+between)\s+(?P<both>.+)",
    rf"(?:{_WHAT}|everything)\s+(?:{_THING}\s+)?(?:that\s+)?{_IS}\s+(?:directly\s+)?{_JOINED}\s+(?:to|with)"
    rf"\s+(?P<both>both\s+.+)",
    r"where\s+(?:do|does)\s+(?P<both>.+?)\s+(?:overlap|meet|touch)",
    rf"what\s+(?:(?:{_SHARED})\s+)?do\s+(?P<both>both\s+.+?)\s+have",
)


def _common(text: str) -> Iterator[Wording]:
    for found in _matches(_COMMON, text):
        for pair in _pairs(found["both"], "and", "with"):
            yield Wording("common", pair)


_CENTRAL_WORD = (
    r"(?:central|important|connected|influential|prominent|pivotal|significant|linked|well-connected|dominant"
    r"|essential|talked\s+about)"
)
_KINDS_OF_THINGS = (
    rf"(?P<noun>{_THING}|materials?|chemicals?|methods?|techniques?|process(?:es)?|properties|diseases?"
    rf"|genes?|proteins?|"
    r"organisms?|compounds?|molecules?|structures?)"
)
_AROUND = (
    r"(?:\s+(?:in|for|around|near|about|on|regarding|concerning|with\s+regard\s+to|close\s+to|connected\s+(?:to|with)|"
    r"related\s+to|linked\s+(?:to|with)|surrounding|when\s+it\s+comes\s+to|in\s+the\s+(?:neighbou?rhood"
    r"|vicinity|surroundings)\s+of)"
    rf"\s+(?:the\s+(?:topic|subject|concept|area|field)\s+(?:of\s+)?)?{_X})?"
)
_BY_RANK = (
    r"(?:\s+(?:by|according\s+to|in\s+terms\s+of|ranked\s+by)\s+(?:centrality|page\s*rank|importance"
    r"|connections|degree))?"
)
_CENTRAL = _forms(
    rf"(?:{_WHAT}\s+{_IS}\s+|list\s+|name\s+|rank\s+)?(?:the\s+|my\s+)?(?:{_NUMBER}\s+)?most"
    rf"\s+{_CENTRAL_WORD}(?:\s+{_KINDS_OF_THINGS})?(?:\s+of\s+all)?{_BY_RANK}{_AROUND}{_BY_RANK}",
    rf"{_WHAT}\s+(?:{_NUMBER}\s+)?{_KINDS_OF_THINGS}\s+{_IS}\s+(?:the\s+)?most\s+{_CENTRAL_WORD}{_BY_RANK}{_AROUND}",
    rf"(?:{_WHAT}\s+{_IS}\s+|list\s+|name\s+)?(?:the\s+|my\s+)?(?:{_NUMBER}\s+)?(?:main|key|central|core"
    rf"|leading|principal|top|chief|major)\s+(?:{_NUMBER.replace('most', 'more')}\s+)?(?:concepts?|topics?"
    rf"|themes?|nodes?|ideas?|notions?){_BY_RANK}{_AROUND}{_BY_RANK}",
    rf"(?:{_WHAT}\s+{_IS}\s+|list\s+|name\s+)?(?:the\s+)?(?:{_NUMBER}\s+)?(?:biggest\s+|largest\s+|main"
    rf"\s+)?hubs?{_AROUND}",
    rf"{_WHAT}\s+(?:{_THING}\s+)?(?:stands?|{_IS}|sits?|lies?)\s+(?:at|in)\s+the\s+(?:cent(?:re|er)|heart"
    rf"|core|middle)(?:\s+of\s+{_LIBRARY})?",
    rf"{_WHAT}\s+(?:{_KINDS_OF_THINGS}\s+)?matters?\s+(?:the\s+)?most{_BY_RANK}{_AROUND}",
    rf"rank\s+(?:the\s+|all\s+|my\s+)*(?:{_THING}){_AROUND}{_BY_RANK}",
    rf"around\s+{_WHAT}\s+(?:{_THING}\s+)?(?:does|do|is|are)\s+(?:everything|it\s+all|all|{_LIBRARY})\s+"
    rf"(?:revolve|turn|built|organi[sz]ed|centred|centered)",
)


def _central(text: str) -> Iterator[Wording]:
    for found in _matches(_CENTRAL, text):
        told = found.get("most", found.get("more", ""))
        most = int(told) if told.isdigit() else _NUMBERS.get(told.casefold())
        noun = found.get("noun", "")
        name = found.get("x", "")
        if re.fullmatch(_LIBRARY, name, re.IGNORECASE):
            name = ""
        noun = "" if re.fullmatch(_THING, noun, re.IGNORECASE) else noun
        yield Wording("central", (name,) if name else (), noun=noun, most=most)


_NEIGHBOURS = _forms(
    rf"what\s+(?:else\s+)?{_IS}\s+(?:(?:directly|closely|most\s+closely|immediately)\s+)?{_JOINED}\s+(?:to"
    rf"|with)\s+{_X}",
    rf"(?:to|with)\s+what\s+{_IS}\s+{_X}\s+(?:(?:directly|closely)\s+)?{_JOINED}",
    rf"what\s+{_IS}\s+{_X}\s+(?:(?:directly|closely|immediately)\s+)?{_JOINED}\s+(?:to|with)",
    rf"(?:{_WHAT}\s+)?{_THING}\s+(?:that\s+)?{_IS}\s+(?:(?:directly|closely|immediately|most)\s+)*"
    rf"(?:{_JOINED}\s+(?:to|with)|next\s+to|near|adjacent\s+to|close\s+to|around)\s+{_X}",
    rf"(?:(?:{_WHAT}\s+{_IS}|list|name)\s+)?(?:all\s+)?(?:the\s+)?(?:(?:direct|nearest|closest|immediate)"
    rf"\s+)?(?:neighbou?rs|neighbou?rhood|related\s+concepts|associations|relations|connections|links)\s+"
    rf"(?:of|for|around|to|with)\s+{_X}",
    rf"what\s+(?:concepts?\s+)?(?:surrounds?|{_IS}\s+around|stands?\s+(?:around|near|next\s+to)|lies?\s+"
    rf"(?:around|near|next\s+to)|neighbou?rs)\s+{_X}",
    rf"what\s+(?:concepts?\s+)?(?:do|does)\s+{_X}\s+(?:relate|connect|link)\s+(?:to|with)",
    rf"(?:list\s+)?(?:everything|anything|all)\s+(?:that\s+(?:is\s+)?)?(?:directly\s+)?{_JOINED}\s+(?:to|with)\s+{_X}",
    rf"(?:who|what)\s+{_IS}\s+{_X}'s\s+neighbou?rs",
)


def _neighbours(text: str) -> Iterator[Wording]:
    for found in _matches(_NEIGHBOURS, text):
        yield Wording("neighbours", (found["x"],))


_WRITINGS = (
    r"(?:papers?|stud(?:y|ies)|authors?|sources?|articles?|researchers|scientists|texts?|publications?"
    r"|findings|results|people|literature|sentences)"
)
_ABOUT = (
    r"(?:about|on|over|regarding|concerning|as\s+to|when\s+it\s+comes\s+to|with\s+regard\s+to|around|of|for|in"
    r"|with\s+respect\s+to)"
)
_CLASH = (
    r"(?:disagrees?|contradicts?(?:\s+(?:each\s+other|one\s+another|themselves))?|conflicts?|differs?"
    r"|diverges?|clash(?:es)?|argues?|quarrels?|"
    r"(?:is|are)\s+(?:at\s+odds|in\s+conflict|divided|in\s+disagreement|not\s+of\s+one\s+mind|split))"
)
_QUARREL = (
    r"(?:(?:conflicting|contradictory|opposing)\s+(?:evidence|results|findings|statements|views|claims"
    r"|sentences)|disagreements?|controvers(?:y|ies)|debates?|conflicts?|disputes?|contradictions?|dissent)"
)
_DISPUTED = (
    r"(?:disputed|controversial|contested|debated|contentious|contradictory|disagreed\s+(?:on|about|upon)"
    r"|under\s+debate|in\s+dispute)"
)
_DISAGREE = _forms(
    rf"(?:who|(?:{_WHAT}\s+)?{_WRITINGS})\s+{_CLASH}(?:\s+(?:with\s+(?:each\s+other|one\s+another)"
    rf"\s+)?{_ABOUT}\s+{_X})?",
    rf"(?:where|on\s+what|about\s+what|over\s+what|in\s+what|do|does|did)\s+(?:do\s+|does\s+)?(?:{_MY}"
    rf"\s+)?{_WRITINGS}\s+(?:dis)?(?:agree|contradict(?:\s+(?:each\s+other|one\s+another|themselves))?"
    rf"|conflict|differ|diverge|clash|argue)(?:\s+{_ABOUT}\s+{_X})?",
    rf"what\s+(?:do|does)\s+(?:{_MY}\s+)?{_WRITINGS}\s+(?:disagree|argue|quarrel)\s+(?:about|on|over)(?:\s+"
    rf"(?:regarding|concerning|when\s+it\s+comes\s+to)\s+{_X})?",
    rf"(?:(?:is|are)\s+there|{_WHAT}\s+(?:is|are)|list|{_WHAT})\s+(?:(?:any|the|all|some)\s+)*{_QUARREL}(?:"
    rf"\s+(?:is|are)\s+there)?(?:\s+{_ABOUT}\s+{_X})?",
    rf"(?:{_WHAT}\s+)?(?:{_THING}\s+|relations\s+|claims\s+|statements\s+|points\s+|findings\s+)?{_IS}"
    rf"\s+{_DISPUTED}(?:\s+{_ABOUT}\s+{_X})?",
    rf"(?:is|are)\s+{_X}\s+{_DISPUTED}",
    rf"(?:{_WHAT}\s+{_IS}\s+|list\s+)?(?:the\s+)?(?:evidence|arguments?|sentences?|papers)\s+(?:both"
    rf"\s+)?for\s+and\s+against\s+{_X}",
    rf"who\s+(?:is|are|speaks?|argues?)\s+for\s+and\s+(?:who\s+)?(?:is\s+|are\s+|speaks?\s+|argues?\s+)?against\s+{_X}",
)
_CLAIMED = _forms(
    r"who\s+(?:says|states|claims|thinks|supports|agrees|disagrees|denies|doubts|disputes|contradicts)(?:"
    r"\s+and\s+who\s+\w+)?\s+(?:that\s+|whether\s+)?(?P<claim>.+?)(?:,?\s+and\s+who\s+(?:denies|disputes"
    r"|disagrees|contradicts|says\s+otherwise)(?:\s+(?:it|that|this))?)?",
    rf"(?:do|does)\s+(?:{_MY}\s+)?{_WRITINGS}\s+(?:agree|disagree|differ)\s+(?:on\s+|about\s+|over\s+)?"
    rf"(?:that|whether|if)\s+(?P<claim>.+)",
    rf"(?:is|was)\s+it\s+(?:{_DISPUTED}|agreed|settled|clear)\s+(?:that|whether|if)\s+(?P<claim>.+)",
    rf"(?:{_WHAT}\s+{_IS}\s+|list\s+)?(?:the\s+)?(?:evidence|arguments?|sentences?|papers|findings)\s+"
    rf"(?:both\s+)?for\s+and\s+against\s+(?:the\s+(?:claim|idea|view)\s+)?(?:that\s+)?(?P<claim>.+)",
    rf"(?:who|where|{_WHAT}\s+{_WRITINGS}|(?:do|does)\s+(?:{_MY}\s+)?{_WRITINGS})\s+(?:do\s+(?:{_MY}"
    rf"\s+)?{_WRITINGS}\s+)?(?:{_CLASH}|disagree)\s+(?:on|about|over|as\s+to)\s+(?:whether|if|that)"
    rf"\s+(?P<claim>.+)",
)
_ROLE = re.compile(
    r"^(?:the\s+)?(?:role|roles|part|effects?|influence|impact|importance|contribution|use)\s+(?:of|that)"
    r"\s+(?P<a>.+?)\s+(?:in|on|for|to|of|plays?\s+in)\s+(?P<b>.+)$",
    re.IGNORECASE,
)


def _disagreements(text: str) -> Iterator[Wording]:
    for found in _matches(_CLAIMED, text):
        yield from _claims(found["claim"])
    for found in _matches(_DISAGREE, text):
        name = found.get("x", "")
        if re.fullmatch(_LIBRARY, name, re.IGNORECASE):
            name = ""
        if name and (role := _ROLE.match(name)):
            yield Wording("disagreement", (role["a"], role["b"]))
        yield Wording("disagreement", (name,) if name else ())


def _claims(text: str) -> Iterator[Wording]:
    """A sentence that states something of two concepts, as those two."""
    words = text.split()
    for at in range(1, len(words) - 1):
        for said in verbs_at(words, at):
            if said.end < len(words):
                yield Wording("disagreement", (" ".join(words[:at]), " ".join(words[said.end :])))


_SINCE = rf"(?:\s+(?:about|on|in|for|regarding|concerning|with|of|to|around|in\s+relation\s+to)\s+{_X})?"
_CHANGED = _forms(
    rf"what(?:'s|\s+is|\s+are|\s+has|\s+have|\s+was|\s+were)?\s+(?:been\s+)?(?:changed|new|different"
    rf"|appeared|emerged|come\s+up|learned|learnt|discovered|found(?:\s+out)?|added|reported|stated"
    rf"|published|said|written){_SINCE}",
    rf"what\s+(?:did|do|have|has)\s+(?:we|people|researchers|{_WRITINGS}|the\s+(?:papers|literature|field)"
    rf"|scientists|one)\s+(?:learn(?:ed|t)?|discover(?:ed)?|find|found|add(?:ed)?|report(?:ed)?|state[d]?"
    rf"|say)(?:\s+out)?(?:\s+that\s+is)?(?:\s+new)?{_SINCE}",
    rf"(?:what|which)\s+(?:new\s+)?(?P<of>concepts?|terms?|topics?|ideas?|relations?|links?|connections?"
    rf"|findings?|statements?)\s+(?:are\s+new|are\s+there|appeared|have\s+appeared|emerged|have\s+emerged"
    rf"|came\s+up|have\s+come\s+up|were\s+added|have\s+been\s+added|were\s+stated|have\s+been\s+stated|were"
    rf"\s+first\s+(?:stated|mentioned|reported)|are\s+first\s+(?:stated|mentioned)){_SINCE}",
    rf"how\s+(?:has|have|did)\s+(?:(?:our|the|people's)\s+)?(?:knowledge|understanding|picture|view|state"
    rf"\s+of\s+knowledge|literature)(?:\s+(?:of|about|on)\s+{_X})?\s+(?:changed?|grown?|developed?"
    rf"|evolved?)",
    rf"(?:list\s+|name\s+)?(?:the\s+|all\s+)?new\s+(?P<of>concepts?|terms?|topics?|ideas?|relations?|links?"
    rf"|connections?|findings?|statements?){_SINCE}",
    rf"(?:the\s+)?(?:news|changes|developments|novelties){_SINCE}",
)


def _changes(text: str) -> Iterator[Wording]:
    for found in _matches(_CHANGED, text):
        of = found.get("of", "").casefold().rstrip("s")
        told = "concepts" if of in ("concept", "term", "topic", "idea") else "relations" if of else ""
        yield Wording("changes", (found["x"],) if "x" in found else (), of=told)


_SPEAK = (
    r"(?:(?:speak|speaks|talk|talks|write|tell)\s+(?:of|about)|mentions?|discuss(?:es)?|(?:is|are)\s+"
    r"(?:about|on|concerned\s+with)|deals?\s+with|covers?|"
    r"stud(?:y|ies)|treats?\s+of|contains?|refers?\s+to|concerns?|describes?|considers?|address(?:es)?"
    r"|investigates?|examines?|names?|"
    r"(?:say|says)\s+(?:something|anything)\s+about|looks?\s+at|cover|touch\s+on|about|on)"
)
_PAPER = r"(?:papers?|articles?|studies|publications?|documents?|sources?|texts?)"
_MENTIONED = (
    r"(?:mentioned|discussed|named|studied|appear|occur|found|referred\s+to|spoken\s+of|talked\s+about|covered"
    r"|come\s+up|feature|described|treated)"
)
_SPEAKING = _forms(
    rf"how\s+many\s+(?:of\s+)?(?:{_MY}\s+)?{_PAPER}(?:\s+(?:are\s+there|do\s+(?:i|we)\s+have|there\s+are"
    rf"|exist))?(?:\s+(?:that|which))?\s+{_SPEAK}\s+{_X}",
    rf"in\s+how\s+many\s+(?:of\s+)?(?:{_MY}\s+)?{_PAPER}\s+(?:{_IS}|does|do)\s+{_X}\s+{_MENTIONED}",
    rf"how\s+(?:often|frequently|many\s+times)\s+(?:{_IS}|does|do)\s+{_X}\s+{_MENTIONED}",
    rf"(?:what\s+is\s+)?(?:the\s+)?number\s+of\s+{_PAPER}\s+(?:that\s+|which\s+)?{_SPEAK}\s+{_X}",
    rf"count\s+(?:the\s+|all\s+)?{_PAPER}\s+(?:that\s+|which\s+)?{_SPEAK}\s+{_X}",
    rf"which\s+(?:of\s+)?(?:{_MY}\s+)?{_PAPER}\s+(?:speak\s+(?:of|about)|talk\s+about|mention)\s+{_X}",
)
_TOTALS = _forms(
    rf"how\s+many\s+(?P<of>concepts?|relations?|papers?|passages?|articles?)(?:\s+(?:are\s+there|are\s+here"
    rf"|do\s+(?:i|we)\s+have|there\s+are|does\s+{_LIBRARY}\s+(?:have|hold|contain)|are(?:\s+there)?))?",
)
_DEGREES = _forms(
    rf"how\s+many\s+(?:neighbou?rs|relations|links|connections|related\s+concepts)\s+(?:does|do|has|have)"
    rf"\s+{_X}(?:\s+have)?",
    rf"how\s+many\s+(?:{_THING})\s+{_IS}\s+(?:directly\s+)?{_JOINED}\s+(?:to|with)\s+{_X}",
)
_HOW_MANY = re.compile(r"^how\s+many\s+(?=\S+\s+\S+\s+\S)", re.IGNORECASE)


def _counts(text: str) -> Iterator[Wording]:
    for found in _matches(_TOTALS, text):
        of = found["of"].casefold().rstrip("s")
        yield Wording("count", of="papers" if of == "article" else f"{of}s", counted=True)
    for found in _matches(_SPEAKING, text):
        yield Wording("count", (found["x"],), of="papers", counted=True)
    for found in _matches(_DEGREES, text):
        yield Wording("neighbours", (found["x"],), counted=True)
    if _HOW_MANY.match(text):
        # "How many amino acids does it have" asks for a number that a sentence tells.
        for one in _relations(_HOW_MANY.sub("which ", text)):
            if not one.noun:
                yield replace(one, counted=True)


# Relations: who does what to whom

_HEAD = re.compile(
    rf"^(?:{_WHAT}\s+(?:{_IS}\s+)?(?:(?:the|all|any)\s+)?(?P<noun>.*?)\s+(?:that|which)\s+|(?:list\s+|name"
    rf"\s+)?(?:everything|anything|whatever|all|"
    r"things?|what)\s+(?:that\s+|which\s+)?|(?:list|name)\s+(?:the\s+|all\s+|some\s+|any"
    r"\s+)*(?P<listed>\S+(?:\s+\S+)?)\s+(?:that|which)\s+"
    r"|(?:which|what)\s+)",
    re.IGNORECASE,
)
_FRONTED = re.compile(
    r"^(?P<prep>by|from|with|on|in|to|for|of|into|upon)\s+(?P<what>what|which(?:\s+\S+){0,2}?)\s+(?P<rest>"
    r"(?:is|are|was|were|do|does|did|can|could)\b.+)$",
    re.IGNORECASE,
)
_TRAILED = re.compile(
    r"^(?P<x>.+?)\s+(?P<be>is|are|was|were)\s+(?P<rest>.+?\s+(?:by|with|from|of|in|for|to|on))\s+(?:what|which\s+\S+)$",
    re.IGNORECASE,
)
_NOMINAL = re.compile(
    rf"^(?:(?:{_WHAT}(?:\s+{_IS}|'s)?|list|name)\s+)?(?:(?:the|some|all|any|known|possible|main|various"
    rf"|different|other|stated|reported|likely|usual)\s+)*"
    rf"(?P<noun>{'|'.join(sorted(NOUNS, key=len, reverse=True))})\s+(?:of|for|behind)\s+{_X}$",
    re.IGNORECASE,
)
_EXAMPLE = _forms(
    rf"what\s+(?:kind|type|sort|form|class)s?\s+of\s+(?:thing|concept|material|substance|stuff|structure)s?"
    rf"\s+(?:{_IS}|do|does)\s+{_X}",
    rf"what\s+{_IS}\s+{_X}\s+(?:an\s+example|a\s+kind|a\s+type|a\s+form|an\s+instance|a\s+sort)\s+of",
)
_MEASURE = r"(?P<verb>\w+)"
_METHODS = (
    r"(?:methods?|techniques?|ways?|instruments?|tests?|approach(?:es)?|experiments?|tools?|procedures?"
    r"|devices?|assays?)"
)
_MEASURED = _forms(
    rf"how\s+(?:{_IS}|can|could|may|might|has|have)\s+{_X}\s+(?:(?:be|been|usually|typically|commonly)\s+)*{_MEASURE}",
    rf"how\s+(?:do|does|can|could|would|should|did)\s+(?:you|one|we|they|people|researchers|scientists|i"
    rf"|authors|{_LIBRARY})\s+{_MEASURE}\s+{_X}",
    rf"(?:(?:which|what)(?:\s+are)?|list|name|by\s+which|with\s+which|with\s+what)\s+(?:the\s+|some\s+|all"
    rf"\s+)?{_METHODS}\s+(?:(?:are|is|were|can\s+be|could\s+be|have\s+been|may\s+be)\s+(?:used\s+|available"
    rf"\s+|applied\s+|employed\s+|there\s+)?)?(?:to|for|that\s+(?:can\s+)?|can|could)?\s*{_MEASURE}\s+{_X}",
    rf"(?:with\s+(?:what|which\s+{_METHODS})|by\s+(?:what|which)\s+{_METHODS}|using\s+(?:what|which)"
    rf"\s+{_METHODS}|with\s+what\s+{_METHODS})\s+(?:{_IS}|can|could|was)\s+{_X}\s+(?:be\s+)?{_MEASURE}",
    rf"what\s+(?:{_METHODS}\s+)?{_IS}\s+used\s+(?:to|for)\s+{_MEASURE}\s+{_X}",
)
_MEASUREMENT = _forms(
    rf"(?:(?:which|what)(?:\s+are)?|list|name)\s+(?:the\s+|some\s+|all\s+)?(?:{_METHODS}\s+for\s+(?:the"
    rf"\s+)?)?(?:measurement|determination|quantification|characteri[sz]ation)(?:\s+{_METHODS})?\s+(?:of"
    rf"|for)\s+{_X}",
)
_WHERE = _forms(
    rf"where\s+(?:{_IS}|can|does|do|could)\s+{_X}\s+(?:(?:be|usually)\s+)*(?:found|located|present|occur"
    rf"|situated|live|reside)",
    rf"in\s+(?:what|which)(?:\s+\w+)?\s+(?:{_IS}|can|does|do)\s+{_X}\s+(?:be\s+)?(?:found|located|present"
    rf"|occur|contained)",
)
_WORKS = frozenset(
    "paper papers study studies article articles author authors experiment experiments evidence result results work "
    "works researchers scientists data passages passage sentences sentence question questions reason reasons role "
    "roles".split()
)
_FILLERS = frozenset("the a an all any some known other of different various possible main else exactly".split())
_PRONOUNS = frozenset("i we you they it he she this that these those there".split())
_ASKS = re.compile(
    r"^(?P<what>what|which)\b(?P<noun>(?:\s+[^\W\d_][\w-]*){0,3}?)\s+(?P<aux>do|does|did|can|could|may"
    r"|might|will|would|is|are|was|were)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)


def _relations(text: str) -> Iterator[Wording]:
    yield from _measurements(text)
    for found in _matches(_WHERE, text):
        yield Wording("relations", (found["x"],), readings("located in", "object"))
    for found in _matches(_EXAMPLE, text):
        yield Wording("relations", (found["x"],), readings("is a", "object"))
    if found_noun := _NOMINAL.match(text):
        predicate, asked = NOUNS[found_noun["noun"].casefold()]
        yield Wording("relations", (found_noun["x"],), readings(predicate, asked))
    if fronted := _FRONTED.match(text):
        text = f"{fronted['what']} {fronted['rest']} {fronted['prep']}"
    elif trailed := _TRAILED.match(text):
        text = f"what {trailed['be']} {trailed['x']} {trailed['rest']}"
    yield from _of_object(text)
    yield from _of_subject(text)


def _measurements(text: str) -> Iterator[Wording]:
    for found in _matches(_MEASURED, text):
        if lemmas(found["verb"]) & {*MEASURING, "determine", "detect", "observe", "see"}:
            yield Wording("relations", (found["x"],), readings("measured with", "object"))
    for found in _matches(_MEASUREMENT, text):
        yield Wording("relations", (found["x"],), readings("measured with", "object"))


def _of_subject(text: str) -> Iterator[Wording]:
    """What does something to a concept: "what increases toughness", "which proteins bind calcium ions"."""
    head = _HEAD.match(text)
    if head is None:
        return
    words = text[head.end() :].split()
    told = head["noun"] or head["listed"] or ""
    for at in range(1 if told else min(4, len(words) - 1)):
        noun = _noun(told.split() if told else words[:at])
        if noun is None:
            continue
        for said in verbs_at(words, at):
            if said.end < len(words):
                yield _read(said, " ".join(words[said.end :]), "subject", noun)
    if not told:  # "what sericin causes"
        for said in verbs_ending(words, passive=False):
            if lemmas(words[said.begin]) - {words[said.begin].casefold()}:
                yield _read(said, " ".join(words[: said.begin]), "object", "")


def _of_object(text: str) -> Iterator[Wording]:
    """What a concept does something to: "what does sericin cause", "what is collagen used for"."""
    asks = _ASKS.match(text)
    noun = None if asks is None else _noun(asks["noun"].split())
    if asks is None or noun is None:
        return
    words = asks["rest"].split()
    if words[0].casefold() in _PRONOUNS:
        return
    passive = "be" in lemmas(asks["aux"])
    for said in verbs_ending(words, passive):
        yield _read(said, " ".join(words[: said.begin]), "object", noun)


def _read(said: Said, name: str, unknown: End, noun: str) -> Wording:
    """`unknown` is the verb's grammatical end that is asked for."""
    asked = unknown if not said.frame.turned else "object" if unknown == "subject" else "subject"
    return Wording("relations", (name,), readings(said.frame.predicate, asked), noun=noun)


def _noun(words: Sequence[str]) -> str | None:
    """What is asked for, "" for anything; None where the words name no kind of thing, or papers."""
    telling = [word for word in words if word.casefold() not in _FILLERS]
    if any(word.casefold() in _WORKS or word.casefold() in _PRONOUNS for word in telling) or len(telling) > 2:
        return None
    noun = " ".join(telling)
    if not noun or re.fullmatch(
        rf"(?:{_THING}|(?:substances?|agents?|treatments?|conditions?|mechanisms?|variables?|parameters?)|{_METHODS})",
        noun,
        re.IGNORECASE,
    ):
        return ""
    return noun
