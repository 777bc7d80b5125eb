"""The nouns of Hypograph as frozen values.

*Facts* are what was read (`SourceRecord` and its parts) and what a person decided (`Decision`). *Views* are what
follows from all the facts together (`Paper`, `Concept`, `Relation`, `Evidence`); `kg.views` folds them. Offsets count
Unicode code points, ends are exclusive, pages count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

Polarity = Literal["supports", "denies"]
Certainty = Literal["stated", "hedged"]
Status = Literal["retracted", "corrected"]
DecisionKind = Literal["merge", "split", "reject", "pin", "tag"]

QUANTITY = "Quantity"
"""The label of a mention that is a measured amount and names no concept."""

QUARANTINED = "quarantined"
"""The kind of a passage that looks like an instruction to whoever reads it: kept and shown, and never searched, counted
or quoted."""

ANY_TYPE = "Concept"
"""The label of a mention whose type nobody told: a concept has it where no mention tells more."""


def content_id(kind: str, *parts: object) -> str:
    """An id that depends on content alone: `kind-` and 80 bits of a hash over the parts, in hexadecimal.

    Parts are told apart whatever they hold, since each is hashed with its length.
    """
    digest = blake2b(digest_size=10)
    for part in parts:
        encoded = str(part).encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return f"{kind}-{digest.hexdigest()}"


# Facts --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What one source says of its work. `identifiers` are (scheme, value) as `kg.identity.identifier` writes them."""

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    status: Status | None = None

    @property
    def doi(self) -> str | None:
        return next((value for scheme, value in self.identifiers if scheme == "doi"), None)


@dataclass(frozen=True, slots=True)
class Box:
    """Where a line of a passage stands on its page: points from the lower left corner, `page` from 1."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one section. `start` is its offset in the record's whole text."""

    id: str
    text: str
    start: int = 0
    section: str | None = None
    kind: str | None = None
    page: int | None = None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a passage that names a concept, or a quantity.

    `name` is the text as a name (an abbreviation stands as its long form), `key` its normal form (`kg.names.key_of`).
    A mention labelled QUANTITY has the key "" and no concept.
    """

    passage: str
    start: int
    end: int
    text: str
    label: str
    name: str
    key: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured amount as written, "180 MJ/m3": `text` stands at `start`…`end` of the passage.

    `low` and `high` are equal for a single value, and None where open ("more than 5": 5.0, None) or not understood.
    `unit` is as written, "" for a count. `measures` is what it is the amount of, `property` which property of that,
    where the sentence names both ("the toughness of silk": silk and toughness); "" where not known. Both are keys in a
    statement, labels in evidence.
    """

    start: int
    end: int
    text: str
    low: float | None
    high: float | None
    unit: str
    measures: str
    property: str = ""

    def what(self) -> str:
        """What it is the amount of, in words: `toughness of silk`; "" where not known."""
        return " of ".join(part for part in (self.property, self.measures) if part)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence says of two concepts, named by their keys; as a fact of its record.

    `words` is the predicate as written. One statement for a sentence and a subject, predicate and object, however many
    extractors found it. A `candidate` is too doubtful to count: it is kept, and shown when asked for. `quantities` are
    those of its sentence that measure its subject or its object.
    """

    passage: str
    start: int
    end: int
    quote: str
    subject: str
    predicate: str
    object: str
    words: str = ""
    polarity: Polarity = "supports"
    certainty: Certainty = "stated"
    confidence: float = 1.0
    extractors: tuple[str, ...] = ()
    candidate: bool = False
    quantities: tuple[Quantity, ...] = ()

    @property
    def id(self) -> str:
        return content_id("e", self.passage, self.start, self.end, self.subject, self.predicate, self.object)


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What was read from one file or corpus line, whole and immutable.

    `name` is the file's name or the line's id, `digest` the hash of the bytes, `versions` what read it (reader,
    splitter, extractor). `vectors` holds one row a passage: (len(passages), dimensions) float32, little-endian, made
    by `embedder`. Make it with `record`, which derives the id.
    """

    id: str
    name: str
    digest: str
    versions: tuple[str, ...]
    corpus: bool
    facts: PaperFacts
    passages: tuple[Passage, ...] = ()
    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    embedder: str | None = None
    vectors: bytes = field(default=b"", repr=False)

    @property
    def head(self) -> RecordHead:
        return RecordHead(
            self.id,
            self.name,
            self.digest,
            self.corpus,
            self.facts,
            sum(len(passage.text) for passage in self.passages),
        )


def record_id(name: str, digest: str, versions: tuple[str, ...], corpus: bool) -> str:
    """The id that a source record has: known from the bytes and versions, before anything is parsed."""
    return content_id("r", "corpus" if corpus else "file", name, digest, *versions)


