"""What kind of sentence a question wants: one with an amount, with a reason, with a time, or a definition.

English, by the form of the words alone.
"""

from __future__ import annotations

import re
from typing import Literal

Wish = Literal["amount", "reason", "time", "definition", "anything"]

_AMOUNT = re.compile(
    r"""
    \b how \s (?: many | much | long | large | big | small | wide | thick | thin | high | low | old | fast | slow | far
      | heavy | deep | often | tall | strong | stiff | tough | hot | cold | dense | frequent | common | effective
      | efficient | accurate | sensitive | hard | close | late | early | soon ) \b
    | \b how \s (?!do|does|did|is|are|was|were|can|could|to|the\b) [\w-]+ \s (?: is | are | was | were ) \b
    | \b what \s (?: (?:is|are|was|were) \s (?:the\s)? (?:[\w-]+\s){0,3}? )? (?: size | number | rate | rates | length
      | width | mass | weight | age | temperature | speed | proportion | percentage | fraction | share | prevalence
      | incidence | frequency | concentration | dose | amount | value | values | stiffness | strength | toughness
      | modulus | density | diameter | thickness | height | depth | duration | efficacy | expectancy | ratio | cost
      | price | population | accuracy | sensitivity | specificity | volume | area | distance | energy | power
      | pressure | probability | risk | odds | yield | extensibility | hardness | half-life | lifetime | content
      | dimensions? | quantity | level | levels ) \b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_REASON = re.compile(
    r"^\W*(?:and\s|but\s|so\s)?(?:why\b|for\s+what\s+reason|what\s+(?:is|are|was|were)\s+the\s+(?:reasons?|causes?)\b"
    r"|what\s+explains\b|how\s+come\b)",
    re.IGNORECASE,
)
_TIME = re.compile(r"^\W*(?:when\b|since\s+when\b|in\s+(?:what|which)\s+year\b|what\s+year\b)", re.IGNORECASE)
_DEFINITION = re.compile(
    r"^\W*(?:what|who)\s+(?:is|are|was|were)\s+(?:an?\s+|the\s+)?(?P<term>[\w()-]+(?:\s+[\w()-]+){0,3}?)\s*\?*\s*$",
    re.IGNORECASE,
)
_INSIDE_DEFINITION = re.compile(r"\b(?:of|for|in|to|by|with|used|made|known|measured)\b", re.IGNORECASE)

_NUMBER = (
    r"(?:\d[\d.,  ]*\d|\d|one|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?|half)"
)
_WITH_AMOUNT = re.compile(
    rf"""
    (?<![\w\[-]) {_NUMBER} \s? (?: % | ‰ | °C? | [–-] \s? \d | ± | × | [µμnmkMG]?[A-Za-zΩ]{{1,6}} (?:/|\^|\b)
      | percent\b | times\b | -?fold\b | out \s of \b )
    | [<>≤≥∼~≈=] \s? \d
    | \b (?: about | approximately | roughly | nearly | around | at \s least | up \s to ) \s {_NUMBER}
""",
    re.IGNORECASE | re.VERBOSE,
)
_REFERENCES = re.compile(
    r"\[[\d,;\s–\]\[-]+\]|\((?:[^()]*\b(?:Fig|Table|Eq|S\d)[^()]*)\)"
    r"|\b(?:Figs?|Figures?|Tables?|Studies|Study|Experiments?|Eqs?)\.?\s\d+\w?",
    re.IGNORECASE,
)
_WITH_REASON = re.compile(
    r"\b(?:because|since|due\s+to|as\s+a\s+result|therefore|thus|hence|owing\s+to|caused\s+by|causes?|leads?\s+to"
    r"|led\s+to|explain(?:s|ed)?|so\s+that|the\s+reason|results?\s+(?:from|in)|depend(?:s|ing)?\s+on|,\s+as\b"
    r"|by\s+\w+ing)\b",
    re.IGNORECASE,
)
_WITH_TIME = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|\b\d+\s+(?:years?|months?|weeks?|days?|hours?)\b|\bcentur", re.IGNORECASE
)


def wish(question: str) -> Wish:
    """What kind of sentence a question wants."""
    if _REASON.search(question) is not None:
        return "reason"
    if _TIME.search(question) is not None:
        return "time"
    if _AMOUNT.search(question) is not None:
        return "amount"
    return "definition" if _defined(question) is not None else "anything"


def _defined(question: str) -> str | None:
    found = _DEFINITION.match(question)
    return None if found is None or _INSIDE_DEFINITION.search(found["term"]) is not None else found["term"]


def fulfils(wanted: Wish, question: str, sentence: str) -> bool:
    """Whether a sentence is of the kind that is wanted. Marks of references, figures and numbered studies are no
    amounts; a definition begins with what it defines."""
    match wanted:
        case "amount":
            return _WITH_AMOUNT.search(_REFERENCES.sub("", sentence)) is not None
        case "reason":
            return _WITH_REASON.search(sentence) is not None
        case "time":
            return _WITH_TIME.search(_REFERENCES.sub("", sentence)) is not None
        case "definition":
            term = _defined(question)
            return (
                term is not None
                and re.match(
                    rf"\W*(?:an?\s+|the\s+)?{re.escape(term)}s?\b(?:\s*\([^)]*\))?\s*,?\s+(?:is|are|was|were|refers?\s+to|means?|consists?\s+of)\b",
                    sentence,
                    re.IGNORECASE,
                )
                is not None
            )
        case _:
            return True
