"""Answering a question, as plain code that fits on a page. Each line that calls `asking` is a step of the run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from agents.answer import Answer, Remembered
from agents.asking import STEPS, Asking, Step
from agents.library import Library
from agents.run_logs import RunLog
from agents.runs import Event, Model, Record, Run, Waiting
from agents.steps.following import Turn
from kg.scope import EVERYWHERE, Scope

PASSAGES = 10
"""That are looked for to answer a question, where nobody says how many."""


def ask(question: str, library: Library, k: int = PASSAGES, scope: Scope = EVERYWHERE, seed: int = 0,
        on_event: Callable[[Event], None] | None = None, log: RunLog | None = None, *, model: Model | None = None,
        interactive: bool = False, earlier: Sequence[Turn] = (), after: str | None = None, override: str | None = None,
        report: bool = False, marked: bool = False, notes: Sequence[Remembered] = (),
        steps: Collection[Step] = STEPS, record: Record | None = None) -> Answer:
    """Answers a question with whole sentences from the `k` best passages in a scope, or says that the papers do not
    answer it.

    Every sentence has its quotes with their places. `earlier` are the turns of the conversation that it belongs to, the
    latest last, and `after` the run of that one. A question that may serve harm is not answered without the reason
    `override`, which is recorded. With a language model, `report` has it write connected sections as well, and where
    `marked`, the notes say what it wrote without support. `notes` are those of the person's own that the answer shall
    stand beside; nothing is cited from them. `steps` are those of `STEPS` to take. Where `interactive`,
    the answer may be a question to the person (`waiting`); the run goes on with its `record`: see `agents.resuming`.
    Nothing here is left to chance: `seed` is kept with the run for those who use one. Raises UsageError for a question
    without a word, Cancelled where a person wished so, RunChanged where a record does not fit.
    """
    store = library.store
    with store.reading():
        inputs = {"kind": "ask", "question": question, "k": k, "scope": scope.arguments(), "seed": seed,
                  "embedder": library.embedder.name, "revision": store.revision(), "after": after,
                  "earlier": [[turn.question, turn.answer] for turn in earlier], "override": override,
                  "without": sorted(set(STEPS) - set(steps)), "interactive": interactive,
                  "report": report, "marked": marked,
                  "model": None if model is None else model.as_json()}
        if notes:
            inputs["notes"] = [note.as_json() for note in notes]
    run = Run(inputs, log, on_event, model=model, interactive=interactive, record=record)
    try:
        with run:
            asking = Asking(question, library, scope, k, steps, run)
            asking.remembered(notes)
            with asking.snapshot():
                whole = asking.completed(earlier)
                if (advisory := asking.advised(whole, override)) is not None:
                    return asking.ends(asking.refused(advisory))
                checked = asking.checked(whole)
                planned = asking.planned(checked)
            # No snapshot is held here: searches side by side would wait for it. What is cited is looked up again.
            planned = asking.pursued(planned)
            with asking.snapshot():
                told = asking.told(planned, checked)
                told = asking.again(told)
                told = asking.cited(told)
                if report:
                    asking.reported(told)
                return asking.ends(asking.answer(planned, checked, told, marked))
    except Waiting as stopped:
        return asking.waiting(stopped.asked)
