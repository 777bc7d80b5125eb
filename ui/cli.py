"""The command line: each command reads its arguments, calls one verb, and shows what it gives."""

from __future__ import annotations

import errno
import inspect
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.errors import HypographError, LibraryError, NotFound, UsageError
from kg.scope import EVERYWHERE, Scope
from ui import batches, drawn, judged, noted, scoped, went_on
from ui.terminal import (
    OutputClosed,
    log_to_stderr,
    one_line,
    say,
    speak_utf8,
    write,
    write_bytes,
    write_json,
    write_json_lines,
)

if TYPE_CHECKING:
    from types import TracebackType

    from agents.runs import Event
    from kg.library import Library

INTERRUPTED = 130
READER_GONE = 141  # what a shell says of a program that a closed pipe has ended
STDOUT = "-"

app = typer.Typer(
    name="hypograph",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Reads your papers into a graph in which every edge is a sentence somebody wrote, and answers with quotes.",
)


class Mode(StrEnum):
    """Ways to search."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    DENSE = "dense"
    GRAPH = "graph"


class Head(StrEnum):
    """Sets of labels that `extract` may use."""

    AUTO = "auto"
    SCIERC = "scierc"
    STM = "stm"
    BIO = "bio"
    MATERIALS = "materials"


class TableFormat(StrEnum):
    """What `table` writes."""

    CSV = "csv"
    MARKDOWN = "markdown"


class RunFormat(StrEnum):
    """What `runs RUN` writes."""

    MARKDOWN = "markdown"
    JSON = "json"


class Format(StrEnum):
    """What `export` writes."""

    JSONL = "jsonl"
    GRAPHML = "graphml"
    TURTLE = "turtle"
    JSONLD = "jsonld"
    CSV = "csv"
    PARQUET = "parquet"
    MARKDOWN = "markdown"
    BIBTEX = "bibtex"
    CSL = "csl"


LibraryOption = Annotated[
    str | None,
    typer.Option(
        "--library",
        metavar="L",
        help="A folder, or neo4j://HOST:PORT/DATABASE. Default: HYPOGRAPH_LIBRARY, else your data folder.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout, for programs.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress and no warnings on stderr.")]
K = Annotated[int, typer.Option("-k", min=1, help="How many passages.")]
Seed = Annotated[int, typer.Option("--seed", help="Equal seeds give equal answers.")]
Queries = Annotated[
    str | None,
    typer.Option("--queries", metavar="FILE", help="JSON lines, - is stdin: one JSON line comes out for each."),
]


@dataclass(frozen=True, slots=True)
class Call:
    """How a command was asked to work, whatever it does."""

    address: str | None = None
    json: bool = False
    quiet: bool = False

    def library(self, **settings: Any) -> Library:
        """The library that was named."""
        from ui import compose

        return compose.library(self.address, **settings)

    @property
    def tell(self) -> Callable[[Event], None] | None:
        """Tells a step of a run as it was taken."""
        return None if self.quiet else _say_step

    def wait(self, message: str) -> None:
        """Tells that another writer has to be waited for."""
        if not self.quiet:
            say(message)


def _say_step(event: Event) -> None:
    say(one_line(str(event)))


note_app = typer.Typer(no_args_is_help=True, help="What you noted down, apart from what papers state.")
app.add_typer(note_app, name="note")
hypothesis_app = typer.Typer(no_args_is_help=True, help="What you think of hypotheses, and two beside each other.")
app.add_typer(hypothesis_app, name="hypothesis")


def command(
    name: str | None = None, on: typer.Typer = app
) -> Callable[[Callable[..., int | None]], Callable[..., int]]:
    """Makes a command of a function whose first argument is the `Call`: adds --library, --json and --quiet, and turns
    errors into messages and exit statuses. `on` is the group it belongs to. In place of a parameter that is a `Scope`
    stand the options that name one.
    """

    def decorate(function: Callable[..., int | None]) -> Callable[..., int]:
        @wraps(function)
        def run(**given: Any) -> int:
            context, address, as_json, quiet = (given.pop(one) for one in ("context", "library", "as_json", "quiet"))
            before = context.find_root().params
            call = Call(
                before["library"] if address is None else address,
                as_json or before["as_json"],
                quiet or before["quiet"],
            )
            log_to_stderr(call.quiet)
            if place is not None:
                given[place] = scoped.scope({option: given.pop(option) for option in scoped.OPTIONS})
            return _status(partial(function, call, **given))

        wishes = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        place = next((one.name for one in wishes if one.annotation is Scope), None)
        if place is not None:
            wishes = [
                *(one for one in wishes if one.name != place),
                *(
                    inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=None)
                    for option, kind in scoped.OPTIONS.items()
                ),
            ]
        common = [("library", LibraryOption, None), ("as_json", JsonOption, False), ("quiet", QuietOption, False)]
        parameters = [
            inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
            *(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in wishes),
            *(
                inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
                for option, kind, default in common
            ),
        ]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        on.command(name)(run)
        return run

    return decorate


def _status(work: Callable[[], int | None]) -> int:
    """Does the work; an error becomes a message on stderr and the exit status that belongs to it."""
    try:
        return work() or 0
    except HypographError as error:
        say(f"hypograph: {error}")
        return error.exit_status
    except KeyboardInterrupt:
        say("Interrupted. What was committed stays; the same command goes on from there.")
        return INTERRUPTED
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        what = "Free some space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "Mend that"
        say(f"hypograph: {error.strerror or error}{place}. {what}, then run the same command again.")
        return LibraryError.exit_status


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command line (default: that of the process) and gives back its exit status."""
    if argv is None:
        sys.excepthook = _unexpected
    speak_utf8()
    try:
        status = typer.main.get_command(app).main(args=argv, prog_name="hypograph", standalone_mode=False)
    except typer.TyperException as error:
        if message := _usage(error):
            say(message)
        return error.exit_code
    except typer.Abort:
        return INTERRUPTED
    except OutputClosed:
        # Nothing more can be said there; without this, the interpreter would try once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    return status if isinstance(status, int) else 0


