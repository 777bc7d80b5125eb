"""A library in memory behind the web app, for tests of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

import ui
from kg.library import Library
from kg.model import SourceRecord
from kg.stores.memory_store import MemoryStore
from kg.vectors.embedder import passage_text
from tests.fakes.embedder import WordEmbedder
from tests.fakes.vector_index import PlainIndex
from tests.kg.made import Said, origin, record
from ui.web import served

WORDS = WordEmbedder()
APP = Path(ui.__path__[0]) / "app.py"
HOSTILE = '<script>alert("x")</script> $x^2$ :red[hot] **bold** [link](http://evil.example) :smile: `code` <img src=x>'


def article(name: str, *said: Said, **facts: Any) -> SourceRecord:
    """A record as tests.kg.made makes them, with vectors that the fake embedder understands."""
    made = record(name, *said, **facts)
    rows = WORDS.documents([passage_text(made.facts.title, one.text, WORDS.pieces) for one in made.passages])
    return replace(made, embedder=WORDS.name, vectors=rows.astype("<f4").tobytes())


def library_of(folder: Path, *records: SourceRecord) -> Library:
    """A library in memory that thinks it lies in `folder`."""
    store = MemoryStore()
    store.address = str(folder)
    for one in records:
        store.add(one, origin(one))
    return Library(store=store, index=PlainIndex(store, WORDS.name), embedder=WORDS)


def small(folder: Path) -> Library:
    """Three papers: two that disagree, one with a hedge; and text that would do harm if a page took it for markup."""
    return library_of(
        folder,
        article("webs", ("spider silk", "contains", "beta sheets"), ("spider silk", "increases", "toughness"),
                title="On webs", year=2001, authors=("Ada Webber",)),
        article("doubts", ("spider silk", "increases", "toughness", "denies"),
                ("humidity", "decreases", "toughness", "supports", "hedged"), title="Doubts about webs", year=2010),
        article("hostile", (HOSTILE, "is a", "composite"), title=HOSTILE, authors=(HOSTILE,)))


def doubtful(folder: Path) -> Library:
    """The same with a paper of candidates, quantities and several types."""
    library = small(folder)
    one = article("lab", ("nacre", "increases", "toughness", "supports", "stated", True),
                  ("nacre", "increases", "toughness", "denies", "stated", True),
                  ("nacre", "has property", "strength", "supports", "stated", False, "1.5 GPa"),
                  (HOSTILE, "is a", "composite", "supports", "stated", True),
                  types={"nacre": "Material", "strength": "Property"}, title="On nacre")
    library.store.add(one, origin(one))
    return library


def opened(library: Library, page: str | None = None, **query: str) -> AppTest:
    """The app on one of its pages, as it stands after its first run."""
    served.serve(library)
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    if page is not None or query:
        for name, value in query.items():
            app.query_params[name] = value
        if page is not None:
            app.switch_page(f"web/pages/{page}.py")
        app.run()
    assert not app.exception
    return app


def htmls(app: AppTest) -> str:
    """All HTML that the page shows, as it is sent to the browser."""
    return "\n".join(one.proto.body for one in app.get("html") if not one.proto.body.startswith("<style>"))


def texts(elements: Sequence[Any]) -> list[str]:
    return [one.value for one in elements]
