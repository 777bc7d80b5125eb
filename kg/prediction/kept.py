"""What a predictor is made of, kept in a file for the next process: a cache, made anew when lost, stale or damaged."""

from __future__ import annotations

import json
import logging
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from kg.prediction.predictor import Predictor
from kg.prediction.ranks import Ranks
from kg.prediction.texts import Named, Texts

log = logging.getLogger(__name__)

_VERSION = 2


def file_of(folder: Path, until: int | None) -> Path:
    """Where the predictor of a year is kept."""
    return folder / f"links-{'all' if until is None else until}.npz"


def read(folder: Path, revision: str, until: int | None) -> Predictor | None:
    """The predictor that is kept of this state of the library; None where there is none."""
    path = file_of(folder, until)
    try:
        with np.load(path, allow_pickle=False) as stored:
            told = json.loads(stored["told"].tobytes())
            if told["version"] != _VERSION or told["revision"] != revision or told["until"] != until:
                return None
            known = Texts(
                tuple(told["records"]),
                stored["years"],
                tuple(told["vocabulary"]),
                stored["words"],
                stored["ends"],
                {key: tuple(rows) for key, rows in told["spoken"].items()},
                tuple(Named(label, type, tuple(keys), papers) for label, type, keys, papers in told["concepts"]),
            )
            if not told["ready"]:
                return Predictor(known, until)
            cuts = np.cumsum(stored["sizes"])[:-1]
            ranks = Ranks.of(
                told["pairs"],
                stored["edges"],
                np.split(stored["features"], cuts),
                np.split(stored["sums"], cuts),
            )
            return Predictor(known, until, (stored["topics"], ranks))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        log.info("%s is made anew: %s", path, error)
        return None


def write(folder: Path, revision: str, one: Predictor) -> None:
    """Keeps a predictor; where nothing can be written, it is made anew the next time."""
    path, known = file_of(folder, one.until), one.texts
    told = {
        "version": _VERSION,
        "revision": revision,
        "until": one.until,
        "ready": one.known is not None,
        "pairs": 0,
        "records": known.records,
        "vocabulary": known.vocabulary,
        "spoken": {key: list(rows) for key, rows in known.spoken.items()},
        "concepts": [(each.label, each.type, each.keys, each.papers) for each in known.concepts],
    }
    arrays: dict[str, Any] = {"years": known.years, "words": known.words, "ends": known.ends}
    if one.known is not None:
        view, ranks = one.known
        told["pairs"] = ranks.pairs
        arrays |= {
            "topics": view.topics,
            "edges": ranks.edges,
            "sizes": np.array([len(part) for part in ranks.sums]),
            "features": np.concatenate(ranks.features),
            "sums": np.concatenate(ranks.sums),
        }
    text = json.dumps(told).encode("utf-8", "surrogatepass")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Where the vector index puts its unfinished files too, which tidies up after processes that were killed.
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as place:
            np.savez(Path(place) / path.name, told=np.frombuffer(text, np.uint8), **arrays)
            (Path(place) / path.name).replace(path)
    except OSError as error:
        log.info("%s cannot be kept: %s", path, error)