def _unexpected(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """What a mistake in the program itself looks like to a user; with HYPOGRAPH_DEBUG set, to its developers."""
    if os.environ.get("HYPOGRAPH_DEBUG"):
        sys.__excepthook__(kind, error, traceback)
    elif not issubclass(kind, KeyboardInterrupt):
        say(
            f"hypograph: unexpected {kind.__name__}: {one_line(error):.500}\nThis is a mistake in Hypograph. Run the "
            "command with HYPOGRAPH_DEBUG=1 to see where it happens, and report that. Your library was left as it was."
        )


def _usage(error: typer.TyperException) -> str:
    """What is wrong with a command line, with the value that was given."""
    message = error.format_message().replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    if context is None or not message:  # nothing at all was asked, and the help was shown
        return message
    wrong: list[Any] = getattr(error.__cause__, "errors", list)()
    if wrong and repr(wrong[0].get("input")) not in message:
        message = f"{message}, not {wrong[0].get('input')!r:.100}"
    return f"hypograph: {message}\nTry `{context.command_path} --help`."


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        write(f"hypograph {version('hypograph')}")
        raise typer.Exit


@app.callback()
def everywhere(
    library: LibraryOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    """Reads your papers into a graph in which every edge is a sentence somebody wrote, and answers with quotes."""


# Papers in and out --------------------------------------------------------------------------------------------------


@command()
def ingest(
    call: Call,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, folders, corpora (.jsonl, .gz, .xz).")],
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=1024, help="Processes that read.")] = None,
    extractor: Annotated[
        str | None, typer.Option("--extractor", help="What finds concepts and relations; two as A+B.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be read, and read nothing.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after an interruption; any ingest does.")] = False,
) -> int:
    """Read papers into the library."""
    from ui.progress import watching

    with call.library() as library, watching(call.quiet) as on_progress:
        report = library.add(
            *paths, workers=workers, extractor=extractor, dry_run=dry_run, resume=resume, on_progress=on_progress
        )
    told = report.as_json()
    if call.json:
        write_json(told)
    else:
        drawn.report(told)
    if report.interrupted:
        say("Interrupted. What was committed stays; the same command goes on from there.")
        return INTERRUPTED
    if report.stopped is not None:
        raise LibraryError(f"Stopped: {report.stopped}")
    return 1 if report.failed else 0


@command()
def remove(call: Call, papers: Annotated[list[str], typer.Argument(metavar="PAPER...", help="Ids or keys.")]) -> int:
    """Take papers out of the library: the exact inverse of reading them."""
    with call.library() as library:
        done = library.remove(*papers, on_wait=call.wait)
    if call.json:
        write_json(asdict(done))
    elif done.removed:
        write(f"Removed: {', '.join(done.removed)}.")
    if done.missing:
        raise NotFound(
            f"No paper is called {', '.join(map(repr, done.missing))}. Look keys up with `hypograph papers`."
        )
    return 0


