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


_LONGEST = 300  # characters of a question that may be one for the graph


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
    text = _SHORTENED.sub(r"\1 is", _WHO_OR_WHAT.sub("what", text))
    text, since, until = _years(_bare(text))
    text = _bare(text)
    if not text or len(text) > _LONGEST or negated(text.split()):
        return
    for form in (_changes, _counts, _disagreements, _common, _paths, _central, _neighbours, _relations):
        for found in form(text):
            if found.kind == "changes" and since is None:
                continue
            yield replace(found, since=since, until=until)


# What stands around a question. The words of a question stand one space apart, and so do those of the patterns.

_MY = r"(?:(?:all|any) (?:of )?)?(?:the|my|our|your|these|this|those)"
_LIBRARY = (
    rf"(?:{_MY} )?(?:whole |entire )?(?:papers?|librar(?:y|ies)|literature|corpus|collection|articles?|sources?|graph|"
    r"knowledge graph|texts?|documents?|sample)"
)
_SHORTENED = re.compile(r"\b(what|who|where|how|which)'s\b", re.IGNORECASE)
_WHO_OR_WHAT = re.compile(r"\bwh(?:o|at) or wh(?:o|at|ich)\b", re.IGNORECASE)
_LEADS = re.compile(
    r"^(?:(?:please|kindly|hi|hello|hey|ok|okay|so|and|well|now|then)\b[,!]? "
    rf"|(?:according to|based on|going by|in|from|within|across|throughout|judging by) {_LIBRARY} ?[,:]? "
    r"|(?:can|could|would|will) you (?:please )?(?=tell|show|give|list|find|name|say|compute|explain|trace|draw)"
    r"|(?:tell|show|give) (?:me|us) (?:please )?|let (?:me|us) know |(?:say|compute|find out) "
    r"|(?:explain|describe|show|name|list|find|see) (?=(?:how|what|which|where|who)\b)"
    r"|(?:i|we)(?: would|'d)? (?:like|want|need|wish) to (?:know|see|learn|find out|understand) "
    r"|(?:i|we) (?:wonder|am wondering) |do you know )",
    re.IGNORECASE,
)
_TAILS = re.compile(
    rf"(?:[, ]+(?:in|from|within|across|throughout|by|according to|based on|of) {_LIBRARY}|[, ]+please|[, ]+overall"
    r"|[, ]+for (?:me|us)|[, ]+(?:if at all|at all|exactly|actually))$",
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


_PUBLISHED = (
    r"(?:(?:in|from|by|using|of|only)(?: the)?(?: (?:papers?|articles?|studies|works?|publications?|research))? )?"
    r"(?:(?:that were )?(?:published|written|dated) )?"
)
_YEAR = r"(?:the year )?(?P<year>(?:19|20)\d\d)"
_BETWEEN = re.compile(
    rf"[, ]*\b{_PUBLISHED}(?:between|from) {_YEAR} (?:and|to|until|till) (?P<last>(?:19|20)\d\d)\b,?", re.IGNORECASE
)
_BOUND = re.compile(
    rf"[, ]*\b{_PUBLISHED}(?P<how>since|from|after|before|until|till|up to|as of|in) {_YEAR}\b"
    r"(?: (?:on|onwards?|and later|or later))?,?",
    re.IGNORECASE,
)


def _years(text: str) -> tuple[str, int | None, int | None]:
    """The question without the years that it is limited to, and those: both inclusive."""
    if found := _BETWEEN.search(text):
        return _without(text, found), int(found["year"]), int(found["last"])
    found = _BOUND.search(text)
    if found is None:
        return text, None, None
    how, year = found["how"].casefold(), int(found["year"])
    since = year + 1 if how == "after" else year if how in ("since", "from", "in") else None
    until = year - 1 if how == "before" else year if how in ("until", "till", "up to", "as of", "in") else None
    return _without(text, found), since, until


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())


# Pieces of the patterns

