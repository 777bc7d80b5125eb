"""How fast papers are read into each store by the whole pipeline, in turn, in one run.

    python benchmarks/ingest_stores.py PATH [PATH …] [--workers 2] [--rounds 3] [--warm 1] [--heap 512m]

Each round reads the same files into an empty library in a folder and into one on a server, which has been warmed by
turns that do not count. Prints the seconds of each job, and the processor seconds of the command with its workers and
of the server: on a machine that others use too, these vary less. The server is the one at NEO4J_URI, which must be
empty, else one that is started for it, on the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.server.library import Place
from tests.server.neo4j_server import OnJava, found

PROGRAM = Path(sys.executable).with_name("hypograph")


@dataclass(frozen=True)
class Turn:
    """One job: its seconds, and the processor seconds of its processes and of the server."""

    seconds: float
    command: float
    server: float
    words: int


def server_time(server: object) -> float:
    """Processor seconds that the server has used; 0 where it is not on this machine."""
    if not isinstance(server, OnJava) or server.pid is None:
        return 0.0
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def turn(paths: list[str], library: str, workers: int, place: Place) -> Turn:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    server = server_time(place.server)
    done = subprocess.run(
        [str(PROGRAM), "ingest", *paths, "--library", library, "--workers", str(workers), "--json"],
        env=os.environ | place.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(done.stdout)
    return Turn(
        report["seconds"],
        now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime,
        server_time(place.server) - server,
        report["words"],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm", type=int, default=1, help="turns that warm the server first")
    parser.add_argument("--heap", default="512m", help="of the server that is started")
    options = parser.parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hypograph-ingest-")))
        server = found(home / "neo4j")
        if isinstance(server, OnJava):
            server.heap = options.heap
        stack.callback(server.stop)
        server.start()
        place = Place(server)
        turns: dict[str, list[Turn]] = {"sqlite": [], "neo4j": []}
        for number in range(1 - options.warm, options.rounds + 1):
            for name in sorted(turns, reverse=number % 2 == 0) if number > 0 else ["neo4j"]:
                library = str(home / f"library-{number}") if name == "sqlite" else server.uri
                if name == "neo4j":
                    place.emptied().close()
                one = turn(options.paths, library, options.workers, place)
                load, note = os.getloadavg()[0], "" if number > 0 else " (does not count)"
                print(
                    f"{name:7} {one.seconds:6.1f} s, processor: command {one.command:6.1f} s, server "
                    f"{one.server:5.1f} s; {one.words:,} words, load {load:.1f}{note}",
                    flush=True,
                )
                if number > 0:
                    turns[name].append(one)
        for what, value in (
            ("seconds", lambda it: it.seconds),
            ("processor seconds", lambda it: it.command + it.server),
        ):
            rates = [value(one) / value(other) for one, other in zip(turns["sqlite"], turns["neo4j"], strict=True)]
            print(
                f"rate on Neo4j against SQLite, by {what}: {statistics.median(rates):.0%} "
                f"({min(rates):.0%}–{max(rates):.0%})"
            )


if __name__ == "__main__":
    main()