@command()
def tag(
    call: Call,
    papers: Annotated[list[str] | None, typer.Argument(metavar="PAPER...", help="Ids or keys.")] = None,
    add: Annotated[list[str] | None, typer.Option("--add", metavar="T", help="A tag to give; repeatable.")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="T", help="One to take away.")] = None,
) -> None:
    """Give papers tags of your own, or take them away, for `--in TAG`; without a paper, list the tags."""
    from kg.export import paper_json

    if not papers and (add or remove):
        raise UsageError("Which papers? Name them by id or key before --add and --remove.")
    with call.library() as library:
        if not papers:
            counts = library.tags()
            if call.json:
                write_json_lines({"tag": name, "papers": count} for name, count in counts.items())
            else:
                drawn.tags(counts)
            return
        found = library.tag(*papers, add=add or (), remove=remove or (), on_wait=call.wait)
    if call.json:
        write_json_lines(map(paper_json, found))
    else:
        drawn.papers(found)


# Looking ------------------------------------------------------------------------------------------------------------


@command()
def info(call: Call) -> None:
    """What is in the library."""
    with call.library() as library:
        told = asdict(library.info())
    if call.json:
        write_json(told)
    else:
        drawn.pairs(told)


@command()
def papers(call: Call) -> None:
    """List the papers."""
    from kg.export import paper_json

    with call.library() as library:
        if call.json:
            write_json_lines(map(paper_json, library.papers()))
        else:
            drawn.papers(library.papers())


@command()
def concepts(
    call: Call,
    text: Annotated[str | None, typer.Argument(help="In a label or an alias.")] = None,
    type: Annotated[str | None, typer.Option("--type", help="Of that type alone, such as Material.")] = None,
) -> None:
    """List the concepts."""
    from kg.export import concept_json

    with call.library() as library:
        if call.json:
            write_json_lines(map(concept_json, library.concepts(text, type)))
        else:
            drawn.concepts(library.concepts(text, type))


@command()
def relations(
    call: Call,
    text: Annotated[str | None, typer.Argument(help="In subject or object.")] = None,
    candidates: Annotated[
        bool, typer.Option("--candidates", help="Instead: what is too doubtful to count as a relation.")
    ] = False,
) -> None:
    """List the relations."""
    from kg.export import relation_json

    with call.library() as library:
        found = library.relations(text, candidates)
        if call.json:
            write_json_lines(relation_json(one, id=one.id, candidate=candidates) for one in found)
        else:
            drawn.relations(found)


@command()
def show(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="ID-OR-NAME")],
    candidates: Annotated[
        bool, typer.Option("--candidates", help="With the sentences that are too doubtful to count.")
    ] = False,
) -> None:
    """Show a paper, passage, concept or relation whole."""
    with call.library() as library:
        told = library.show(name, candidates)
    if call.json:
        write_json(told)
    elif told["kind"] == "note":
        noted.draw(told)
    elif told["kind"] == "hypothesis":
        judged.draw(told)
    else:
        drawn.shown(told)


@command()
def disagreements(call: Call, concept: Annotated[str | None, typer.Argument(help="Of it alone.")] = None) -> None:
    """List the relations that some sentences state and others deny, with both."""
    with call.library() as library:
        if call.json:
            write_json_lines(one.as_json() for one in library.disagreements(concept))
        else:
            drawn.disagreements(library.disagreements(concept))


@command()
def quarantine(
    call: Call, paper: Annotated[str | None, typer.Argument(help="Of it alone (an id or a key).")] = None
) -> None:
    """List the passages that look like instructions to a program: kept, and never searched, counted or quoted."""
    with call.library() as library:
        found = library.quarantine(paper)
    if call.json:
        write_json_lines(one.as_json() for one in found)
    else:
        drawn.quarantine(found)


# Asking -------------------------------------------------------------------------------------------------------------


