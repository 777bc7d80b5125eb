"""How well the critic tells what a library says from what it does not: `python benchmarks/critic.py LIBRARY …`.

Statements are built from what the library states, each in four ways: as stated, paraphrased, reversed, and with another
predicate. `states` is right when the critic says which of subject, predicate and object the closest sentence states:
all three; all three; the predicate alone; subject and object. Of each group, the sound statements (the first two) shall
have a higher score than the unsound ones.

For the sample library they are written by hand (critic/sample.tsv, lines in turn for dev and test). For any other they
are made here from its relations, with the paraphrases and the other predicates of the tables below; odd and even ones
by a hash are dev and test. Rules are tuned on dev alone.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from typing import Literal

import kg
from agents.critic import Critic
from kg.errors import HypographError
from kg.model import content_id
from kg.predicates import predicate_named

Kind = Literal["stated", "paraphrased", "reversed", "another predicate"]
Split = Literal["dev", "test"]
SOUND: tuple[Kind, ...] = ("stated", "paraphrased")
UNSOUND: tuple[Kind, ...] = ("reversed", "another predicate")
STATES: dict[Kind, set[str]] = {
    "stated": {"subject", "predicate", "object"},
    "paraphrased": {"subject", "predicate", "object"},
    "reversed": {"predicate"},
    "another predicate": {"subject", "object"},
}
_SAMPLE = Path(__file__).parent / "critic" / "sample.tsv"

# Predicate: as stated, paraphrases, another predicate. {a} and {b} are subject and object.
_SAID: dict[str, tuple[str, tuple[str, ...], str]] = {
    "used for": ("{a} is used for {b}", ("{a} is employed for {b}", "the use of {a} for {b}", "{b} makes use of {a}"),
                 "{a} outperforms {b}"),
    "is a": ("{a} is a {b}", ("{a} is a kind of {b}", "{a} is an example of {b}"), "{a} requires {b}"),
    "uses": ("{a} uses {b}", ("{b} is used by {a}", "{a} employs {b}", "{a} exploits {b}"), "{a} produces {b}"),
    "causes": ("{a} causes {b}", ("{b} results from {a}", "{a} leads to {b}", "{b} is due to {a}"),
               "{a} is measured with {b}"),
    "contains": ("{a} contains {b}", ("{b} is part of {a}", "{a} includes {b}", "{b} is included in {a}"),
                 "{a} prevents {b}"),
    "produces": ("{a} produces {b}", ("{b} is produced by {a}", "production of {b} by {a}", "{a} generates {b}"),
                 "{a} is similar to {b}"),
    "outperforms": ("{a} outperforms {b}", ("{a} is better than {b}", "{b} is outperformed by {a}",
                                            "{b} is worse than {a}"), "{a} is used for {b}"),
    "improves": ("{a} improves {b}", ("{b} is improved by {a}", "{a} leads to an improvement in {b}",
                                      "{a} enhances {b}"), "{a} consists of {b}"),
    "increases": ("{a} increases {b}", ("{b} is raised by {a}", "{a} leads to an increase in {b}"),
                  "{a} is derived from {b}"),
    "decreases": ("{a} decreases {b}", ("{b} is lowered by {a}", "reduction of {b} by {a}", "{a} lowers {b}"),
                  "{a} is a kind of {b}"),
    "requires": ("{a} requires {b}", ("{b} is required for {a}", "{a} needs {b}"), "{a} outperforms {b}"),
    "depends on": ("{a} depends on {b}", ("{a} relies on {b}", "the dependence of {a} on {b}"), "{a} decreases {b}"),
    "derived from": ("{a} is derived from {b}", ("{a} is extracted from {b}", "{a} comes from {b}"),
                     "{a} improves {b}"),
    "consists of": ("{a} consists of {b}", ("{a} is composed of {b}", "{a} is made up of {b}"), "{a} predicts {b}"),
    "enables": ("{a} enables {b}", ("{b} is enabled by {a}", "{a} makes {b} possible", "{a} allows {b}"),
                "{a} is similar to {b}"),
    "evaluated on": ("{a} is evaluated on {b}", ("{a} is tested on {b}", "evaluation of {a} on {b}"),
                     "{a} causes {b}"),
    "affects": ("{a} affects {b}", ("{b} is influenced by {a}", "{a} has an effect on {b}"), "{a} is part of {b}"),
    "measured with": ("{a} is measured with {b}", ("{b} is a measure of {a}", "{a} is assessed with {b}"),
                      "{a} increases {b}"),
    "detects": ("{a} detects {b}", ("{b} is detected by {a}", "{a} identifies {b}"), "{a} consists of {b}"),
    "inhibits": ("{a} inhibits {b}", ("inhibition of {b} by {a}", "{b} is suppressed by {a}"), "{a} contains {b}"),
    "promotes": ("{a} promotes {b}", ("{b} is promoted by {a}", "{a} stimulates {b}"), "{a} is derived from {b}"),
    "located in": ("{a} is located in {b}", ("{a} is found in {b}", "the presence of {a} in {b}"),
                   "{a} outperforms {b}"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with what is right for it. `group` is what it was built from."""

    text: str
    kind: Kind
    group: str
    split: Split


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement as the critic judged it. `states` None: it found no claim in it."""

    statement: Statement
    states: frozenset[str] | None
    novelty: str
    score: float
    seconds: float

    @property
    def right(self) -> bool:
        return self.states == STATES[self.statement.kind]


def by_hand() -> Iterator[Statement]:
    """Those for the sample library."""
    with _SAMPLE.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t")):
            for kind in STATES:
                yield Statement(row[kind], kind, row["stated"], "dev" if number % 2 == 0 else "test")


def made(library: kg.Library, groups: int, rng: random.Random) -> Iterator[Statement]:
    """Those from the relations of a library: of pairs that one relation alone joins, stated and never denied."""
    relations = list(library.store.relations())
    pairs = Counter(frozenset((one.subject, one.object)) for one in relations)
    doubtful = {frozenset((one.subject, one.object)) for one in library.store.candidates()}
    alone = [
        one
        for one in relations
        if one.predicate in _SAID
        and not predicate_named(one.predicate).symmetric
        and one.supports > one.hedges
        and not one.denies
        and pairs[frozenset((one.subject, one.object))] == 1
        and frozenset((one.subject, one.object)) not in doubtful
        and one.subject != one.object
    ]
    by_predicate = defaultdict(list)
    for one in alone:
        by_predicate[one.predicate].append(one)
    for found in by_predicate.values():
        rng.shuffle(found)
    names = sorted(by_predicate)
    chosen = [found[turn] for turn in range(groups) for name in names if turn < len(found := by_predicate[name])]
    for one in chosen[:groups]:
        plain, paraphrases, other = _SAID[one.predicate]
        split: Split = "dev" if int(content_id("x", one.id)[-1], 16) % 2 == 0 else "test"
        ends = {"a": one.subject, "b": one.object}
        turned = {"a": one.object, "b": one.subject}
        texts: dict[Kind, str] = {
            "stated": plain.format(**ends),
            "paraphrased": rng.choice(paraphrases).format(**ends),
            "reversed": plain.format(**turned),
            "another predicate": other.format(**ends),
        }
        for kind, text in texts.items():
            yield Statement(text, kind, one.id, split)


def judge(statements: list[Statement], library: kg.Library) -> list[Judged]:
    """Each statement criticised."""
    critic = Critic(library)
    found = []
    for one in statements:
        began = time.process_time()
        try:
            critique = critic.of(one.text)
        except HypographError:
            found.append(Judged(one, None, "-", 0.0, time.process_time() - began))
            continue
        seconds = time.process_time() - began
        found.append(Judged(one, frozenset(critique.novelty.states), critique.novelty.verdict, critique.score, seconds))
    return found


def above(found: list[Judged]) -> tuple[int, int]:
    """How many pairs of a sound and an unsound statement of one group have the sound one above, and how many there are;
    ties are half."""
    groups = defaultdict(list)
    for one in found:
        groups[one.statement.group].append(one)
    right = 0.0
    pairs = 0
    for group in groups.values():
        sound = [one.score for one in group if one.statement.kind in SOUND]
        unsound = [one.score for one in group if one.statement.kind in UNSOUND]
        for a, b in product(sound, unsound):
            pairs += 1
            right += 1.0 if a > b else 0.5 if a == b else 0.0
    return round(right), pairs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", nargs="+", help="a library; one of the sample articles has hand-written statements")
    parser.add_argument("--groups", type=int, default=34, help="of four statements each, from other libraries")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", choices=["dev", "test"], help="print what was judged wrongly in this half")
    parser.add_argument("--split", choices=["dev", "test"], help="this half alone")
    args = parser.parse_args()
    found = []
    for address in args.library:
        with kg.open_library(address) as library:
            keys = {paper.key for paper in library.papers()}
            sample = "spider-silk.md" in keys
            rng = random.Random(args.seed)
            statements = list(by_hand()) if sample else list(made(library, args.groups, rng))
            library.search("begin")
            found += judge([one for one in statements if args.split in (None, one.split)], library)
    for one in found:
        if args.show == one.statement.split and not one.right:
            told = "no claim found" if one.states is None else ", ".join(sorted(one.states)) or "nothing"
            print(f"  {one.statement.kind}: {one.statement.text!r} -> {told} ({one.novelty})")
    for split in ("dev", "test"):
        half = [one for one in found if one.statement.split == split]
        if not half:
            continue
        kinds = {kind: [one.right for one in half if one.statement.kind == kind] for kind in STATES}
        told = ", ".join(f"{kind} {sum(right)}/{len(right)}" for kind, right in kinds.items())
        altered = [one.right for one in half if one.statement.kind != "stated"]
        right, pairs = above(half)
        print(f"{split}: states right {sum(altered)}/{len(altered)} ({told}); sound above unsound {right}/{pairs}")
    print(f"CPU time of a critique: median {median(one.seconds for one in found) * 1000:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
