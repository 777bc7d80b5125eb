"""What an extractor finds in one text, as `hypograph extract` says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.extract.extractor import Extractor

HEAD = "auto"
"""The one set of labels there is: the project's own."""

_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def as_json(extractor: Extractor, text: str) -> dict[str, Any]:
    """Mentions and relations of a text that stands alone; `subject` and `object` count the mentions from 0."""
    # Half a pair of surrogates, which JSON can hold, is no character; what stands for it is as long.
    found = extractor.extract([_HALF_A_PAIR.sub("\N{REPLACEMENT CHARACTER}", text)])
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
            for one in found.mentions
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
            }
            for one in found.relations
        ],
    }
