"""The tagger and parser that the package ships, as a function from a passage to its parses.

Loaded once a process, when first needed.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.extract.asides import Aside, asides, plainer
from ingest.extract.parse import Parse
from ingest.extract.second_reading import PLAIN_VERB, hidden_verb
from ingest.extract.weights import digest_of
from kg.sentences import sentences

if TYPE_CHECKING:
    from spacy.language import Language

WEIGHTS = Path(__file__).parent / "kg_syn"
_FOR_OTHERS = ("attribute_ruler", "lemmatizer")
"""What the pipeline gives who loads it with plain spaCy: extraction reads tags and relations alone."""

# One character for one, so that offsets stay: the treebanks know only the plain forms.
_PLAIN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‘": "'",
        "’": "'",
        "`": "'",
        "–": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u2007": " ",
        "\t": " ",
        "\n": " ",
        "\r": " ",
    }
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LETTER_AND_STOP = re.compile(r"[A-Za-z]\.")
_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=1)
def weights_digest() -> str:
    """A hash over the names and bytes of the shipped files, the model card left out."""
    return digest_of(WEIGHTS)


@contextmanager
def _without_torch() -> Iterator[None]:
    """Keeps spaCy from importing PyTorch, which costs 2 s and 500 MB and serves no model here.

    Its backend asks for torch by importing it. A name that stands for None in `sys.modules` is "not installed" for as
    long as it does. Where either library is loaded already, nothing is done.
    """
    if "torch" in sys.modules or "spacy" in sys.modules:
        yield
        return
    absent: dict[str, None] = {"torch": None}
    sys.modules.update(absent)  # type: ignore[arg-type]
    try:
        yield
    finally:
        del sys.modules["torch"]


class SyntaxPipeline:
    """Parses passages. What it says of a passage depends on that passage alone: one passage is one call."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        with _without_torch():
            from spacy import util

        self._nlp: Language = util.load_model_from_path(path, exclude=_FOR_OTHERS)
        self._strings = self._nlp.vocab.strings

    @property
    def components(self) -> tuple[str, ...]:
        """The names of the parts that run on every passage, in order."""
        return tuple(self._nlp.pipe_names)

    def parses(self, text: str) -> list[Parse]:
        """The parse of every sentence of `text` that has a letter, in order; after each, those of its brackets."""
        units = [unit for unit in _units(text) if self._tokenise(unit)]
        parses = self._parsed(units)
        for place, parse in enumerate(parses):
            verb = hidden_verb(parse)
            if verb is not None:
                # The sentence again, with a verb that the parser knows in the place of one that it took for a noun.
                shown = (*parse.words[:verb], PLAIN_VERB, *parse.words[verb + 1 :])
                again = self._parsed([replace(units[place], words=shown)])[0]
                if again.tags[verb].startswith("VB"):
                    parses[place] = again.with_words(parse.words)
        return parses

    def _tokenise(self, unit: "_Unit") -> bool:
        """Gives a unit its words; False where it has none."""
        tokens = [token for token in self._nlp.tokenizer(unit.shown) if not token.is_space]
        words = [token.text for token in tokens]
        spans = [(unit.offset + token.idx, unit.offset + token.idx + len(token)) for token in tokens]
        if words and _LETTER_AND_STOP.fullmatch(words[-1]):
            # "vitamin C." at the end of a sentence is no abbreviation.
            start, end = spans.pop()
            spans += [(start, end - 1), (end - 1, end)]
            words[-1:] = [words[-1][:-1], "."]
        unit.words, unit.spans = tuple(words), tuple(spans)
        return bool(words)

    def _parsed(self, units: Sequence["_Unit"]) -> list[Parse]:
        from spacy.attrs import DEP, HEAD, TAG
        from spacy.tokens import Doc

        if not units:
            return []
        words = [word for unit in units for word in unit.words]
        begins: list[bool | int | None] = [place == 0 for unit in units for place in range(len(unit.words))]
        doc = Doc(self._nlp.vocab, words=words, sent_starts=begins)
        for _, component in self._nlp.pipeline:
            doc = component(doc)
        tags = doc.to_array(TAG).tolist()
        relations = doc.to_array(DEP).tolist()
        # spaCy keeps heads as distances, in an unsigned integer.
        heads = doc.to_array(HEAD).astype("int64").tolist()
        parses: list[Parse] = []
        at = 0
        for unit in units:
            part = slice(at, at + len(unit.words))
            ends = tuple(end for _, end in unit.spans)
            parse = Parse(
                unit.start,
                unit.end,
                unit.words,
                tuple(self._strings[tag] for tag in tags[part]),
                tuple(self._strings[relation] for relation in relations[part]),
                tuple(place + distance for place, distance in enumerate(heads[part])),
                tuple(start for start, _ in unit.spans),
                ends,
                frozenset(bisect_right(ends, reference) - 1 for reference in unit.references),
            )
            parses.append(parse)
            at += len(unit.words)
        return parses


@dataclass(slots=True)
class _Unit:
    """What the parser is shown as one sentence: a sentence without its asides, or the content of a bracket.

    `shown` stands at `offset` of the passage, its sentence at `start`…`end`; `references` are offsets.
    """

    start: int
    end: int
    offset: int
    shown: str
    references: Sequence[int] = ()
    words: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def _units(text: str) -> list[_Unit]:
    plain = plainer(_SURROGATE.sub("\ufffd", text.translate(_PLAIN)))
    units: list[_Unit] = []
    for start, end in sentences(text):
        if _LETTER.search(plain, start, end) is None:
            continue
        left_out = asides(plain, start, end)
        references = [aside.start for aside in left_out if aside.reference]
        units.append(_Unit(start, end, start, _without(plain, start, end, left_out), references))
        for aside in left_out:
            if aside.telling:
                inside = plain[aside.start + 1 : aside.end - 1]
                units.append(_Unit(start, end, aside.start + 1, inside))
    return units


def _without(text: str, start: int, end: int, left_out: list[Aside]) -> str:
    if not left_out:
        return text[start:end]
    pieces: list[str] = []
    at = start
    for aside in left_out:
        pieces += [text[at : aside.start], " " * (aside.end - aside.start)]
        at = aside.end
    pieces.append(text[at:end])
    return "".join(pieces)
