"""What the default extractor makes of a paper: kg_sci and the patterns together."""

from __future__ import annotations

import pytest

from ingest.extract.extractor import Extraction, extractor_named
from ingest.extract.science_extractor import ScienceExtractor
from kg.names import key_of
from kg.predicates import PREDICATES

BIO = (
    "Tumor necrosis factor (TNF) is associated with rheumatoid arthritis. "
    "Etanercept inhibits TNF in patients with rheumatoid arthritis. "
    "Methotrexate does not increase the risk of lymphoma. Infliximab may cause nausea."
)
SILK = "Dragline silk has a toughness of 180 MJ/m3. Humidity reduces the stiffness of dragline silk."


@pytest.fixture(scope="module")
def extractor() -> ScienceExtractor:
    found = extractor_named("science")
    assert isinstance(found, ScienceExtractor)
    return found


def told(found: Extraction) -> set[tuple[str, str, str]]:
    names = [one.name for one in found.mentions]
    return {(names[one.subject], one.predicate, names[one.object]) for one in found.relations}


def test_concepts_have_the_types_of_their_field(extractor: ScienceExtractor) -> None:
    types = {one.name: one.label for one in extractor.extract([BIO]).mentions}
    assert types["rheumatoid arthritis"] == "Disease"
    assert types["Etanercept"] == "Chemical"
    assert types["Tumor necrosis factor"] == "Gene"


def test_a_long_form_and_its_abbreviation_are_one_concept(extractor: ScienceExtractor) -> None:
    found = extractor.extract([BIO])
    keys = {key_of(one.name) for one in found.mentions if BIO[one.start : one.end] in ("Tumor necrosis factor", "TNF")}
    assert keys == {"tumor necrosis factor"}


def test_both_ways_of_finding_relations_say_who_found_them(extractor: ScienceExtractor) -> None:
    found = extractor.extract([BIO])
    assert ("Etanercept", "inhibits", "Tumor necrosis factor") in told(found)
    assert {one.extractor for one in found.relations} <= {"pattern", "kg_sci"}
    assert {one.predicate for one in found.relations} <= {one.name for one in PREDICATES}


def test_denial_and_doubt_are_read_of_every_relation(extractor: ScienceExtractor) -> None:
    found = extractor.extract([BIO])
    by_object = {found.mentions[one.object].name: one for one in found.relations if one.extractor == "pattern"}
    assert any("lymphoma" in name and one.polarity == "denies" for name, one in by_object.items())
    assert by_object["nausea"].certainty == "hedged"


def test_mentions_never_overlap_and_quote_the_text(extractor: ScienceExtractor) -> None:
    for text in (BIO, SILK):
        found = extractor.extract([text]).mentions
        assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))
        assert all(text[one.start : one.end].strip() for one in found)


def test_a_passage_is_read_the_same_among_others(extractor: ScienceExtractor) -> None:
    alone, among = extractor.extract([SILK]), extractor.extract([SILK, SILK, SILK])
    of_first = [one for one in among.mentions if one.passage == 0]
    assert list(alone.mentions) == of_first


def test_an_empty_paper_holds_nothing(extractor: ScienceExtractor) -> None:
    assert extractor.extract([]) == Extraction()
    assert extractor.extract([""]).mentions == ()


def test_described_speaks_the_labels_of_the_head_that_was_asked(extractor: ScienceExtractor) -> None:
    head, found = extractor.described(BIO, "bio")
    assert head == "bio"
    assert {one.label for one in found.mentions} <= {
        "GeneOrGeneProduct", "DiseaseOrPhenotypicFeature", "ChemicalEntity", "OrganismTaxon", "SequenceVariant",
        "CellLine",
    }  # fmt: skip
    assert {one.extractor for one in found.relations} <= {"kg_sci"}
    head, found = extractor.described(BIO)
    assert head == "bio"
    assert "Disease" in {one.label for one in found.mentions}
    assert ("Etanercept", "inhibits") in {one[:2] for one in told(found)}
