from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from ingest.extract.extractor import Extraction, FoundMention, FoundQuantity, FoundRelation
from ingest.pipeline import Pipeline
from ingest.readers.paper_text import Line, PaperText, Section, whole_text
from kg.errors import UnusableInput
from kg.model import QUANTITY, Box, Mention, PaperFacts, Quantity, SourceRecord
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


DOUBT = replace(CLAIM, candidate=True, confidence=0.9, polarity="denies", certainty="hedged", extractor="doubter")


def test_a_statement_is_a_candidate_where_all_that_found_it_doubt() -> None:
    for relations in ((DOUBT, replace(DOUBT, extractor="other")), (replace(DOUBT, extractor="other"), DOUBT)):
        made = record(made_by=Pipeline(Given(Extraction((COBALT, HARDNESS), relations)), WordEmbedder()))
        (statement,) = made.statements
        assert statement.candidate and statement.extractors == ("doubter", "other")


def test_a_doubtful_finding_changes_nothing_of_what_counts() -> None:
    alone = record(made_by=Pipeline(Given(Extraction((COBALT, HARDNESS), (CLAIM,))), WordEmbedder()))
    for relations in ((CLAIM, DOUBT), (DOUBT, CLAIM), (DOUBT, CLAIM, replace(DOUBT, extractor="other"))):
        made = record(made_by=Pipeline(Given(Extraction((COBALT, HARDNESS), relations)), WordEmbedder()))
        assert made == alone
        assert [(one.candidate, one.extractors) for one in made.statements] == [(False, ("one",))]


TOUGH = PaperText(
    PaperFacts("On silk"),
    (Section("Results", "results", "Silk has a toughness of 160 to 180 MJ/m3. Steel has more than 5 kinds."),),
)
SILK, TOUGHNESS, STEEL, KINDS = (
    FoundMention(0, 0, 4, "Material", "Silk", 1.0),
    FoundMention(0, 11, 20, "Property", "toughness", 1.0),
    FoundMention(0, 42, 47, "Material", "Steel", 1.0),
    FoundMention(0, 64, 69, "Data", "kinds", 1.0),
)
HAS = FoundRelation(0, 0, 41, 0, 1, "has property", "has", "supports", "stated", 0.9, "one")
MEASURED = FoundQuantity(0, 24, 40, 160, 180, "MJ/m3", measures=0, property=1, confidence=0.8)
MORE = FoundQuantity(0, 52, 63, 5, None, "", measures=3)
NOBODYS = FoundQuantity(0, 62, 63, 5, 5, "")


def tough(*quantities: FoundQuantity, relations: tuple[FoundRelation, ...] = (HAS,)) -> SourceRecord:
    found = Extraction((SILK, TOUGHNESS, STEEL, KINDS), relations, quantities)
    return record(TOUGH, Pipeline(Given(found), WordEmbedder()))


def test_quantities_become_mentions_without_a_concept() -> None:
    made = tough(MEASURED, MORE, NOBODYS)
    passage = made.passages[0].id
    assert [one for one in made.mentions if one.label == QUANTITY] == [
        Mention(passage, 24, 40, "160 to 180 MJ/m3", QUANTITY, "160 to 180 MJ/m3", "", 0.8),
        Mention(passage, 52, 63, "more than 5", QUANTITY, "more than 5", "", 1.0),
        Mention(passage, 62, 63, "5", QUANTITY, "5", "", 1.0),
    ]


def test_a_statement_has_the_quantities_that_measure_its_ends() -> None:
    counts = FoundRelation(0, 42, 70, 2, 3, "has part", "has", "supports", "stated", 0.4, "one", candidate=True)
    made = tough(MORE, MEASURED, MEASURED, NOBODYS, relations=(HAS, counts))
    of_silk, of_steel = (one.quantities for one in made.statements)
    assert of_silk == (Quantity(24, 40, "160 to 180 MJ/m3", 160.0, 180.0, "MJ/m3", "silk", "toughness"),)
    assert of_steel == (Quantity(52, 63, "more than 5", 5.0, None, "", "kind"),)


def test_a_quantity_of_another_sentence_or_of_neither_end_is_not_a_statements() -> None:
    elsewhere = replace(MORE, measures=0)
    of_other = replace(MEASURED, measures=2, property=None)
    assert [one.quantities for one in tough(elsewhere, of_other).statements] == [()]


def test_a_recogniser_may_tell_a_quantity_as_a_mention() -> None:
    named = replace(KINDS, start=62, end=63, label=QUANTITY, name="5")
    found = Extraction((SILK, TOUGHNESS, named), (HAS, replace(HAS, object=2)))
    made = record(TOUGH, Pipeline(Given(found), WordEmbedder()))
    assert [(one.text, one.key) for one in made.mentions] == [("Silk", "silk"), ("toughness", "toughness"), ("5", "")]
    assert [one.object for one in made.statements] == ["toughness"]
