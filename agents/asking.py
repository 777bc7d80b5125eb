"""The steps of answering a question: each one is taken, and noted in the run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Literal, get_args

from agents.answer import UNANSWERED, Answer, Cost, Part, Remembered, Section
from agents.findings import Findings, Found, Told
from agents.library import Library
from agents.rules import kept
from agents.runs import Asked, Run
from agents.steps import guarding
from agents.steps.asked import Roomed
from agents.steps.asked_answer import Unsupported, Written
from agents.steps.asked_plan import Change, changed
from agents.steps.asked_plan import planned as planned_by_model
from agents.steps.asked_question import Understood, understood
from agents.steps.asked_report import Connected, connected
from agents.steps.citing import held
from agents.steps.following import Completed, Turn, completed
from agents.steps.forms import WITHOUT, Forms
from agents.steps.graph_questions import Computation
from agents.steps.outlining import Outline, SubQuestion, outline
from agents.steps.premises import Weighed
from agents.steps.pursuing import Ledger, pursued
from agents.steps.questions import comparison, parts, surveyed
from agents.steps.readings import Reading
from kg.errors import UsageError
from kg.language_model import Ask
from kg.model import Paper
from kg.scope import Scope
from kg.search import words

Step = Literal["complete", "split", "premise", "readings", "compare", "survey", "compute", "abstracts", "again"]
STEPS: tuple[Step, ...] = get_args(Step)
"""What may be left out of answering, to see what it is good for."""

BOTH = "each by itself"
"""What a person may say where a name has several meanings."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a question was found to be made of: `leaning` tells which of its parts point back to the one before, `meant`
    which of its readings the person has chosen."""

    question: str
    parts: tuple[str, ...]
    leaning: tuple[bool, ...]
    weighed: Weighed | None = None
    readings: tuple[Reading, ...] = ()
    computation: Computation | None = None
    meant: Reading | None = None

    def as_json(self) -> dict[str, Any]:
        """What the event tells."""
        claim = (
            None
            if self.weighed is None
            else {
                "says": str(self.weighed.claim),
                "assumed": self.weighed.claim.assumed,
                "verdict": self.weighed.verdict,
                "for": [one.quote for one in self.weighed.agreeing],
                "against": [one.quote for one in self.weighed.against],
            }
        )
        return {
            "questions": list(self.parts),
            "claim": claim,
            "readings": [
                {"question": one.question, "name": one.name, "means": one.means, "places": one.places}
                for one in self.readings
            ],
            "meant": None if self.meant is None else self.meant.means,
        }


class Asking:
    """One question on its way through a run."""

    def __init__(
        self, question: str, library: Library, scope: Scope, k: int, steps: Collection[Step], run: Run
    ) -> None:
        self.question, self.run = question, run
        self._library, self._scope, self._k, self._steps = library, scope, k, frozenset(steps)
        self._forms = Forms(None if run.ask is None or run.model is None else Roomed(run.ask, run.model.room))
        self._findings = Findings(library, scope, k, self._steps, self._forms)
        self._whole = Completed(question)
        self._understood: Understood | None = None
        self._taken = WITHOUT
        self._unsupported: tuple[Unsupported, ...] = ()
        self._sections: tuple[Section, ...] = ()
        self._remembered: tuple[Remembered, ...] = ()

    def snapshot(self) -> AbstractContextManager[Any]:
        """One state of the library for all reads inside; none where a language model is waited for."""
        return nullcontext() if self._forms.asks else self._library.store.reading()

    # Understanding

    def remembered(self, notes: Sequence[Remembered]) -> None:
        """What the person wished to be reminded of. A model reads it to understand the question, and it stands beside
        the answer: no paper states it, so nothing is cited from it."""
        self._remembered = tuple(notes)
        if notes:
            self.run.did("remember", [note.id for note in notes], {"notes": [note.as_json() for note in notes]})

    def completed(self, earlier: Sequence[Turn]) -> str:
        """The question as it stands by itself after those before it."""
        follows = bool(earlier) and "complete" in self._steps
        if not words(self.question):
            raise UsageError(
                f"The question {self.question[:60]!r} holds no letter and no digit: there is nothing to ask."
            )
        if guarding.advisory(self.question) is None:  # what may serve harm is looked at before anybody is asked
            self._understood, self._taken = self._forms.taken(lambda ask: self._cleared(earlier, ask), lambda: None)
        if self._understood is not None:
            self._whole = self._understood.whole
        elif follows:
            self._whole = completed(self.question, earlier, self._findings.labels, self._findings.likeness)
        if follows or self._whole.how:
            self.run.did(
                "complete",
                [self.question, [turn.question for turn in earlier]],
                {
                    "question": self.question,
                    "completed": self._whole.question,
                    "how": self._whole.how,
                    **self._taken.as_json(),
                },
            )
        return self._whole.question

    def _cleared(self, earlier: Sequence[Turn], ask: Ask) -> Understood:
        """The question as the model understands it: after the person's answer, where it asks back and may."""
        notes = [f"{note.title}\n{note.text}" for note in self._remembered]
        found = understood(self.question, earlier, ask, notes)
        if found.back is None:
            return found
        said = self.run.person("clear", found.back.question, found.back.options)
        return found if said is None else understood(f"{self.question} ({said})", earlier, ask, notes)

    def advised(self, question: str, override: str | None) -> str | None:
        """The advisory on a question that may serve harm, where nobody gives a reason to go on."""
        own = guarding.advisory(self.question)  # another wording does not hide what was asked
        warned = guarding.advisory(question) if own is None else own
        if warned is None:
            return None
        reason = self.run.person("override", f"{warned.message} Why go on?") if override is None else override
        self.run.did(
            "advise",
            question,
            {"topic": warned.topic, "words": warned.words, "message": warned.message, "override": reason},
        )
        return warned.message if reason is None else None

    def checked(self, question: str) -> Checked:
        """The question taken apart; each part is completed from the one before it."""
        findings = self._findings
        first, *others = parts(question) if "split" in self._steps else (question,)
        asked = [Completed(first)]
        for part in others:
            asked.append(completed(part, [Turn(asked[-1].question)], findings.labels, findings.likeness))
        if self._understood is not None and len(self._understood.parts) > 1:
            found = Checked(question, self._understood.parts, (False,) * len(self._understood.parts))
        elif others:
            found = Checked(question, tuple(one.question for one in asked), tuple(bool(one.how) for one in asked))
        else:
            senses = findings.readings(question) if "readings" in self._steps else ()
            found = Checked(
                question,
                (question,),
                (False,),
                findings.weighed(question) if "premise" in self._steps else None,
                senses,
                findings.computed(question) if "compute" in self._steps and not senses else None,
                self._meant(senses),
            )
        refused = () if self._understood is None else self._understood.refused
        told = {"refused": [{"question": one, "why": why} for one, why in refused]}
        self.run.did("check", question, found.as_json() | self._taken.as_json() | told)
        return found

    def _meant(self, senses: Sequence[Reading]) -> Reading | None:
        """Which of several readings the person means, where there is a person to ask."""
        if not senses:
            return None
        options = [one.means for one in senses]
        said = self.run.person(
            "reading",
            f"{senses[0].name} stands for {' or '.join(options)} in your papers. Which is meant?",
            [*options, BOTH],
        )
        return next((one for one in senses if one.means == said), None)

    def planned(self, checked: Checked) -> Outline:
        """By which way the question is answered, and as which questions."""
        question = checked.question
        found = outline(
            question,
            checked.parts,
            checked.leaning,
            checked.readings,
            comparison(question) if "compare" in self._steps else None,
            surveyed(question) if "survey" in self._steps else None,
            checked.computation is not None,
            checked.weighed is not None,
        )
        if (meant := checked.meant) is not None:
            found = replace(found, questions=tuple(one for one in found.questions if one.question == meant.question))
        taken = WITHOUT
        if len(found.questions) == 1 and found.route in ("passages", "fact") or found.route == "comparison":
            found, taken = self._forms.taken(lambda ask: self._by_model(found, ask), lambda: found)
        self.run.did("plan", question, found.as_json() | taken.as_json())
        if (computation := checked.computation) is not None:
            self.run.did(
                "compute",
                question,
                {
                    "kind": computation.question.kind,
                    "how": computation.how,
                    "summary": computation.summary,
                    "lines": [line.text for line in computation.lines],
                },
            )
        return found

    def _by_model(self, found: Outline, ask: Ask) -> Outline:
        """The model's plan where it has several questions, else the one that was found."""
        by_model = planned_by_model(self._whole.question, ask)
        return by_model if len(by_model.questions) > 1 else found

    # Finding

    def pursued(self, planned: Outline) -> Outline:
        """The questions as they were looked up in the end: level by level, what waits for an answer with that filled
        in, and others in the place of those that found nothing."""

        def search(level: Sequence[SubQuestion]) -> list[int]:
            return [len(found.fit.kept) for found in self.searched(level, planned)]

        def answers(level: Sequence[SubQuestion]) -> dict[int, str]:
            return {number: found.answer for number, found in self._findings.answers(level).items()}

        return pursued(planned, search, answers, self._changed)[0]

    def searched(self, level: Sequence[SubQuestion], planned: Outline) -> list[Found]:
        """Searches for questions that wait for nothing any more, side by side, and keeps what fits them."""
        everything = self._findings.searched(level, planned.route)
        for found in everything:
            self.run.did("search", [found.sub.question, self._k, self._scope.arguments()], found.search_json())
            self.run.did("filter", found.sub.question, found.filter_json())
        return everything

    def _changed(self, ledger: Ledger) -> Change:
        """What is looked up in the place of what found nothing: a change of plan, where a model has one."""
        if not self._forms.asks:
            return Change(())
        change, taken = self._forms.taken(lambda ask: changed(self._whole.question, ledger, ask), lambda: Change(()))
        self.run.did(
            "plan",
            ledger.as_json(),
            {
                "route": "passages",
                "questions": [one.as_json() for one in change.questions],
                "progress": ledger.as_json(),
                "refused": [{"question": one, "why": why} for one, why in change.refused],
                **taken.as_json(),
            },
        )
        return change

    # Telling

    def told(self, planned: Outline, checked: Checked) -> list[Told]:
        """The sentences that answer each question."""
        before = self._known()
        findings, known = self._findings, (checked.weighed, checked.computation)
        (told, text), taken = self._forms.taken(
            lambda ask: findings.written(checked.question, planned, *known, ask),
            lambda: (findings.told(planned, *known), Written({})),
        )
        self._unsupported = text.unsupported
        self.run.did(
            "answer",
            [one.number for one in planned.questions],
            {
                "sentences": [sentence.text for part in told for sentence in part.sentences],
                "passages": self._new(before),
                **taken.as_json(),
                **(text.as_json() if taken.form == "model" else {}),
            },
        )
        return told

    def again(self, told: Sequence[Told]) -> list[Told]:
        """The same with what a second search found for what they leave out of their questions."""
        if "again" not in self._steps:
            return list(told)
        before = self._known()
        (better, searched), taken = self._forms.taken(
            lambda ask: self._findings.supplemented(self._whole.question, told, ask), lambda: self._findings.again(told)
        )
        self.run.did(
            "check answer",
            [one.sub.number for one in told],
            {"searched": searched, "passages": self._new(before), **taken.as_json()},
        )
        return better

    def cited(self, told: Sequence[Told]) -> list[Told]:
        """The same without the citations that do not hold, and without the sentences that are left with none."""
        texts = self._findings.texts(sentence for part in told for sentence in part.sentences)
        checks = [held(part.sentences, texts, self._known()) for part in told]
        kept = [replace(part, sentences=sentences) for part, (sentences, _) in zip(told, checks, strict=True)]
        cited = [one.passage for part in kept for sentence in part.sentences for one in sentence.citations]
        self.run.did(
            "cite",
            list(texts),
            {
                "citations": len(cited),
                "cited": list(dict.fromkeys(cited)),
                "dropped": [
                    {"quote": one.citation.quote, "reason": one.reason} for _, dropped in checks for one in dropped
                ],
            },
        )
        return kept

    def reported(self, told: Sequence[Told]) -> None:
        """A report in connected sentences, each of which rests on the quotes of those that were told; none without a
        language model."""
        sentences = [sentence for part in told for sentence in part.sentences]
        papers, check = self._findings.papers(sentences), self._findings.check(self._whole.question)
        report, taken = self._forms.taken(
            lambda ask: connected(self._whole.question, sentences, papers, check, ask) if sentences else Connected(()),
            lambda: Connected(()),
        )
        self._sections = report.sections
        self._unsupported += report.unsupported
        self.run.did(
            "report",
            [sentence.text for sentence in sentences],
            {
                "sections": [[one.text for one in section.sentences] for section in report.sections],
                "unsupported": [one.as_json() for one in report.unsupported],
                **taken.as_json(),
            },
        )

    def _known(self) -> frozenset[str]:
        return frozenset(hit.passage for hit in self._findings.hits)

    def _new(self, before: Collection[str]) -> list[str]:
        return [hit.passage for hit in self._findings.hits if hit.passage not in before]

    # Answers

    def ends(self, answer: Answer) -> Answer:
        """The same, once the run is seen to keep to the rules. Raises RuleBroken."""
        kept(self.run.record)
        self.run.concludes(answer.outcome())
        return answer

    def answer(self, planned: Outline, checked: Checked, told: Sequence[Told], marked: bool = False) -> Answer:
        """What was told, with what a reader should know of it: where `marked`, also what a language model wrote without
        support."""
        sentences = tuple(sentence for part in told for sentence in part.sentences)
        papers = self._findings.papers(sentences)
        silent = [word for part in told for word in self._findings.worth_saying(part.left_out)]
        text = " ".join(
            f"{one.text} [{', '.join(dict.fromkeys(citation.key for citation in one.citations))}]" for one in sentences
        )
        return replace(
            self._answer(),
            answered=bool(sentences),
            answer=text if sentences else UNANSWERED,
            sentences=sentences,
            hits=self._findings.hits,
            route=planned.route,
            parts=_parts(told),
            notes=(
                *_notes(told, checked, silent, papers),
                *(f"Not supported by the papers ({one.why}): {one.text}" for one in self._unsupported if marked),
            ),
            papers=papers,
            sections=self._sections,
        )

    def refused(self, why: str) -> Answer:
        """No answer, and why."""
        return replace(self._answer(), answer=why, notes=(why,))

    def waiting(self, asked: Asked) -> Answer:
        """No answer yet: the person is asked."""
        return replace(self._answer(), answer=asked.question, waiting=asked)

    def _answer(self) -> Answer:
        run = self.run
        money = [event.money for event in run.events]
        cost = Cost(
            sum(event.tokens for event in run.events),
            None if None in money else round(sum(one for one in money if one is not None), 9),
        )
        return Answer(
            run.id,
            self.question,
            False,
            "",
            (),
            (),
            tuple(run.events),
            completed=self._whole.question,
            model=None if run.model is None else run.model.name,
            cost=cost,
            remembered=self._remembered,
        )


