"""Files that came through the browser: kept beside the library, each under its own name.

They lie in `uploads/` in the library's folder (of a library on a server: in the user's data folder), so that a file of
the same name replaces what was read under it before, as a file that is met again at its path does. A file that could
not be read is not kept, and a paper that is removed takes its file with it.
"""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from kg.addresses import Folder
from kg.errors import DiskFull, LibraryError, UnusableInput

if TYPE_CHECKING:
    from ingest.report import FileReport
    from kg.library import Library

MOST_MB = 100
"""MiB that one file may have, in the browser; `file_mb` of the settings counts too."""
MOST_FILES = 200
SUFFIXES = (".pdf", ".xml", ".nxml", ".md", ".txt", ".jsonl", ".gz", ".xz")
"""The usual endings of the formats that are read; a browser offers no other files."""
_MOST_NAME = 200  # bytes; file systems allow 255


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it."""

    name: str
    content: bytes


def folder(library: Library) -> Path:
    """Where uploads to this library are kept."""
    if isinstance(library.address, Folder):
        return library.address.path / "uploads"
    import platformdirs

    place = sha256(str(library.address).encode()).hexdigest()[:16]
    return Path(platformdirs.user_data_dir("hypograph")) / "uploads" / place


def file_name(name: str) -> str:
    """The name under which an upload is kept: no folders, nothing hidden, nothing a terminal would act on.

    UnusableInput when nothing is left of it.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    sayable = "".join(one for one in last if unicodedata.category(one)[0] != "C").strip().lstrip(".").strip()
    if not sayable:
        raise UnusableInput(f"A file cannot be kept under the name {name!r}. Rename it and upload it again.")
    stem, suffix = os.path.splitext(sayable)
    while len((stem + suffix).encode()) > _MOST_NAME and stem:
        stem = stem[:-1]
    return stem + suffix


def changed(library: Library, uploads: Iterable[Upload]) -> list[str]:
    """The names among these under which something else is kept already."""
    place = folder(library)
    names = []
    for one in uploads:
        kept = place / file_name(one.name)
        if kept.is_file() and kept.read_bytes() != one.content:
            names.append(kept.name)
    return names


def keep(library: Library, uploads: Sequence[Upload], beside: bool = False) -> list[Path]:
    """Writes uploads to where they are kept, each at once or not at all, and gives back their paths.

    A file of the same name is replaced; with `beside`, one with other content is left, and the new one gets a number.
    UnusableInput when there are too many, two have the same name, or one is too large.
    """
    if len(uploads) > MOST_FILES:
        raise UnusableInput(f"{len(uploads)} files are more than the {MOST_FILES} that can be uploaded at once. Upload "
                            "them in parts, or read their folder with `hypograph ingest FOLDER`.")
    names = [file_name(one.name) for one in uploads]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UnusableInput(f"Two of the files are called {twice[0]!r}. Rename one of them.")
    for one in uploads:
        if len(one.content) > MOST_MB * 2**20:
            raise UnusableInput(f"{one.name!r} is larger than {MOST_MB} MiB. Read it with `hypograph ingest FILE`.")
    place = folder(library)
    try:
        place.mkdir(parents=True, exist_ok=True)
        return [_written(_free(place / name, one) if beside else place / name, one.content)
                for name, one in zip(names, uploads, strict=True)]
    except OSError as error:
        kind = DiskFull if error.errno == 28 else LibraryError
        raise kind(f"The upload cannot be written to {place} ({error.strerror}). Make room there or mend its "
                   "permissions, then upload it again.") from error


def _free(path: Path, upload: Upload) -> Path:
    number, at = 1, path
    while at.is_file() and at.read_bytes() != upload.content:
        number += 1
        at = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return at


def _written(path: Path, content: bytes) -> Path:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as out:
        try:
            out.write(content)
            out.close()
            os.replace(out.name, path)
        except OSError:
            Path(out.name).unlink(missing_ok=True)
            raise
    return path


def drop_unread(library: Library, files: Iterable[FileReport]) -> None:
    """Deletes the uploads that could not be read."""
    place = folder(library)
    for file in files:
        path = Path(file.path)
        if file.line is None and file.status in ("failed", "skipped") and path.parent == place:
            path.unlink(missing_ok=True)


def of_papers(library: Library, papers: Collection[str]) -> list[Path]:
    """The uploads that these papers (ids) were read from."""
    records = {record for paper in library.store.papers(ids=papers) for record in paper.records}
    return list(_kept_files(library, records))


def _kept_files(library: Library, records: Collection[str]) -> Iterator[Path]:
    place = folder(library).resolve()
    for source in library.store.sources():
        path = Path(source.origin.removeprefix("file:"))
        if source.record in records and source.origin.startswith("file:") and path.parent == place:
            yield path