@command()
def search(
    call: Call,
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    k: K = 10,
    mode: Annotated[Mode, typer.Option("--mode", help="How to search.")] = Mode.HYBRID,
    where: Scope = EVERYWHERE,
    queries: Queries = None,
) -> int:
    """Find passages, the best first."""
    from kg.export import hit_json

    with call.library() as library:
        library.scope(**where.arguments())
        if queries is not None:
            _alone(query, "QUERY")
            return batches.answer(
                queries,
                ["query"],
                lambda line: {
                    "query": line["query"],
                    "hits": [
                        hit_json(hit)
                        for hit in library.search(line["query"], k, mode.value, **scoped.of_line(line, where))
                    ],
                },
                call.quiet,
            )
        text = _given(query, "QUERY")
        hits = library.search(text, k, mode.value, **where.arguments())
    if call.json:
        write_json({"query": text, "hits": [hit_json(hit) for hit in hits]})
    else:
        drawn.hits(hits)
    return 0


@command()
def ask(
    call: Call,
    question: Annotated[str | None, typer.Argument(help="What to answer.")] = None,
    k: Annotated[int | None, typer.Option("-k", min=1, help="How many passages to look at.")] = None,
    where: Scope = EVERYWHERE,
    seed: Seed = 0,
    queries: Queries = None,
    keep: Annotated[bool, typer.Option("--keep/--no-keep", help="Keep the run beside the library.")] = True,
    after: Annotated[
        str | None, typer.Option("--after", metavar="RUN", help="The kept run that the question follows.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.md", help="Also write it as Markdown with references.")
    ] = None,
    override: Annotated[
        str | None, typer.Option("--override", metavar="REASON", help="Go on after an advisory; kept with the run.")
    ] = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="Let the run ask you where something has to be cleared up.")
    ] = False,
    model: Annotated[
        bool, typer.Option("--model/--no-model", help="Ask the language model of the settings, where there is one.")
    ] = True,
    marked: Annotated[
        bool, typer.Option("--marked", help="Note what the language model wrote without support, too.")
    ] = False,
    notes: Annotated[bool, typer.Option("--notes", help="Show which of your notes belong to it, beside it.")] = False,
) -> int:
    """Answer a question with quotes, or say that the papers do not answer it."""
    with call.library() as library:
        library.scope(**where.arguments())
        if queries is not None:
            _alone(question, "QUESTION")
            if report is not None:
                raise UsageError("--report is for one QUESTION: with --queries, every line has its answer as JSON.")
            return batches.answer(
                queries,
                ["query"],
                lambda line: library.ask(
                    line["query"],
                    k,
                    seed=seed,
                    keep=keep,
                    after=_text_of(line, "after", after),
                    override=_text_of(line, "override", override),
                    with_model=model,
                    marked=marked,
                    notes=notes,
                    **scoped.of_line(line, where),
                ).as_json(),
                call.quiet,
            )
        answer = library.ask(
            _given(question, "QUESTION"),
            k,
            seed=seed,
            keep=keep,
            after=after,
            override=override,
            interactive=interactive,
            with_model=model,
            report=report is not None,
            marked=marked,
            notes=notes,
            on_event=call.tell,
            **where.arguments(),
        )
        if not call.json:
            answer = went_on.talked(library, answer, call.tell)
    if report is not None:
        report.write_text(answer.report(), encoding="utf-8")
    went_on.outcome(answer.as_json(), call.json)
    return 0


@command()
def criticize(
    call: Call,
    claim: Annotated[
        str | None, typer.Argument(metavar="ID-OR-STATEMENT", help="A kept hypothesis, or a statement in words.")
    ] = None,
    where: Scope = EVERYWHERE,
    queries: Queries = None,
    keep: Annotated[bool, typer.Option("--keep/--no-keep", help="Keep the run beside the library.")] = True,
    model: Annotated[
        bool, typer.Option("--model/--no-model", help="Ask the language model of the settings, where there is one.")
    ] = True,
) -> int:
    """Say what the papers have for and against a statement or a hypothesis, and whether they state it already."""
    with call.library() as library:
        library.scope(**where.arguments())
        if queries is not None:
            _alone(claim, "ID-OR-STATEMENT")
            return batches.answer(
                queries,
                ["statement"],
                lambda line: library.criticize(
                    line["statement"], keep=keep, with_model=model, **scoped.of_line(line, where)
                ).as_json(),
                call.quiet,
            )
        told = library.criticize(
            _given(claim, "ID-OR-STATEMENT"), keep=keep, with_model=model, on_event=call.tell, **where.arguments()
        )
    went_on.outcome(told.as_json(), call.json)
    return 0


