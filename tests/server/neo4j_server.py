"""A real Neo4j server: one that is running already, one in Docker, or one from Maven's artifacts on a JDK.

As a program it starts one on this machine for trying things out, and stops it with Ctrl-C:

    python -m tests.server.neo4j_server [--home FOLDER] [--port 7687]
"""
# ruff: noqa: T201 - as a program it speaks on stderr

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from filelock import FileLock
from platformdirs import user_cache_path

VERSION = "5.26.30"
POM = Path(__file__).with_name("pom.xml")
WAIT = 120.0  # seconds until a server must answer


class Unavailable(Exception):
    """No server can be had in this way; the message says what is missing."""


class Server(Protocol):
    """A running server. `kill` ends it as a power cut would; `start` brings it up again with what is on its disk."""

    uri: str
    user: str
    password: str

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def kill(self) -> None: ...


def found(home: Path, brief: bool = False) -> Server:
    """The server at NEO4J_URI, else one in Docker, else one from Maven's artifacts with its data in `home`; not started
    yet. `brief` is for one that is asked little and ended after some minutes. Raises Unavailable."""
    if uri := os.environ.get("NEO4J_URI"):
        return Given(uri, os.environ.get("NEO4J_USER", "neo4j"), os.environ.get("NEO4J_PASSWORD", ""))
    if docker_answers():
        return InDocker()
    return OnJava(home, brief=brief)


@contextmanager
def running(home: Path, brief: bool = False) -> Iterator[Server]:
    """The server that is `found`, as long as the block lasts."""
    server = found(home, brief)
    with ExitStack() as stack:
        stack.callback(server.stop)
        server.start()
        yield server


@dataclass
class Given:
    """A server that others look after."""

    uri: str
    user: str
    password: str

    def start(self) -> None:
        wait_for(self)

    def stop(self) -> None: ...

    def kill(self) -> None:
        raise Unavailable("a server of its own: the one at NEO4J_URI is not the tests' to kill")


@dataclass
class InDocker:
    """A container of the official image, removed when it is stopped."""

    user: str = "neo4j"
    password: str = field(default_factory=lambda: secrets.token_hex(12))
    name: str = field(default_factory=lambda: f"hypograph-tests-{uuid.uuid4().hex[:8]}")
    port: int = field(default_factory=lambda: free_port())  # noqa: PLW0108 - it stands below
    _made: bool = False

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    def start(self) -> None:
        if self._made:
            docker("start", self.name)
        else:
            settings = {
                "NEO4J_AUTH": f"{self.user}/{self.password}",
                "NEO4J_server_memory_heap_max__size": "512m",
                "NEO4J_server_memory_pagecache_size": "128m",
                "NEO4J_dbms_usage__report_enabled": "false",
            }
            words = [word for name, value in settings.items() for word in ("--env", f"{name}={value}")]
            docker(
                "run",
                "--detach",
                "--name",
                self.name,
                "--publish",
                f"127.0.0.1:{self.port}:7687",
                *words,
                f"neo4j:{VERSION}-community",
            )
            self._made = True
        wait_for(self)

    def stop(self) -> None:
        if self._made:
            docker("rm", "--force", "--volumes", self.name)
            self._made = False

    def kill(self) -> None:
        docker("kill", self.name)


