"""How fast the graph stores are, side by side on the same made graph.

    python benchmarks/stores.py [--papers 200] [--stores sqlite neo4j] [--rounds 40] [--heap 512m]

A paper has 100 passages of about 200 words, five mentions and two statements in each; 200 papers make 20,000 passages,
some 15,000 concepts and 40,000 relations; 2,000 papers make ten times as many. Prints milliseconds, median (p95) over
rounds, each with other arguments, and what a process of its own needs to read the whole graph once. The server is the
one at NEO4J_URI, which must be empty, else one that is started for it.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np

from kg.model import Mention, PaperFacts, Passage, SourceRecord, Statement, passage_id, record_id
from kg.names import key_of
from kg.paths import paths
from kg.predicates import PREDICATES
from kg.stores.graph_store import GraphStore

PASSAGES = 100
WORDS = 200
DIMENSIONS = 384
SYLLABLES = "ka lo mi ne ru sa te vo xi zu ba do fe gi ho ju".split()
PREDICATE_NAMES = [one.name for one in PREDICATES]


def word(number: int) -> str:
    """A made word; each number has another."""
    parts = []
    while True:
        number, rest = divmod(number, len(SYLLABLES))
        parts.append(SYLLABLES[rest])
        if not number:
            return "".join(parts) + "n"


def zipfian(dice: random.Random, most: int) -> int:
    """A rank below `most`: the small ones are drawn often, as words and concepts are."""
    return min(most - 1, int(most ** dice.random()) - 1 + dice.randrange(max(1, most // 300)))


def skewed(dice: random.Random, most: int) -> int:
    """A number below `most`: the small ones are drawn more often, so that some concepts have many relations."""
    return int(most * dice.random() ** 1.5)


def shortest(store: GraphStore, one: str, other: str, most: int = 4) -> int | None:
    """How many relations join two concepts, at most `most`, by walking from both ends."""
    ends, seen = [{one}, {other}], [{one}, {other}]
    with store.reading():
        for length in range(1, most + 1):
            side = 0 if len(ends[0]) <= len(ends[1]) else 1
            near = {end for it in store.relations(concepts=ends[side]) for end in (it.subject, it.object)} - seen[side]
            if near & seen[1 - side]:
                return length
            ends[side] = near
            seen[side] |= near
    return None


def made_paper(number: int, concepts: int) -> SourceRecord:
    """The paper of that number: always the same."""
    dice = random.Random(f"paper {number}")
    name, digest = f"paper-{number}", sha256(str(number).encode()).hexdigest()
    id = record_id(name, digest, ("made@1",), True)
    passages, mentions, statements, at = [], [], [], 0
    for place in range(PASSAGES):
        names = list(dict.fromkeys(f"{word(n)} {word(n + 7)}" for n in (skewed(dice, concepts) for _ in range(5))))
        filler = [word(zipfian(dice, 30_000)) for _ in range(WORDS - 2 * len(names))]
        cut = len(filler) // len(names)
        text, spans = "", []
        for index, one in enumerate(names):
            text += " ".join(filler[index * cut : (index + 1) * cut]) + " "
            spans.append((len(text), len(text) + len(one), one))
            text += one + " "
        text = text.rstrip() + "."
        passage = Passage(passage_id(id, at, at + len(text)), text, at, "Results", "results", 1 + place // 5)
        at += len(text) + 2
        passages.append(passage)
        mentions += [
            Mention(passage.id, start, end, text[start:end], "Material", one, key_of(one), 0.9)
            for start, end, one in spans
        ]
        for _ in range(2 if len(names) > 2 else 0):
            one, other = dice.sample(names, 2)
            statement = Statement(
                passage.id,
                0,
                len(text),
                text,
                key_of(one),
                dice.choice(PREDICATE_NAMES),
                key_of(other),
                "does",
                confidence=0.8,
                extractors=("pattern",),
            )
            if statement.id not in {known.id for known in statements[-2:]}:
                statements.append(statement)
    vectors = np.random.default_rng(number).normal(0, 0.05, (len(passages), DIMENSIONS)).astype("<f4").tobytes()
    facts = PaperFacts(f"On {word(number)} and {word(number + 1)}", ("Ada Webber",), 1990 + number % 35)
    return SourceRecord(
        id,
        name,
        digest,
        ("made@1",),
        True,
        facts,
        tuple(passages),
        tuple(mentions),
        tuple(statements),
        "made",
        vectors,
    )


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def shown(values: list[float]) -> str:
    ordered = sorted(values)
    return f"{statistics.median(ordered):.1f} ({ordered[int(0.95 * (len(ordered) - 1))]:.1f})"


def loaded(store: GraphStore, papers: int, concepts: int, minutes: float) -> tuple[float, list[float]]:
    """Fills the library, with fewer papers when time is up. Gives back the seconds of it all without those of making
    the papers, and the milliseconds of each of the last tenth of the papers."""
    each: list[float] = []
    end = time.monotonic() + 60 * minutes
    for number in range(papers):
        if time.monotonic() > end:
            break
        one = made_paper(number, concepts)
        each.append(timed(lambda one=one: store.add(one, f"corpus:{one.name}")))  # type: ignore[misc]
    return sum(each) / 1000, each[-max(1, len(each) // 10) :]


def measured(
    store: GraphStore, papers: int, concepts: int, rounds: int, minutes: float, whole: Whole
) -> Iterator[tuple[str, str]]:
    """What each verb takes, in words."""
    seconds, last = loaded(store, papers, concepts, minutes)
    yield "load, seconds", f"{seconds:.1f}"
    yield "the last tenth of it, a paper", shown(last)
    counts = store.counts()
    yield (
        "papers, passages, concepts, relations",
        f"{counts.papers} {counts.passages} {counts.concepts} {counts.relations}",
    )
    dice = random.Random(1)
    labels = store.concept_labels()
    relations = list(store.relations())
    begins = [dice.choice(labels) for _ in range(rounds + 5)]
    ends = [dice.choice(labels) for _ in range(rounds + 5)]
    asked = [dice.choice(relations) for _ in range(rounds + 5)]
    words = [[word(zipfian(dice, 30_000)) for _ in range(4)] for _ in range(rounds + 5)]

    def two_hops(label: str) -> int:
        with store.reading():
            near = {end for one in store.relations(concept=label) for end in (one.subject, one.object)}
            return sum(1 for _ in store.relations(concepts=near))

    verbs: list[tuple[str, Callable[[int], object]]] = [
        ("one hop", lambda turn: list(store.relations(concept=begins[turn]))),
        ("two hops", lambda turn: two_hops(begins[turn])),
        ("shortest path", lambda turn: shortest(store, begins[turn], ends[turn])),
        ("five paths of up to 4 hops, with evidence", lambda turn: paths(store, begins[turn], ends[turn])),
        (
            "evidence of a relation",
            lambda turn: list(
                store.evidence([(asked[turn].subject, asked[turn].predicate, asked[turn].object)]),
            ),
        ),
        ("full text, 4 words", lambda turn: store.lexical(words[turn], 10)),
        ("a concept by its name", lambda turn: store.concepts_called(dice.choice(labels))),
    ]
    for name, verb in verbs:
        for turn in range(rounds, rounds + 5):
            verb(turn)  # plans and caches
        yield name, shown([timed(lambda verb=verb, turn=turn: verb(turn)) for turn in range(rounds)])  # type: ignore[misc]
    new = [made_paper(papers + number, concepts) for number in range(max(8, rounds // 4))]
    yield "upsert of a paper", shown([timed(lambda one=one: store.add(one, f"corpus:{one.name}")) for one in new])  # type: ignore[misc]
    yield "the same again", shown([timed(lambda one=one: store.add(one, f"corpus:{one.name}")) for one in new])  # type: ignore[misc]
    ids = [store.papers_called(one.name)[0].id for one in new]
    yield "removal of a paper", shown([timed(lambda id=id: store.remove([id])) for id in ids])  # type: ignore[misc]
    yield "revision", shown([timed(store.revision) for _ in range(rounds)])
    yield "whole graph, streamed", whole()


Whole = Callable[[], str]
"""Reads the whole graph in another process, and says what that took."""


def most_memory() -> float:
    """The most that this process has held in memory since it began, MB (Linux)."""
    (line,) = (one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def streamed(store: GraphStore) -> str:
    """Reads all relations, evidence and mentions of one state, one after the other; what it took, in words."""
    megabytes = [most_memory()]
    counts = []
    begun = time.perf_counter()
    with store.reading():
        for read in (store.relations, store.evidence, store.mentions):
            counts.append(sum(1 for _ in read()))
            megabytes.append(most_memory())
    return (
        f"{time.perf_counter() - begun:.1f} s; {counts[0]:,} relations, {counts[1]:,} pieces of evidence, "
        f"{counts[2]:,} mentions; at most {megabytes[-1]:.0f} MB of memory, {megabytes[0]:.0f} of them before"
    )


def streamed_apart(words: list[str], more: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, __file__, "--stream", *words],
        env=os.environ | more,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def size_of(folder: Path) -> str:
    return f"{sum(one.stat().st_size for one in folder.rglob('*') if one.is_file()) / 2**20:,.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--concepts", type=int, default=0, help="default: 75 a paper")
    parser.add_argument("--stores", nargs="+", choices=("sqlite", "neo4j"), default=["sqlite", "neo4j"])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--minutes", type=float, default=60, help="filling the library ends after so many")
    parser.add_argument("--heap", default="512m", help="of the server that is started")
    parser.add_argument("--stream", help="only read the library at this address once; `sqlite:FOLDER` or a server's")
    options = parser.parse_args()
    if options.stream is not None:
        print(streamed(opened(options.stream)))
        return
    concepts = options.concepts if options.concepts else 75 * options.papers
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hypograph-stores-")))
        for name in options.stores:
            folder = home / name
            more: dict[str, str] = {}
            if name == "sqlite":
                address = f"sqlite:{folder}"
            else:
                from tests.server.neo4j_server import OnJava, found

                server = found(folder)
                if isinstance(server, OnJava):
                    server.heap = options.heap
                stack.callback(server.stop)
                server.start()
                address = server.uri
                more = {"NEO4J_USER": server.user, "NEO4J_PASSWORD": server.password}
                os.environ.update(more)
            print(f"== {name}", flush=True)
            with closing(opened(address, create=True)) as store:
                whole = partial(streamed_apart, [address], more)
                for what, took in measured(store, options.papers, concepts, options.rounds, options.minutes, whole):
                    print(f"{what:46}{took}", flush=True)
                print(f"{'on disk':46}{size_of(folder)}", flush=True)


def opened(address: str, create: bool = False) -> GraphStore:
    """The library in a folder (`sqlite:FOLDER`) or on a server."""
    if address.startswith("sqlite:"):
        from kg.stores.sqlite_store import SqliteStore

        return SqliteStore(Path(address.removeprefix("sqlite:")), create=create)
    from tests.server.library import Place
    from tests.server.neo4j_server import Given

    return Place(Given(address, os.environ["NEO4J_USER"], os.environ["NEO4J_PASSWORD"])).opened(create=create)


if __name__ == "__main__":
    main()
