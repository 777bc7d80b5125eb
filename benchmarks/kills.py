"""Runs that are killed at random moments, resumed, and held against the same run made in one go.

    python -m benchmarks.kills --data DATA --library FOLDER [--with oracle|none] [--rounds N] [--seed S]

FOLDER is a library with the passages of MuSiQue's questions, DATA where their gold is (see `benchmarks.workflow`). Each
round asks a question in a process of its own, kills it (SIGKILL) after a time drawn up to what the whole
run takes, and again while it is resumed, up to four times. `--with oracle` asks the scripted model, which
takes some milliseconds a reply.

    same        rounds whose answer and steps are those of the run that nobody killed: at least all
    kills       that met a run before its end
    asked       replies of the model that the rounds asked for beyond what their runs need: those that a kill cut off
    broken      rules (`agents.rules`) that a trace breaks: none
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

import kg
from agents.resuming import resumed
from agents.rules import broken
from agents.run_logs import FolderLog
from agents.runs import Model, Record
from agents.workflows import ask
from benchmarks.oracle import Oracle
from benchmarks.workflow import golden
from kg.language_model import Prompt, Reply
from kg.model import content_id

T = TypeVar("T", bound=BaseModel)
_KILLS = 4  # of one run at most
_PAUSE = 0.02  # seconds that a reply of the scripted model takes


class Slow:
    """The oracle, who takes time and notes in a file that it was asked."""

    def __init__(self, oracle: Oracle, tally: Path) -> None:
        self._oracle, self._tally = oracle, tally

    def __call__(self, prompt: Prompt, reply_type: type[T]) -> Reply[T]:
        with self._tally.open("a") as file:
            file.write(".\n")
        time.sleep(_PAUSE)
        return self._oracle(prompt, reply_type)


def child(args: argparse.Namespace, question: str, folder: Path) -> None:
    """Makes one run, or goes on with the one that is there, and writes how it came out."""
    log = FolderLog(folder / "runs")
    model = None
    if args.model == "oracle":
        gold = next(one for one in golden(args.data) if one.question == question)
        model = Model("oracle", Slow(Oracle(gold), folder / "tally"))
    library = kg.open_library(args.library)
    there = [file.stem for file in (folder / "runs").glob("run-*.jsonl")]
    (folder / "begun").touch()
    if there:
        told = resumed(log, there[0], library, model).as_json()
    else:
        told = ask(question, library, log=log, model=model).as_json()
    (folder / "told.json").write_text(json.dumps(told, sort_keys=True), encoding="utf-8")


def made(args: argparse.Namespace, question: str, folder: Path, after: float | None) -> float | None:
    """Has a process make the run, and kills it so many seconds after its library was opened; how long it took where it
    came to its end. The process is a fork: what is imported need not be imported again."""
    (folder / "begun").unlink(missing_ok=True)
    process = os.fork()
    if process == 0:
        status = 1
        try:
            child(args, question, folder)
            status = 0
        finally:
            os._exit(status)
    begun: float | None = None
    while True:
        ended, code = os.waitpid(process, os.WNOHANG)
        if ended:
            break
        if begun is None and (folder / "begun").exists():
            begun = time.monotonic()
        if begun is not None and after is not None and time.monotonic() - begun >= after:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            return None
        time.sleep(0.001)
    if code or begun is None:
        raise SystemExit(f"the run ended with {code}: {question}")
    return time.monotonic() - begun


def compared(told: dict[str, Any]) -> str:
    """An answer without what was spent: a reply that was cut off is paid for twice."""
    steps = [{name: value for name, value in step.items() if name != "cost"} for step in told["steps"]]
    return json.dumps(told | {"steps": steps, "cost": None}, sort_keys=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--with", dest="model", choices=("oracle", "none"), default="oracle")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    rng = random.Random(args.seed)
    questions = [gold.question for gold in golden(args.data)]
    same = kills = asked = needed = breaches = 0
    for number in range(args.rounds):
        question = rng.choice(questions)
        with tempfile.TemporaryDirectory(prefix="hypograph-kills-") as name:
            whole, cut = Path(name, "whole"), Path(name, "cut")
            for folder in (whole, cut):
                (folder / "runs").mkdir(parents=True)
            took = made(args, question, whole, None)
            assert took is not None
            for _ in range(_KILLS):
                if made(args, question, cut, rng.uniform(0, took)) is not None:
                    break
                kills += 1
            else:
                made(args, question, cut, None)
            one, other = (json.loads((folder / "told.json").read_text()) for folder in (whole, cut))
            right = compared(one) == compared(other)
            same += right
            for folder in (whole, cut):
                breaches += len(broken(Record.read(FolderLog(folder / "runs"), one["run"])))
            asked += _tally(cut)
            needed += _tally(whole)
            print(f"{number + 1:3d} {'same' if right else 'DIFFERENT'} {content_id('q', question)}", flush=True)
    print(
        f"rounds {args.rounds}, same {same}, kills {kills}, asked {asked - needed} beyond {needed}, broken {breaches}"
    )
    return 0 if same == args.rounds and not breaches else 1


def _tally(folder: Path) -> int:
    file = folder / "tally"
    return len(file.read_text().splitlines()) if file.exists() else 0


if __name__ == "__main__":
    sys.exit(main())
