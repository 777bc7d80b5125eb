from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kg.errors import NotFound
from kg.predicates import GENERAL, PREDICATES, as_markdown, predicate_named

ROOT = Path(__file__).parents[2]
_TERM = r"http://purl\.obolibrary\.org/obo/(?:RO|BFO)_\d{7}|http://www\.w3\.org/2004/02/skos/core#\w+"


def test_names_are_words_and_stand_for_one_predicate() -> None:
    names = [predicate.name for predicate in PREDICATES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(?: [a-z]+)*", name) for name in names)
    assert GENERAL in names


def test_a_symmetric_predicate_reads_the_same_backwards_and_the_others_have_a_reading() -> None:
    for predicate in PREDICATES:
        assert (predicate.inverse is None) == predicate.symmetric


def test_a_verb_means_one_predicate() -> None:
    frames = Counter(verb for predicate in PREDICATES for verb in (*predicate.verbs, *predicate.reversed_verbs))
    assert [verb for verb, count in frames.items() if count > 1] == []


def test_terms_are_of_the_relation_ontology_or_skos() -> None:
    for predicate in PREDICATES:
        if predicate.iri is not None:
            assert re.fullmatch(_TERM, predicate.iri)


def test_terms_exist_in_the_relation_ontology() -> None:
    import lzma

    ontology = ROOT.parent / "shared/data/vocabularies/ontologies/ro.obo.xz"
    if not ontology.exists():
        pytest.skip(f"{ontology.name} is not at hand")
    with lzma.open(ontology, "rt", encoding="utf-8") as lines:
        terms = {line.split(": ", 1)[1].strip() for line in lines if line.startswith(("id: ", "xref: "))}
    named = [one.iri.rpartition("/")[2].replace("_", ":") for one in PREDICATES if one.iri and "obolibrary" in one.iri]
    assert set(named) <= terms


def test_a_predicate_is_found_by_name() -> None:
    assert predicate_named("part of").inverse == "has part"
    with pytest.raises(NotFound, match=r"No predicate 'increasess' among \d+\. Nearest: increases"):
        predicate_named("increasess")


def test_the_documentation_is_in_step() -> None:
    assert (ROOT / "docs/predicates.md").read_text(encoding="utf-8").endswith(as_markdown())
