"""What a note might be linked to, each with its reason: the concepts it names, the papers it cites or that state what
it speaks of, and notes on the same things."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kg.citations import citation, cited
from kg.identity import identifier
from kg.model import ANY_TYPE, Evidence, Paper
from kg.names import key_of
from kg.notes import Note
from kg.search import STOP_WORDS

if TYPE_CHECKING:
    from kg.library import Library
    from kg.stores.graph_store import GraphStore

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_ADDRESS = re.compile(r"https?://\S+|10\.\d{4,9}/\S+")  # whose words name nothing
_TOKEN = re.compile(r"[^\s,;()\[\]{}\"“”]+")
_BRACKETS = re.compile(r"[\[{]([^\[\]{}\n]{1,300})[\]}]")
_AT = re.compile(r"(?<![^\s\[;,(])@([^\s,;()\[\]{}]+)")
_TELLING = re.compile(r"(?=.*\d)(?=.*[^\W\d_])|(?=.*\d)(?=.*[/._:\-])")  # a key that no common word and no number is
_SHORT_NAME = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Z][A-Za-z0-9\-]{1,9}")
_LONGEST = 6  # words of a name
_LEAST_TITLE = 4  # words of a title that is looked for in the text
_COMMON = 20, 0.3  # a single word that more papers than so many, and a larger share of them, speak of is no subject
_STATED = 5  # papers that state how two concepts of the note hang together
_NOTES = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A link that a note might have: `target` is what to call it by in a link, `name` what to show. `quote` is the
    sentence of a paper that the reason rests on, "" where it rests on the note alone."""

    kind: Literal["concept", "paper", "note"]
    target: str
    name: str
    reason: str
    quote: str = ""

    def __repr__(self) -> str:
        return f"<Suggestion: {self.kind} {self.name!r}, {self.reason}>"


def suggestions(note: Note, library: Library, notes: Iterable[Note] = ()) -> list[Suggestion]:
    """What `note` is not linked to yet: cited papers, named concepts in the order of the text, papers that state how
    two of these hang together, and those of `notes` that share the most of them."""
    store = library.store
    text = f"{note.title}. {note.text}" if note.title else note.text
    with store.reading():
        named = _named(text, store)
        linked = store.concept_keys([link.key for link in note.concepts])
        labels = list(dict.fromkeys([*linked.values(), *named]))
        there = {link.id for link in note.papers}
        papers = [paper for paper in store.papers() if not there & {paper.id, *paper.ids}]
        found = [
            Suggestion("paper", paper.id, paper.title if paper.title else paper.key, reason)
            for paper, reason in _cited(text, papers)
        ]
        found += [
            Suggestion("concept", label, label, f"named in the note: “{written}”")
            for label, written in named.items()
            if label not in linked.values()
        ]
        told = {one.target for one in found if one.kind == "paper"}
        found += _stating(labels, {paper.id: paper for paper in papers if paper.id not in told}, store)
        found += _sharing(note, labels, notes, store)
    return found


def _named(text: str, store: GraphStore) -> dict[str, str]:
    """Label -> as written, of the concepts that a text names, in its order: of names that overlap the longest."""
    text = _ADDRESS.sub(lambda found: " " * len(found[0]), text)
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    stretches = {
        (first, last): key_of(text[words[first][0] : words[last][1]])
        for first in range(len(words))
        for last in range(first, min(first + _LONGEST, len(words)))
        if not re.search(r"[.;:!?()\n]", text[words[first][0] : words[last][1]])
    }
    labels = store.concept_keys({key for key in stretches.values() if key})
    short = {written for written in _WORD.findall(text) if _SHORT_NAME.fullmatch(written)}
    called = {written: one.label for written in sorted(short) for one in store.concepts_called(written)[:1]}
    subjects = _subjects(
        {label for (first, last), key in stretches.items() if first == last and (label := labels.get(key)) is not None},
        store,
    )
    found: dict[str, str] = {}
    at = 0
    while at < len(words):
        for last in range(min(at + _LONGEST, len(words)) - 1, at - 1, -1):
            written = text[words[at][0] : words[last][1]]
            key = stretches.get((at, last), "")
            label = labels.get(key)
            if last == at:
                label = called.get(written, label if label in subjects and _same_case(label, written) else None)
            if label is not None and not set(written.casefold().split()) <= STOP_WORDS:
                found.setdefault(label, written)
                at = last
                break
        at += 1
    return found


def _subjects(labels: set[str], store: GraphStore) -> set[str]:
    """Those labels of which a single word may speak: their type is known or several relations have them, so that they
    are not merely words, and not so many papers speak of them that they tell nothing of a note."""
    papers = store.counts().papers if labels else 0
    most = max(_COMMON[0], _COMMON[1] * papers)
    concepts = [one for label in labels for one in store.concepts_called(label)[:1] if one.papers <= most]
    return {one.label for one in concepts if one.type != ANY_TYPE or len(list(store.relations(concept=one.label))) > 1}


