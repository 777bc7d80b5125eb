from __future__ import annotations

import pytest

from ingest.extract.noun_phrases import Phrase, noun_phrases, phrase_at
from tests.ingest.extract.trees import tree


def names(text: str) -> list[str]:
    parse = tree(text)
    found = []
    for phrase in noun_phrases(parse):
        name = " ".join(parse.words[phrase.first : phrase.last + 1])
        found.append(name[: len(name) - phrase.cut])
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Articles, quantities and judgements are no part of a name; modifiers are.
        (
            (
                "The/DT>cells/det three/CD>cells/nummod novel/JJ>cells/amod stem/NN>cells/compound "
                "cells/NNS>grow/nsubj grow/VBP>/ROOT"
            ),
            ["stem cells"],
        ),
        (
            ("Its/PRP$>alloy/nmod:poss very/RB>hard/advmod hard/JJ>alloy/amod alloy/NN>melts/nsubj melts/VBZ>/ROOT"),
            ["hard alloy"],
        ),
        # What a word hangs on before its noun belongs to the name, what hangs behind does not.
        (
            "silk/NN>resists/nsubj of/IN>spiders/case spiders/NNS>silk/nmod resists/VBZ>/ROOT heat/NN>resists/obj",
            ["silk", "spiders", "heat"],
        ),
        # A bare abstract noun takes its "of" along, with both of two partners.
        (
            "incidence/NN>fell/nsubj of/IN>stroke/case the/DT>stroke/det stroke/NN>incidence/nmod fell/VBD>/ROOT",
            ["incidence of the stroke"],
        ),
        (
            "Mixing/NN>heats/nsubj of/IN>fuel/case fuel/NN>Mixing/nmod and/CC>air/cc air/NN>fuel/conj heats/VBZ>/ROOT",
            ["Mixing of fuel and air"],
        ),
        (
            "diversity/NN>rose/nsubj of/IN>types/case cell/NN>types/compound types/NNS>diversity/nmod rose/VBD>/ROOT",
            ["diversity of cell types"],
        ),
        (
            (
                "A/DT>content/det high/JJ>content/amod content/NN>slows/nsubj of/IN>sugar/case sugar/NN>content/nmod "
                "slows/VBZ>/ROOT decay/NN>slows/obj"
            ),
            ["high content of sugar", "decay"],
        ),
        # A quantity stands for what it counts.
        (
            (
                "A/DT>layer/det thin/JJ>layer/amod layer/NN>shields/nsubj of/IN>oxide/case "
                "oxide/NN>layer/nmod shields/VBZ>/ROOT iron/NN>shields/obj"
            ),
            ["oxide", "iron"],
        ),
        # The cause in a compound has its own name.
        (
            ("IL-2-induced/JJ>death/amod cell/NN>death/compound death/NN>stops/nsubj stops/VBZ>/ROOT"),
            ["IL-2", "cell death"],
        ),
        ("Vitamin/NN>D/compound D/NN>helps/nsubj helps/VBZ>/ROOT", ["Vitamin D"]),
        (
            ("Parkinson/NNP>disease/nmod:poss 's/POS>Parkinson/case disease/NN>spreads/nsubj spreads/VBZ>/ROOT"),
            ["Parkinson 's disease"],
        ),
        ("caspase/NN>acts/nsubj 3/CD>caspase/nummod acts/VBZ>/ROOT", ["caspase 3"]),
        # Words that elsewhere only point, and names with a bracket.
        (
            (
                "Major/JJ>ampullate/amod ampullate/JJ>silk/amod silk/NN>is/nsubj is/VBZ>/ROOT a/DT>major/det "
                "major/JJ>product/amod product/NN>is/xcomp"
            ),
            ["Major ampullate silk", "product"],
        ),
        (
            "Poly(vinyl/NN>alcohol/compound alcohol/NN>swells/nsubj )/-RRB->alcohol/punct swells/VBZ>/ROOT",
            ["Poly(vinyl alcohol )"],
        ),
        ("e)-(g/NN>swells/nsubj swells/VBZ>/ROOT", []),
        (
            "lack/NN>kills/nsubj of/IN>water/case water/NN>lack/nmod kills/VBZ>/ROOT moss/NN>kills/obj",
            ["lack of water", "moss"],
        ),
        (
            (
                "moss/NN>dies/nsubj dies/VBZ>/ROOT in/IN>absence/case absence/NN>dies/obl of/IN>water/case "
                "water/NN>absence/nmod"
            ),
            ["moss", "water"],
        ),
        ("We/PRP>avoid/nsubj avoid/VBP>/ROOT overfitting/VBG>avoid/obj", ["overfitting"]),
        ("the/DT>table/det water/NN>table/compound table/NN>fell/nsubj fell/VBD>/ROOT", ["water table"]),
        ("the/DT>point/det melting/NN>point/compound point/NN>fell/nsubj fell/VBD>/ROOT", ["melting point"]),
        ("this/DT>point/det main/JJ>point/amod point/NN>fell/nsubj fell/VBD>/ROOT", []),
        # Units and amounts, titles.
        (
            "5/CD>mM/nummod mM/NN>salt/compound salt/NN>rose/nsubj rose/VBD>/ROOT by/IN>1.2g/case 1.2g/NN>rose/obl",
            ["salt"],
        ),
        (
            "the/DT>Spot/det Great/NNP>Spot/compound Dark/NNP>Spot/compound Spot/NNP>grew/nsubj grew/VBD>/ROOT",
            ["Great Dark Spot"],
        ),
        # Nothing is named by pronouns, numbers, references, units, empty nouns, formulas.
        ("We/PRP>show/nsubj show/VBP>/ROOT this/DT>show/obj in/IN>Fig./case Fig./NN>show/obl 2/CD>Fig./nummod", []),
        (
            (
                "The/DT>results/det results/NNS>hold/nsubj hold/VBP>/ROOT for/IN>years/case "
                "recent/JJ>years/amod years/NNS>hold/obl"
            ),
            [],
        ),
        ("x=3/NN>is/nsubj is/VBZ>/ROOT 5/CD>mm/nummod mm/NN>is/xcomp", []),
        ("GGTAAGAACCCTGGCC/NN>binds/nsubj binds/VBZ>/ROOT", []),
        # What is done names a concept with its object.
        (
            (
                "Knocking/VBG>had/csubj out/RP>Knocking/compound:prt the/DT>kinase/det "
                "kinase/NN>Knocking/obj had/VBD>/ROOT risks/NNS>had/obj"
            ),
            ["Knocking out the kinase", "risks"],
        ),
    ],
)
def test_what_names_a_concept(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_phrases_do_not_overlap_and_stay_in_order() -> None:
    parse = tree(
        "formation/NN>rose/nsubj of/IN>layer/case oxide/NN>layer/compound layer/NN>formation/nmod rose/VBD>/ROOT "
        "during/IN>annealing/case heat-induced/JJ>annealing/amod annealing/NN>rose/obl"
    )
    last = -1
    for phrase in noun_phrases(parse):
        assert last < phrase.first <= phrase.head <= phrase.last
        last = phrase.last


def test_nouns_kept_apart_leave_their_of_phrase_its_own_name() -> None:
    parse = tree("inhibition/NN>fell/nsubj of/IN>tau/case tau/NN>inhibition/nmod fell/VBD>/ROOT")
    assert [phrase.last for phrase in noun_phrases(parse)] == [2]
    assert [phrase.last for phrase in noun_phrases(parse, {0})] == [0, 2]


def test_an_author_who_is_cited_names_no_concept() -> None:
    from dataclasses import replace

    parse = tree("Chang/NNP>found/nsubj found/VBD>/ROOT iron/NN>found/obj")
    assert len(noun_phrases(parse)) == 2
    assert [phrase.head for phrase in noun_phrases(replace(parse, cited=frozenset({0})))] == [2]


def test_a_mention_that_something_else_found_is_a_phrase_with_its_head() -> None:
    parse = tree(
        "drought-induced/JJ>closure/amod stomatal/JJ>closure/amod closure/NN>rose/nsubj of/IN>leaves/case "
        "oak/NN>leaves/compound leaves/NNS>closure/nmod rose/VBD>/ROOT"
    )
    text = " ".join(parse.words)

    def at(name: str) -> Phrase | None:
        return phrase_at(parse, text.index(name), text.index(name) + len(name))

    assert at("stomatal closure of oak leaves") == Phrase(1, 5, 2)
    assert at("oak leaves") == Phrase(4, 5, 5)
    assert at("drought") == Phrase(0, 0, 0, len("-induced"))
    assert phrase_at(parse, 500, 510) is None


def test_a_word_that_the_paper_defines_is_a_name() -> None:
    parse = tree("SEM/NN>showed/nsubj showed/VBD>/ROOT pores/NNS>showed/obj")
    assert [phrase.head for phrase in noun_phrases(parse)] == [2]
    assert [phrase.head for phrase in noun_phrases(parse, defined={"SEM"})] == [0, 2]
