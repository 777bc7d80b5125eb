from __future__ import annotations

import pytest

from agents.steps.readings import readings, short_names
from kg.model import Mention, Paper, PaperPassage, Passage
from kg.names import key_of


def passage(text: str, paper: str, *names: tuple[str, str]) -> tuple[PaperPassage, list[Mention]]:
    """A passage that mentions these texts under these names."""
    id = f"p-{text}"
    mentions = [
        Mention(id, text.index(said), text.index(said) + len(said), said, "Material", name, key_of(name))
        for said, name in names
    ]
    return PaperPassage(Passage(id, text), Paper(paper, paper, "")), mentions


ALCOHOL = passage(
    "Poly(vinyl alcohol) (PVA) is soft.", "w-1", ("Poly(vinyl alcohol)", "poly(vinyl alcohol)"), ("PVA", "PVA")
)
AGAIN = passage("Here PVA swells.", "w-2", ("PVA", "poly(vinyl alcohol)"))
ACETATE = passage("Glue holds poly(vinyl acetate) (PVA).", "w-3", ("poly(vinyl acetate)", "poly(vinyl acetate)"))


def test_each_sense_is_a_question_of_its_own_the_most_frequent_first() -> None:
    found = readings("What is PVA used for?", "PVA", [ACETATE, ALCOHOL, AGAIN])
    assert [(one.question, one.papers, one.places) for one in found] == [
        ("What is poly(vinyl alcohol) (PVA) used for?", frozenset({"w-1", "w-2"}), 2),
        ("What is poly(vinyl acetate) (PVA) used for?", frozenset({"w-3"}), 1),
    ]


def test_a_piece_of_a_name_with_brackets_inside_is_no_sense() -> None:
    piece = passage("Poly(vinyl alcohol) (PVA) swells here.", "w-4", ("PVA", "alcohol) blend"))
    assert readings("What is PVA?", "PVA", [ALCOHOL, AGAIN, piece]) == ()


def test_one_sense_needs_no_telling_apart() -> None:
    assert readings("What is PVA?", "PVA", [ALCOHOL, AGAIN]) == ()


def test_spellings_of_one_long_form_and_parts_of_it_are_one_sense() -> None:
    forms = ["xenotropic murine leukaemia virus", "Xenotropic murine leukemia virus", "murine leukaemia virus"]
    found = [passage(f"XMRV is in paper {number}.", f"w-{number}", ("XMRV", form)) for number, form in enumerate(forms)]
    assert readings("What is XMRV?", "XMRV", found) == ()


def test_a_question_that_says_which_is_meant_has_one_reading() -> None:
    assert readings("Is poly(vinyl acetate) (PVA) soft?", "PVA", [ACETATE, ALCOHOL]) == ()


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What is PVA?", ("PVA",)),
        ("Is mRNA like DNA?", ("mRNA", "DNA")),
        ("Is Silk tough?", ()),
        ("WHAT-IF-ANYTHING-AT-ALL", ()),
    ],
)
def test_short_names_have_two_capitals(question: str, names: tuple[str, ...]) -> None:
    assert short_names(question) == names
