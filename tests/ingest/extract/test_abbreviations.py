from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.abbreviations import abbreviations, definitions_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Coated with polyvinyl alcohol (PVA), it swells.", {"PVA": "polyvinyl alcohol"}),
        ("We used a hidden Markov model (HMM).", {"HMM": "hidden Markov model"}),
        (
            "The granulocyte-macrophage colony-stimulating factor (GM-CSF) rose.",
            {"GM-CSF": "granulocyte-macrophage colony-stimulating factor"},
        ),
        ("Water content fell (see Fig. 2) and then (n = 3) rose (2010).", {}),
        ("PCR (polymerase chain reaction) was run.", {"PCR": "polymerase chain reaction"}),
        ("Heat shock protein (HSP; Sigma) was added.", {"HSP": "Heat shock protein"}),
        ("It grew in vitro (IV). Nothing else (XYZ) is defined.", {"IV": "in vitro"}),
        ("LIN-3 minigenes indicate that the activity of short forms (LIN-3S) matters.", {}),
        ("Half-open (bracket", {}),
        (
            "Rift Valley fever (RVF) is caused by RVF virus (RVFV).",
            {"RVF": "Rift Valley fever", "RVFV": "Rift Valley fever virus"},
        ),
        ("The ant eats flies (Adler), and the layers with several orientations (La) grew.", {}),
    ],
)
def test_definitions_are_found(text: str, expected: dict[str, str]) -> None:
    assert abbreviations([text]) == expected


def test_the_first_definition_in_the_paper_counts() -> None:
    texts = ["Heart rate (HR) fell.", "No definition here.", "The hazard ratio (HR) rose."]
    assert abbreviations(texts) == {"HR": "Heart rate"}


@given(st.lists(st.text("abcAB ()[];,.-12\n", max_size=80), max_size=3))
def test_long_forms_are_longer_and_stand_in_the_text(texts: list[str]) -> None:
    for short, long in abbreviations(texts).items():
        assert len(long) > len(short)
        assert any(long in " ".join(text.split()) and short in text for text in texts)


def test_the_places_of_definitions_are_told() -> None:
    text = "Grey hidden  Markov models (HMM) and HMM (x)."
    assert definitions_in(text, {"HMM": "hidden Markov models"}) == {text.index(" (HMM"): text.index("hidden")}
    assert definitions_in("No bracket: HMM.", {"HMM": "hidden Markov models"}) == {}
    assert definitions_in("Another one (HMM).", {"HMM": "hidden Markov models"}) == {}
