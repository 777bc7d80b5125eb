"""The extractor port: the passages of one paper go in, mentions of concepts and relations between them come out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from kg.errors import UsageError
from kg.model import Certainty, Polarity

DEFAULT = "syntax"


@dataclass(frozen=True, slots=True)
class FoundMention:
    """A stretch of one passage that names a concept.

    `passage` is the place of the passage among those given; `start` and `end` are code points, end exclusive. `name` is
    the text as a name: blanks folded, an abbreviation that the paper defines as its long form. `confidence` is 0…1,
    with three decimals.
    """

    passage: int
    start: int
    end: int
    label: str
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class FoundRelation:
    """What the sentence at `start`…`end` of a passage says of two of its mentions (`subject`, `object`: their places).

    `predicate` is a name of `kg.predicates`, `words` the predicate as written. A `candidate` is too doubtful to count.
    """

    passage: int
    start: int
    end: int
    subject: int
    object: int
    predicate: str
    words: str
    polarity: Polarity
    certainty: Certainty
    confidence: float
    extractor: str
    candidate: bool = False


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """An amount as written, "180 MJ/m3": `low` and `high` are equal for a single value, None where open or not read.

    `unit` is as written, empty for a count. `measures` is the place of the mention it is the amount of, `property` that
    of the property where the sentence names both ("the toughness of silk": silk and toughness).
    """

    passage: int
    start: int
    end: int
    low: float | None
    high: float | None
    unit: str
    measures: int | None = None
    property: int | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Extraction:
    """Mentions by passage and place, none overlapping another; relations by passage, place and ends; quantities by
    passage and place."""

    mentions: tuple[FoundMention, ...] = ()
    relations: tuple[FoundRelation, ...] = ()
    quantities: tuple[FoundQuantity, ...] = ()


class Extractor(Protocol):
    """Reads the passages of one paper.

    What is found in a passage depends on it alone, but for the abbreviations that the paper's other passages define.
    `version` changes whenever the same text could give another result; it is part of a source record's id.
    """

    @property
    def name(self) -> str:
        """What `--extractor` takes."""

    @property
    def version(self) -> str:
        """Code and weights, in a word."""

    def extract(self, texts: Sequence[str]) -> Extraction:
        """Mentions and relations of the passages, in their order."""


def _syntax() -> Extractor:
    from ingest.extract.syntax_extractor import SyntaxExtractor

    return SyntaxExtractor()


_MAKERS: dict[str, Callable[[], Extractor]] = {"syntax": _syntax}


def extractor_names() -> tuple[str, ...]:
    """The names that `extractor_named` knows."""
    return tuple(_MAKERS)


@lru_cache(maxsize=len(_MAKERS))
def extractor_named(name: str) -> Extractor:
    """The extractor of this name, made once a process. Raises UsageError, which lists the names there are."""
    maker = _MAKERS.get(name)
    if maker is None:
        raise UsageError(f"No extractor {name!r}. There are: {', '.join(_MAKERS)}. Choose one with --extractor NAME.")
    return maker()
