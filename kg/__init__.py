"""The domain: what is known, from which sentence of which paper. And the notebook's face:

>>> import kg
>>> library = kg.open_library("silk-library")

Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.errors import DiskFull as DiskFull
    from kg.errors import HypographError as HypographError
    from kg.errors import LibraryError as LibraryError
    from kg.errors import NoLibrary as NoLibrary
    from kg.errors import NotFound as NotFound
    from kg.errors import UnusableInput as UnusableInput
    from kg.errors import UsageError as UsageError
    from kg.library import Library as Library
    from kg.model import Concept as Concept
    from kg.model import Decision as Decision
    from kg.model import Evidence as Evidence
    from kg.model import Hit as Hit
    from kg.model import Hop as Hop
    from kg.model import Paper as Paper
    from kg.model import Passage as Passage
    from kg.model import Path as Path
    from kg.model import Quantity as Quantity
    from kg.model import Relation as Relation
    from kg.notebook import open_library as open_library
    from kg.rows import Rows as Rows

_HOME = {
    "kg.errors": ("DiskFull", "HypographError", "LibraryError", "NoLibrary", "NotFound", "UnusableInput", "UsageError"),
    "kg.library": ("Library",),
    "kg.model": ("Concept", "Decision", "Evidence", "Hit", "Hop", "Paper", "Passage", "Path", "Quantity", "Relation"),
    "kg.notebook": ("open_library",),
    "kg.rows": ("Rows",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Concept",
    "Decision",
    "DiskFull",
    "Evidence",
    "Hit",
    "Hop",
    "HypographError",
    "Library",
    "LibraryError",
    "NoLibrary",
    "NotFound",
    "Paper",
    "Passage",
    "Path",
    "Quantity",
    "Relation",
    "Rows",
    "UnusableInput",
    "UsageError",
    "open_library",
]


def __getattr__(name: str) -> Any:
    if name in _MODULE_OF:
        return getattr(import_module(_MODULE_OF[name]), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}. It has: {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return [*__all__, *globals()]