_WHAT = r"(?:what|which|who)"
_IS = r"(?:is|are|was|were)"
_DO = r"(?:do|does|did)"
_LIST = r"(?:list|name|show|give|find|draw|trace|compute)"
_WHAT_IS = rf"(?:(?:{_WHAT} {_IS}|{_LIST}) )?(?:(?:the|all|all the|my|any|some) )?"
_THING = (
    r"(?:(?:other|different|the|all|any|some|main|key|known|possible) )*(?:concepts?|things?|terms?|topics?|ideas?|"
    r"nodes?|entit(?:y|ies)|notions?|subjects?|themes?|words?|elements?|factors?|aspects?)"
)
_JOINED = r"(?:connected|linked|related|associated|tied|joined|coupled|relevant|attached)"
_EACH_OTHER = r"(?: (?:to |with )?(?:each other|one another))?"
_X = r"(?P<x>.+?)"
_BOTH = r"(?P<both>.+?)"
_NUMBER = r"(?P<most>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"
_NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_NUMBERS |= {"twelve": 12, "fifteen": 15, "twenty": 20}
_ABOUT = (
    r"(?:about|on|over|regarding|concerning|as to|when it comes to|with regard to|with respect to|in relation to|"
    r"around|of|for|in|with|to)"
)


def _forms(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"^(?:{pattern})$", re.IGNORECASE) for pattern in patterns)


def _matches(forms: Sequence[re.Pattern[str]], text: str) -> Iterator[dict[str, str]]:
    for form in forms:
        if found := form.match(text):
            yield {name: value for name, value in found.groupdict().items() if value is not None}


