from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from agents.steps.planning import Plan, plan
from agents.steps.supporting import names, numbers, unsupported
from kg.names import key_of
from kg.search import words

CONCEPTS = {key_of(one): one for one in ["aspirin", "clopidogrel", "spider silk", "toughness", "stroke"]}
CONCEPTS[key_of("acetylsalicylic acid")] = "aspirin"


def labels(keys: Sequence[str]) -> Mapping[str, str]:
    return {key: CONCEPTS[key] for key in keys if key in CONCEPTS}


def weigh(text: str) -> Plan:
    telling = words(text)
    return plan(text, telling, [5] * len(telling), 1000)


def why(sentence: str, *quotes: str, title: str = "", question: str = "") -> str | None:
    return unsupported(sentence, quotes, [title], question, weigh, labels)


CRYSTALS = "Crystals increase the toughness of spider silk by 30 % in dry air."


@pytest.mark.parametrize(
    ("sentence", "quotes"),
    [
        (CRYSTALS, [CRYSTALS]),
        ("The toughness of spider silk is increased by crystals.", [CRYSTALS]),
        ("In dry air, crystals increased toughness by 30%.", [CRYSTALS]),
        ("Crystals do not increase toughness.", ["Crystals never increase the toughness of silk."]),
        ("Crystals may increase toughness.", ["Crystals might increase the toughness of silk."]),
        ("Crystals might increase toughness.", [CRYSTALS]),
        ("Aspirin prevents stroke.", ["Acetylsalicylic acid prevents stroke."]),
        ("It was 1000 MPa, or 1.5 GPa in three fibres.", ["It was 1,000 MPa, or 1.50 GPa in 3 fibres."]),
        ("Crystals increase toughness, but water decreases toughness.", [CRYSTALS, "Water decreases its toughness."]),
    ],
)
def test_what_the_quotes_say_in_other_order_or_form_is_supported(sentence: str, quotes: list[str]) -> None:
    assert why(sentence, *quotes) is None


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Crystals increase the toughness of spider silk by 35 % in dry air.", "the number 35"),
        ("Crystals increase the toughness of spider silk by 3 % in dry air.", "the number 3"),
        ("Two crystals increase the toughness of spider silk in dry air.", "the number 2"),
        ("Crystals increase the toughness of spider silk in dry air, says Vollrath.", "the name Vollrath"),
        ("Crystals of MaSp1 increase the toughness of spider silk in dry air.", "the name MaSp1"),
        ("Crystals and aspirin increase the toughness of spider silk by 30 % in dry air.", "the name aspirin"),
        ("Feeding, sunlight, gravity and crystals increase toughness.", "too few"),
        ("Crystals do not increase the toughness of spider silk.", "no quote denies"),
        ("Crystals decrease the toughness of spider silk.", "the direction of decrease"),
        ("Crystals increase the toughness of spider silk by 30 °C in dry air.", "30 in another unit"),
    ],
)
def test_what_the_quotes_do_not_say_is_not(sentence: str, reason: str) -> None:
    told = why(sentence, CRYSTALS)
    assert told is not None
    assert reason in told


def test_denial_and_doubt_must_not_get_lost() -> None:
    assert "denies nothing" in str(
        why("Crystals increase toughness.", "Crystals do not increase the toughness of silk.")
    )
    assert "in doubt" in str(why("Crystals increase toughness.", "Crystals may increase the toughness of silk."))
    assert why("Crystals increase toughness.", "Crystals may increase toughness.", CRYSTALS) is None


def test_the_question_does_not_stand_for_evidence() -> None:
    asked = "Does aspirin reduce the risk of a second stroke?"
    said = "Aspirin reduces the risk of a second stroke."
    assert (
        why(said, "Clopidogrel reduces the risk of a second stroke.", question=asked) == "no quote has the name Aspirin"
    )
    assert why("Velotrazine cures plague.", "Plague is rare.", question="Does velotrazine cure plague?") is not None


def test_the_title_of_a_quoted_paper_counts() -> None:
    assert why("Aspirin prevents stroke.", "It prevents stroke.", title="On aspirin") is None
    assert why("Aspirin prevents stroke.", "It prevents stroke.") is not None


