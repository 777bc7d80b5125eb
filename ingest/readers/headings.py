"""What kind of section a heading opens."""

from __future__ import annotations

import re

KINDS = (
    "title",
    "abstract",
    "introduction",
    "background",
    "methods",
    "results",
    "discussion",
    "conclusion",
    "appendix",
    "caption",
    "acknowledgments",
    "other",
)
"""Every kind that a section may have. `title` is the lone title of a paper without text; `acknowledgments` thank,
declare and list, and say nothing of the work's subject."""

_NUMBER = re.compile(r"^(?:(?:section|chapter|part)\s+)?(?:\d+(?:\.\d+)*|[IVX]+|[A-Z](?=[.)]))[.):]?\s+", re.IGNORECASE)
# The first that fits holds, so the more telling words come first.
_WORDS = {
    "abstract": r"^(?:abstract|(?:author |executive |editors?'? |plain language |lay )?summary|highlights|synopsis)$",
    "appendix": r"\b(?:appendix|appendices|supplement\w*|supporting information)\b",
    "conclusion": r"\b(?:conclusions?|concluding|outlook|future work|future directions)\b",
    "introduction": r"\b(?:introduction|motivation|statement of need|aims?|objectives?)\b",
    "background": r"\b(?:background|(?:related|previous|prior) works?|literature review|state of the art|theory)\b",
    "methods": (
        r"\b(?:methods?|methodology|materials|experimental (?:section|procedures?|set-?up|design)|patients|participants"
        r"|subjects|data ?sets?|data collection|procedures?|implementation|statistical analys[ie]s|study design"
        r"|models?|algorithms?|approach|protocols?)\b"
    ),
    "results": r"\b(?:results?|findings|evaluation|experiments?|observations)\b",
    "discussion": r"\b(?:discussion|limitations|interpretation|implications)\b",
}
_KIND_OF_WORDS = tuple((kind, re.compile(words)) for kind, words in _WORDS.items())
_REFERENCES = re.compile(r"references?(?: cited| and notes)?|bibliography|literature(?: cited)?|works cited|citations")
_ASIDE = re.compile(
    r"acknowledge?ments?.*|funding(?: (?:information|sources?|statement))?|financial (?:disclosures?|support.*)"
    r"|(?:conflicts?|declarations?) of (?:competing )?interests?|competing interests?|disclosures?"
    r"|authors?['’]? contributions?|contributions of authors|orcid(?: ids?)?|additional information"
    r"|publisher['’]s note|abbreviations|keywords?"
)


def kind_of(heading: str | None, otherwise: str = "other") -> str:
    """The kind of section that a heading opens, `otherwise` where it tells none."""
    folded = _folded(heading)
    if _ASIDE.fullmatch(folded):
        return "acknowledgments"
    return next((kind for kind, words in _KIND_OF_WORDS if words.search(folded)), otherwise)


def opens_references(heading: str | None) -> bool:
    """Whether only a list of references follows."""
    return _REFERENCES.fullmatch(_folded(heading)) is not None


def _folded(heading: str | None) -> str:
    return _NUMBER.sub("", " ".join((heading or "").split())).casefold().strip(" .:*–—-")
