"""Where a library is: a folder, a Neo4j server, or this process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from kg.errors import NoLibrary, UsageError
from kg.model import content_id

if TYPE_CHECKING:
    from kg.stores.graph_store import GraphStore

VARIABLE = "HYPOGRAPH_LIBRARY"
_SCHEMES = ("neo4j", "bolt", "neo4j+s", "neo4j+ssc", "bolt+s", "bolt+ssc")
_WAYS = "A library is a folder, or neo4j://HOST[:PORT][/DATABASE] or bolt://…"


@dataclass(frozen=True, slots=True)
class Folder:
    """A library in a folder; `path` is absolute."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def settings_folder(self) -> Path:
        """Where its hypograph.toml may be."""
        return self.path

    @property
    def local_folder(self) -> Path:
        """Where this machine keeps what can be made again: the vector index and the ledger of files."""
        return self.path


@dataclass(frozen=True, slots=True)
class Server:
    """A library on a Neo4j server."""

    scheme: str
    host: str
    port: int
    database: str | None = None

    @property
    def uri(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.uri}/{self.database}" if self.database else self.uri

    @property
    def settings_folder(self) -> None:
        """None: its hypograph.toml is looked for in the current folder."""
        return

    @property
    def local_folder(self) -> Path:
        """Where this machine keeps what can be made again: the vector index and the ledger of files."""
        from platformdirs import user_cache_path

        place = content_id("server", self.host, self.port, self.database)
        return user_cache_path("hypograph", appauthor=False) / "servers" / place


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """A library that lives in this process alone; each is another."""

    name: str = "memory"

    def __str__(self) -> str:
        return self.name

    @property
    def settings_folder(self) -> None:
        """None: its hypograph.toml is looked for in the current folder."""
        return

    @property
    def local_folder(self) -> None:
        """None: it lives in memory alone."""
        return


Address = Folder | Server | Memory


def of(store: GraphStore) -> Address:
    """Where a store that was handed over keeps its library."""
    if "://" in store.address:
        return parse(store.address)
    place = Path(store.address)
    return Folder(place) if place.is_absolute() else Memory(store.address)


def chosen(given: str | os.PathLike[str] | None = None) -> Address:
    """The library that was named, else that of HYPOGRAPH_LIBRARY, else the one in the user's data folder."""
    if given is not None:
        return parse(given)
    if named := os.environ.get(VARIABLE):
        return parse(named)
    from platformdirs import user_data_path

    return Folder(user_data_path("hypograph", appauthor=False) / "library")


def source(given: object) -> str:
    """Where `chosen` takes the address from."""
    return "this call" if given is not None else f"environment ({VARIABLE})" if os.environ.get(VARIABLE) else "default"


def parse(address: str | os.PathLike[str]) -> Address:
    """Raises UsageError for what can be no library's address; a password in it is not repeated."""
    text = os.fspath(address)
    if "://" in text and not isinstance(address, os.PathLike):
        return _server(text)
    if not text.strip() or "\0" in text:
        raise UsageError(f"{text!r} names no place for a library. {_WAYS}.")
    return Folder(Path(os.path.abspath(Path(text).expanduser())))


def _server(text: str) -> Server:
    scheme = text.partition("://")[0].lower()
    if scheme not in _SCHEMES:
        raise UsageError(f"No library can be opened at {scheme}://…. {_WAYS}.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise UsageError(f"The address after {scheme}:// is not HOST[:PORT][/DATABASE].") from None
    if "@" in parts.netloc:
        raise UsageError(
            "A library's address holds no user and no password, since addresses are shown and logged: set "
            "HYPOGRAPH_NEO4J_USER and HYPOGRAPH_NEO4J_PASSWORD, and take them out of the address."
        )
    if not parts.hostname:
        raise UsageError(f"The address {scheme}:// names no host. {_WAYS}.")
    if parts.query or parts.fragment or "/" in parts.path.strip("/"):
        raise UsageError(f"The address after {scheme}:// is not HOST[:PORT][/DATABASE].")
    return Server(scheme, parts.hostname, 7687 if port is None else port, unquote(parts.path.strip("/")) or None)


def open_store(
    address: Address, create: bool = False, user: str = "", password: str | None = None, patience: float = 30.0
) -> GraphStore:
    """Opens the store at an address; with `create`, a folder or database that holds no library yet becomes one.

    `user`, `password` and `patience` (for how many seconds a write is tried again) are for a server. Raises NoLibrary
    when there is none, LibraryError when it cannot be opened.
    """
    if isinstance(address, Memory):
        raise NoLibrary("A library in memory cannot be opened: it is where its store was made, and nowhere else.")
    if isinstance(address, Server):
        from kg.stores.neo4j_store import Neo4jStore

        return Neo4jStore(address, user, password, create, patience)
    from kg.stores.sqlite_store import SqliteStore

    return SqliteStore(address.path, create=create)
