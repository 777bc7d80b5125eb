"""The notebook's face: opens libraries, and finds what reads papers and what answers questions when it is called.

The one module of `kg` that reaches into `ingest` and `agents`, and only from inside its functions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from kg.addresses import Folder, Server
from kg.errors import NoLibrary, NotFound, UsageError
from kg.library import Library
from kg.scope import EVERYWHERE, Scope

if TYPE_CHECKING:
    from agents.answer import Answer
    from agents.critic import Supposed
    from agents.critique import Criticised
    from agents.hypothesis import Hypotheses
    from agents.judged import Judgements
    from agents.resuming import Outcome
    from agents.run_logs import RunLog
    from agents.runs import Event, Model, Record
    from agents.table import Table
    from ingest.pipeline import Pipeline
    from ingest.report import Progress, Report
    from kg.budget import Usage
    from kg.chat_models import Access
    from kg.notes import Conclusion
    from kg.stores.graph_store import GraphStore

_LEDGER = "ledger.jsonl"
_MIB = 2**20


def open_library(address: str | os.PathLike[str] | None = None, **settings: Any) -> Library:
    """The library in a folder, or at `neo4j://HOST[:PORT]`; without an address that of HYPOGRAPH_LIBRARY, else the one
    in the user's data folder.

    >>> library = open_library("silk-library")
    >>> library
    <Library '...silk-library'>

    A folder becomes a library with the first paper that is added to it; until then, looking into it raises NoLibrary.
    `settings` (embedder=…, extractor=…, workers=…) count more than the environment and hypograph.toml.
    """
    return Library(address, **settings)


def add(
    library: Library,
    paths: Iterable[str | os.PathLike[str]],
    *,
    workers: int | None = None,
    extractor: str | None = None,
    dry_run: bool = False,
    resume: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Reads files, folders and corpora into the library, which is made if need be; gives back the job's report.

    A file that cannot be read is in the report with its reason, and the rest go on. `workers` is the number of
    processes; None leaves it to the settings, and they to the work. `dry_run` stores nothing and estimates. `resume`
    passes over what failed for good before. `on_progress` is told of each step, in this thread.

    Raises NotFound for a path that is not there and UsageError for an extractor nobody knows, before anything is made;
    ModelNotUsable where the extractor asks a language model that cannot be asked.
    """
    from ingest import job
    from ingest.extract.extractor import LANGUAGE_MODEL
    from ingest.reading import Limits
    from kg.vectors.embedding import require_same

    named = [os.fspath(path) for path in paths]
    if not named:
        raise UsageError("Nothing to read was named: name files, folders or corpora (.jsonl).")
    if missing := [path for path in named if not os.path.lexists(path)]:
        raise NotFound(f"There is no file or folder {', '.join(missing)}. Nothing was read.")
    settings = library.settings
    chosen = settings.extractor if extractor is None else extractor
    asks = LANGUAGE_MODEL in chosen.split("+")
    make = partial(pipeline, chosen, settings.embedder, language_model(library) if asks else None)
    embedder = make().embedder.name
    store = _to_try_on(library) if dry_run else library.made()
    require_same(store, embedder)
    limits = Limits(
        seconds=settings.file_seconds, memory=settings.file_memory_mb * _MIB, file_bytes=settings.file_mb * _MIB
    )
    ledger = _ledger(library) if not dry_run else None
    with TemporaryDirectory(prefix="hypograph-") as shared:
        if asks and not dry_run:
            make = partial(pipeline, chosen, settings.embedder, _shared(library, Path(shared)))
        report = job.run(
            named,
            store,
            make,
            workers=settings.workers if workers is None else workers,
            dry_run=dry_run,
            resume=resume,
            ledger=ledger,
            on_progress=on_progress,
            limits=limits,
        )
    ended = not dry_run and not report.interrupted and report.stopped is None
    if ended and report.papers["added"] + report.papers["replaced"]:
        library.follow()  # so that the first question need not wait for it
    return report


def _ledger(library: Library) -> Path | None:
    """Where it is kept what became of files: on this machine, since they are its own."""
    folder = library.address.local_folder
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return folder / _LEDGER