@command()
def hypothesize(
    call: Call,
    start: Annotated[str | None, typer.Option("--from", metavar="A", help="A concept to start from.")] = None,
    goal: Annotated[str | None, typer.Option("--to", metavar="B", help="A concept to go to.")] = None,
    question: Annotated[str | None, typer.Option("--question", metavar="Q", help="A question to start from.")] = None,
    statement: Annotated[str | None, typer.Option("--statement", metavar="S", help="Your own, in words.")] = None,
    n: Annotated[int, typer.Option("-n", min=1, max=100, help="How many hypotheses.")] = 5,
    where: Scope = EVERYWHERE,
    seed: Seed = 0,
    keep: Annotated[bool, typer.Option("--keep/--no-keep", help="Keep the run beside the library.")] = True,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.md", help="Also write them as Markdown with references.")
    ] = None,
    model: Annotated[
        bool, typer.Option("--model/--no-model", help="Ask the language model of the settings, where there is one.")
    ] = True,
    skip_rejected: Annotated[bool, typer.Option("--skip-rejected", help="Leave out what you rejected.")] = False,
    across: Annotated[
        bool, typer.Option("--across", help="Join different communities of concepts alone (with --from A, or nothing).")
    ] = False,
) -> int:
    """Suppose what the papers do not state, from what they do: with its path, its critique and what would refute it."""
    with call.library() as library:
        made = library.hypothesize(
            start, goal, question=question, statement=statement, n=n, seed=seed, keep=keep, with_model=model,
            skip_rejected=skip_rejected, across=across, on_event=call.tell, **where.arguments(),
        )  # fmt: skip
    if report is not None:
        report.write_text(made.report(), encoding="utf-8")
    went_on.outcome(made.as_json(), call.json)
    return 0


@command()
def table(
    call: Call,
    questions: Annotated[
        str, typer.Option("--questions", metavar="FILE", help="A question on each line, - is stdin; # begins a remark.")
    ],
    where: Scope = EVERYWHERE,
    form: Annotated[TableFormat | None, typer.Option("--format", help="Write that to stdout.")] = None,
    sort: Annotated[
        str, typer.Option("--sort", metavar="BY", help="key, title, year, filled, or a question's number.")
    ] = "key",
) -> None:
    """Ask every paper each of some questions: a table of quotes, empty where a paper does not say."""
    from ui.progress import counting

    asked = [line for _, line in batches.lines(questions) if not line.startswith("#")]
    with call.library() as library, counting("Asking papers", call.quiet) as on_progress:
        told = library.table(asked, on_progress=on_progress, **where.arguments())
    told = told.sorted(int(sort) if sort.isdecimal() else sort)
    if form is not None:
        text = told.to_csv() if form is TableFormat.CSV else told.to_markdown()
        write_bytes(text.encode("utf-8", "replace"))
    elif call.json:
        write_json(told.as_json())
    else:
        drawn.table(told.as_json())


def _text_of(line: dict[str, Any], field: str, default: str | None) -> str | None:
    """A text that a line of a batch may have, else what was said for all lines."""
    value = line.get(field, default)
    if value is not None and not isinstance(value, str):
        raise UsageError(f"{field!r} must be a text in quotation marks.")
    return value


@command()
def runs(
    call: Call,
    run: Annotated[str | None, typer.Argument(help="Write this one out.")] = None,
    form: Annotated[RunFormat, typer.Option("--format", help="Of one run.")] = RunFormat.MARKDOWN,
) -> None:
    """List the runs that were kept, the latest first; or write one out whole."""
    with call.library() as library:
        if run is not None:
            told = library.run(run)
            if call.json or form is RunFormat.JSON:
                write_json(told)
            else:
                from ui import run_report

                write_bytes(run_report.markdown(told).encode("utf-8", "replace"))
            return
        found = library.runs()
    if call.json:
        write_json_lines(found)
    else:
        drawn.runs(found)


Run = Annotated[str, typer.Argument(metavar="RUN", help="The id of a kept run.")]


@command()
def answer(
    call: Call, run: Run, text: Annotated[str, typer.Argument(help="What you say, or an option's number.")]
) -> None:
    """Say something to the question that a run stopped with; it goes on."""
    with call.library() as library:
        told = library.answer(run, text, on_event=call.tell)
    went_on.outcome(told.as_json(), call.json)