def _pairs(text: str, *joints: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a text in two at one of these words."""
    text = re.sub(r"^(?:both|either) ", "", text, flags=re.IGNORECASE)
    for cut in re.finditer(rf" (?:{'|'.join(joints)}) ", text, re.IGNORECASE):
        yield text[: cut.start()], text[cut.end() :]


# Paths

_PATH = (
    r"(?:(?:shortest|best|direct|short|quickest|any|a|an|the|some) )*"
    r"(?:paths?|routes?|chains?(?: of (?:relations|steps|evidence|concepts|links))?|connections?|ways?|bridges?)"
)
_TIE = rf"(?:{_PATH}|(?:the |a )?(?:links?|relations?(?:hips?)?))"
_STEPS = r"(?:steps|hops|relations|concepts|links|things)"
_AND_PATHS = _forms(
    rf"how (?:{_IS}|might|could|can|do|does|would) {_BOTH} (?:(?:be|hang|directly|indirectly|possibly) )*"
    rf"(?:{_JOINED}|relate|together|connect|link(?: up)?|fit together|tie together){_EACH_OTHER}",
    rf"how {_BOTH} {_IS} {_JOINED}{_EACH_OTHER}",
    rf"in (?:what|which) ways? {_IS} {_BOTH} {_JOINED}{_EACH_OTHER}",
    rf"{_IS} {_BOTH} (?:(?:somehow|in any way|at all|directly|indirectly) )?(?:connected|linked|joined|"
    rf"related){_EACH_OTHER}",
    rf"{_WHAT} (?:concepts? )?(?:connects?|links?|joins?|relates?|ties|bridges|stands? between|lies? between|"
    rf"is between|are between) {_BOTH}",
    rf"(?:{_WHAT} {_IS}|{_LIST}) {_TIE} (?:between|from|joining|linking|connecting) {_BOTH}",
    rf"(?:{_IS} there )?{_PATH} (?:between|from|joining|linking|connecting) {_BOTH}",
    rf"{_WHAT} (?:{_PATH}|{_THING}|{_STEPS}) (?:{_IS} there |there {_IS} )?(?:that )?(?:leads?|go|goes|runs?|stands?|"
    rf"lies?|{_IS})? ?(?:from|between) {_BOTH}",
    rf"(?:by|in|over|via|through) {_WHAT} {_STEPS} (?:do|does|can) (?:one|i|you|we|it) (?:get|go|come) from {_BOTH}",
    rf"how (?:do|does|can|could|would) (?:i|one|you|we|it) (?:get|go|come|arrive|walk) from {_BOTH}",
    rf"how far (?:apart )?{_IS} {_BOTH}(?: apart)?",
    rf"how many {_STEPS} (?:separate|lie between|stand between|are between|are there between|does it take from|"
    rf"lead from) {_BOTH}",
    rf"(?:connect|link|join) {_BOTH}",
)
_TO_PATHS = _forms(
    rf"how (?:{_IS}|might|could|can|would) (?P<a>.+?) (?:(?:be|directly|indirectly|possibly) )*{_JOINED} (?:to|with) "
    rf"(?P<b>.+)",
    r"how (?:do|does|might|could|can|would) (?P<a>.+?) (?:relate|connect|link) (?:to|with) (?P<b>.+)",
    rf"how (?P<a>.+?) (?:{_IS} {_JOINED}|relates?|connects?|links?) (?:to|with) (?P<b>.+)",
    r"what (?:do|does) (?P<a>.+?) have to do with (?P<b>.+)",
    rf"(?:through|via|over|by) {_WHAT} (?:{_THING} |{_STEPS} )?{_IS} (?P<a>.+?) {_JOINED} (?:to|with) (?P<b>.+)",
)


def _paths(text: str) -> Iterator[Wording]:
    for found in _matches(_TO_PATHS, text):
        yield Wording("path", (found["a"], found["b"]))
    for found in _matches(_AND_PATHS, text):
        for pair in _pairs(found["both"], "and", "to", "with", "from"):
            yield Wording("path", pair)


# What two have in common

_SHARED = (
    r"(?:(?:common |shared )?(?:neighbou?rs?|relations?|links?|connections?|concepts?|things?|features?|properties|"
    r"elements?|factors?|causes|partners?|ground|anything))"
)
_COMMON = _forms(
    rf"(?:what|which {_SHARED}|what {_SHARED}) (?:do|does|did|might|have|has) {_BOTH} (?:both )?"
    rf"(?:(?:have )?in common|share|both (?:touch|relate to|connect to|link to))",
    rf"(?:do|does) {_BOTH} (?:both )?(?:have|share) (?:any )?{_SHARED}(?: in common)?",
    rf"what (?:it is that |is it that )?{_BOTH} (?:both )?(?:have in common|share)",
    rf"(?:what is it that ){_BOTH} (?:both )?(?:have in common|share)",
    rf"{_WHAT_IS}(?:common|shared|mutual|joint) {_SHARED} (?:of|between|to|for) {_BOTH}",
    rf"(?:{_WHAT} )?(?:{_THING} )?(?:{_IS} )?(?:common to|shared by|shared between) {_BOTH}",
    rf"(?:{_WHAT}|everything|anything) (?:{_THING} )?(?:that )?{_IS} (?:directly )?{_JOINED} (?:to|with) "
    rf"(?P<both>both .+)",
    rf"where (?:do|does) {_BOTH} (?:overlap|meet|touch)",
)


def _common(text: str) -> Iterator[Wording]:
    for found in _matches(_COMMON, text):
        for pair in _pairs(found["both"], "and", "with"):
            yield Wording("common", pair)


# What is central

_CENTRAL_WORD = (
    r"(?:central|important|connected|influential|prominent|pivotal|significant|linked|well-connected|dominant|"
    r"essential)"
)
_KINDS_OF_THINGS = (
    rf"(?P<noun>{_THING}|materials?|chemicals?|methods?|techniques?|process(?:es)?|properties|diseases?|genes?|"
    rf"proteins?|organisms?|compounds?|molecules?|structures?)"
)
_AROUND = (
    r"(?: (?:in|for|around|near|about|on|to|regarding|concerning|with regard to|close to|connected (?:to|with)|"
    r"related to|linked (?:to|with)|surrounding|when it comes to|in the (?:neighbou?rhood|vicinity|surroundings) of)"
    rf" (?:the (?:topic|subject|concept|area|field) (?:of )?)?{_X})?"
)
_RANK = r"(?:centrality|page ?rank|importance|(?:number of )?(?:connections|relations|links|neighbou?rs)|degree)"
_BY_RANK = rf"(?: (?:by|according to|in terms of|ranked by) {_RANK})?"
_MOST = rf"(?:{_NUMBER} )?"
_CENTRAL = _forms(
    rf"{_WHAT_IS}{_MOST}most {_CENTRAL_WORD}(?: {_KINDS_OF_THINGS})?(?: of all)?{_BY_RANK}{_AROUND}{_BY_RANK}",
    rf"{_WHAT} {_MOST}{_KINDS_OF_THINGS} {_IS} (?:the )?(?:most {_CENTRAL_WORD}|central){_BY_RANK}{_AROUND}",
    rf"{_WHAT_IS}{_MOST}(?:main|key|central|core|leading|principal|top|chief|major) (?:(?P<more>\d{{1,3}}|[a-z]+) )?"
    rf"(?:concepts?|topics?|themes?|nodes?|ideas?|notions?){_BY_RANK}{_AROUND}{_BY_RANK}",
    rf"{_WHAT_IS}{_MOST}(?:biggest |largest |main )?hubs?{_AROUND}",
    rf"{_WHAT} (?:{_THING} )?(?:stands?|{_IS}|sits?|lies?) (?:at|in) the (?:cent(?:re|er)|heart|core|middle)",
    rf"{_WHAT} (?:{_KINDS_OF_THINGS} )?matters? (?:the )?most{_BY_RANK}{_AROUND}",
    rf"{_WHAT} {_MOST}{_KINDS_OF_THINGS} (?:have|has) (?:the )?(?:highest|largest|most|greatest|best) {_RANK}{_AROUND}",
    rf"rank (?:the |all |my )*(?:{_THING}){_AROUND}{_BY_RANK}",
    rf"around {_WHAT} (?:{_THING} )?{_DO} (?:everything|it all|all|{_LIBRARY}) (?:revolve|turn)",
)


def _central(text: str) -> Iterator[Wording]:
    for found in _matches(_CENTRAL, text):
        told = found.get("most", found.get("more", "")).casefold()
        most = int(told) if told.isdigit() else _NUMBERS.get(told)
        noun = found.get("noun", "")
        if told and most is None:
            continue
        noun = "" if re.fullmatch(_THING, noun, re.IGNORECASE) else noun
        yield Wording("central", _named(found), noun=noun, most=most)


def _named(found: dict[str, str]) -> tuple[str, ...]:
    """The concept that a question names; none where it names the library as a whole."""
    name = found.get("x", "")
    return () if not name or re.fullmatch(_LIBRARY, name, re.IGNORECASE) else (name,)


# What stands around a concept

_CLOSELY = r"(?:(?:directly|closely|most closely|immediately|most) )?"
_NEIGHBOURS = _forms(
    rf"what (?:else )?{_IS} {_CLOSELY}{_JOINED} (?:to|with) {_X}",
    rf"(?:to|with) (?:what|which {_THING}) {_IS} {_X} {_CLOSELY}{_JOINED}",
    rf"(?:what|which {_THING}) {_IS} {_X} {_CLOSELY}{_JOINED} (?:to|with)",
    rf"(?:(?:{_WHAT}|{_LIST}) )?(?:{_IS} )?{_THING} (?:that )?(?:{_IS} )?{_CLOSELY}(?:{_JOINED} (?:to|with)|next to|"
    rf"near|adjacent to|close to|around) {_X}",
    rf"{_WHAT_IS}(?:(?:direct|nearest|closest|immediate) )?(?:neighbou?rs|neighbou?rhood|related concepts|associations|"
    rf"relations|connections|links) (?:of|for|around|to|with) {_X}",
    rf"what (?:concepts? )?(?:surrounds?|{_IS} around|stands? (?:around|near|next to)|lies? (?:around|near|next to)|"
    rf"neighbou?rs) {_X}",
    rf"what (?:concepts? )?{_DO} {_X} (?:relate|connect|link) (?:to|with)",
    rf"what {_DO} {_X} have (?:relations|connections|links) (?:to|with)",
    rf"(?:{_LIST} )?(?:everything|anything|all) (?:that (?:is )?)?(?:directly )?{_JOINED} (?:to|with) {_X}",
    rf"{_WHAT_IS}{_X}'s neighbou?rs",
)


def _neighbours(text: str) -> Iterator[Wording]:
    for found in _matches(_NEIGHBOURS, text):
        yield Wording("neighbours", (found["x"],))


# Who disagrees

_WRITINGS = (
    rf"(?:{_MY} )?(?:papers?|stud(?:y|ies)|authors?|sources?|articles?|researchers|scientists|texts?|publications?|"
    rf"findings|results|people|literature|sentences|evidence)"
)
_CLASH = (
    r"(?:disagrees?|contradicts?(?: themselves)?|conflicts?|differs?|diverges?|clash(?:es)?|argues?|quarrels?|"
    r"(?:is|are) (?:at odds|in conflict|divided|in disagreement|split|contradictory|conflicting|mixed|inconsistent))"
)
_QUARREL = (
    r"(?:(?:conflicting|contradictory|opposing|mixed|inconsistent) (?:evidence|results|findings|statements|views|"
    r"claims)|disagreements?|controvers(?:y|ies)|debates?|conflicts?|disputes?|contradictions?|dissent)"
)
_DISPUTED = (
    r"(?:disputed|controversial|contested|debated|contentious|contradictory|conflicting|mixed|inconsistent|"
    r"under debate|"
    r"in dispute|disagreed (?:on|about|upon)|(?:both )?(?:supported|stated|affirmed) and denied|denied and supported)"
)
_CLAIMS = r"(?:relations|claims|statements|points|findings|results|questions)"
_OF_X = rf"(?: {_ABOUT} {_X})?"
_DISAGREE = _forms(
    rf"(?:who|{_WHAT} {_WRITINGS}|{_WRITINGS}) {_CLASH}(?: whom?)?{_EACH_OTHER}{_OF_X}",
    rf"(?:where|(?:on|about|over|in) (?:what|which {_CLAIMS})|{_DO}) (?:{_DO} )?{_WRITINGS} (?:agree|"
    rf"{_CLASH}){_EACH_OTHER}{_OF_X}",
    rf"where {_IS} {_WRITINGS} (?:at odds|in conflict|divided|in disagreement|split|contradictory){_OF_X}",
    rf"what {_DO} {_WRITINGS} (?:disagree|argue|quarrel) (?:about|on|over)(?: (?:regarding|concerning|"
    rf"when it comes to) {_X})?",
    rf"(?:{_IS} there|{_WHAT} {_IS}|{_LIST}|{_WHAT}) (?:(?:any|the|all|some) )*{_QUARREL}(?: {_IS} there)?{_OF_X}",
    rf"(?:{_WHAT} )?(?:{_THING} |{_CLAIMS} )?{_IS} {_DISPUTED}{_OF_X}",
    rf"{_IS} {_X} {_DISPUTED}",
    rf"{_IS} {_WRITINGS} (?:about|on|for|regarding|concerning) {_X} {_DISPUTED}",
    rf"{_WHAT_IS}(?:evidence|arguments?|sentences?|papers|findings) (?:both )?for and against {_X}",
    rf"who (?:is|are|speaks?|argues?) for and (?:who )?(?:is |are |speaks? |argues? )?against {_X}",
)
_SAYS = r"(?:say|state|claim|think|support|agree|disagree|deny|denie|doubt|dispute|contradict)s?"
_CLAIMED = _forms(
    rf"(?:who|{_WHAT} {_WRITINGS}) {_SAYS}(?: and who \w+)?(?: with the claim)? (?:that |whether )?(?P<claim>.+?)"
    r"(?:,? and who (?:denies|disputes|disagrees|contradicts|says otherwise)(?: (?:it|that|this))?)?",
    rf"{_DO} {_WRITINGS} (?:agree|disagree|differ) (?:on |about |over )?(?:that|whether|if) (?P<claim>.+)",
    rf"(?:is|was) it (?:{_DISPUTED}|agreed|settled|clear) (?:that|whether|if) (?P<claim>.+)",
    rf"{_WHAT_IS}(?:evidence|arguments?|sentences?|papers|findings) (?:both )?for and against (?:the (?:claim|idea|"
    rf"view) )?(?:that )?(?P<claim>.+)",
    rf"(?:who|where|{_WHAT} {_WRITINGS}|{_DO} {_WRITINGS}) (?:{_DO} {_WRITINGS} )?{_CLASH} (?:on|about|over|as to) "
    r"(?:whether|if|that) (?P<claim>.+)",
)
_ROLE = re.compile(
    r"^(?:the )?(?:roles?|part|effects?|influence|impact|importance|contribution|use) (?:of|that) (?P<a>.+?) "
    r"(?:in|on|for|to|of|plays? in) (?P<b>.+)$",
    re.IGNORECASE,
)


def _disagreements(text: str) -> Iterator[Wording]:
    for found in _matches(_CLAIMED, text):
        yield from _claims(found["claim"])
    for found in _matches(_DISAGREE, text):
        names = _named(found)
        if names and (role := _ROLE.match(names[0])):
            yield Wording("disagreement", (role["a"], role["b"]))
        yield Wording("disagreement", names)


def _claims(text: str) -> Iterator[Wording]:
    """A sentence that states something of two concepts, as those two."""
    words = text.split()
    for at in range(1, len(words) - 1):
        for said in verbs_at(words, at):
            if said.end < len(words):
                yield Wording("disagreement", (" ".join(words[:at]), " ".join(words[said.end :])))


# What is new

_NEWLY = (
    r"(?:changed|new|different|appeared|emerged|come up|learned|learnt|discovered|found(?: out)?|added|reported|stated|"
    r"published|said|written)"
)
_NEW_THING = r"(?P<of>concepts?|terms?|topics?|ideas?|relations?|links?|connections?|findings?|statements?)"
_CHANGED = _forms(
    rf"what(?: is| are| has| have| was| were)? (?:been )?{_NEWLY}{_OF_X}",
    rf"(?:{_IS} there )?(?:anything|something) (?:that is )?(?:new|different){_OF_X}",
    rf"what (?:did|do|have|has|does) (?:(?:we|people|one|{_WRITINGS}|the field) )?(?:learn(?:ed|t)?|discover(?:ed)?|"
    rf"find|found|add(?:ed)?|report(?:ed)?|stated?|say)(?: out)?(?: that is)?(?: new)?{_OF_X}",
    rf"(?:what|which) (?:new )?{_NEW_THING} (?:{_IS} (?:new|there)|(?:were |are |have been |"
    rf"have )?(?:first )?(?:appeared|emerged|came up|come up|added|stated|mentioned|reported|spoken of)){_OF_X}",
    rf"(?:what|which) new {_NEW_THING}{_OF_X} (?:{_IS} there|{_IS} (?:stated|reported|added)|have been (?:stated|"
    rf"reported|added|found)|appeared|emerged|came up)",
    rf"how (?:has|have|did) (?:(?:our|the|people's) )?(?:knowledge|understanding|picture|view|state of knowledge|"
    rf"literature)(?: (?:of|about|on) {_X})? (?:changed?|grown?|grow|developed?|evolved?)",
    rf"{_WHAT_IS}new {_NEW_THING}{_OF_X}",
    rf"{_WHAT_IS}(?:news|changes|developments|novelties){_OF_X}",
)


def _changes(text: str) -> Iterator[Wording]:
    for found in _matches(_CHANGED, text):
        of = found.get("of", "").casefold().rstrip("s")
        told = "concepts" if of in ("concept", "term", "topic", "idea") else "relations" if of else ""
        yield Wording("changes", _named(found), of=told)


# How many

_SPEAK = (
    r"(?:(?:speaks?|talks?|write|tell) (?:of|about)|mentions?|discuss(?:es)?|(?:is|are) (?:about|on|concerned with)|"
    r"deals? with|covers?|stud(?:y|ies)|treats? of|contains?|refers? to|concerns?|describes?|considers?|address(?:es)?|"
    r"investigates?|examines?|names?|says? (?:something|anything) about|looks? at|touch(?:es)? on|about|on)"
)
_PAPER = rf"(?:of )?(?:{_MY} )?(?:papers?|articles?|studies|publications?|documents?|sources?|texts?)"
_MENTIONED = (
    r"(?:mentioned|discussed|named|studied|appear|occur|found|referred to|spoken of|talked about|covered|come up|"
    r"feature|described|treated)"
)
_SPEAKING = _forms(
    rf"how many {_PAPER}(?: (?:are there|do (?:i|we) have|there are|exist))?(?: (?:that|which))? {_SPEAK} {_X}",
    rf"in how many {_PAPER} (?:{_IS}|does|do) {_X} {_MENTIONED}",
    rf"how (?:often|frequently|many times) (?:{_IS}|does|do) {_X} {_MENTIONED}",
    rf"(?:what is )?(?:the )?number of {_PAPER} (?:that |which )?{_SPEAK} {_X}",
    rf"count (?:the |all )?{_PAPER} (?:that |which )?{_SPEAK} {_X}",
    rf"which {_PAPER} (?:speak (?:of|about)|talk about|mention) {_X}",
)
_TOTALS = _forms(
    rf"how many (?P<of>concepts?|relations?|papers?|passages?|articles?)"
    rf"(?: (?:{_IS} (?:there|here)|do (?:i|we) have|there are|does {_LIBRARY} (?:have|hold|contain)|are))?",
)
_DEGREES = _forms(
    rf"how many (?:neighbou?rs|relations|links|connections|related concepts) (?:does|do|has|have) {_X}(?: have)?",
    rf"how many {_THING} {_IS} (?:directly )?{_JOINED} (?:to|with) {_X}",
)
_HOW_MANY = re.compile(r"^how many (?=\S+ \S+ \S)", re.IGNORECASE)


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

_ALL = r"(?:(?:the|all|some|any|every|of) )*"
_HEAD = re.compile(
    rf"^(?:{_WHAT} (?:{_IS} )?{_ALL}(?P<noun>.*?) (?:that|which) "
    rf"|(?:{_LIST} )?(?:everything|anything|whatever|what) (?:that |which )?"
    rf"|{_LIST} {_ALL}(?P<listed>\S+(?: \S+)?) (?:that|which) |(?:{_LIST} )?(?:all|things?) (?:that |which )?"
    r"|(?:which|what) )",
    re.IGNORECASE,
)
_FRONTED = re.compile(
    r"^(?P<prep>by|from|with|on|in|to|for|of|into|upon) (?P<what>what|which(?: \S+){0,2}?) "
    r"(?P<rest>(?:is|are|was|were|do|does|did|can|could)\b.+)$",
    re.IGNORECASE,
)
_TRAILED = re.compile(
    r"^(?P<x>.+?) (?P<be>is|are|was|were) (?P<rest>.+? (?:by|with|from|of|in|for|to|on)) (?:what|which \S+)$",
    re.IGNORECASE,
)
_NOMINAL = re.compile(
    rf"^{_WHAT_IS}(?:(?:the|some|all|any|known|possible|main|various|different|other|stated|reported|likely|usual) )*"
    rf"(?P<noun>{'|'.join(sorted(NOUNS, key=len, reverse=True))}) (?:of|for|behind) {_X}$",
    re.IGNORECASE,
)
_EXAMPLE = _forms(
    rf"what (?:kind|type|sort|form|class)s? of (?:thing|concept|material|substance|stuff|structure)s? (?:{_IS}|do|"
    rf"does) {_X}",
    rf"what {_IS} {_X} (?:an example|a kind|a type|a form|an instance|a sort) of",
)
_EFFECT = _forms(rf"(?:what|which) (?:effects?|impact|influence|consequences) {_DO} {_X} have")
_MAKES = _forms(
    rf"what (?:can )?makes? {_X} (?P<up>increase|rise|grow|go up|higher|larger|bigger|greater|stronger)",
    rf"what (?:can )?makes? {_X} (?P<down>decrease|fall|drop|shrink|go down|lower|smaller|weaker|less)",
)
_MEASURE = r"(?P<verb>\w+)"
_METHODS = (
    r"(?:methods?|techniques?|ways?|instruments?|tests?|approach(?:es)?|experiments?|tools?|procedures?|devices?|"
    r"assays?)"
)
_PERSON = rf"(?:you|one|we|they|people|researchers|scientists|i|authors|{_LIBRARY})"
_USED = r"(?:(?:are|is|were|can be|could be|have been|may be) (?:(?:used|available|applied|employed|there) )?)?"
_MEASURED = _forms(
    rf"how (?:{_IS}|can|could|may|might|has|have) {_X} (?:(?:be|been|usually|typically|commonly) )*{_MEASURE}",
    rf"how (?:do|does|can|could|would|should|did) {_PERSON} {_MEASURE} {_X}",
    rf"(?:(?:which|what)(?: are)?|{_LIST}|(?:by|with) (?:which|what)) {_ALL}{_METHODS} {_USED}"
    rf"(?:(?:to|for|that can|that|can|could) )?{_MEASURE} {_X}",
    rf"(?:with|by|using) (?:what|which)(?: {_METHODS})? (?:{_IS}|can|could) {_X} (?:be )?{_MEASURE}",
    rf"what (?:{_METHODS} )?{_IS} used (?:to|for) {_MEASURE} {_X}",
)
_MEASUREMENT = _forms(
    rf"{_WHAT_IS}(?:{_METHODS} for (?:the )?)?(?:measurement|determination|quantification|characteri[sz]ation)"
    rf"(?: {_METHODS})? (?:of|for) {_X}",
)
_FOUND = r"(?:found|located|present|occur|situated|live|reside|contained)"
_WHERE = _forms(
    rf"where (?:{_IS}|can|does|do|could) {_X} (?:(?:be|usually) )*{_FOUND}",
    rf"in (?:what|which)(?: \w+)? (?:{_IS}|can|does|do) {_X} (?:be )?{_FOUND}",
)
_WORKS = frozenset(
    "paper papers study studies article articles author authors experiment experiments evidence result results work "
    "works researchers scientists data passages passage sentences sentence question questions reason reasons role "
    "roles".split()
)
_FILLERS = frozenset("the a an all any some known other of different various possible main else exactly".split())
_NO_NOUN = frozenset(
    "i we you they it he she this that these those there in on at by with from to for and or not first last".split()
)
_ASKS = re.compile(
    r"^(?:what|which)\b(?P<noun>(?: [^\W\d_][\w-]*){0,3}?) "
    r"(?P<aux>do|does|did|can|could|may|might|will|would|is|are|was|were) (?P<rest>.+)$",
    re.IGNORECASE,
)


def _relations(text: str) -> Iterator[Wording]:
    yield from _measurements(text)
    for found in _matches(_EFFECT, text):
        yield Wording("relations", (found["x"],), readings("affects", "object"))
    for found in _matches(_MAKES, text):
        yield Wording("relations", (found["x"],), readings("increases" if "up" in found else "decreases", "subject"))
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
    if words[0].casefold() in _NO_NOUN:
        return
    passive = "be" in lemmas(asks["aux"])
    if not passive and "be" in words[1:-1]:  # "what can collagen be used for"
        passive = True
        words.remove("be")
    for said in verbs_ending(words, passive):
        yield _read(said, " ".join(words[: said.begin]), "object", noun)


def _read(said: Said, name: str, unknown: End, noun: str) -> Wording:
    """`unknown` is the verb's grammatical end that is asked for."""
    asked = unknown if not said.frame.turned else "object" if unknown == "subject" else "subject"
    return Wording("relations", (name,), readings(said.frame.predicate, asked), noun=noun)


def _noun(words: Sequence[str]) -> str | None:
    """What is asked for, "" for anything; None where the words name no kind of thing, or papers."""
    telling = [word for word in words if word.casefold() not in _FILLERS]
    if len(telling) > 2 or any(
        word.casefold() in _WORKS | _NO_NOUN or lemmas(word) & {"be", "have", "do"} for word in telling
    ):
        return None
    noun = " ".join(telling)
    if not noun or re.fullmatch(
        rf"(?:{_THING}|(?:substances?|agents?|treatments?|conditions?|mechanisms?|variables?|parameters?)|{_METHODS})",
        noun,
        re.IGNORECASE,
    ):
        return ""
    return noun
