"""The workflow of an answer with a scripted model in the place of a language model, and what it costs without one.

    python -m benchmarks.workflow --data DATA [--library FOLDER] --with oracle|saboteur|claims|none
                                  [--questions N] [--server]

DATA holds MuSiQue's 100 questions over several hops (`multihop/musique-100.json.xz`); their library is FOLDER, or is
made in a temporary folder. `oracle` answers every prompt from gold, and slips in sentences that no quote supports.
Told are:

    reached    share of the passages that support the answers which the searches for the plan's questions found; `reach`
               is the share that searches for the oracle's own questions found, all answers filled in: what search can
               reach
    cited      share of those that the answers cite
    tempted    sentences without support that were slipped in, and how many of these an answer has
    asked      how often each prompt was asked; `forms` in which form each step was taken

`claims` holds claims that people wrote to the sentences that judges chose for them (SciFact, training part, in
DATA/scifact): which share the check of sentences takes for supported, where the judges say they support, where they
contradict, beside other sentences of the same abstract, and the sentence itself, as it is and twisted in several ways.

`saboteur` does what it can to have lies told or no end found; told are what an answer has that no paper says, citations
that do not stand in a passage found in the run, and what was asked at most. With `--server` the script speaks through
an OpenAI-compatible server on loopback and the real package, within a budget of tokens. `none` measures what the
workflow itself takes beside searching, embedding and reading the library: milliseconds of CPU a step.
"""

from __future__ import annotations

import argparse
import json
import lzma
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import kg
from agents.answer import Answer, Sentence
from agents.runs import Model
from agents.steps.planning import Plan, plan
from agents.steps.supporting import unsupported
from agents.workflows import PASSAGES, ask
from benchmarks.oracle import Gold, Oracle, Saboteur, lies, twists
from kg.budget import Budget
from kg.language_model import Ask
from kg.search import words
from training.retrieval.collections import collection
from training.retrieval.fit import library_of

ROOM = 8192
"""Tokens of a prompt."""
BUDGET, REPLY = 30_000, 1024
"""Tokens of a run and of a reply, with --server: each reply is said to have as many as it may."""
Script = Oracle | Saboteur


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--with", dest="script", choices=["oracle", "saboteur", "claims", "none"], required=True)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--server", action="store_true")
    arguments = parser.parse_args()
    if arguments.script == "claims":
        print(json.dumps(claims(arguments.data), indent=1))
        return
    questions = golden(arguments.data)[: arguments.questions]
    with tempfile.TemporaryDirectory() as folder:
        if arguments.library is not None:
            library = kg.open_library(arguments.library)
        else:
            library = library_of(collection("musique", arguments.data), Path(folder))
        match arguments.script:
            case "oracle":
                told = oracle(questions, library, arguments.server)
            case "saboteur":
                told = saboteur(questions, library, arguments.server)
            case _:
                told = alone(questions, library)
    print(json.dumps(told, indent=1))


def golden(data: Path) -> list[Gold]:
    """MuSiQue's questions with their gold."""
    told = json.loads(lzma.decompress((data / "multihop/musique-100.json.xz").read_bytes()))
    return [
        Gold(one["question"], one["answer"], tuple((title, text) for title, text in one["gold"]))
        for one in told["questions"]
    ]


# With the oracle


def oracle(questions: list[Gold], library: kg.Library, server: bool) -> dict[str, Any]:
    rows, asked, forms, tempted = [], Counter[str](), Counter[str](), Counter[str]()
    for gold in questions:
        script = Oracle(gold)
        answer, _ = answered(gold, library, script, server)
        rows.append(figures(gold, answer, library))
        asked.update(script.asked)
        forms.update(f"{event.step}: {event.outputs['form']}" for event in answer.steps if "form" in event.outputs)
        tempted.update(f"slipped in: {kind}" for kind in script.tempted.values())
        tempted.update(f"passed: {script.tempted[one.text]}" for one in said(answer) if one.text in script.tempted)
    means = {name: round(statistics.fmean(row[name] for row in rows), 4) for name in rows[0]}
    return {
        "questions": len(rows),
        **means,
        "reached of reach": round(means["reached"] / means["reach"], 4),
        "tempted": dict(sorted(tempted.items())),
        "asked": dict(asked),
        "forms": dict(sorted(forms.items())),
    }


