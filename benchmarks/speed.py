"""How fast the program reads papers, starts and searches, measured from outside as a user meets it.

    python benchmarks/speed.py PAPERS [--words 100000] [--repeat 5]

PAPERS is a folder, a file, or an archive (.tar, .tar.xz, …) of papers; a folder that holds one archive counts as it.
Papers are taken in the order of their names until `--words` words (about, by the size of the files) are together.
Figures: words per CPU-second of ingestion with one worker (user and system time of the whole process tree, start-up
included); wall seconds of `info` and of a first `search`, as whole processes: the least and the median of the
repetitions. Times are of this machine; the line before them says which.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

PROGRAM = Path(sys.executable).with_name("hypograph")
CHARACTERS_OF_A_WORD = 20  # of a JATS file, with its mark-up and references, roughly
QUESTIONS = ("gene expression under stress", "what limits growth?", "population structure", "protein binding")


class Call(NamedTuple):
    """A finished call of the program: what it said and what it took, in seconds."""

    said: Any
    wall: float
    cpu: float


def hypograph(*words: str, library: Path) -> Call:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [str(PROGRAM), *words, "--json", "--quiet", "--library", str(library)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(f"hypograph {' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Call(json.loads(done.stdout), wall, cpu)


def papers_in(place: Path, folder: Path) -> list[Path]:
    """The files of a place, unpacked into `folder` where they come as an archive, by name."""
    files = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
    archives = [path for path in files if ".tar" in path.suffixes or path.suffix == ".tgz"]
    for archive in archives:
        folder.mkdir(exist_ok=True)
        with tarfile.open(archive) as packed:
            for member in packed:
                if content := packed.extractfile(member):
                    (folder / Path(member.name).name).write_bytes(content.read())
    return sorted(folder.iterdir()) if archives else files


def enough(files: list[Path], words: int) -> Iterator[Path]:
    size = 0
    for path in files:
        if size >= words * CHARACTERS_OF_A_WORD:
            return
        size += path.stat().st_size
        yield path


def seconds(name: str, walls: list[float]) -> None:
    print(f"{name:24}{min(walls):6.2f} s least, {statistics.median(walls):.2f} median of {len(walls)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--words", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    if not options.papers.exists():
        parser.error(f"there is nothing at {options.papers}; say PAPERS=folder")
    for name in ("HYPOGRAPH_LIBRARY", "HYPOGRAPH_LLM"):
        os.environ.pop(name, None)
    print(
        f"hypograph {version('hypograph')}, Python {platform.python_version()}, {platform.machine()}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory(prefix="hypograph-bench-") as name:
        folder, library = Path(name) / "papers", Path(name) / "library"
        files = list(enough(papers_in(options.papers, folder), options.words))
        ingest = hypograph("ingest", *map(str, files), library=library)
        words, papers = ingest.said["words"], ingest.said["papers"]
        print(
            f"{'ingest':24}{words / ingest.cpu:6.0f} words a CPU-second ({words} words of {len(files)} files, "
            f"{ingest.cpu:.1f} CPU-s, {ingest.wall:.1f} s; {json.dumps(papers)})",
            flush=True,
        )
        seconds("info", [hypograph("info", library=library).wall for _ in range(options.repeat)])
        for mode in ("hybrid", "lexical"):
            asked = [QUESTIONS[number % len(QUESTIONS)] for number in range(options.repeat)]
            walls = [hypograph("search", question, "--mode", mode, library=library).wall for question in asked]
            seconds(f"search, {mode}", walls)


if __name__ == "__main__":
    main()
