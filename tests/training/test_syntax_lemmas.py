"""How endings, exceptions and the treebanks' own lemmas become those of kg_syn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from training.syntax.conllu import Sentence, Word, merged
from training.syntax.conventions import from_clear, from_ud1
from training.syntax.lemmas import Seen, endings, exceptions


def seen(*words: str) -> Counter[Seen]:
    """FORM/TAG/PART/LEMMA, one or more times."""
    return Counter(Seen(*word.split("/")) for word in words)


def with_lemmas(rows: Iterable[tuple[str, str, str]]) -> Sentence:
    """Words of form, tag and lemma, all on the second."""
    return [Word(form, tag, 1, "root" if at == 1 else "dep", True, lemma) for at, (form, tag, lemma) in enumerate(rows)]


REGULAR = seen(
    *(f"{noun}s/NNS/noun/{noun}" for noun in ("cell", "gene", "mark", "loop", "test")),
    *(f"{stem}ies/NNS/noun/{stem}y" for stem in ("stud", "bod", "bab", "lad", "assa")),
)


def test_a_longer_ending_is_a_rule_where_the_shorter_one_is_wrong_often_enough() -> None:
    assert endings(REGULAR, "noun") == [("ies", "y"), ("s", "")]
    rare = seen(*(f"{noun}s/NNS/noun/{noun}" for noun in ("cell", "gene", "mark")), "bodies/NNS/noun/body")
    assert endings(rare, "noun") == [("s", "")]


def test_what_the_rules_miss_is_an_exception_and_slips_are_not() -> None:
    words = REGULAR + seen("mice/NNS/noun/mouse", "cells/NNS/noun/cell", "me/PRP/pron/I", "teh/DT/det/the")
    words[Seen("me", "PRP", "pron", "I")] += 1
    words[Seen("we", "PRP", "pron", "we")] += 40
    words[Seen("we", "VBD", "aux", "be")] += 1
    found = exceptions(words, {"noun": endings(words, "noun")})
    assert found == {"noun": {"mice": ["mouse"]}, "pron": {"me": ["I"]}}


def test_names_keep_their_capitals_and_units_are_no_plurals() -> None:
    rows = (("Cells", "NNS", "cell"), ("express", "VBP", "express"), ("mRNAs", "NNS", "mrna"), ("ms", "NNS", "m"))
    genia = [
        Word(form, tag, 1, "root" if at == 1 else "dep", True, lemma) for at, (form, tag, lemma) in enumerate(rows)
    ]
    assert [word.lemma for word in from_ud1(genia)] == ["cell", "express", "mRNA", ""]


def test_of_crafts_lemmas_only_what_its_program_changed_is_believed() -> None:
    rows = (("mice", "NNS", "mouse"), ("performed", "VBD", "performed"), ("Sam68", "NN", "sam0"))
    craft = [
        Word(form, tag, 1, "root" if at == 1 else "dep", True, lemma) for at, (form, tag, lemma) in enumerate(rows)
    ]
    assert [word.lemma for word in from_clear(craft)] == ["mouse", "", ""]


@pytest.mark.parametrize(("relation", "lemma"), [("amod", "light-induced"), ("root", "light-induce")])
def test_a_joined_participle_before_a_noun_is_its_own_lemma(relation: str, lemma: str) -> None:
    head = 3 if relation == "amod" else 2
    words = [
        Word("Light", "NN", 2, "compound", False, "light"),
        Word("-", "HYPH", 2, "punct", False, "-"),
        Word("induced", "VBN", head, relation, True, "induce"),
        Word("growth", "NN", 3 if relation == "amod" else 2, "root" if relation == "amod" else "obj", True, "growth"),
    ]
    assert [word.lemma for word in merged(words, [(0, 2), (3, 3)])] == [lemma, "growth"]