def passage_id(record: str, start: int, end: int) -> str:
    """The id of the passage at these offsets of a record."""
    return content_id("p", record, start, end)


@dataclass(frozen=True, slots=True)
class RecordHead:
    """What is needed of a record to tell which paper it is. `fullness` counts the characters of its passages."""

    id: str
    name: str
    digest: str
    corpus: bool
    facts: PaperFacts
    fullness: int


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """What a person decided about the graph, or about a paper.

    merge: the keys `a` and `b` are one concept · split: they are not, whatever else says so · reject: the evidence `a`
    does not count · pin: the concept with the key `a` is labelled `b` · tag: the paper with the id `a` has the tag `b`;
    when another record joins a paper and gives it another id, its tags stay with it (`kg.identity.with_tags`).
    """

    kind: DecisionKind
    a: str
    b: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a record was met: `origin` is `file:` and an absolute path, or `corpus:` and a line's id."""

    origin: str
    record: str


# Views --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paper:
    """One work: the records that are the same work. `key` is what people call it by, `tags` are a person's own words
    for it. `ids` are all ids that it has or had: one for each key that one of its records may be known by."""

    id: str
    key: str
    title: str
    year: int | None = None
    doi: str | None = None
    authors: tuple[str, ...] = ()
    venue: str | None = None
    status: Status | None = None
    records: tuple[str, ...] = ()
    leader: str = ""
    tags: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Paper {self.key!r}: {shortened(self.title)!r}{f', {self.year}' if self.year else ''}>"


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing that papers speak of; `papers` and `mentions` count those of leading records."""

    id: str
    label: str
    type: str
    aliases: tuple[str, ...] = ()
    papers: int = 0
    mentions: int = 0
    keys: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Concept {self.label!r}: {self.papers} papers, {self.mentions} mentions>"


@dataclass(frozen=True, slots=True)
class Relation:
    """Subject – predicate – object, by labels; it exists through its evidence alone, and candidates are none."""

    subject: str
    predicate: str
    object: str
    papers: int = 0
    supports: int = 0
    denies: int = 0
    hedges: int = 0

    @property
    def id(self) -> str:
        return content_id("l", self.subject, self.predicate, self.object)

    def __repr__(self) -> str:
        return (
            f"<Relation {self.subject!r} {self.predicate} {self.object!r}: "
            f"{self.papers} papers, {self.supports} for, {self.denies} against>"
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that states, denies or hedges a relation: `text[start:end] == quote` of its passage, always.

    A `candidate` is too doubtful to count: no relation, count, path or answer rests on it.
    """

    id: str
    paper: str
    key: str
    passage: str
    start: int
    end: int
    quote: str
    subject: str
    predicate: str
    object: str
    polarity: Polarity = "supports"
    certainty: Certainty = "stated"
    year: int | None = None
    extractors: tuple[str, ...] = ()
    confidence: float = 1.0
    words: str = ""
    candidate: bool = False
    quantities: tuple[Quantity, ...] = ()

    def __repr__(self) -> str:
        against = " (denies)" if self.polarity == "denies" else ""
        noun = "Candidate" if self.candidate else "Evidence"
        return f"<{noun}{against} {shortened(self.quote, 90)!r} ({self.key})>"


@dataclass(frozen=True, slots=True)
class PaperPassage:
    """A passage with the paper it stands in."""

    passage: Passage
    paper: Paper


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found, with its score (higher is better; comparable within one search only).

    `why` tells in words how it was found, the weightiest reason first.
    """

    passage: str
    paper: str
    key: str
    title: str
    year: int | None
    section: str | None
    page: int | None
    score: float
    text: str
    why: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Hit {self.score:.3f} {self.key!r}: {shortened(self.text, 90)!r}>"


@dataclass(frozen=True, slots=True)
class Hop:
    """One relation of a path with the evidence it rests on; `reversed` when it is walked from object to subject."""

    subject: str
    predicate: str
    object: str
    reversed: bool
    papers: int
    supports: int
    denies: int
    hedges: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """Concepts, by label, joined by relations; no concept twice."""

    score: float
    concepts: tuple[str, ...]
    hops: tuple[Hop, ...]

    def __repr__(self) -> str:
        return f"<Path {self.score:.3f} {' – '.join(self.concepts)}>"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is in a library."""

    papers: int = 0
    passages: int = 0
    concepts: int = 0
    relations: int = 0
    evidence: int = 0


def shortened(text: str, most: int = 60) -> str:
    """For reprs: the text on one line, cut with an ellipsis after `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