def figures(gold: Gold, answer: Answer, library: kg.Library) -> dict[str, float]:
    """What of the gold a run has found and cited, and what searches for the oracle's own questions find."""
    searched = {one for event in answer.steps if event.step == "search" for one in event.outputs["passages"]}
    found = {hit.text for hit in answer.hits if hit.passage in searched}
    cited = {citation.passage for one in answer.sentences for citation in one.citations}
    quoted = {hit.text for hit in answer.hits if hit.passage in cited}
    reach = {hit.text for hop in gold.hops for hit in library.search(hop.filled, PASSAGES)}
    return {"reach": share(gold, reach), "reached": share(gold, found), "cited": share(gold, quoted),
            "answered": float(answer.answered), "faults": float(len(faults(answer, library)))}  # fmt: skip


def share(gold: Gold, texts: set[str]) -> float:
    """The share of the gold passages that are among texts of passages."""
    return statistics.fmean(any(hop.is_in(text) for text in texts) for hop in gold.hops)


def said(answer: Answer) -> list[Sentence]:
    """All sentences of an answer and its report."""
    return [*answer.sentences, *(one for section in answer.sections for one in section.sentences)]


def faults(answer: Answer, library: kg.Library) -> list[str]:
    """Citations that do not stand in a passage which the run has found."""
    texts = {hit.passage: hit.text for hit in answer.hits}
    stored = {one.passage.id: one.passage.text for one in library.store.passages(ids=list(texts))} if texts else {}
    return [
        citation.quote
        for sentence in said(answer)
        for citation in sentence.citations
        if not citation.quote or stored.get(citation.passage, "")[citation.start : citation.end] != citation.quote
    ]


# With the saboteur


def saboteur(questions: list[Gold], library: kg.Library, server: bool) -> dict[str, Any]:
    told: list[Answer] = []
    asked, spent, invented, lied = [], [], 0, []
    for number, gold in enumerate(questions):
        script = Saboteur(number)
        answer, tokens = answered(gold, library, script, server)
        told.append(answer)
        asked.append(len(script.asked))
        spent.append(tokens)
        invented += len(faults(answer, library)) + sum(not one.citations for one in said(answer))
        lied += [one.text for one in said(answer) if lies(one.text)]
    overruns = sum(tokens > BUDGET for tokens in spent) if server else 0
    forms = Counter(
        f"{event.step}: {event.outputs['form']}" for one in told for event in one.steps if "form" in event.outputs
    )
    return {"questions": len(told), "ended": len(told), "invented citations": invented, "lies told": lied,
            "asked at most": max(asked), "asked": sum(asked), "tokens at most": max(spent), "overruns": overruns,
            "answered": sum(one.answered for one in told), "forms": dict(sorted(forms.items()))}  # fmt: skip


def answered(gold: Gold, library: kg.Library, script: Script, server: bool) -> tuple[Answer, int]:
    """An answer with that script for a model, and what was spent."""
    if not server:
        answer = ask(
            gold.question,
            library,
            report=True,
            model=Model(f"scripted:{type(script).__name__.lower()}", script, room=ROOM),
        )
        return answer, answer.cost.tokens
    with served(script) as (model, spent):
        return ask(gold.question, library, report=True, model=Model("openai:scripted", model, room=ROOM)), spent()


@contextmanager
def served(script: Script) -> Iterator[tuple[Ask, Callable[[], int]]]:
    """The script behind an OpenAI-compatible server, asked by the real package within BUDGET; and what was spent."""
    from kg.budget import MemoryPurse
    from kg.chat_models import Access
    from kg.language_model import LanguageModel, Prompt
    from kg.settings import ChatModel
    from tests.fakes.chat_server import Asked, ChatServer, Says

    names = prompts_by_system()

    def says(asked: Asked) -> Says:
        # Where a reply is sent back to be mended, what is asked stands in the first message, and is answered anew.
        first, *again = asked.body["messages"][1:]
        text = script.says(Prompt(names[asked.system], asked.system, f"{first['content']}{'?' * len(again)}"))
        usage = sum(len(one["content"]) for one in asked.body["messages"]) // 3, REPLY
        return Says(None, refusal="No.", usage=usage) if text is None else Says(text, usage=usage)

    with ChatServer(says).running() as server:
        opened = Access(ChatModel("openai", "scripted", server.url, reply_tokens=REPLY)).open()
        purse = MemoryPurse(Budget(tokens=BUDGET))
        model = LanguageModel("openai:scripted", opened._make, failures=opened._provider_failures, purse=purse,
                              reply_tokens=REPLY, sleep=lambda seconds: None)  # fmt: skip
        yield model, lambda: round(purse.spent().tokens)


