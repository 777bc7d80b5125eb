"""What an extractor finds in one text, as `hypograph extract` says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ingest.extract.extractor import FoundMention
from kg.model import QUANTITY

if TYPE_CHECKING:
    from ingest.extract.extractor import Extractor

HEAD = "auto"
"""The one set of labels there is: the project's own."""

_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def as_json(extractor: Extractor, text: str) -> dict[str, Any]:
    """Mentions, relations and quantities of a text that stands alone.

    `subject`, `object`, `measures` and `property` count the mentions from 0. A quantity is a mention as well, after
    those of concepts, and `mention` says which.
    """
    # Half a pair of surrogates, which JSON can hold, is no character; what stands for it is as long.
    found = extractor.extract([_HALF_A_PAIR.sub("\N{REPLACEMENT CHARACTER}", text)])
    amounts = [
        FoundMention(0, one.start, one.end, QUANTITY, text[one.start : one.end], one.confidence)
        for one in found.quantities
    ]
    return {
        "head": HEAD,
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