@command()
def resume(call: Call, run: Run) -> None:
    """Go on with a run that was cut off or cancelled: nobody is asked twice."""
    with call.library() as library:
        told = library.resume(run, on_event=call.tell)
    went_on.outcome(told.as_json(), call.json)


@command()
def replay(call: Call, run: Run) -> None:
    """Make a run again from its record: the same bytes, without asking any model."""
    with call.library() as library:
        told = library.replay(run, on_event=call.tell)
    went_on.outcome(told.as_json(), call.json)


@command()
def cancel(call: Call, run: Run) -> None:
    """Stop a run that another program is making, at its next step."""
    with call.library() as library:
        library.cancel(run)
    if call.json:
        write_json({"cancelled": run})
    elif not call.quiet:
        say(f"{run} stops at its next step. `hypograph resume {run}` goes on.")


@command()
def paths(
    call: Call,
    a: Annotated[str | None, typer.Argument(help="A concept.")] = None,
    b: Annotated[
        str | None, typer.Argument(help="Another one; without it, what A has no stated relation with.")
    ] = None,
    n: Annotated[int, typer.Option("-n", min=1, help="How many paths.")] = 5,
    max_hops: Annotated[int, typer.Option("--max-hops", min=1, max=8, help="Relations in a path, at most.")] = 4,
    via: Annotated[
        list[str] | None, typer.Option("--via", metavar="C", help="A concept to pass; repeatable, in order.")
    ] = None,
    seed: Seed = 0,
    where: Scope = EVERYWHERE,
    queries: Queries = None,
) -> int:
    """Show how two concepts hang together, with the sentences behind each step."""
    from kg.export import path_json

    with call.library() as library:
        library.scope(**where.arguments())
        if queries is not None:
            _alone(a, "A")
            return batches.answer(
                queries,
                ["a", "b"],
                lambda line: {
                    "paths": [
                        path_json(one)
                        for one in library.paths(
                            line["a"], line["b"], n, max_hops, seed, via=via or (), **scoped.of_line(line, where)
                        )
                    ]
                },
                call.quiet,
            )
        found = library.paths(_given(a, "A"), b, n, max_hops, seed, via=via or (), **where.arguments())
    if call.json:
        write_json({"paths": [path_json(one) for one in found]})
    else:
        drawn.paths(found)
    return 0


@command()
def predict(
    call: Call,
    until: Annotated[int, typer.Option("--until", metavar="YEAR", help="From papers up to then alone.")],
    top: Annotated[int | None, typer.Option("--top", min=1, help="How many of the likeliest pairs (30).")] = None,
    pairs: Annotated[
        str | None, typer.Option("--pairs", metavar="FILE", help="These pairs: JSON lines {a, b}; - is stdin.")
    ] = None,
) -> int:
    """Say which concepts are likely to meet that no paper names together yet."""
    from ui import predicted

    predicted.only_one(top, pairs)
    with call.library() as library:
        if pairs is not None:
            return predicted.pairs(library, pairs, until, call.quiet)
        found = library.predict(until=until, top=30 if top is None else top)
    if call.json:
        write_json_lines(one.as_json() for one in found)
    else:
        predicted.draw(found)
    return 0


@command()
def backtest(
    call: Call,
    until: Annotated[int, typer.Option("--until", metavar="YEAR", help="Later papers are hidden.")],
    horizon: Annotated[int, typer.Option("--horizon", min=1, help="Years after it that are looked at.")] = 3,
) -> None:
    """Hide later papers, predict, and compare with what came."""
    from ui import predicted

    with call.library() as library:
        done = library.backtest(until, horizon)
    if call.json:
        write_json(done.as_json())
    else:
        predicted.draw_backtest(done)


@command()
def extract(
    call: Call,
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON lines {id, text}; - is stdin.")] = "-",
    head: Annotated[Head, typer.Option("--head", help="Whose labels to use.")] = Head.AUTO,
) -> int:
    """Find mentions and relations in texts, without a library."""
    from ui import compose
    from ui.extracted import as_json

    extractor = compose.extractor(call.address)
    return batches.answer(file, ["text"], lambda line: as_json(extractor, line["text"], head.value), call.quiet)


# Noting down --------------------------------------------------------------------------------------------------------

noted.register(lambda name: command(name, note_app))
judged.register(lambda name: command(name, hypothesis_app))
command()(judged.digest)


