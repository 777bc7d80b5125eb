"""What was read of one paper becomes its source record: passages, mentions, statements, vectors.

Plain in and plain out: a pipeline knows no store and no file, and makes the same record in whatever process it runs.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest import passages
from ingest.extract.extractor import Extraction, Extractor, FoundRelation
from ingest.readers.paper_text import PaperText, Section
from kg.errors import UnusableInput
from kg.facts import checked
from kg.model import Mention, Passage, SourceRecord, Statement, passage_id, record_id
from kg.names import key_of
from kg.vectors.embedder import Embedder, passage_text

_SILENT_KINDS = frozenset({"acknowledgments"})
"""Sections that can be searched, but whose sentences are not about the paper's subject."""


class Pipeline:
    """An extractor and an embedder, and what they make of a paper."""

    def __init__(self, extractor: Extractor, embedder: Embedder) -> None:
        self.extractor, self.embedder = extractor, embedder

    def versions(self, reader: str) -> tuple[str, ...]:
        """What a record is made by, as its id holds it: `reader` as name@version, the splitter, the extractor."""
        return (
            reader,
            f"passages@{passages.VERSION}/{self.embedder.name}/{self.embedder.max_pieces}",
            f"{self.extractor.name}@{self.extractor.version}",
        )

    def sections(self, paper: PaperText) -> tuple[Section, ...]:
        """The sections that hold text; of a paper with a title alone, its title. Raises UnusableInput for neither."""
        filled = tuple(section for section in paper.sections if section.text.strip())
        if filled:
            return filled
        if not paper.facts.title:
            raise UnusableInput("it holds no text that could be read")
        return (Section(None, "title", paper.facts.title),)

    def cuts(self, paper: PaperText) -> list[passages.Cut]:
        """The passages that the paper is cut into: each fits the embedder with the paper's title before it."""
        pieces = self.embedder.pieces
        title = passage_text(paper.facts.title, "", pieces)
        room = self.embedder.max_pieces - (pieces(title) if title else 0)
        return passages.split(self.sections(paper), pieces, room)

    def record(
        self, paper: PaperText, name: str, digest: str, versions: tuple[str, ...], corpus: bool = False
    ) -> SourceRecord:
        """The record of a paper read from bytes with that SHA-256. Raises UnusableInput where there is no text."""
        record = record_id(name, digest, versions, corpus)
        cuts = self.cuts(paper)
        found = tuple(
            Passage(
                passage_id(record, cut.start, cut.end),
                cut.text,
                cut.start,
                cut.section.heading,
                cut.section.kind,
                cut.boxes[0].page if cut.boxes else None,
                cut.boxes,
            )
            for cut in cuts
        )
        telling = [passage for passage in found if passage.kind not in _SILENT_KINDS]
        mentions, statements = _facts(telling, self.extractor.extract([passage.text for passage in telling]))
        title = paper.facts.title
        texts = [
            passage_text(title if passage.kind != "title" else "", passage.text, self.embedder.pieces)
            for passage in found
        ]
        vectors = self.embedder.documents(texts).astype("<f4").tobytes()
        return checked(
            SourceRecord(
                record,
                name,
                digest,
                versions,
                corpus,
                paper.facts,
                found,
                mentions,
                statements,
                self.embedder.name,
                vectors,
            )
        )


def _facts(found: Sequence[Passage], extraction: Extraction) -> tuple[tuple[Mention, ...], tuple[Statement, ...]]:
    """Mentions whose names have a key, and one statement for a sentence and its subject, predicate and object."""
    mentions = [
        Mention(
            found[one.passage].id,
            one.start,
            one.end,
            found[one.passage].text[one.start : one.end],
            one.label,
            one.name,
            key_of(one.name),
            one.confidence,
        )
        for one in extraction.mentions
    ]
    merged: dict[str, Statement] = {}
    for relation in extraction.relations:
        subject, object_ = mentions[relation.subject].key, mentions[relation.object].key
        if subject and object_:
            statement = _statement(found[relation.passage], relation, subject, object_)
            known = merged.get(statement.id)
            merged[statement.id] = statement if known is None else _both(known, statement)
    kept = {(mention.passage, mention.start, mention.end, mention.key): mention for mention in mentions if mention.key}
    return tuple(kept.values()), tuple(merged.values())


def _statement(passage: Passage, relation: FoundRelation, subject: str, object_: str) -> Statement:
    return Statement(
        passage.id,
        relation.start,
        relation.end,
        passage.text[relation.start : relation.end],
        subject,
        relation.predicate,
        object_,
        relation.words,
        relation.polarity,
        relation.certainty,
        relation.confidence,
        (relation.extractor,),
    )


def _both(one: Statement, other: Statement) -> Statement:
    """Two findings of one statement: the more confident one says how it is meant; of equal ones the one that denies,
    then the one that hedges."""
    first, _ = sorted(
        (one, other), key=lambda it: (-it.confidence, it.polarity != "denies", it.certainty != "hedged", it.words)
    )
    names = tuple(sorted({*one.extractors, *other.extractors}))
    return Statement(
        first.passage,
        first.start,
        first.end,
        first.quote,
        first.subject,
        first.predicate,
        first.object,
        first.words,
        first.polarity,
        first.certainty,
        first.confidence,
        names,
    )
