"""What an extractor finds in one text, as `hypograph extract` says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ingest.extract.extractor import FoundMention, Headed
from kg.errors import UsageError
from kg.model import QUANTITY

if TYPE_CHECKING:
    from ingest.extract.extractor import Extractor

AUTO = "auto"

_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def as_json(extractor: Extractor, text: str, head: str = AUTO) -> dict[str, Any]:
    """Mentions, relations and quantities of a text that stands alone; `head` says whose labels they have.

    `subject`, `object`, `measures` and `property` count the mentions from 0. A quantity is a mention as well, after
    those of concepts, and `mention` says which. Where a language model was asked, `language_model` tells what it did.
    Raises UsageError for a head that the extractor does not know.
    """
    # Half a pair of surrogates, which JSON can hold, is no character; what stands for it is as long.
    whole = _HALF_A_PAIR.sub("\N{REPLACEMENT CHARACTER}", text)
    if isinstance(extractor, Headed):
        used, found = extractor.described(whole, head)
    elif head == AUTO:
        used, found = AUTO, extractor.extract([whole])
    else:
        raise UsageError(
            f"The extractor {extractor.name!r} has no heads. Leave --head out, or use the one called science."
        )
    amounts = [
        FoundMention(0, one.start, one.end, QUANTITY, text[one.start : one.end], one.confidence)
        for one in found.quantities
    ]
    told: dict[str, Any] = {
        "head": used,
        "mentions": [
            {
                "start": one.start,
                "end": one.end,
                "text": text[one.start : one.end],
                "label": one.label,
                "name": one.name,
                "confidence": one.confidence,
            }
            for one in (*found.mentions, *amounts)
        ],
        "relations": [
            {
                "subject": one.subject,
                "object": one.object,
                "predicate": one.predicate,
                "words": one.words,
                "start": one.start,
                "end": one.end,
                "confidence": one.confidence,
                "polarity": one.polarity,
                "certainty": one.certainty,
                "extractor": one.extractor,
                "candidate": one.candidate,
            }
            for one in found.relations
        ],
        "quantities": [
            {
                "mention": len(found.mentions) + place,
                "low": one.low,
                "high": one.high,
                "unit": one.unit,
                "measures": one.measures,
                "property": one.property,
            }
            for place, one in enumerate(found.quantities)
        ],
    }
    if found.account is not None:
        told["language_model"] = found.account.as_json()
    return told