def prompts_by_system() -> dict[str, str]:
    """Which prompt a system message is: they are told apart by how they begin."""
    from agents.steps.asked import prompt

    names = ("question.v2", "plan.v1", "replan.v1", "passages.v1", "finding.v1", "answer.v1", "gaps.v1", "report.v1")
    most = {"plan.v1": "6", "replan.v1": "4", "answer.v1": "8", "gaps.v1": "3", "report.v1": "5"}
    filled = {name: prompt(name).system.replace("$most", most.get(name, "")) for name in names}
    return {system: prompt(name).name for name, system in filled.items()}


# The check of sentences


def claims(data: Path) -> dict[str, str]:
    """The share of claims that the check takes for supported, by what they are held to."""
    documents = {str(one["id"]): one for one in collection("scifact", data).documents}
    abstracts = {str(one["doc_id"]): one["abstract"] for one in lines(data / "scifact/corpus.jsonl.xz")}
    frequencies = Counter(word for said in abstracts.values() for word in set(words(" ".join(said), 5000)))

    def weigh(text: str) -> Plan:
        telling = words(text)
        return plan(text, telling, [frequencies[word] for word in telling], len(abstracts))

    passed: dict[str, list[bool]] = defaultdict(list)

    def held(name: str, sentence: str, quotes: list[str], title: str) -> None:
        passed[name].append(unsupported(sentence, quotes, [title], "", weigh, lambda keys: {}) is None)

    for one in lines(data / "scifact/claims_train.jsonl"):
        for evidence in one["evidence"]:
            id, chosen = str(evidence["doc_id"]), set(evidence["sentences"])
            said, title = abstracts[id], documents[id]["title"]
            held(evidence["label"].lower(), one["claim"], [said[at] for at in sorted(chosen)], title)
            others = [text for at, text in enumerate(said) if at not in chosen]
            held("other sentences of the abstract", one["claim"], others[:2], title)
            own = said[min(chosen)]
            held("the sentence itself", own, [own], "")
            for kind, text in twists(own).items():
                held(f"twisted: {kind}", text, [own], "")
    return {name: f"{sum(each)} of {len(each)} ({sum(each) / len(each):.3f})" for name, each in passed.items()}


def lines(path: Path) -> Iterator[Any]:
    """The lines of a file of JSON lines, packed or not."""
    data = path.read_bytes()
    text = (lzma.decompress(data) if path.suffix == ".xz" else data).decode()
    return (json.loads(line) for line in text.splitlines())


# Without a model


class Timed:
    """A library whose own work is timed: CPU seconds of searching, embedding and reading."""

    def __init__(self, library: kg.Library) -> None:
        self.seconds = 0.0
        self._depth = 0
        self.store, self.index, self.embedder = (
            self._timed(one) for one in (library.store, library.index, library.embedder)
        )
        self.search = self._call(library.search)

    def _timed(self, inner: Any) -> Any:
        outer = self

        class Watched:
            def __getattr__(self, name: str) -> Any:
                found = getattr(inner, name)
                return outer._call(found) if callable(found) and name != "reading" else found

        return Watched()

    def _call(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            if self._depth:
                return function(*given, **named)
            self._depth += 1
            began = time.process_time()
            try:
                return function(*given, **named)
            finally:
                self._depth -= 1
                self.seconds += time.process_time() - began

        return timed


def alone(questions: list[Gold], library: kg.Library) -> dict[str, Any]:
    """CPU milliseconds a step: all of it, what is the library's, and the rest."""
    ask(questions[0].question, library)
    whole, own, steps = [], [], 0
    for gold in questions:
        timed = Timed(library)
        began = time.process_time()
        answer = ask(gold.question, timed)  # type: ignore[arg-type]
        took = time.process_time() - began
        steps += len(answer.steps)
        whole.append(1000 * took / len(answer.steps))
        own.append(1000 * (took - timed.seconds) / len(answer.steps))
    return {"questions": len(questions), "steps": steps, "ms a step": round(statistics.fmean(whole), 2),
            "ms a step of the workflow itself": round(statistics.fmean(own), 2),
            "p95": round(statistics.quantiles(own, n=20)[-1], 2)}  # fmt: skip


if __name__ == "__main__":
    main()