def _same_case(label: str, written: str) -> bool:
    """A name in capitals, "HELP", is not named by the word "help"."""
    return written.isupper() or not label.isupper()


def _cited(text: str, papers: Sequence[Paper]) -> Iterator[tuple[Paper, str]]:
    """Papers that a text names by DOI, key, title, or authors and year, each once, by the surest of these."""
    dois = {identifier("doi", found.rstrip(end)) for found in _DOI.findall(text) for end in (".,;:", ".,;:)]")}
    tokens = {token.strip(".:’'@") for token in _TOKEN.findall(text)}
    marked = {one.rstrip(".:") for one in _AT.findall(text)}
    marked |= {one.strip(" @") for inside in _BRACKETS.findall(text) for one in re.split("[;,]", inside)}
    whole = f" {key_of(text)} "
    works = cited(text)
    by_work: dict[str, int] = defaultdict(int)
    for paper in papers:
        by_work[citation(paper.authors, paper.year)] += 1
    sure: list[tuple[int, Paper, str]] = []
    for paper in papers:
        title = key_of(paper.title)
        work = citation(paper.authors, paper.year)
        if paper.doi is not None and identifier("doi", paper.doi) in dois:
            sure.append((0, paper, f"cited by its DOI {paper.doi}"))
        elif paper.key in (tokens if _TELLING.search(paper.key) else marked):
            sure.append((1, paper, f"cited as {paper.key}"))
        elif len(title.split()) >= _LEAST_TITLE and f" {title} " in whole:
            sure.append((2, paper, "cited by its title"))
        elif work and work in works:
            others = by_work[work] - 1
            doubt = f", as {others} other{'s' if others > 1 else ''}" if others else ""
            sure.append((3, paper, f"cited by author and year{doubt}: {work[1:]}"))
    for _, paper, reason in sorted(sure, key=lambda one: (one[0], one[1].key, one[1].id)):
        yield paper, reason


def _stating(labels: Sequence[str], papers: dict[str, Paper], store: GraphStore) -> list[Suggestion]:
    """Papers with a sentence that joins two of the note's concepts: those with the most such sentences first."""
    inside = set(labels)
    ends = [
        (one.subject, one.predicate, one.object)
        for one in (store.relations(concepts=labels) if len(inside) > 1 else ())
        if one.subject in inside and one.object in inside
    ]
    by_paper: dict[str, list[Evidence]] = defaultdict(list)
    for one in store.evidence(relations=ends) if ends else ():
        if one.paper in papers:
            by_paper[one.paper].append(one)
    best = sorted(by_paper, key=lambda id: (-len(by_paper[id]), papers[id].key, id))[:_STATED]
    found = []
    for id in best:
        one = max(by_paper[id], key=lambda piece: (piece.confidence, piece.id))
        verb = "denies" if one.polarity == "denies" else "states"
        reason = f"{verb}: {one.subject} – {one.predicate} – {one.object}, both named in the note"
        found.append(
            Suggestion("paper", id, papers[id].title if papers[id].title else papers[id].key, reason, one.quote)
        )
    return found


def _sharing(note: Note, labels: Sequence[str], notes: Iterable[Note], store: GraphStore) -> list[Suggestion]:
    """Notes on the same concepts (linked or named), papers or run: those that share the most first."""
    keys = {label: keys for label in labels for keys in [_keys(label, store)] if keys}
    papers = {link.id: link.key for link in note.papers}
    found = []
    for other in notes:
        if other.id == note.id or other.id in note.notes:
            continue
        linked = {link.key for link in other.concepts}
        text = f" {key_of(f'{other.title} . {other.text}')} "
        shared = sorted(
            label for label, known in keys.items() if known & linked or any(f" {key} " in text for key in known)
        )
        both = sorted(papers[link.id] for link in other.papers if link.id in papers)
        same = note.run is not None and note.run == other.run
        if shared or both or same:
            reasons = [f"both speak of {', '.join(shared)}"] if shared else []
            reasons += [f"both are linked to {', '.join(both)}"] if both else []
            reasons += ["both are of the same run"] if same else []
            found.append(
                (len(shared) + len(both) + same, Suggestion("note", other.id, other.heading, "; ".join(reasons)))
            )
    return [one for _, one in sorted(found, key=lambda each: (-each[0], each[1].target))[:_NOTES]]


def _keys(label: str, store: GraphStore) -> frozenset[str]:
    return frozenset(key for one in store.concepts_called(label)[:1] for key in one.keys)
