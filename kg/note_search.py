"""Finding notes: by their words, and by what they speak of.

A person has hundreds of notes or a few thousand, so each is looked at. The words of a note count by their rarity among
the notes; meaning is the cosine of the embedder, of the note's nearest part. Vectors of parts are kept in a file of
this machine and can be made again.
"""

from __future__ import annotations

import math
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model import content_id
from kg.names import key_of
from kg.notes import Note
from kg.search import MOST_CHARACTERS, STOP_WORDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kg.library import Library
    from kg.vectors.embedder import Embedder

FILE = "notes.npz"
_PART = 120  # words of a note that are embedded together
_PREFIX = 4  # letters of a query's word that may begin a longer one
_NEAR, _NEAR_ENOUGH = 0.3, 0.4  # least cosine of a note without the words: to be listed; to be told a run
_COVERED = 0.5  # least share of the question's words, by rarity, in a note that a run is told of


@dataclass(frozen=True, slots=True)
class NoteHit:
    """A note that was found, with its score (0 to 1, comparable within one search) and the reason in words."""

    note: Note
    score: float
    why: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<NoteHit {self.score:.3f} {self.note!r}>"


def ranked(text: str, notes: Sequence[Note], library: Library, strict: bool = False) -> list[NoteHit]:
    """The notes that fit a text, the best first, ties by id: half by the share of the text's words that stand in the
    note (weighed by rarity), half by cosine. With `strict`, only those that belong to it: most of its words, or the
    same matter."""
    asked = list(dict.fromkeys(_words(text)))
    if not notes or not asked:
        return []
    spoken = [frozenset(_words(" ".join(_names(note)))) for note in notes]
    counts = Counter(word for words in spoken for word in words)
    weights = {word: math.log(1 + len(notes) / (1 + _holding(word, counts, spoken))) for word in asked}
    total = sum(weights.values())
    cosines = _cosines(text, notes, library)
    found = []
    for note, words, cosine in zip(notes, spoken, cosines, strict=True):
        held = [word for word in asked if _holds(words, word)]
        covered = sum(weights[word] for word in held) / total
        fits = covered >= _COVERED or cosine >= _NEAR_ENOUGH if strict else bool(held) or cosine >= _NEAR
        if fits:
            why = [f"has the words {', '.join(held)}"] if held else []
            why += [f"speaks of the same (cosine {cosine:.2f})"] if cosine >= _NEAR else []
            found.append(NoteHit(note, round((covered + max(cosine, 0.0)) / 2, 4), tuple(why)))
    return sorted(found, key=lambda hit: (-hit.score, hit.note.id))


def _names(note: Note) -> Iterator[str]:
    yield from (note.title, note.text, *note.tags)
    yield from (link.name for link in note.concepts)
    yield from (link.key for link in note.papers)


def _words(text: str) -> Iterator[str]:
    return (word for word in key_of(text[:MOST_CHARACTERS]).split() if word not in STOP_WORDS)


def _holds(words: frozenset[str], wanted: str) -> bool:
    return wanted in words or (len(wanted) >= _PREFIX and any(word.startswith(wanted) for word in words))


def _holding(word: str, counts: Counter[str], spoken: Iterable[frozenset[str]]) -> int:
    return counts[word] if len(word) < _PREFIX else sum(_holds(words, word) for words in spoken)


# Meaning


def _cosines(text: str, notes: Sequence[Note], library: Library) -> list[float]:
    """How near each note's nearest part is to the text: -1 to 1."""
    import numpy as np

    parts = [_parts(note) for note in notes]
    place = library.address.local_folder
    vectors = _kept(
        [part for each in parts for part in each], library.embedder, None if place is None else place / "index"
    )
    (asked,) = library.embedder.queries([text[:MOST_CHARACTERS]])
    found, at = [], 0
    for each in parts:
        found.append(float(np.max(vectors[at : at + len(each)] @ asked)))
        at += len(each)
    return found


def _parts(note: Note) -> list[str]:
    """A note in parts that an embedder reads whole, each with the title."""
    words = note.text.split()
    return [
        f"{note.title}\n{' '.join(words[start : start + _PART])}".strip()
        for start in range(0, max(1, len(words)), _PART)
    ]


def _kept(texts: Sequence[str], embedder: Embedder, folder: Path | None) -> NDArray[np.float32]:
    """(n, dimensions) vectors of texts: those of the file, and new ones for what is not there."""
    import numpy as np

    ids = [content_id("v", embedder.name, text) for text in texts]
    file = None if folder is None else folder / FILE
    known = {} if file is None else _read(file)
    wanted = dict(zip(ids, texts, strict=True))
    missing = [id for id in wanted if id not in known]
    if missing:
        rows = embedder.documents([wanted[id] for id in missing])
        known |= dict(zip(missing, rows, strict=True))
        if file is not None:
            _write(file, known)
    return np.stack([known[id] for id in ids])


def _read(file: Path) -> dict[str, NDArray[np.float32]]:
    """What the file holds; nothing where it is not there or was damaged, since all of it can be made again."""
    import numpy as np

    try:
        with np.load(file, allow_pickle=False) as kept:
            return dict(zip(kept["ids"].tolist(), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def _write(file: Path, vectors: dict[str, NDArray[np.float32]]) -> None:
    """Whole or not at all; a place that cannot be written costs time at the next search, and nothing else."""
    import numpy as np

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{FILE}.", delete=False) as temporary:
            np.savez(temporary, ids=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
        Path(temporary.name).replace(file)
    except OSError:
        return