def _to_try_on(library: Library) -> GraphStore:
    """What a dry run looks into: the library, or an empty one where there is none, since trying makes nothing."""
    try:
        return library.store
    except NoLibrary:
        from kg.stores.memory_store import MemoryStore

        return MemoryStore()


def language_model(library: Library) -> Access | None:
    """The way to the language model that the library's settings name, or None. Nothing is asked, and nothing made."""
    from kg import chat_models

    return chat_models.access(library.settings, library.address.settings_folder)


def _shared(library: Library, folder: Path) -> Access | None:
    """The same for a job, whose processes spend from one purse, which lies in `folder`. Raises ModelNotUsable for what
    can be seen to be missing before anything is asked."""
    access = language_model(library)
    if access is not None:
        access.check()
        access = access.sharing(folder)
    return access


def pipeline(extractor: str, embedder: str, access: Access | None = None) -> Pipeline:
    """What makes records of papers; called anew in each process that reads. `access` is the language model."""
    from ingest.extract.extractor import extractor_named
    from ingest.pipeline import Pipeline
    from kg.vectors.embedder import embedder_named

    return Pipeline(extractor_named(extractor, access), embedder_named(embedder))


def ask(
    library: Library,
    question: str,
    k: int | None = None,
    scope: Scope = EVERYWHERE,
    seed: int = 0,
    *,
    keep: bool = True,
    on_event: Callable[[Event], None] | None = None,
    after: str | Answer | None = None,
    override: str | None = None,
    interactive: bool = False,
    with_model: bool = True,
    report: bool = False,
    marked: bool = False,
    notes: bool = False,
) -> Answer:
    """Answers a question from the library with quotes, or says that the papers do not answer it: see
    `agents.workflows.ask`. The run is kept beside the library unless `keep` is false; `library.show(answer.run)` shows
    it.

    `after` is the answer, or the kept run (id), that the question follows: "and in nacre?" is completed from it.
    NotFound for a run that was not kept. Where `interactive`, the answer may be a question (`answer.waiting`):
    `library.answer(answer.run, "…")` goes on. Without `with_model`, the language model of the settings is not asked;
    with one, `report` has it write connected sections for `answer.report()`, and `marked` puts what it wrote without
    support into the notes. With `notes`, those of your own notes that belong to the question stand beside the answer
    (`answer.remembered`); nothing is cited from them.
    """
    from agents import conversation, workflows
    from agents.answer import Remembered

    log = run_log(library)
    if isinstance(after, str):
        earlier = conversation.turns(_kept(library), after)
    else:
        earlier = () if after is None else (conversation.turn(after),)
    about = " ".join([question, *(turn.question for turn in earlier[-1:])])
    remembered = library.notes.relevant(about) if notes else []
    return workflows.ask(
        question,
        library,
        workflows.PASSAGES if k is None else k,
        scope,
        seed=seed,
        on_event=on_event,
        log=log if keep else None,
        model=run_model(library) if with_model else None,
        interactive=interactive,
        earlier=earlier,
        after=after if after is None or isinstance(after, str) else after.run,
        override=override,
        report=report,
        marked=marked,
        notes=[Remembered(one.id, one.version, one.title, one.text, one.by) for one in remembered],
    )


def criticize(
    library: Library,
    claim: str | Supposed,
    scope: Scope = EVERYWHERE,
    *,
    keep: bool = True,
    on_event: Callable[[Event], None] | None = None,
    with_model: bool = True,
) -> Criticised:
    """What the papers have for and against a statement in words, a hypothesis, or a kept one named by its id: see
    `agents.critic.criticised`. The run is kept beside the library unless `keep` is false.

    Raises UsageError for a statement in which no claim is found, and NotFound for one about things that are not in the
    library, and for an id that no kept run has.
    """
    from agents import critic

    log = run_log(library)
    asked = claim
    if isinstance(claim, str) and critic.is_id(claim):
        asked = critic.kept(claim, _kept(library), sorted(_runs_written(library)))
    model = run_model(library) if with_model else None
    return critic.criticised(asked, library, scope, on_event, log if keep else None, model=model)


