"""What notes might be linked to, and why."""

from __future__ import annotations

import pytest

from kg.library import Library
from kg.note_links import Suggestion
from tests.kg.made import origin, record
from tests.kg.test_notes import NACRE, SILK, made

ABBREVIATED = record(
    "er", ("ERS", "increases", "apoptosis"), as_names={"ERS": "endoplasmic reticulum stress"}, title="Short"
)
DENIAL = record("denial", ("nacre", "increases", "toughness", "denies"), title="Not so", year=2003, authors=("Cy Foe",))


@pytest.fixture
def library() -> Library:
    return made(SILK, NACRE, ABBREVIATED, DENIAL)


def suggested(library: Library, text: str, **links: object) -> list[Suggestion]:
    note = library.notes.add(text, **links)  # type: ignore[arg-type]
    return list(library.notes.suggest(note.id))


def of(kind: str, found: list[Suggestion]) -> list[tuple[str, str]]:
    return [(one.name, one.reason) for one in found if one.kind == kind]


def test_concepts_that_are_named_are_suggested_as_written_the_longest_name_first(library: Library) -> None:
    found = suggested(library, "Spider-silk has beta-sheets; sheets of nacre have none. What of ERS?")
    assert of("concept", found) == [
        ("spider silk", "named in the note: “Spider-silk”"),
        ("beta sheets", "named in the note: “beta-sheets”"),
        ("nacre", "named in the note: “nacre”"),
        ("endoplasmic reticulum stress", "named in the note: “ERS”"),
    ]


def test_common_words_are_no_names(library: Library) -> None:
    store = library.store
    for one in (
        record("a", ("HELP", "is a", "method"), types={"HELP": "Method"}, title="On HELP"),
        record("b", ("differ", "is a", "is-a"), types={"differ": "Concept", "is-a": "Concept"}, title="Words"),
    ):
        store.add(one, origin(one))
    assert of("concept", suggested(library, "Does it help? It is a difference; they differ.")) == []
    come = record(
        "c",
        ("humidity", "decreases", "toughness"),
        ("humidity", "increases", "rain"),
        title="More",
        types={"humidity": "Concept", "rain": "Concept"},
    )
    store.add(come, origin(come))
    assert [name for name, _ in of("concept", suggested(library, "Humidity and rain differ."))] == ["humidity"]
    assert of("concept", suggested(library, "HELP is a tool.")) == [("HELP", "named in the note: “HELP”")]


def test_words_of_addresses_name_nothing(library: Library) -> None:
    assert of("concept", suggested(library, "https://nacre.org/toughness 10.1000/nacre.toughness")) == []


def test_what_is_linked_already_is_not_suggested(library: Library) -> None:
    found = suggested(library, "Nacre, as in 10.1000/silk.1", concepts=["nacre"], papers=["silk"])
    assert of("concept", found) == [] and "silk" not in {one.target for one in found}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("See https://doi.org/10.1000/SILK.1).", "cited by its DOI 10.1000/silk.1"),
        ("As [silk] says.", "cited as silk"),
        ("As @silk says.", "cited as silk"),
        ("See [nacre; silk] for more.", "cited as silk"),
        ("I read “Why spider silk is so tough”, twice.", "cited by its title"),
        ("This was shown before (Webber, 2017).", "cited by author and year: webber 2017"),
    ],
)
def test_papers_that_are_cited_are_suggested(library: Library, text: str, reason: str) -> None:
    assert ("Why spider silk is so tough", reason) in of("paper", suggested(library, text))


@pytest.mark.parametrize(
    "text",
    [
        "Webber was born in 2017.",
        "silky",
        "silk",
        "Wool, silk, and [cotton]",
        "10.1000/silk.12",
        "Why silk?",
        "On it goes.",
    ],
)
def test_papers_that_are_not_cited_are_not(library: Library, text: str) -> None:
    assert of("paper", suggested(library, text)) == []


def test_papers_that_say_how_two_named_things_hang_together_come_with_the_sentence(library: Library) -> None:
    found = [one for one in suggested(library, "Is nacre a question of toughness?") if one.kind == "paper"]
    assert [(one.name, one.reason, one.quote) for one in found] == [
        ("Not so", "denies: nacre – increases – toughness, both named in the note", "nacre increases toughness."),
        ("On nacre", "states: nacre – increases – toughness, both named in the note", "nacre increases toughness."),
    ]


def test_notes_on_the_same_things_are_suggested_the_closest_first(library: Library) -> None:
    near = library.notes.add("Nacre has toughness.", "Near")
    far = library.notes.add("Toughness is all.", "Far")
    library.notes.add("The party is on Friday.")
    found = suggested(library, "nacre and its toughness")
    assert [(one.target, one.reason) for one in found if one.kind == "note"] == [
        (near.id, "both speak of nacre, toughness"),
        (far.id, "both speak of toughness"),
    ]


def test_every_suggestion_can_be_taken(library: Library) -> None:
    library.notes.add("Nacre has toughness.")
    note = library.notes.add("Nacre, toughness, (Webber, 2017)")
    for one in library.notes.suggest(note.id):
        library.notes.link(note.id, **{f"{one.kind}s": [one.target]})
    assert list(library.notes.suggest(note.id)) == []
