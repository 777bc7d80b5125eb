"""A short connected text that a language model makes of the sentences of an answer, each held against their quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from pydantic import Field

from agents.answer import Citation, Section, Sentence
from agents.steps.asked import Said, asked, fenced, line
from agents.steps.asked_answer import LONGEST, Check, Unsupported
from agents.steps.covering import holds
from agents.steps.supporting import names, numbers
from kg.language_model import Ask
from kg.model import Paper

MOST_SECTIONS = 5
MOST_SENTENCES = 30
"""Of a whole report."""
_LONGEST_HEADING = 80  # characters


class SaidLine(Said):
    """A sentence with the labels of those it rests on."""

    text: str
    rests: tuple[str, ...] = ()


class SaidSection(Said):
    """A stretch of text under a heading."""

    heading: str = ""
    sentences: tuple[SaidLine, ...] = ()


class SaidReport(Said):
    """A whole report."""

    sections: tuple[SaidSection, ...] = Field(default=(), max_length=MOST_SECTIONS)


@dataclass(frozen=True, slots=True)
class Connected:
    """The sections that hold, and the sentences that were not taken."""

    sections: tuple[Section, ...]
    unsupported: tuple[Unsupported, ...] = ()


def connected(
    question: str, sentences: Sequence[Sentence], papers: Sequence[Paper], check: Check, ask: Ask
) -> Connected:
    """A report on a question from the sentences of its answer and their papers.

    A sentence is taken that names sentences of the answer, and rests on their quotes by `check`; a heading that has a
    name or number of none of its section's quotes, titles or the question is left out. Raises LanguageModelErrors.
    """
    labels = {f"S{number}": sentence for number, sentence in enumerate(sentences, 1)}
    titles = {paper.id: paper.title for paper in papers}
    told = "\n".join(
        f"{label}: {one.text}\n" + "\n".join(f"    “{citation.quote}”" for citation in one.citations)
        for label, one in labels.items()
    )
    said = asked(
        ask,
        "report.v1",
        SaidReport,
        question=fenced(question, "question"),
        sentences=fenced(told, "sentences"),
        most=str(MOST_SECTIONS),
    )
    sections: list[Section] = []
    unsupported: list[Unsupported] = []
    left = MOST_SENTENCES
    for section in said.sections:
        kept: list[Sentence] = []
        for one in section.sentences:
            text = line(one.text, LONGEST)
            rests = tuple(
                dict.fromkeys(
                    chain.from_iterable(
                        labels[label].citations for label in dict.fromkeys(one.rests) if label in labels
                    )
                )
            )
            why = _unfit(text, rests, titles, check) if left > 0 else "there are too many"
            if why is None:
                left -= 1
                kept.append(Sentence(text, rests))
            else:
                unsupported.append(Unsupported(text, why))
        if kept:
            sections.append(Section(_heading(section.heading, kept, titles, question), tuple(kept)))
    return Connected(tuple(sections), tuple(unsupported))


def _unfit(text: str, rests: Sequence[Citation], titles: dict[str, str], check: Check) -> str | None:
    if not any(one.isalnum() for one in text):
        return "it says nothing"
    if len(text) >= LONGEST:
        return "it is too long"
    if not rests:
        return "it rests on no sentence of the answer"
    return check(text, [one.quote for one in rests], [titles.get(one.paper, "") for one in rests])


def _heading(said: str, kept: Sequence[Sentence], titles: dict[str, str], question: str) -> str:
    heading = line(said, _LONGEST_HEADING)
    citations = [citation for one in kept for citation in one.citations]
    texts = [text for one in citations for text in (one.quote, titles.get(one.paper, ""))]
    ground = " \n ".join([question, *texts])
    known = set(numbers(ground))
    words = [word for word in heading.split() if len(word) > 3]
    held = all(holds(word, ground) for word in [*words, *names(heading)])
    return heading if held and known.issuperset(numbers(heading)) else ""
