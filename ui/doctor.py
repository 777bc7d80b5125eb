"""Looks over the installation and the library, and says what to do next."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from kg.errors import HypographError, NoLibrary
from kg.library import Library
from kg.settings import without_password
from ui import compose

_PACKAGES = ("kg", "agents", "ingest", "ui")
_DISTRIBUTIONS = (
    "hypograph",
    "faiss-cpu",
    "onnxruntime",
    "spacy",
    "pypdfium2",
    "neo4j",
    "sentence-transformers",
    "streamlit",
)
_OPTIONAL = {"sentence-transformers": "embedders other than minilm need it"}
_LEAST_FREE = 1 << 30  # bytes


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `ok` is false when something has to be done, which the message says."""

    name: str
    ok: bool
    message: str


def examine(address: str | None, ask: bool = True) -> list[Check]:
    """All checks, those that others stand on first. With `ask`, a language model that is set is asked a tiny question,
    which may cost something and take a minute."""
    checks = [_python(), *_versions(), _clashes(), _sqlite()]
    try:
        library = compose.library(address)
    except HypographError as error:
        return [*checks, Check("settings", False, str(error))]
    with library:
        checks += [
            _disk(library),
            _told("library", lambda: _library(library)),
            _told("model", lambda: _model(library)),
            _told("extractor", lambda: _extractor(address)),
            _told("language model", lambda: _language_model(library, ask)),
        ]
    return checks


def _told(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except HypographError as error:
        return Check(name, False, str(error))


def _python() -> Check:
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Check(
        "python",
        fits,
        f"{platform.python_version()} on {platform.system()}"
        + ("" if fits else ". Python 3.11, 3.12 or 3.13 is needed: make an environment with one of them."),
    )


def _versions() -> Iterator[Check]:
    for name in _DISTRIBUTIONS:
        try:
            yield Check(name, True, version(name))
        except PackageNotFoundError:
            if name in _OPTIONAL:
                yield Check(name, True, f"not installed; {_OPTIONAL[name]}")
            else:
                yield Check(
                    name, False, "not installed. Run `make install` in the checkout, or install hypograph anew."
                )


def _clashes() -> Check:
    """Whether each top-level package is the one beside this file: names as plain as `agents` are used by others too."""
    home = Path(__file__).resolve().parent.parent
    strangers = []
    for name in _PACKAGES:
        spec = find_spec(name)
        origin = Path(spec.origin).resolve() if spec is not None and spec.origin else None
        if origin is None or not origin.is_relative_to(home):
            strangers.append(f"{name} is {origin}")
    if strangers:
        return Check(
            "packages",
            False,
            "Another distribution has taken a name of Hypograph's: "
            f"{', '.join(strangers)}. Install Hypograph into an environment of its own.",
        )
    return Check("packages", True, f"{', '.join(_PACKAGES)} are Hypograph's own")


def _sqlite() -> Check:
    with sqlite3.connect(":memory:") as connection:
        has_search = connection.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0]
    connection.close()
    return Check(
        "sqlite",
        bool(has_search),
        sqlite3.sqlite_version
        if has_search
        else f"SQLite {sqlite3.sqlite_version} has no full-text search (FTS5). Use a Python whose sqlite3 has it.",
    )


def _disk(library: Library) -> Check:
    place = library.address.settings_folder
    while place is not None and not place.exists():
        place = place.parent
    free = shutil.disk_usage(Path.cwd() if place is None else place).free
    need = "" if free >= _LEAST_FREE else ". A library of 2,000 papers takes about half a GiB: free some space."
    return Check("disk", free >= _LEAST_FREE, f"{free / 2**30:.1f} GiB free{need}")


def _library(library: Library) -> str:
    try:
        info = library.info()
    except NoLibrary:
        return f"none at {library.address} yet. Next: `hypograph ingest PAPERS --library {library.address}`"
    return f"{info.papers:,} papers, {info.passages:,} passages, {info.relations:,} relations at {info.store}" + (
        "" if info.papers else ". Next: `hypograph ingest PAPERS`"
    )


def _model(library: Library) -> str:
    embedder = library.embedder
    embedder.queries(["Does it run?"])
    try:
        from kg.vectors.embedding import require_same

        require_same(library.store, embedder.name)
    except NoLibrary:
        pass
    return f"{embedder.name}, {embedder.dimensions} dimensions"


def _extractor(address: str | None) -> str:
    found = compose.extractor(address)
    return f"{found.name} {found.version}"


def _language_model(library: Library, ask: bool) -> str:
    access = compose.language_model(library)
    if access is None:
        return "none set, and none is needed"
    from agents.trial import tried
    from ui import asked

    access.check()
    model = access.model
    where = "its provider's server" if model.base_url is None else without_password(model.base_url)
    about = f"{model} at {where}, {'a' if model.key is not None else 'no'} key set, price: {asked.price(access)}"
    return f"{about}. {asked.trial(tried(access))}" if ask else f"{about}. It was not asked anything now"
