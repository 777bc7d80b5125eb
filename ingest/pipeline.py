"""What was read of one paper becomes its source record: passages, mentions, statements, vectors.

Plain in and plain out: a pipeline knows no store and no file, and makes the same record in whatever process it runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest import passages
from ingest.extract.account import Account
from ingest.extract.extractor import Costly, Extraction, Extractor, FoundQuantity, FoundRelation
from ingest.readers.paper_text import PaperText, Section
from kg.budget import Usage
from kg.errors import UnusableInput
from kg.facts import checked
from kg.injections import suspicions
from kg.model import QUANTITY, QUARANTINED, Mention, Passage, Quantity, SourceRecord, Statement, passage_id, record_id
from kg.names import key_of
from kg.vectors.embedder import Embedder, passage_text
from kg.views import quantity_order

_SILENT_KINDS = frozenset({"acknowledgments", QUARANTINED})
"""Passages whose sentences are not about the paper's subject."""


@dataclass(frozen=True, slots=True)
class Made:
    """A record, and what a language model did for it."""

    record: SourceRecord
    account: Account | None = None


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
        """The sections that hold text; of a paper with a title alone, its title. Raises UnusableInput for neither.

        A heading that looks like an instruction to a program becomes a section to be quarantined.
        """
        filled = tuple(section for section in paper.sections if section.text.strip())
        if any(section.kind != QUARANTINED for section in filled) or (filled and not paper.facts.title):
            return tuple(part for section in filled for part in _without_ordering_headings(section))
        if not paper.facts.title:
            raise UnusableInput("it holds no text that could be read")
        return (Section(None, "title", paper.facts.title), *filled)

    def cuts(self, paper: PaperText) -> list[passages.Cut]:
        """The passages that the paper is cut into: each fits the embedder with the paper's title before it."""
        pieces = self.embedder.pieces
        title = passage_text(paper.facts.title, "", pieces)
        room = self.embedder.max_pieces - (pieces(title) if title else 0)
        return passages.split(self.sections(paper), pieces, room)

    def cost(self, paper: PaperText) -> Usage | None:
        """What a language model would likely cost for the paper; nothing is asked. None where none is needed."""
        extractor = self.extractor
        return extractor.cost(_telling(self.cuts(paper))) if isinstance(extractor, Costly) else None

    @property
    def free(self) -> Pipeline:
        """The same pipeline without what costs money."""
        extractor = self.extractor
        return Pipeline(extractor.free, self.embedder) if isinstance(extractor, Costly) else self

    def record(
        self, paper: PaperText, name: str, digest: str, versions: tuple[str, ...], corpus: bool = False
    ) -> SourceRecord:
        """The record of a paper read from bytes with that SHA-256. Raises UnusableInput where there is no text."""
        return self.made(paper, name, digest, versions, corpus).record

    def made(self, paper: PaperText, name: str, digest: str, versions: tuple[str, ...], corpus: bool = False) -> Made:
        """The same, and what a language model did for it. Where another extractor had to read the paper, the record's
        versions, and so its id, name that one."""
        cuts = self.cuts(paper)
        extraction = self.extractor.extract(_telling(cuts))
        if extraction.instead:
            versions = (*versions[:-1], extraction.instead)
        record = record_id(name, digest, versions, corpus)
        found = tuple(
            Passage(
                passage_id(record, cut.start, cut.end),
                cut.text,
                cut.start,
                cut.section.heading,
                cut.kind,
                cut.boxes[0].page if cut.boxes else None,
                cut.boxes,
            )
            for cut in cuts
        )
        mentions, statements = _facts([one for one in found if one.kind not in _SILENT_KINDS], extraction)
        title = paper.facts.title
        texts = [
            passage_text(title if passage.kind != "title" else "", passage.text, self.embedder.pieces)
            for passage in found
        ]
        vectors = self.embedder.documents(texts).astype("<f4").tobytes()
        whole = SourceRecord(
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
        return Made(checked(whole), extraction.account)


def _without_ordering_headings(section: Section) -> Iterator[Section]:
    heading = section.heading
    if heading is not None and section.kind != QUARANTINED and suspicions(heading):
        yield Section(None, QUARANTINED, heading)
        section = replace(section, heading=None)
    yield section


def _telling(cuts: Sequence[passages.Cut]) -> list[str]:
    """The passages that are about the paper's subject."""
    return [cut.text for cut in cuts if cut.kind not in _SILENT_KINDS]


def _facts(found: Sequence[Passage], extraction: Extraction) -> tuple[tuple[Mention, ...], tuple[Statement, ...]]:
    """Mentions whose names have a key, and quantities; one statement for a sentence and its subject, predicate and
    object, with the quantities that measure one of its ends."""
    mentions = [
        _mention(
            found[one.passage],
            one.start,
            one.end,
            one.label,
            one.name,
            "" if one.label == QUANTITY else key_of(one.name),
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
    quantities: dict[str, list[Quantity]] = defaultdict(list)
    for amount in extraction.quantities:
        passage = found[amount.passage]
        text = passage.text[amount.start : amount.end]
        quantities[passage.id].append(_quantity(amount, text, mentions))
        mentions.append(_mention(passage, amount.start, amount.end, QUANTITY, text, "", amount.confidence))
    kept = {
        (mention.passage, mention.start, mention.end, mention.key): mention
        for mention in mentions
        if mention.key or mention.label == QUANTITY
    }
    return tuple(kept.values()), tuple(_measured(one, quantities[one.passage]) for one in merged.values())


def _mention(passage: Passage, start: int, end: int, label: str, name: str, key: str, confidence: float) -> Mention:
    return Mention(passage.id, start, end, passage.text[start:end], label, name, key, confidence)


def _quantity(amount: FoundQuantity, text: str, mentions: Sequence[Mention]) -> Quantity:
    return Quantity(
        amount.start,
        amount.end,
        text,
        None if amount.low is None else float(amount.low),
        None if amount.high is None else float(amount.high),
        amount.unit,
        "" if amount.measures is None else mentions[amount.measures].key,
        "" if amount.property is None else mentions[amount.property].key,
    )


def _measured(statement: Statement, quantities: Sequence[Quantity]) -> Statement:
    """The statement with those quantities of its sentence that measure its subject or its object."""
    ends = {statement.subject, statement.object}
    its = {
        one
        for one in quantities
        if statement.start <= one.start and one.end <= statement.end and ends & {one.measures, one.property}
    }
    return replace(statement, quantities=tuple(sorted(its, key=quantity_order)))


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
        relation.candidate,
    )


def _both(one: Statement, other: Statement) -> Statement:
    """Two findings of one statement. What counts stays as if no candidate had been found beside it; of two of a kind
    the more confident one says how it is meant, of equal ones the one that denies, then the one that hedges."""
    if one.candidate != other.candidate:
        return other if one.candidate else one
    first, _ = sorted(
        (one, other), key=lambda it: (-it.confidence, it.polarity != "denies", it.certainty != "hedged", it.words)
    )
    return replace(first, extractors=tuple(sorted({*one.extractors, *other.extractors})))