def test_nothing_rests_on_nothing() -> None:
    assert why("It is so.") is not None
    assert why("Crystals increase toughness.") is not None


def test_numbers_have_one_form() -> None:
    assert numbers("1,000 of 1000; 0.50 and .5; three of 3, one of them") == ("1000", "0.5", "5", "3")
    assert set(numbers("1,000 or 1 000")) == set(numbers("1000"))
    assert numbers("three") == numbers("3")
    assert numbers("one of them") == ()


def test_names_have_capitals_where_no_sentence_begins_or_figures() -> None:
    assert names("The fibre of Nephila clavipes holds MaSp1 and β-sheets. Silk (Vollrath's) is A-one: See pH.") == (
        "Nephila",
        "MaSp1",
        "A-one",
        "pH",
    )
    assert names("Silk is tough. Nacre is, too: Both are.") == ()
    assert names("We thank Ada and NASA for p53.") == ("Ada", "NASA", "p53")


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("Aspirin prevents stroke.", "Stroke prevents aspirin."),
        ("Stroke is prevented by aspirin.", "Stroke prevents aspirin."),
        ("Clopidogrel inhibits aspirin in some people.", "Aspirin inhibits clopidogrel in some people."),
    ],
)
def test_who_does_what_to_whom_must_not_be_turned_round(quote: str, sentence: str) -> None:
    assert why(sentence, quote) == "the quotes say it the other way round"


def test_a_passive_says_the_same() -> None:
    assert why("Stroke is prevented by aspirin.", "Aspirin prevents stroke.") is None
    assert why("Aspirin prevents stroke.", "Stroke is prevented by aspirin.") is None


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("The dose was 5 mg.", "The dose was 5 g."),
        ("The strength was 1.2 GPa at 300 K.", "The strength was 1.2 MPa at 300 K."),
    ],
)
def test_a_number_keeps_its_unit(quote: str, sentence: str) -> None:
    assert why(quote, quote) is None
    assert "in another unit" in str(why(sentence, quote))


@pytest.mark.parametrize("unit", ["5 %", "5%", "5 percent", "5\N{NO-BREAK SPACE}%"])
def test_units_have_one_form(unit: str) -> None:
    assert why(f"The share was {unit}.", "The share was 5 %.") is None


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("The risk ratio of stroke was 0.83.", "The risk of stroke was increased."),
        ("The risk of stroke was lower.", "The risk of stroke was higher."),
        ("A reduction of the risk of stroke was seen.", "An improvement of the risk of stroke was seen."),
        ("Heating is a calcium-independent process.", "Heating is a calcium-dependent process."),
    ],
)
def test_more_and_less_are_not_made_up(quote: str, sentence: str) -> None:
    assert why(sentence, quote) is not None


def test_a_denial_of_something_else_is_no_support() -> None:
    quote = "Crystals increase the toughness of spider silk, but no aspirin was found in water."
    assert why("Crystals do not increase the toughness of spider silk.", quote) == "it denies what no quote denies"
    assert why("No aspirin was found in water.", quote) is None
    assert why("Crystals do not increase toughness.", "Toughness was not increased by crystals.") is None


def test_more_and_less_stay_with_what_they_are_said_of() -> None:
    quote = "Heat increases the strength of bone, while in the long run water lowers the toughness of spider silk."
    assert why("Water increases the toughness of spider silk.", quote) == "no quote has the direction of increases"
    assert why("Water lowers the toughness of spider silk.", quote) is None


@pytest.mark.parametrize(
    ("quote", "sentence", "fine"),
    [
        ("We saw that Ada taught Blaise in 1840.", "In 1840, Ada taught Blaise.", True),
        ("We saw that Ada taught Blaise in 1840.", "In 1840, Blaise taught Ada.", False),
        ("We saw that Ada taught Blaise in 1840.", "In 1840, Blaise was taught by Ada.", True),
        ("We saw that Ada met Blaise, and that Blaise met Ada.", "Then Blaise met Ada.", True),
    ],
)
def test_names_keep_their_order_or_are_said_in_the_passive(quote: str, sentence: str, fine: bool) -> None:
    assert ("order" in str(why(sentence, quote))) != fine
