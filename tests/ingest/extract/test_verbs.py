from __future__ import annotations

import pytest

from ingest.extract.verbs import LEXICON, Reading, inflections
from kg.predicates import PREDICATES


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("reduce", "reduce reduces reduced reducing"),
        ("inhibit", "inhibit inhibits inhibited inhibiting"),
        ("modify", "modify modifies modified modifying"),
        ("stop", "stop stops stopped stopping"),
        ("catalyse", "catalyse catalyses catalysed catalysing"),
        ("bind", "bind binds bound binding"),
        ("impinge", "impinge impinges impinged impinging"),
        ("suppress", "suppress suppresses suppressed suppressing"),
    ],
)
def test_inflections(lemma: str, forms: str) -> None:
    assert inflections(lemma) == set(forms.split())
    assert all(LEXICON.lemma(form) == lemma for form in forms.split())


def test_frames_are_read_from_the_vocabulary() -> None:
    assert LEXICON.active["reduce", "", ""] == Reading("decreases")
    assert LEXICON.active["lead", "", "to"] == Reading("causes")
    assert LEXICON.active["result", "", "from"] == Reading("causes", turned=True)
    assert LEXICON.active["break", "down", ""] == Reading("converts")
    assert LEXICON.passive["composed", "of"] == Reading("consists of")
    assert LEXICON.passive_of("measure", "with") == Reading("measured with")
    assert LEXICON.lemma("table") is None


def test_every_predicate_but_the_general_one_can_be_read() -> None:
    read = {reading.predicate for frames in (LEXICON.active, LEXICON.passive) for reading in frames.values()}
    assert {predicate.name for predicate in PREDICATES} - read == {"acts on", "inversely correlated with"}
