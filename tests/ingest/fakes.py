"""An extractor that finds `A improves B`, and a pipeline of fakes that other processes can make too."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.extract.extractor import Extraction, FoundMention, FoundRelation
from ingest.pipeline import Pipeline
from kg.sentences import sentences
from tests.fakes.embedder import WordEmbedder

_CLAIM = re.compile(r"(\w+) (improves|harms) (\w+)")


@dataclass(frozen=True)
class ClaimExtractor:
    """Every `A improves B` and `A harms B`. `KILL ME` ends the process, `BREAK ME` raises, `WAIT` and `SLOW` wait."""

    name: str = "claims"
    version: str = "1"

    def extract(self, texts: Sequence[str]) -> Extraction:
        mentions, relations = [], []
        for place, text in enumerate(texts):
            if "KILL ME" in text:
                os._exit(3)
            if "BREAK ME" in text:
                raise LookupError("a mistake in the extractor")
            if "WAIT" in text or "SLOW" in text:
                time.sleep(60 if "WAIT" in text else 0.5)
            for start, end in sentences(text):
                for found in _CLAIM.finditer(text, start, end):
                    first = len(mentions)
                    mentions.extend(
                        FoundMention(place, *found.span(group), "Thing", found[group], 0.9) for group in (1, 3)
                    )
                    relations.append(
                        FoundRelation(
                            place,
                            start,
                            end,
                            first,
                            first + 1,
                            "improves",
                            found[2],
                            "supports" if found[2] == "improves" else "denies",
                            "stated",
                            0.8,
                            self.name,
                        )
                    )
        return Extraction(tuple(mentions), tuple(relations))


def pipeline() -> Pipeline:
    return Pipeline(ClaimExtractor(), WordEmbedder())
