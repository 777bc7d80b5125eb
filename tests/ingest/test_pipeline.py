from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from ingest.extract.extractor import Extraction, FoundMention, FoundRelation
from ingest.pipeline import Pipeline
from ingest.readers.paper_text import Line, PaperText, Section, whole_text
from kg.errors import UnusableInput
from kg.model import Box, PaperFacts, SourceRecord
from kg.vectors.embedder import passage_text
from tests.fakes.embedder import WordEmbedder
from tests.ingest.fakes import ClaimExtractor, pipeline

PAPER = PaperText(
    PaperFacts("On alloys", ("Ada Byron",), 2017),
    (
        Section(
            "Results",
            "results",
            "Cobalt improves hardness.\n\nNickel harms ductility.",
            (Line(0, 25, Box(3, 1, 2, 3, 4)),),
        ),
        Section("Thanks", "acknowledgments", "Money improves science."),
    ),
)


def record(paper: PaperText = PAPER, made_by: Pipeline | None = None) -> SourceRecord:
    made_by = pipeline() if made_by is None else made_by
    return made_by.record(paper, "a.md", "0" * 64, made_by.versions("markdown@1"))


def test_a_record_has_passages_at_their_places() -> None:
    made = record()
    whole = whole_text(PAPER.sections)
    assert [(passage.section, passage.kind, passage.page) for passage in made.passages] == [
        ("Results", "results", 3),
        ("Thanks", "acknowledgments", None),
    ]
    assert all(whole[passage.start : passage.start + len(passage.text)] == passage.text for passage in made.passages)
    assert made.facts == PAPER.facts


def test_what_was_found_becomes_mentions_and_statements() -> None:
    made = record()
    assert [mention.name for mention in made.mentions] == ["Cobalt", "hardness", "Nickel", "ductility"]
    assert [
        (one.subject, one.predicate, one.object, one.polarity, one.quote, one.extractors) for one in made.statements
    ] == [
        ("cobalt", "improves", "hardness", "supports", "Cobalt improves hardness.", ("claims",)),
        ("nickel", "improves", "ductility", "denies", "Nickel harms ductility.", ("claims",)),
    ]


def test_vectors_are_those_of_title_and_text() -> None:
    made = record()
    embedder = WordEmbedder()
    rows = np.frombuffer(made.vectors, "<f4").reshape(len(made.passages), -1)
    texts = [passage_text("On alloys", passage.text, embedder.pieces) for passage in made.passages]
    np.testing.assert_array_equal(rows, embedder.documents(texts))
    assert made.embedder == embedder.name


def test_no_passage_with_its_title_is_more_than_the_embedder_reads() -> None:
    embedder = WordEmbedder(max_pieces=80)
    long = PaperText(PaperFacts("A title " * 40), (Section(None, None, "One more word here. " * 300),))
    for passage in record(long, Pipeline(ClaimExtractor(), embedder)).passages:
        assert embedder.pieces(passage_text(long.facts.title, passage.text, embedder.pieces)) <= 80


def test_a_title_alone_is_a_passage() -> None:
    (passage,) = record(PaperText(PAPER.facts, (Section("Results", "results", " \n "),))).passages
    assert (passage.text, passage.kind, passage.section) == ("On alloys", "title", None)


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(UnusableInput, match="no text"):
        record(PaperText(PaperFacts()))


def test_versions_tell_readers_splitters_and_extractors_apart() -> None:
    one = pipeline()
    others = [
        Pipeline(ClaimExtractor(version="2"), WordEmbedder()),
        Pipeline(ClaimExtractor(), WordEmbedder(max_pieces=99)),
        Pipeline(ClaimExtractor(), WordEmbedder(name="other")),
    ]
    assert len({other.versions("text@1") for other in [one, *others]} | {one.versions("text@2")}) == 5
    assert one.versions("text@1") == pipeline().versions("text@1")


@dataclass(frozen=True)
class Given:
    """Finds what it was given."""

    extraction: Extraction
    name: str = "given"
    version: str = "1"

    def extract(self, texts: object) -> Extraction:
        return self.extraction


COBALT, HARDNESS, DASHES = (
    FoundMention(0, 0, 6, "Thing", "Cobalt", 1.0),
    FoundMention(0, 16, 24, "Thing", "hardness", 1.0),
    FoundMention(0, 7, 15, "Thing", "--", 1.0),
)
CLAIM = FoundRelation(0, 0, 25, 0, 1, "improves", "improves", "supports", "stated", 0.8, "one")


@pytest.mark.parametrize(
    ("first", "second", "polarity", "certainty", "confidence"),
    [
        (CLAIM, replace(CLAIM, polarity="denies", extractor="two"), "denies", "stated", 0.8),
        (CLAIM, replace(CLAIM, polarity="denies", confidence=0.5, extractor="two"), "supports", "stated", 0.8),
        (replace(CLAIM, certainty="hedged"), replace(CLAIM, extractor="two"), "supports", "hedged", 0.8),
    ],
)
def test_two_findings_of_one_statement_are_one(
    first: FoundRelation, second: FoundRelation, polarity: str, certainty: str, confidence: float
) -> None:
    for relations in ((first, second), (second, first)):
        made = record(made_by=Pipeline(Given(Extraction((COBALT, HARDNESS), relations)), WordEmbedder()))
        (statement,) = made.statements
        assert (statement.polarity, statement.certainty, statement.confidence) == (polarity, certainty, confidence)
        assert statement.extractors == ("one", "two")


def test_a_mention_without_a_letter_is_dropped_with_what_it_is_part_of() -> None:
    relations = (CLAIM, replace(CLAIM, object=2))
    made = record(made_by=Pipeline(Given(Extraction((COBALT, HARDNESS, DASHES), relations)), WordEmbedder()))
    assert [mention.name for mention in made.mentions] == ["Cobalt", "hardness"]
    assert [statement.object for statement in made.statements] == ["hardness"]
