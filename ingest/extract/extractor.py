"""The extractor port: the passages of one paper go in, mentions of concepts and relations between them come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from kg.errors import UsageError
from kg.model import Certainty, Polarity

if TYPE_CHECKING:
    from ingest.extract.account import Account
    from kg.budget import Usage
    from kg.chat_models import Access

DEFAULT = "science"


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
    passage and place.

    `instead` is the name@version of the extractor that has read the paper in place of the one that was asked, where one
    had to. `account` is what a language model did for it, and what that has cost.
    """

    mentions: tuple[FoundMention, ...] = ()
    relations: tuple[FoundRelation, ...] = ()
    quantities: tuple[FoundQuantity, ...] = ()
    instead: str = ""
    account: Account | None = None


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


@runtime_checkable
class Headed(Protocol):
    """An extractor that can also use the labels of annotated sets, its heads."""

    @property
    def heads(self) -> tuple[str, ...]:
        """The names of the heads, "auto" first."""

    def described(self, text: str, head: str) -> tuple[str, Extraction]:
        """The head that was used for a text that stands alone, and what was found, in that head's labels; for "auto" in
        the project's own. Mentions may be nested. Raises UsageError for a head there is not."""


@runtime_checkable
class Costly(Protocol):
    """An extractor that may cost money."""

    def cost(self, texts: Sequence[str]) -> Usage | None:
        """What reading a paper's passages would likely cost; nothing is asked. None where nothing can cost."""

    @property
    def free(self) -> Extractor:
        """The part of it, or what stands in for it, that costs nothing."""


def _syntax() -> Extractor:
    from ingest.extract.syntax_extractor import SyntaxExtractor

    return SyntaxExtractor()


def _science() -> Extractor:
    from ingest.extract.science_extractor import ScienceExtractor

    return ScienceExtractor()


_MAKERS: dict[str, Callable[[], Extractor]] = {"science": _science, "syntax": _syntax}


LANGUAGE_MODEL = "llm"
"""The extractor that asks the language model of the settings."""


def extractor_names() -> tuple[str, ...]:
    """The names that `extractor_named` knows; two or more can be joined by "+"."""
    return (*_MAKERS, LANGUAGE_MODEL)


def extractor_named(name: str, access: Access | None = None) -> Extractor:
    """The extractor of this name, or of several joined by "+", of which the first one's mentions stand.

    `access` is the language model for `llm`, which always stands last: of what it finds, that counts which the others
    leave room for. Those without a model are made once a process. Raises UsageError, which lists the names there are.
    """
    names = [part.strip() for part in name.split("+")]
    if unknown := [part for part in names if part not in extractor_names()]:
        raise UsageError(
            f"No extractor {unknown[0]!r}. There are: {', '.join(extractor_names())}. Choose one with --extractor "
            f"NAME, or two as {DEFAULT}+{LANGUAGE_MODEL}."
        )
    if len({*names}) < len(names):
        raise UsageError(f"The extractor {name!r} names one twice. Name each once.")
    trained = [_made(part) for part in names if part != LANGUAGE_MODEL]
    if not trained:
        return _asking(access, _made(DEFAULT))
    from ingest.extract.side_by_side import Nothing, SideBySide

    both = trained[0]
    for other in trained[1:]:
        both = SideBySide(both, other)
    return SideBySide(both, _asking(access, Nothing())) if LANGUAGE_MODEL in names else both


@cache
def _made(name: str) -> Extractor:
    return _MAKERS[name]()


def _asking(access: Access | None, without: Extractor) -> Extractor:
    if access is None:
        raise UsageError(
            f"The extractor {LANGUAGE_MODEL!r} needs a language model, and none is set. Set HYPOGRAPH_LLM to "
            "PROVIDER:NAME (docs/language-models.md tells how), or choose another extractor."
        )
    from ingest.extract.llm_extractor import LlmExtractor

    model = access.open()
    how = f"t{access.model.temperature:g}-{access.model.reply_tokens}"
    return LlmExtractor(model, model.name, without, access.model.calls, model.expected, how)
