from __future__ import annotations

import pytest

from ingest.extract.noun_phrases import Phrase
from ingest.extract.relations import FAMILIES, relations_between, relations_of
from kg.predicates import PREDICATES
from tests.ingest.extract.trees import tree


def stated(text: str) -> list[str]:
    """ "subject | predicate | object", with "not" and "perhaps" in front where they hold."""
    parse = tree(text)
    phrases, relations = relations_of(parse)

    def name(place: int) -> str:
        phrase = phrases[place]
        return parse.text(range(phrase.first, phrase.last + 1))

    return [
        ("not " if one.denied else "")
        + ("perhaps " if one.hedged else "")
        + f"{name(one.subject)} | {one.predicate} | {name(one.object)}"
        for one in relations
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Clauses: active, passive turned round, prepositions, particles.
        ("Salt/NN>lowers/nsubj lowers/VBZ>/ROOT viscosity/NN>lowers/obj", ["Salt | decreases | viscosity"]),
        (
            (
                "Viscosity/NN>lowered/nsubj:pass is/VBZ>lowered/aux:pass lowered/VBN>/ROOT by/IN>salt/case "
                "salt/NN>lowered/obl"
            ),
            ["salt | decreases | Viscosity"],
        ),
        ("Drought/NN>leads/nsubj leads/VBZ>/ROOT to/IN>famine/case famine/NN>leads/obl", ["Drought | causes | famine"]),
        (
            ("Famine/NN>results/nsubj results/VBZ>/ROOT from/IN>drought/case drought/NN>results/obl"),
            ["drought | causes | Famine"],
        ),
        (
            ("Enzymes/NNS>break/nsubj break/VBP>/ROOT down/RP>break/compound:prt starch/NN>break/obj"),
            ["Enzymes | converts | starch"],
        ),
        (
            (
                "Lidar/NN>used/nsubj:pass was/VBD>used/aux:pass used/VBN>/ROOT to/TO>measure/mark "
                "measure/VB>used/xcomp canopies/NNS>measure/obj"
            ),
            ["canopies | measured with | Lidar"],
        ),
        (
            (
                "We/PRP>measured/nsubj measured/VBD>/ROOT canopies/NNS>measured/obj "
                "using/VBG>measured/advcl lidar/NN>using/obj"
            ),
            ["canopies | measured with | lidar"],
        ),
        # An open verb has the general predicate.
        ("Glaciers/NNS>scratch/nsubj scratch/VBP>/ROOT bedrock/NN>scratch/obj", ["Glaciers | acts on | bedrock"]),
        # Coordination and relative clauses share what they share.
        (
            "Salt/NN>lower/nsubj and/CC>sugar/cc sugar/NN>Salt/conj lower/VBP>/ROOT viscosity/NN>lower/obj",
            ["Salt | decreases | viscosity", "sugar | decreases | viscosity"],
        ),
        (
            (
                "Salt/NN>binds/nsubj binds/VBZ>/ROOT and/CC>activates/cc "
                "activates/VBZ>binds/conj kinases/NNS>activates/obj"
            ),
            ["Salt | binds | kinases", "Salt | promotes | kinases"],
        ),
        (
            ("Proteins/NNS>/ROOT which/WDT>block/nsubj block/VBP>Proteins/acl:relcl channels/NNS>block/obj"),
            ["Proteins | inhibits | channels"],
        ),
        ("Genes/NNS>/ROOT encoding/VBG>Genes/acl enzymes/NNS>encoding/obj", ["Genes | encodes | enzymes"]),
        ("IL-10/NN>/ROOT producing/VBG>IL-10/acl lymphocytes/NNS>producing/obj", []),
        # Predicate nouns and adjectives, kinds.
        (
            (
                "Zinc/NN>essential/nsubj is/VBZ>essential/cop essential/JJ>/ROOT "
                "for/IN>growth/case growth/NN>essential/obl"
            ),
            ["growth | requires | Zinc"],
        ),
        (
            (
                "Zinc/NN>inhibitor/nsubj is/VBZ>inhibitor/cop an/DT>inhibitor/det inhibitor/NN>/ROOT "
                "of/IN>kinases/case kinases/NNS>inhibitor/nmod"
            ),
            ["Zinc | inhibits | kinases"],
        ),
        ("Zinc/NN>metal/nsubj is/VBZ>metal/cop a/DT>metal/det metal/NN>/ROOT", ["Zinc | is a | metal"]),
        (
            ("Metals/NNS>rust/nsubj such/JJ>iron/case as/IN>such/fixed iron/NN>Metals/nmod rust/VBP>/ROOT"),
            ["iron | is a | Metals"],
        ),
        (
            ("Iron/NN>rust/nsubj and/CC>metals/cc other/JJ>metals/amod metals/NNS>Iron/conj rust/VBP>/ROOT"),
            ["Iron | is a | metals"],
        ),
        # Nouns that relate.
        (
            (
                "The/DT>effect/det effect/NN>/ROOT of/IN>salt/case salt/NN>effect/nmod on/IN>growth/case "
                "growth/NN>effect/nmod"
            ),
            ["salt | affects | growth"],
        ),
        (
            (
                "Salt/NN>has/nsubj has/VBZ>/ROOT no/DT>effect/det effect/NN>has/obj "
                "on/IN>growth/case growth/NN>effect/nmod"
            ),
            ["not Salt | affects | growth"],
        ),
        (
            "a/DT>link/det link/NN>/ROOT between/IN>salt/case salt/NN>link/nmod and/CC>rust/cc rust/NN>salt/conj",
            ["salt | associated with | rust"],
        ),
        ("heat-induced/JJ>death/amod death/NN>stops/nsubj stops/VBZ>/ROOT", ["heat-induced | causes | death"]),
        # Changes that are caused, what comes about by itself, what somebody makes.
        (
            "Heat/NN>causes/nsubj causes/VBZ>/ROOT rise/NN>causes/obj in/IN>ozone/case ozone/NN>rise/nmod",
            ["Heat | increases | ozone"],
        ),
        (
            (
                "Heat/NN>leads/nsubj leads/VBZ>/ROOT to/IN>levels/case reduced/VBN>levels/amod levels/NNS>leads/obl "
                "of/IN>ozone/case ozone/NN>levels/nmod"
            ),
            ["Heat | decreases | ozone"],
        ),
        (
            "Ozone/NN>rises/nsubj rises/VBZ>/ROOT because/IN>heat/case of/IN>because/fixed heat/NN>rises/obl",
            ["heat | increases | Ozone"],
        ),
        (
            (
                "Lactate/NN>production/compound production/NN>rose/nsubj by/IN>tumours/case "
                "tumours/NNS>production/nmod "
                "rose/VBD>/ROOT"
            ),
            ["tumours | produces | Lactate"],
        ),
        (
            (
                "Sepsis/NN>accounts/nsubj accounts/VBZ>/ROOT for/IN>%/case 20/CD>%/nummod %/NN>accounts/obl "
                "of/IN>deaths/case deaths/NNS>%/nmod"
            ),
            ["Sepsis | part of | deaths"],
        ),
        # What a thing has is a property of it or a part.
        (
            "Silk/NN>has/nsubj has/VBZ>/ROOT high/JJ>toughness/amod toughness/NN>has/obj",
            ["Silk | has property | high toughness"],
        ),
        (
            "Leaves/NNS>have/nsubj have/VBP>/ROOT green/JJ>veins/amod veins/NNS>have/obj",
            ["Leaves | contains | green veins"],
        ),
        # What is lacking does it, not what is there.
        (
            "Lack/NN>reduces/nsubj of/IN>water/case water/NN>Lack/nmod reduces/VBZ>/ROOT growth/NN>reduces/obj",
            ["Lack of water | decreases | growth"],
        ),
        # Procedures measure what they "determine", causes do not.
        (
            (
                "Strain/NN>determined/nsubj:pass was/VBD>determined/aux:pass determined/VBN>/ROOT "
                "by/IN>microscopy/case "
                "microscopy/NN>determined/obl"
            ),
            ["Strain | measured with | microscopy"],
        ),
        (
            (
                "Strain/NN>determined/nsubj:pass is/VBZ>determined/aux:pass determined/VBN>/ROOT by/IN>heat/case "
                "heat/NN>determined/obl"
            ),
            ["heat | regulates | Strain"],
        ),
        (
            "Sharks/NNS>use/nsubj use/VBP>/ROOT tails/NNS>use/obj to/TO>hunt/mark hunt/VB>use/xcomp prey/NN>hunt/obj",
            ["Sharks | uses | tails", "Sharks | targets | prey"],
        ),
        (
            "Rust/NN>one/nsubj is/VBZ>one/cop one/CD>/ROOT of/IN>faults/case the/DT>faults/det faults/NNS>one/nmod",
            ["Rust | is a | faults"],
        ),
        (
            (
                "One/CD>rust/nsubj of/IN>faults/case the/DT>faults/det faults/NNS>One/nmod is/VBZ>rust/cop "
                "a/DT>rust/det "
                "rust/NN>/ROOT"
            ),
            ["rust | is a | faults"],
        ),
        (
            (
                "Salt/NN>correlated/nsubj is/VBZ>correlated/cop inversely/RB>correlated/advmod correlated/JJ>/ROOT "
                "with/IN>rust/case rust/NN>correlated/obl"
            ),
            ["Salt | inversely correlated with | rust"],
        ),
        (
            "Peat/NN>provides/nsubj provides/VBZ>/ROOT moss/NN>provides/obj with/IN>water/case water/NN>provides/obl",
            ["Peat | produces | water"],
        ),
        (
            (
                "Peat/NN>falls/nsubj falls/VBZ>/ROOT possibly/RB>wear/advmod because/IN>wear/case of/IN>because/fixed "
                "wear/NN>falls/obl"
            ),
            ["perhaps wear | decreases | Peat"],
        ),
        # A verb that has all that a verb has, whatever its tag.
        ("Cold/NN>elevated/nsubj elevated/JJ>/ROOT cortisol/NN>elevated/obj", ["Cold | increases | cortisol"]),
        # Able to, far from.
        (
            (
                "Salt/NN>incapable/nsubj is/VBZ>incapable/cop incapable/JJ>/ROOT of/IN>lowering/mark "
                "lowering/VBG>incapable/advcl viscosity/NN>lowering/obj"
            ),
            ["not Salt | decreases | viscosity"],
        ),
        (
            (
                "Salt/NN>far/nsubj is/VBZ>far/cop far/RB>/ROOT from/IN>lowering/mark lowering/VBG>far/advcl "
                "viscosity/NN>lowering/obj"
            ),
            ["not Salt | decreases | viscosity"],
        ),
        # Denials and doubts.
        ("Salt/NN>lacks/nsubj lacks/VBZ>/ROOT odour/NN>lacks/obj", ["not Salt | has property | odour"]),
        (
            ("Rust/NN>proceeds/nsubj proceeds/VBZ>/ROOT without/IN>salt/case salt/NN>proceeds/obl"),
            ["not Rust | requires | salt"],
        ),
        (
            "Neither/CC>salt/cc salt/NN>stops/nsubj nor/CC>ice/cc ice/NN>salt/conj stops/VBZ>/ROOT rust/NN>stops/obj",
            ["not salt | prevents | rust", "not ice | prevents | rust"],
        ),
        ("Salt/NN>stop/nsubj might/MD>stop/aux stop/VB>/ROOT rust/NN>stop/obj", ["perhaps Salt | prevents | rust"]),
        # Nothing is stated by authors, by what they show, or of nothing.
        ("We/PRP>lower/nsubj lower/VBP>/ROOT viscosity/NN>lower/obj", []),
        ("Experiments/NNS>show/nsubj show/VBP>/ROOT rust/NN>show/obj", []),
        ("Salt/NN>considers/nsubj considers/VBZ>/ROOT rust/NN>considers/obj", []),
        (
            (
                "rust/NN>measured/nsubj:pass was/VBD>measured/aux:pass measured/VBN>/ROOT "
                "by/IN>pathologists/case pathologists/NNS>measured/obl"
            ),
            [],
        ),
    ],
)
def test_what_a_sentence_states(text: str, expected: list[str]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        # A relative clause on a noun that it does not agree with, a preposition of three words, a list that looks like
        # an apposition, a participle that stands like a preposition.
        "noise/NN>/ROOT that/WDT>block/nsubj block/VBP>noise/acl:relcl channels/NNS>block/obj",
        (
            "rust/NN>found/nsubj:pass was/VBD>found/aux:pass found/VBN>/ROOT in/IN>presence/case presence/NN>found/obl "
            "of/IN>salt/case salt/NN>presence/nmod"
        ),
        "rust/NN>/ROOT ,/,>salt/punct a/DT>salt/det salt/NN>rust/appos and/CC>ice/cc ice/NN>salt/conj",
        "rust/NN>grows/nsubj grows/VBZ>/ROOT excluding/VBG>grows/advcl salt/NN>excluding/obj",
        # Somebody who is not named does it; a place is no kind; a thing is not itself; two things between a noun and
        # what explains another.
        (
            "rust/NN>grows/nsubj grows/VBZ>/ROOT when/WRB>lowering/advmod lowering/VBG>grows/advcl "
            "viscosity/NN>lowering/obj"
        ),
        (
            "deaths/NNS>fell/nsubj in/IN>Spain/case Spain/NNP>deaths/nmod including/IN>flu/case flu/NN>Spain/nmod "
            "fell/VBD>/ROOT"
        ),
        "Salt/NN>binds/nsubj binds/VBZ>/ROOT salt/NN>binds/obj",
        (
            "bones/NNS>/ROOT of/IN>rickets/case rickets/NN>bones/nmod ,/,>bones/punct a/DT>disease/det "
            "disease/NN>bones/appos"
        ),
        (
            "mass/NN>/ROOT of/IN>salt/case salt/NN>mass/nmod using/VBG>salt/acl a/DT>balance/det scale/NN>using/obj "
            "balance/NN>using/obj"
        ),
        "excuses/NNS>/ROOT for/IN>allowing/mark allowing/VBG>excuses/acl rust/NN>allowing/obj",
    ],
)
def test_what_only_looks_like_a_statement(text: str) -> None:
    assert stated(text) == []


def test_predicates_are_of_the_vocabulary_and_confidences_are_shares() -> None:
    names = {predicate.name for predicate in PREDICATES}
    parse = tree(
        "Salt/NN>lower/nsubj may/MD>lower/aux lower/VB>/ROOT viscosity/NN>lower/obj and/CC>raise/cc "
        "raise/VB>lower/conj heat/NN>raise/obj"
    )
    _, relations = relations_of(parse)
    assert len(relations) == 2
    assert {one.predicate for one in relations} <= names
    assert all(0 < one.confidence < 1 for one in relations)
    assert all(one.family in FAMILIES for one in relations)


def test_relations_are_read_between_phrases_that_something_else_found() -> None:
    parse = tree(
        "Salt/NN>lowers/nsubj lowers/VBZ>/ROOT the/DT>viscosity/det results/NNS>viscosity/compound "
        "viscosity/NN>lowers/obj of/IN>brine/case brine/NN>viscosity/nmod"
    )
    given = [Phrase(0, 0, 0), Phrase(4, 6, 4)]
    found = relations_between(parse, given)
    assert [(one.subject, one.predicate, one.object) for one in found] == [(0, "decreases", 1)]
    assert relations_between(parse, []) == []
