"""The notebook's face: opens libraries, and finds what reads papers and what answers questions when it is called.

The one module of `kg` that reaches into `ingest` and `agents`, and only from inside its functions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from kg.addresses import Folder
from kg.errors import NoLibrary, NotFound, UsageError
from kg.library import Library

if TYPE_CHECKING:
    from ingest.pipeline import Pipeline
    from ingest.report import Progress, Report
    from kg.stores.graph_store import GraphStore

_LEDGER = "ledger.jsonl"
_MIB = 2**20


def open_library(address: str | os.PathLike[str] | None = None, **settings: Any) -> Library:
    """The library in a folder, or at `neo4j://HOST[:PORT]`; without an address that of HYPOGRAPH_LIBRARY, else the one
    in the user's data folder.

    >>> library = open_library("silk-library")
    >>> library
    <Library '...silk-library'>

    A folder becomes a library with the first paper that is added to it; until then, looking into it raises NoLibrary.
    `settings` (embedder=…, extractor=…, workers=…) count more than the environment and hypograph.toml.
    """
    return Library(address, **settings)


def add(library: Library, paths: Iterable[str | os.PathLike[str]], *, workers: int | None = None,
        extractor: str | None = None, dry_run: bool = False, resume: bool = False,
        on_progress: Callable[[Progress], None] | None = None) -> Report:
    """Reads files, folders and corpora into the library, which is made if need be; gives back the job's report.

    A file that cannot be read is in the report with its reason, and the rest go on. `workers` is the number of
    processes; None leaves it to the settings, and they to the work. `dry_run` stores nothing and estimates. `resume`
    passes over what failed for good before. `on_progress` is told of each step, in this thread.

    Raises NotFound for a path that is not there and UsageError for an extractor nobody knows, before anything is made.
    """
    from ingest import job
    from ingest.reading import Limits
    from kg.vectors.embedding import require_same

    named = [os.fspath(path) for path in paths]
    if not named:
        raise UsageError("Nothing to read was named: name files, folders or corpora (.jsonl).")
    if missing := [path for path in named if not os.path.lexists(path)]:
        raise NotFound(f"There is no file or folder {', '.join(missing)}. Nothing was read.")
    settings = library.settings
    make = partial(pipeline, settings.extractor if extractor is None else extractor, settings.embedder)
    embedder = make().embedder.name
    store = _to_try_on(library) if dry_run else library.made()
    require_same(store, embedder)
    limits = Limits(seconds=settings.file_seconds, memory=settings.file_memory_mb * _MIB,
                    file_bytes=settings.file_mb * _MIB)
    ledger = library.address.path / _LEDGER if isinstance(library.address, Folder) and not dry_run else None
    return job.run(named, store, make, workers=settings.workers if workers is None else workers, dry_run=dry_run,
                   resume=resume, ledger=ledger, on_progress=on_progress, limits=limits)


def _to_try_on(library: Library) -> GraphStore:
    """What a dry run looks into: the library, or an empty one where there is none, since trying makes nothing."""
    try:
        return library.store
    except NoLibrary:
        from kg.stores.memory_store import MemoryStore

        return MemoryStore()


def pipeline(extractor: str, embedder: str) -> Pipeline:
    """What makes records of papers; called anew in each process that reads."""
    from ingest.extract.extractor import extractor_named
    from ingest.pipeline import Pipeline
    from kg.vectors.embedder import embedder_named

    return Pipeline(extractor_named(extractor), embedder_named(embedder))


def ask(library: Library, question: str, **options: Any) -> Any:
    """Answers a question from the library with quotes, or says that it does not know: see `agents.workflows.ask`."""
    from agents import workflows

    return workflows.ask(question, library, **options)