def hypothesize(
    library: Library,
    start: str | None = None,
    goal: str | None = None,
    question: str | None = None,
    statement: str | None = None,
    n: int | None = None,
    scope: Scope = EVERYWHERE,
    seed: int = 0,
    *,
    keep: bool = True,
    on_event: Callable[[Event], None] | None = None,
    with_model: bool = True,
    skip_rejected: bool = False,
    across: bool = False,
) -> Hypotheses:
    """What the papers do not state and what follows from what they do: see `agents.hypothesizing.hypothesize`. The run
    is kept beside the library unless `keep` is false. With `skip_rejected`, what you rejected is left out; `across`
    joins different communities of concepts alone."""
    from agents import hypothesizing

    standings = judgements(library).standings() if skip_rejected else {}

    return hypothesizing.hypothesize(
        library,
        start,
        goal,
        question,
        statement,
        hypothesizing.HYPOTHESES if n is None else n,
        scope,
        seed,
        on_event,
        run_log(library) if keep else None,
        graph=library.relation_graphs.current(),
        model=run_model(library) if with_model else None,
        without=[id for id, standing in standings.items() if standing == "rejected"],
        across=across,
    )


def run_model(library: Library, spent: Usage | None = None) -> Model | None:
    """The language model of the settings as a run asks it, with the budget of one run, of which `spent` is gone; None
    without one. Raises ModelNotUsable for what can be seen to be missing before anything is asked."""
    found = language_model(library)
    if found is None:
        return None
    from agents.runs import Model

    found.check()
    opened = found.open()
    if spent is not None:
        from kg.budget import Sum

        money = 0.0 if spent.money is None else spent.money
        opened.purse.settle(opened.purse.reserve(Sum()), Sum(spent.tokens, money))
    parameters = {"temperature": found.model.temperature, "reply_tokens": found.model.reply_tokens}
    return Model(found.name, opened, parameters, opened.prompt_tokens)


def answer(
    library: Library, run: str, text: str, on_event: Callable[[Event], None] | None = None
) -> Outcome:
    """Says something to the question that a run stopped with, and goes on with it: see `agents.resuming`."""
    from agents import resuming

    resuming.answered(_kept(library), run, text)
    return resume(library, run, on_event)


def resume(library: Library, run: str, on_event: Callable[[Event], None] | None = None) -> Outcome:
    """Goes on with a run that was cut off, cancelled or answered: see `agents.resuming.resumed`."""
    from agents import resuming
    from agents.runs import Record

    log = _kept(library)
    record = Record.read(log, run)
    model = None if record.inputs.get("model") is None else run_model(library, record.usage)
    return resuming.resumed(log, run, library, model, on_event)


def replay(library: Library, run: str, on_event: Callable[[Event], None] | None = None) -> Outcome:
    """Makes a run that is done again, from its record alone: see `agents.resuming.replayed`."""
    from agents import resuming

    return resuming.replayed(_kept(library), run, library, on_event)


def cancel(library: Library, run: str) -> None:
    """Wishes that a run stops at its next step. NotFound for one that is not kept; UsageError for one that has ended.
    """
    from agents.runs import Record

    log = _kept(library)
    record = Record.read(log, run)
    if record.state in ("done", "failed"):
        raise UsageError(f"{run} has ended: it is {record.state}.")
    log.cancel(run)


