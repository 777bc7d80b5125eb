"""An extractor for tests: capitalised words are concepts, and a word increases the next one of its sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.extract.extractor import Extraction, FoundMention, FoundRelation
from kg.sentences import sentences


@dataclass(frozen=True)
class CapitalsExtractor:
    name: str = "capitals"
    version: str = "capitals-1"

    def extract(self, texts: Sequence[str]) -> Extraction:
        mentions: list[FoundMention] = []
        relations: list[FoundRelation] = []
        for passage, text in enumerate(texts):
            for start, end in sentences(text):
                words = [match.span() for match in re.compile(r"\b[A-Z]\w+").finditer(text, start, end)]
                first = len(mentions)
                mentions += [FoundMention(passage, a, b, "Concept", text[a:b], 1.0) for a, b in words]
                relations += [
                    FoundRelation(
                        passage, start, end, at, at + 1, "increases", "then", "supports", "stated", 0.5, self.name
                    )
                    for at in range(first, len(mentions) - 1)
                ]
        return Extraction(tuple(mentions), tuple(relations))
