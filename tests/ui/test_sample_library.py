"""The articles that come with the program: a newcomer's first library, read here as it is read there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kg
from ingest.readers import PaperText, reader_for

if TYPE_CHECKING:
    from ingest.report import Report

TOP = Path(__file__).resolve().parents[2]
SAMPLE = TOP / "ui" / "sample"
ARTICLES = sorted(path for path in SAMPLE.iterdir() if path.suffix)
PDF = SAMPLE / "sacrificial-bonds.pdf"


def text_of(path: Path) -> PaperText:
    content = path.read_bytes()
    return reader_for(path.name, content).read(content)


# The articles


def test_a_dozen_in_three_formats() -> None:
    assert len(ARTICLES) == 12
    assert {path.suffix for path in ARTICLES} == {".md", ".xml", ".pdf"}


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_an_article_says_what_it_is_and_has_sections(path: Path) -> None:
    paper = text_of(path)
    assert len(paper.facts.title.split()) >= 4
    assert paper.facts.authors == ("Hypograph sample library",)
    assert paper.facts.year in (2024, 2025, 2026)
    assert paper.facts.identifiers == (), "an identifier that nobody registered"
    assert len(paper.sections) >= 4
    assert all(section.heading for section in paper.sections)
    assert [paper.sections[0].kind, paper.sections[-1].kind] == ["abstract", "conclusion"]
    assert 350 <= sum(len(section.text.split()) for section in paper.sections) <= 650


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_nothing_but_sentences_is_read(path: Path) -> None:
    text = "\n".join(section.text for section in text_of(path).sections)
    for leaked in ("---", "tags:", "authors:", "Hypograph", "Apache", "Published", "\ufffd", "  ", "[", "<", "#"):
        assert leaked not in text
    assert all(paragraph.endswith(".") for paragraph in text.split("\n") if paragraph)


def test_the_pdf_is_what_its_source_says() -> None:
    """Two columns on two pages, read in order: nothing lost, doubled or joined at a line's end."""
    title, author, year, *blocks = (TOP / "scripts" / "make_sample_pdf.md").read_text().strip().split("\n\n")
    paper = text_of(PDF)
    assert (paper.facts.title, paper.facts.authors, paper.facts.year) == (title, (author,), int(year))
    read = [part for section in paper.sections for part in (f"# {section.heading}", *section.text.split("\n\n"))]
    assert read == blocks
    assert PDF.stat().st_size < 100_000


# The library made of them


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample") / "library"


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    with kg.open_library(folder) as library:
        done: Report = library.add(SAMPLE)
    return done


@pytest.fixture(scope="module")
def library(folder: Path, report: Report) -> Iterator[kg.Library]:
    with kg.open_library(folder) as opened:
        yield opened


@pytest.mark.slow
def test_every_article_is_added_and_the_licence_is_no_paper(report: Report, library: kg.Library) -> None:
    assert report.papers["added"] == len(ARTICLES)
    assert not report.failed
    assert {Path(file.path).name for file in report.files if file.status == "skipped"} == {"LICENSE"}
    assert sorted(paper.key for paper in library.papers()) == [path.name for path in ARTICLES]


@pytest.mark.slow
def test_the_field_is_shown_to_disagree(library: kg.Library) -> None:
    """Somebody says so and somebody else denies it, in different articles."""
    divided = {
        f"{one.relation.subject} {one.relation.predicate} {one.relation.object}".casefold()
        for one in library.disagreements()
        if {evidence.paper for evidence in one.supporting} != {evidence.paper for evidence in one.denying}
    }
    assert len(divided) >= 6
    assert "mineral bridges contributes to toughness of nacre" in divided
    assert "humidity decreases stiffness of spider silk" in divided


@pytest.mark.slow
def test_silk_and_nacre_are_joined_by_what_makes_both_tough(library: kg.Library) -> None:
    found = [[concept.casefold() for concept in path.concepts] for path in library.paths("spider silk", "nacre", n=8)]
    assert ["spider silk", "beta-sheet nanocrystals", "toughness", "nacre"] in found
    assert any("sacrificial bonds" in concepts for concepts in found)


@pytest.mark.slow
def test_the_neighbouring_fields_hang_together(library: kg.Library) -> None:
    for start, end in (("bone", "mussel adhesion"), ("spider silk", "tough hydrogels"), ("collagen fibrils", "nacre")):
        assert library.paths(start, end), f"no path from {start} to {end}"


KINDS = {
    "is a": {"is a", "same as"},
    "parts": {"part of", "consists of", "contains"},
    "more or less": {"increases", "decreases"},
    "causes": {"causes"},
    "use and measurement": {"used for", "measured with"},
}


@pytest.mark.slow
def test_every_article_states_each_kind_of_relation(library: kg.Library) -> None:
    stated: dict[str, set[str]] = defaultdict(set)
    for evidence in library.evidence():
        stated[evidence.key].add(evidence.predicate)
    lacking = {
        (path.name, kind)
        for path in ARTICLES
        for kind, predicates in KINDS.items()
        if not stated[path.name] & predicates
    }
    assert lacking == set()


@pytest.mark.slow
def test_there_are_hedges_and_one_short_form_with_two_meanings(library: kg.Library) -> None:
    assert sum(evidence.certainty == "hedged" for evidence in library.evidence()) >= 8
    meanings = {
        found[1]
        for passage in library.passages()
        for found in re.finditer(r"([Pp]oly\(vinyl \w+\)) \(PVA\)", passage.passage.text)
    }
    assert {meaning.casefold() for meaning in meanings} == {"poly(vinyl alcohol)", "poly(vinyl acetate)"}
