"""An answer as a document: Markdown with numbered references, and their BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agents.answer import Answer, Sentence
from kg.bibtex import bibliography
from kg.model import Paper

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
_BEGINS_BLOCK = re.compile(r"^(\s*)(\d+)([.)])(?=\s)|^(\s*)([-+=])")


def markdown(answer: Answer) -> str:
    """The question, its quotes with the numbers of their papers, what to know about them, references and BibTeX.

    Text from papers and from the question is text: nothing in it is obeyed as Markdown or HTML.
    """
    numbers = {paper.id: number for number, paper in enumerate(answer.papers, 1)}
    asked = answer.completed if answer.completed else answer.question
    lines = [f"# {plain(asked)}", ""]
    if not answer.answered:
        lines += [plain(answer.answer), ""]
    for section in answer.sections:
        lines += [f"## {plain(section.heading)}", ""] if section.heading else []
        lines += [" ".join(f"{plain(one.text)} [{_marks(one, numbers)}]" for one in section.sentences), ""]
    if answer.sections:
        lines += ["## Evidence", ""]
    several = len(answer.parts) > 1
    level = "###" if answer.sections else "##"
    for part in answer.parts:
        if several:
            lines += [f"{level} {plain(part.question)}", ""]
            if not part.answered:
                lines += ["Not in your papers.", ""]
        for sentence in answer.sentences[part.first : part.first + part.sentences]:
            marks = _marks(sentence, numbers)
            quotes = [one.quote for one in sentence.citations]
            if sentence.text in quotes:
                lines += [f"> {plain(sentence.text)} [{marks}]", ""]
            else:
                lines += [
                    f"{plain(sentence.text)} [{marks}]",
                    "",
                    *(line for quote in quotes for line in (f"> {plain(quote)}", "")),
                ]
    if answer.notes:
        lines += ["## To know", "", *(f"- {plain(note)}" for note in answer.notes), ""]
    if answer.remembered:
        named = [(one, f"{one.title}: {one.text}" if one.title else one.text) for one in answer.remembered]
        told = [f"- {plain(text)} ({one.id})" for one, text in named]
        lines += ["## Your notes", "", "No paper states these.", "", *told, ""]
    if answer.papers:
        lines += ["## References", "", *(f"{numbers[paper.id]}. {reference(paper)}" for paper in answer.papers), ""]
        entries = bibliography(answer.papers).rstrip("\n")
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", entries)), default=0))
        lines += ["## BibTeX", "", f"{fence}bibtex", entries, fence, ""]
    made = f"with {answer.model}" if answer.model is not None else "without a language model"
    rests = "is a quote" if all(_is_quote(one) for one in answer.sentences) else "rests on the quotes below it"
    lines += ["---", "", f"Every sentence {rests}, found by Hypograph {plain(made)}. Run {answer.run}.", ""]
    return "\n".join(lines)


def _is_quote(sentence: Sentence) -> bool:
    return sentence.text in [one.quote for one in sentence.citations]


def _marks(sentence: Sentence, numbers: Mapping[str, int]) -> str:
    """The numbers of the papers that a sentence cites."""
    return ", ".join(map(str, dict.fromkeys(numbers[one.paper] for one in sentence.citations if one.paper in numbers)))


def reference(paper: Paper) -> str:
    """Authors (year). Title. Venue. DOI, as Markdown; what is not known is left out."""
    named = list(paper.authors[:6])
    authors = ", ".join(named) + (" et al." if len(paper.authors) > 6 else "")
    year = "" if paper.year is None else f" ({paper.year})"
    parts = [
        f"{plain(authors)}{year}" if authors else year.strip(" ()"),
        plain(paper.title if paper.title else paper.key),
        plain(paper.venue) if paper.venue else "",
        f"doi:{plain(paper.doi)}" if paper.doi else "",
        f"**{plain(paper.status)}**" if paper.status else "",
    ]
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)


def plain(text: str) -> str:
    """Text on one line as Markdown that shows it literally."""
    line = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return _BEGINS_BLOCK.sub(lambda found: f"{found[2]}\\{found[3]}" if found[2] else f"\\{found[5]}", line)