# Care ---------------------------------------------------------------------------------------------------------------


@command("export")
def export_(
    call: Call,
    out: Annotated[str, typer.Argument(metavar="OUT", help="A file; - is stdout.")],
    form: Annotated[Format, typer.Option("--format", help="jsonl is complete and canonical.")] = Format.JSONL,
    vectors: Annotated[bool, typer.Option("--vectors", help="With the passages' vectors.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="With what is no fact: notes and kept hypotheses.")] = False,
) -> None:
    """Write the library out."""
    if form is not Format.JSONL:
        raise UsageError(
            f"The format {form.value} is not written by this version. `--format jsonl` is, and holds everything."
        )
    from ui import dumps

    with call.library() as library:
        if out == STDOUT:
            dumps.to_stdout(library, vectors, everything)
        else:
            dumps.to_file(library, Path(out), vectors, everything)
            if not call.quiet:
                say(f"Written: {out}")


@command()
def copy(
    call: Call,
    source: Annotated[str, typer.Argument(metavar="SRC", help="A library.")],
    target: Annotated[str, typer.Argument(metavar="DST", help="Where its copy shall be.")],
) -> None:
    """Copy a library to another place, without loss."""
    from ui import compose

    with compose.library(source) as one, compose.library(target) as other:
        told = asdict(one.copy_to(other, on_wait=call.wait))
    if call.json:
        write_json(told)
    else:
        drawn.pairs(told)


@command()
def verify(
    call: Call,
    repair: Annotated[bool, typer.Option("--repair", help="Make what is wrong anew.")] = False,
) -> int:
    """Check every quote, count and index against the facts."""
    with call.library() as library:
        done = library.verify(repair=repair, on_wait=call.wait)
    told = {"checked": done.checked, "wrong": list(done.wrong), "repaired": done.repaired}
    if call.json:
        write_json(told)
    else:
        drawn.verified(told)
    return 1 if done.wrong and not done.repaired else 0


@command()
def rebuild(call: Call) -> None:
    """Fold all views anew from the facts."""
    begun = time.monotonic()
    with call.library() as library:
        library.rebuild(on_wait=call.wait)
        told = {"seconds": round(time.monotonic() - begun, 3)} | asdict(library.info())
    if call.json:
        write_json(told)
    else:
        drawn.pairs(told)


@command("ui")
def web_app(
    call: Call,
    port: Annotated[int | None, typer.Option("--port", help="Default: the first free one from 8501.")] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Read the sample articles first where there is no library yet.")
    ] = False,
    listen: Annotated[
        str,
        typer.Option("--address", help="What to listen on, where something else keeps others out, as in a container."),
    ] = "127.0.0.1",
) -> None:
    """Open the web app, on this machine alone."""
    from ui.progress import watching
    from ui.web import server

    at = server.free_port(port)
    with call.library() as library:
        if sample:
            with watching(call.quiet) as on_progress:
                server.fill_with_sample(library, on_progress)
        address = str(library.address)
    if not call.quiet:
        say(f"Library: {address}\nOpen http://{server.HOST}:{at} in a browser. Ctrl-C ends it.")
    server.become(at, address, listen)


@command()
def doctor(
    call: Call,
    ask: Annotated[
        bool, typer.Option("--ask/--no-ask", help="Ask the language model that is set, if any, a tiny question.")
    ] = True,
) -> int:
    """Check the installation and the library, and say what to do next."""
    from ui import doctor as looks

    checks = looks.examine(call.address, ask)
    if call.json:
        write_json({"checks": [asdict(check) for check in checks]})
    else:
        drawn.checks(checks)
    return 0 if all(check.ok for check in checks) else 1


@command()
def config(call: Call) -> None:
    """Print the settings that hold and where they come from; secrets are not shown."""
    from kg import addresses, settings

    library = call.library()
    rows = {
        "library": {
            "value": str(library.address),
            "source": addresses.source(call.address),
            "meaning": "where the library is",
        },
        **settings.shown(library.effective),
    }
    if call.json:
        write_json(rows)
    else:
        drawn.settings(rows)


def _given(value: str | None, name: str) -> str:
    if value is None:
        raise UsageError(f"{name} is missing: give it as an argument, or a file of them with --queries FILE.")
    return value


def _alone(value: str | None, name: str) -> None:
    if value is not None:
        raise UsageError(f"{name} and --queries were both given: choose one of them.")