def _parts(told: Sequence[Told]) -> tuple[Part, ...]:
    ends = list(accumulate((len(part.sentences) for part in told), initial=0))
    return tuple(
        Part(part.sub.question, bool(part.sentences), first, len(part.sentences))
        for part, first in zip(told, ends, strict=False)
    )


def _notes(told: Sequence[Told], checked: Checked, silent: Sequence[str], papers: Sequence[Paper]) -> tuple[str, ...]:
    """What a reader should know of an answer; `silent` are the things that no quote speaks of."""
    if not any(part.sentences for part in told):
        return ()
    notes = []
    if checked.computation is not None:
        notes.append(f"Computed over the graph: {checked.computation.how}.")
    if checked.weighed is not None and checked.weighed.verdict == "denied":
        notes.append(f"Your papers speak against this: {checked.weighed.claim}.")
    if checked.weighed is not None and checked.weighed.verdict == "disputed":
        notes.append(f"Your papers disagree on this: {checked.weighed.claim}.")
    if checked.meant is not None:
        notes.append(f"{checked.meant.name} is taken for {checked.meant.means}, as you said.")
    elif checked.readings:
        meant = " or ".join(one.means for one in checked.readings)
        notes.append(f"{checked.readings[0].name} stands for {meant} in your papers: each is answered by itself.")
    notes += [
        f"Not in your papers: {part.sub.question}" for part in told if not part.sentences and part.sub.role != "whole"
    ]
    if silent:
        notes.append(f"The quotes do not speak of: {', '.join(dict.fromkeys(silent))}.")
    narrow = guarding.narrow(papers)
    return (*notes, *([] if narrow is None else [narrow]))
