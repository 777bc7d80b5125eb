"""The tagger and parser that the package ships, as a function from a passage to its parses.

Loaded once a process, when first needed.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.extract.asides import Aside, asides
from ingest.extract.parse import Parse
from kg.sentences import sentences

if TYPE_CHECKING:
    from spacy.language import Language

WEIGHTS = Path(__file__).parent / "kg_syn"

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
_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=1)
def weights_digest() -> str:
    """A hash over the names and bytes of the shipped files, the model card left out."""
    digest = blake2b(digest_size=8)
    for path in sorted(WEIGHTS.rglob("*")):
        if path.is_file() and path.suffix != ".md":
            digest.update(path.relative_to(WEIGHTS).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


class SyntaxPipeline:
    """Parses passages. What it says of a passage depends on that passage alone: one passage is one call."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        from spacy import util

        self._nlp: Language = util.load_model_from_path(path)
        self._strings = self._nlp.vocab.strings

    def parses(self, text: str) -> list[Parse]:
        """The parse of every sentence of `text` that has a letter, in order; after each, those of its brackets."""
        from spacy.attrs import DEP, HEAD, TAG
        from spacy.tokens import Doc

        units = _units(text)
        words: list[str] = []
        bounds: list[tuple[int, int]] = []
        begins: list[bool | int | None] = []
        counts: list[int] = []
        for unit in units:
            first = True
            count = 0
            for token in self._nlp.tokenizer(unit.shown):
                if token.is_space:
                    continue
                words.append(token.text)
                at = unit.offset + token.idx
                bounds.append((at, at + len(token)))
                begins.append(first)
                first = False
                count += 1
            counts.append(count)
        if not words:
            return []
        doc = Doc(self._nlp.vocab, words=words, sent_starts=begins)
        for _, component in self._nlp.pipeline:
            doc = component(doc)
        tags = doc.to_array(TAG).tolist()
        relations = doc.to_array(DEP).tolist()
        # spaCy keeps heads as distances, in an unsigned integer.
        heads = doc.to_array(HEAD).astype("int64").tolist()
        parses: list[Parse] = []
        at = 0
        for unit, count in zip(units, counts, strict=True):
            if not count:
                continue
            part = slice(at, at + count)
            spans = bounds[part]
            ends = tuple(end for _, end in spans)
            parse = Parse(
                unit.start,
                unit.end,
                tuple(words[part]),
                tuple(self._strings[tag] for tag in tags[part]),
                tuple(self._strings[relation] for relation in relations[part]),
                tuple(place + distance for place, distance in enumerate(heads[part])),
                tuple(start for start, _ in spans),
                ends,
                frozenset(bisect_right(ends, reference) - 1 for reference in unit.references),
            )
            parses.append(parse)
            at += count
        return parses


class _Unit:
    """What the parser is shown at once: a sentence without its asides, or the content of a bracket."""

    __slots__ = ("end", "offset", "references", "shown", "start")

    def __init__(self, start: int, end: int, offset: int, shown: str, references: Sequence[int] = ()) -> None:
        self.start, self.end, self.offset, self.shown, self.references = start, end, offset, shown, references


def _units(text: str) -> list[_Unit]:
    plain = _SURROGATE.sub("\ufffd", text.translate(_PLAIN))
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
