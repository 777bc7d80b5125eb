"""Where a command's wishes meet what fulfils them: the one place of the faces that makes libraries and extractors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.extract.extractor import Extractor
    from kg.chat_models import Access
    from kg.library import Library


def library(address: str | None, **settings: Any) -> Library:
    """The library that a command works on."""
    from kg.library import Library

    return Library(address, **settings)


def language_model(library: Library) -> Access | None:
    """The way to the language model that the library's settings name, or None; nothing is asked."""
    from kg import notebook

    return notebook.language_model(library)


def extractor(address: str | None) -> Extractor:
    """What finds mentions and relations, as the settings beside the library say."""
    from ingest.extract.extractor import extractor_named
    from kg.notebook import language_model

    found = library(address)
    return extractor_named(found.settings.extractor, language_model(found))
