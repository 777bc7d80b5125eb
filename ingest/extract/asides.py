"""What stands in a sentence without being part of its grammar: references, brackets, set phrases that only emphasise.

The parser is shown the sentence without them, and reads it the better for it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CITATION = re.compile(
    r"\[\s*(?:refs?\.?\s*)?\d[\d\s,;–—-]*\]"
    r"|\[[A-Z][^\[\]]{0,120}\b(?:19|20)\d\d[a-z]?[^\[\]]{0,80}\]"
)
_BRACKET = re.compile(r"(?<![^\s(\[])\((?:[^()]|\([^()]*\)){1,400}\)(?=[\s.,;:!?)\]]|$)")
# A bracket that refers, measures or counts: nothing in it names a concept of the sentence.
_REFERS = re.compile(
    r"\b(?:19|20)\d\d[a-z]?\b|\bet al\b|\b(?:[Ff]ig|[Ff]igure|[Tt]able|[Ss]ection|[Ee]q|[Ee]quation|[Rr]ef)s?\b"
    r"|\b[Ss]upp|\b[Ss]ee\b|\b[Dd]ata not shown\b|[=<>≤≥≈±%]|\bversion\b|\bhttps?:|\bwww\.|\bvs\b|\bS\d|^\W*\d"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d[a-z]?\b|\bet al\b")
_EMPHASIS = re.compile(
    r"\bnothing (?:other than|but)\b|\b[Nn]ot (?:only|merely|just|simply|solely)\b|\bor not\b|\b[Nn]o doubt\b(?! that)"
    r"|\b[Ww]ithout (?:any )?(?:exception|doubt|question)\b,?|\b[Nn]o (?:fewer|less) than\b|\b[Nn]ot least\b,?"
    r"|\b[Nn]ot surprisingly\b,?|\b(?:as expected|for example|for instance|in fact|of course|i\.e\.|in other words)\b,?"
)


# The headings of structured abstracts, run into the first sentence.
_HEADING = re.compile(
    r"\s*Highlights\s*;"
    r"|(?:Objectives?|Conclusions?|Results?|Methods?|Background|Purpose|Findings|Aims?)\s+(?=[A-Z][a-z]+ )"
)
_NO_WAY = re.compile(r"\b(?:by no means|in no way|not at all)\b")


_MARKS = str.maketrans({"—": ",", "•": ";", "►": ";", "▸": ";", "●": ";"})


def plainer(text: str) -> str:
    """The text with plain signs and words ("not", "and") for what means as much; every character keeps its place."""
    text = text.translate(_MARKS)
    if " no" in text:
        text = _NO_WAY.sub(lambda match: "not".ljust(len(match.group())), text)
    return text.replace("but also", "and     ")


@dataclass(frozen=True, slots=True)
class Aside:
    """A stretch of a passage to be left out of its sentence.

    `telling`: its content may name concepts. `reference`: it refers to literature.
    """

    start: int
    end: int
    telling: bool = False
    reference: bool = False


def asides(text: str, start: int, end: int) -> list[Aside]:
    """The asides of the sentence text[start:end], in order, none inside another.

    A sentence that is nearly all bracket has none.
    """
    found = list(_found(text, start, end))
    found.sort(key=lambda aside: (aside.start, -aside.end))
    apart: list[Aside] = []
    for aside in found:
        if not apart or aside.start >= apart[-1].end:
            apart.append(aside)
    hidden = sum(aside.end - aside.start for aside in apart)
    return apart if hidden * 4 < (end - start) * 3 else []


def _found(text: str, start: int, end: int) -> Iterator[Aside]:
    if "[" in text[start:end]:
        for match in _CITATION.finditer(text, start, end):
            yield Aside(match.start(), match.end(), reference=True)
    if "(" in text[start:end]:
        for match in _BRACKET.finditer(text, start, end):
            inside = text[match.start() + 1 : match.end() - 1]
            telling = _REFERS.search(inside) is None and any(character.isalpha() for character in inside)
            yield Aside(match.start(), match.end(), telling, _YEAR.search(inside) is not None)
    heading = _HEADING.match(text, start, end)
    if heading is not None:
        yield Aside(heading.start(), heading.end())
    for match in _EMPHASIS.finditer(text, start, end):
        yield Aside(match.start(), match.end())
