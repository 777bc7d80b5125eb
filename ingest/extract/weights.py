"""Shipped weights as folders of files."""

from hashlib import blake2b
from pathlib import Path


def digest_of(folder: Path) -> str:
    """A hash over the names and bytes of a folder's files, model cards left out: sixteen hexadecimal digits."""
    digest = blake2b(digest_size=8)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".md":
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