@dataclass
class OnJava:
    """A community server from Maven's artifacts, on this machine alone. Its data stay in `home`."""

    home: Path
    port: int = field(default_factory=lambda: free_port())  # noqa: PLW0108 - it stands below
    user: str = "neo4j"
    password: str = field(default_factory=lambda: secrets.token_hex(12))
    heap: str = "512m"
    brief: bool = False
    _process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        jars = fetched()
        java = java_17()
        self.home.mkdir(parents=True, exist_ok=True)
        for name in ("conf", "data", "logs", "plugins", "import", "run"):
            (self.home / name).mkdir(exist_ok=True)
        (self.home / "conf" / "neo4j.conf").write_text(self._settings())
        if not (self.home / "data" / "databases" / "system").exists():
            self._set_password(java, jars)
        with (self.home / "logs" / "console.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    java,
                    f"-Xms{self.heap}",
                    f"-Xmx{self.heap}",
                    "-XX:+UseG1GC",
                    "-XX:+ExitOnOutOfMemoryError",
                    # Compiling its code as well as it can takes Java a minute of processor time or more.
                    *(["-XX:TieredStopAtLevel=1"] if self.brief else []),
                    "-Dfile.encoding=UTF-8",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/java.io=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                    "-cp",
                    f"{jars}/*",
                    "org.neo4j.server.CommunityEntryPoint",
                    f"--home-dir={self.home}",
                    f"--config-dir={self.home / 'conf'}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(self, self._ended)

    def _set_password(self, java: str, jars: Path) -> None:
        done = subprocess.run(
            [java, "-cp", f"{jars}/*", "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", self.password],
            env=os.environ | {"NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")},
            capture_output=True,
            text=True,
            timeout=WAIT,
        )
        if done.returncode:
            raise Unavailable(f"a Neo4j server that takes a password: {done.stdout}{done.stderr}")

    def _settings(self) -> str:
        return "\n".join(
            [
                "server.default_listen_address=127.0.0.1",
                f"server.bolt.listen_address=127.0.0.1:{self.port}",
                f"server.bolt.advertised_address=127.0.0.1:{self.port}",
                "server.http.enabled=false",
                "server.https.enabled=false",
                "server.directories.import=import",
                "server.memory.pagecache.size=128m",
                "dbms.usage_report.enabled=false",
                "db.logs.query.enabled=OFF",
                "db.tx_log.rotation.size=32m",
                "db.tx_log.rotation.retention_policy=1 days 256M",
                # Otherwise each stop takes ten seconds.
                "internal.server.bolt.thread_pool_shutdown_wait_time=200ms",
                "",
            ]
        )

    def _ended(self) -> str | None:
        if self._process is None or self._process.poll() is None:
            return None
        return (self.home / "logs" / "console.log").read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(how)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def fetched() -> Path:
    """The folder with the server's jars, which are fetched when they are not there yet (123 MB)."""
    cache = user_cache_path("hypograph", appauthor=False)
    folder = cache / f"neo4j-{sha256(POM.read_bytes()).hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise Unavailable("Maven, to fetch a Neo4j server: apt-get install maven")
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "neo4j.lock"):
        if not folder.is_dir():
            unfinished = folder.with_suffix(".part")
            shutil.rmtree(unfinished, ignore_errors=True)
            done = subprocess.run(
                [
                    maven,
                    "-q",
                    "-B",
                    "-Dstyle.color=never",
                    "-f",
                    str(POM),
                    "dependency:copy-dependencies",
                    f"-DoutputDirectory={unfinished}",
                ],
                capture_output=True,
                text=True,
                timeout=900,
            )
            if done.returncode:
                raise Unavailable(f"a Neo4j server from Maven, which says: {done.stdout[-1500:]}{done.stderr[-500:]}")
            unfinished.rename(folder)
    return folder


def java_17() -> str:
    """A Java that runs the server."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home) / "bin" / "java") if home else "java")
    if java is None:
        raise Unavailable("a JDK, to run a Neo4j server: apt-get install openjdk-17-jre-headless")
    return java


def docker_answers() -> bool:
    """Whether there is a container engine: a client alone runs nothing."""
    if shutil.which("docker") is None:
        return False
    try:
        done = subprocess.run(["docker", "version", "--format", "{{.Server.Version}}"], capture_output=True, timeout=20)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def docker(*words: str) -> None:
    done = subprocess.run(["docker", *words], capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise Unavailable(f"a Neo4j server in Docker, which says: {done.stderr[-500:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(server: Server, ended: Callable[[], str | None] = lambda: None) -> None:
    """Until a query is answered. `ended` says why there will be no answer any more."""
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError, Neo4jError

    until = time.monotonic() + WAIT
    while True:
        try:
            with GraphDatabase.driver(
                server.uri, auth=(server.user, server.password), max_transaction_retry_time=0, connection_timeout=5
            ) as driver:
                driver.execute_query("RETURN 1")
            return
        except (DriverError, Neo4jError, OSError) as error:
            if (why := ended()) is not None:
                raise Unavailable(f"a Neo4j server that starts; it ended with: {why}") from None
            if time.monotonic() > until:
                raise Unavailable(f"a Neo4j server at {server.uri} that answers ({error})") from None
            time.sleep(0.2)


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs a Neo4j server from Maven's artifacts until Ctrl-C.")
    parser.add_argument("--home", type=Path, default=Path("neo4j-data"), help="where its data are kept")
    parser.add_argument("--port", type=int, default=7687)
    parser.add_argument("--heap", default="1g")
    options = parser.parse_args()
    password = os.environ.get("HYPOGRAPH_NEO4J_PASSWORD", "")
    if len(password) < 8:
        print(
            "Set HYPOGRAPH_NEO4J_PASSWORD: at least eight characters, kept by the server from its first start.",
            file=sys.stderr,
        )
        return 2
    server = OnJava(options.home.absolute(), options.port, password=password, heap=options.heap)
    try:
        server.start()
        print(f"{server.uri} answers. Ctrl-C stops it; its data stay in {options.home}.", file=sys.stderr)
        signal.pause()
    except KeyboardInterrupt:
        print("Stopping.", file=sys.stderr)
    except Unavailable as error:
        print(f"Needs {error}", file=sys.stderr)
        return 1
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
