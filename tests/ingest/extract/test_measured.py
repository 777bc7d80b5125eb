"""What amounts are the amounts of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.extract.extractor import Extraction
from ingest.extract.syntax_extractor import SyntaxExtractor


@pytest.fixture(scope="module")
def extractor() -> SyntaxExtractor:
    return SyntaxExtractor()


def told(found: Extraction, texts: list[str]) -> list[tuple[str, str, str]]:
    """Amount, thing and property."""

    def name(place: int | None) -> str:
        return "" if place is None else found.mentions[place].name

    return [
        (texts[one.passage][one.start : one.end], name(one.measures), name(one.property)) for one in found.quantities
    ]


@pytest.mark.parametrize(
    ("text", "amount", "thing"),
    [
        ("The temperature was 300 K.", "300 K", "temperature"),
        ("The samples contained 5% ethanol.", "5%", "ethanol"),
        ("A 10 nm film covered the glass.", "10 nm", "film"),
        ("The density was 1.2 g/cm3.", "1.2 g/cm3", "density"),
    ],
)
def test_the_measured_thing_is_told(extractor: SyntaxExtractor, text: str, amount: str, thing: str) -> None:
    ((span, measured, _),) = told(extractor.extract([text]), [text])
    assert span == amount
    assert thing in measured


def test_places_of_mentions_count_all_passages(extractor: SyntaxExtractor) -> None:
    texts = ["Spider silk is a strong fibre.", "The temperature was 300 K."]
    assert told(extractor.extract(texts), texts)[-1][:2] == ("300 K", "temperature")


def test_what_is_measured_stands_in_the_same_sentence(extractor: SyntaxExtractor) -> None:
    text = "Spider silk is strong. It broke at 300 MPa. The temperature was 300 K in the chamber."
    found = extractor.extract([text])
    for one in found.quantities:
        for place in (one.measures, one.property):
            if place is not None:
                mention = found.mentions[place]
                between = text[min(mention.end, one.end) : max(mention.start, one.start)]
                assert ". " not in between


SENTENCES = st.sampled_from(
    [
        "The toughness of the silk is 180 MJ/m3.",
        "Samples were stored at 4 °C for 24 h.",
        "We studied 300 patients (mean age 54.8 years, 31% women).",
        "Iron rusts in moist air.",
        "Rates of 5–10 mm and 0.3 ± 0.1 kg were seen, respectively.",
    ]
)


@settings(deadline=None, max_examples=25)
@given(st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), st.lists(SENTENCES, max_size=2))
def test_a_passage_gives_the_same_alone_and_among_others(
    extractor: SyntaxExtractor, text: str, others: list[str]
) -> None:
    alone = told(extractor.extract([text]), [text])
    texts = [*others, text]
    found = extractor.extract(texts)
    among = told(
        Extraction(found.mentions, (), tuple(one for one in found.quantities if one.passage == len(others))), texts
    )
    assert among == alone


@settings(deadline=None, max_examples=25)
@given(st.lists(SENTENCES, min_size=1, max_size=3).map(" ".join))
def test_quantities_point_at_mentions_and_a_property_has_its_thing(extractor: SyntaxExtractor, text: str) -> None:
    found = extractor.extract([text])
    for one in found.quantities:
        assert one.measures is None or 0 <= one.measures < len(found.mentions)
        assert one.property is None or (one.measures is not None and one.property != one.measures)


def test_a_count_is_of_what_it_counts(extractor: SyntaxExtractor) -> None:
    text = "About 300 patients."
    (one,) = told(extractor.extract([text]), [text])
    assert one == ("About 300 patients", "patients", "")


def test_a_unit_names_no_concept(extractor: SyntaxExtractor) -> None:
    found = extractor.extract(["The toughness of the silk was 180 MJ/m3 at 25 °C."])
    assert [one.name for one in found.mentions if "MJ" in one.name] == []