def table(
    library: Library,
    questions: str | Sequence[str],
    scope: Scope = EVERYWHERE,
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> Table:
    """A literature table of the papers in a scope by questions: see `agents.table.table`."""
    from agents.table import table

    asked = [questions] if isinstance(questions, str) else list(questions)
    return table(asked, library, scope, on_progress=on_progress)


def runs(library: Library) -> list[dict[str, Any]]:
    """The runs that were kept, the latest first: what each was asked, on which revision, how it stands, in how many
    steps and at what cost."""
    from agents.runs import Record

    log = run_log(library)
    if log is None:
        return []
    rows = []
    for run, written in _runs_written(library).items():
        record = Record.read(log, run)
        cost = {"tokens": record.usage.tokens, "money": record.usage.money}
        rows.append(
            {"run": run, "written": written, **record.inputs, "state": record.state, "steps": len(record.events),
             "cost": cost}
        )
    return sorted(rows, key=lambda row: (row["written"], row["run"]), reverse=True)


def shown_run(library: Library, name: str) -> dict[str, Any] | None:
    """A kept run whole: its inputs, every step, and how it stands; None when none is called so."""
    record = run_record(library, name)
    return None if record is None else record.as_json()


def run(library: Library, name: str) -> dict[str, Any]:
    """The same; NotFound when none is called so."""
    from agents.runs import Record

    return Record.read(_kept(library), name).as_json()


def run_record(library: Library, name: str) -> Record | None:
    """What is kept of a run; None when none is called so."""
    from agents.runs import Record

    log = run_log(library)
    if log is None:
        return None
    try:
        return Record.read(log, name)
    except NotFound:
        return None


def _kept(library: Library) -> RunLog:
    log = run_log(library)
    if log is None:
        raise NotFound(f"{library.address} keeps no runs: hand over the answer itself.")
    return log


def judgements(library: Library) -> Judgements:
    """What was thought of the library's hypotheses: see `agents.judged.Judgements`."""
    from agents.judged import Judgements

    return Judgements(library, partial(hypothesis, library))


def hypothesis(library: Library, id: str) -> tuple[dict[str, Any], str]:
    """A hypothesis with the keys of the outside face, and the kept run that made it: the latest one. NotFound where
    none has."""
    written = _runs_written(library)
    for run in sorted(written, key=lambda one: (written[one], one), reverse=True):
        record = run_record(library, run)
        if record is None or record.end is None or record.inputs.get("kind") != "hypothesize":
            continue
        outcome = record.end.get("outcome")
        for told in () if outcome is None else outcome.get("hypotheses", ()):
            if told["id"] == id:
                return dict(told), run
    raise NotFound(f"No kept run made the hypothesis {id[:60]!r}. Ids stand in what `hypograph hypothesize` gave.")


def conclusion(library: Library, run: str) -> Conclusion:
    """What a kept run came to: its answer, called by its question, and the papers that it cites. NotFound for a run
    that was not kept, UsageError for one that came to nothing."""
    from kg.notes import Conclusion

    told = shown_run(library, run)
    if told is None:
        raise NotFound(f"No run {run[:60]!r} was kept. `hypograph runs` lists those that were.")
    ended = told.get("end") or {}
    outcome: dict[str, Any] = ended.get("outcome") or {}
    steps = {step["step"]: step["outputs"] for step in told["steps"]}
    text = str(outcome.get("answer", "")) or " ".join(steps.get("answer", {}).get("sentences", ()))
    if not text.strip() or outcome.get("answered") is False:
        raise UsageError(f"{run} came to no conclusion, so there is nothing to keep of it.")
    inputs = told["inputs"]
    title = str(steps.get("complete", {}).get("completed") or inputs.get("question") or inputs.get("statement") or "")
    cited = [one["id"] for one in outcome.get("papers", ()) if isinstance(one, dict) and "id" in one]
    return Conclusion(text, title[:200], tuple(cited))


def _run_folder(library: Library) -> Path | None:
    return library.address.path / "runs" if isinstance(library.address, Folder) else None


def run_log(library: Library) -> RunLog | None:
    """Where the library's runs are kept; None where none are."""
    from agents.run_logs import FolderLog

    if isinstance(library.address, Server):
        shelf: RunLog = _shelf(library)
        return shelf
    folder = _run_folder(library)
    return None if folder is None else FolderLog(folder)


def _shelf(library: Library) -> Any:
    """Where a store on a server keeps runs, so that all who work with the library see them."""
    store: Any = library.store
    return store.runs


def _runs_written(library: Library) -> dict[str, str]:
    """When each run was last written to (UTC, ISO 8601), by id."""
    if isinstance(library.address, Server):
        found: dict[str, str] = _shelf(library).written()
        return found
    folder = _run_folder(library)
    return {
        file.stem: datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
        for file in (folder.glob("run-*.jsonl") if folder is not None else ())
    }
