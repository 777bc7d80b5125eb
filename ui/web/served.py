"""What this process serves: one library for all tabs, and the readings into it."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import HypographError
from ui.web.readings import Readings

if TYPE_CHECKING:
    from kg.library import Library


@dataclass(frozen=True, slots=True)
class Served:
    """A library, opened once, and what is being read into it."""

    library: Library
    readings: Readings


_FIRST_PAINT = 1.5  # seconds in which the processor is left to the first page
_guard = threading.Lock()
_served: list[Served] = []


def serve(library: Library) -> Served:
    """From now on, all pages show this library."""
    with _guard:
        _served[:] = [Served(library, Readings(library))]
        return _served[0]


def served() -> Served:
    """What the pages show; the library of HYPOGRAPH_LIBRARY when nothing was said.

    Kept here and not in `st.cache_resource`, whose entries a user's "Clear cache" throws away while pages use them.
    """
    with _guard:
        if _served:
            return _served[0]
    from ui import compose

    here = serve(compose.library(None))
    threading.Thread(target=_warm, args=(here.library,), name="warming up", daemon=True).start()
    return here


def _warm(library: Library) -> None:
    """Loads what other pages need while the first one is looked at; whatever is wrong, the page that needs it will
    say."""
    time.sleep(_FIRST_PAINT)
    with suppress(HypographError):
        library.embedder.queries(["What is known?"])
        library.search("what is known", k=1)
