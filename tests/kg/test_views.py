"""Views follow from facts and decisions, and from nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from kg.model import Decision, Paper, Passage, Quantity, Statement
from kg.views import Form, concept, evidence_of, fold, merged
from tests.kg.made import record


def test_the_label_is_the_most_frequent_name_and_ties_go_by_code_point() -> None:
    forms = Counter(
        {
            Form("silk", "silk", "silk", "Material"): 2,
            Form("silk", "Silk", "Silk", "Material"): 2,
            Form("silk", "silks", "silks", "Thing"): 1,
        }
    )
    made = concept(forms, 3, {})
    assert (made.label, made.type, made.mentions, made.aliases) == ("Silk", "Material", 5, ("silk", "silks"))


def typed(*labels: str) -> str:
    forms = Counter(Form("silk", "silk", "silk", label) for label in labels)
    return concept(forms, 1, {}).type


def test_a_concepts_type_is_the_most_frequent_one_that_was_told() -> None:
    assert typed("Concept", "Concept") == "Concept"
    assert typed("Concept", "Concept", "Concept", "Material") == "Material"
    assert typed("Material", "Concept", "Chemical", "Chemical") == "Chemical"
    assert typed("Process", "Method") == typed("Method", "Process") == "Method", "ties by code point"


def test_the_types_of_all_names_of_a_concept_count() -> None:
    made = [
        record("one", ("silk", "is a", "fibre"), types={"silk": "Material"}),
        record("two", ("spidroin", "is a", "fibre"), types={"spidroin": "Chemical"}),
        record("three", ("spidroin", "is a", "fibre"), types={"spidroin": "Chemical"}),
    ]
    for records in (made, made[::-1]):
        merged_concept = next(
            one for one in fold(records, [Decision("merge", "silk", "spidroin")]).concepts if "silk" in one.keys
        )
        assert merged_concept.type == "Chemical"


TEXT = "silk and nacre hold 5 GPa."
SENTENCE = Passage("p-1", TEXT)
FIVE = Quantity(20, 25, "5 GPa", 5.0, 5.0, "GPa", "silk")


@given(
    st.lists(
        st.builds(
            Statement,
            st.just("p-1"),
            st.just(0),
            st.just(len(TEXT)),
            st.just(TEXT),
            st.sampled_from(["silk", "nacre"]),
            st.just("holds"),
            st.sampled_from(["load", "force"]),
            polarity=st.sampled_from(["supports", "denies"]),
            confidence=st.sampled_from([0.3, 0.8]),
            extractors=st.sampled_from([("one",), ("two",)]),
            candidate=st.booleans(),
            quantities=st.sampled_from([(), (FIVE,), (replace(FIVE, measures="nacre"),), (replace(FIVE, low=None),)]),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda one: one.id,
    ),
    st.randoms(),
)
def test_statements_of_one_sentence_become_one_piece_in_any_order(made: list[Statement], dice: Random) -> None:
    labels = {"silk": "fibre", "nacre": "fibre", "load": "load", "force": "load"}
    paper = Paper("w-1", "one", "On silk")
    (found,) = evidence_of(((one, SENTENCE, paper) for one in made), labels)
    shuffled = dice.sample(made, len(made))
    assert evidence_of(((one, SENTENCE, paper) for one in shuffled), labels) == [found]
    kind = [one for one in made if one.candidate == found.candidate]
    assert found.candidate == all(one.candidate for one in made)
    assert found.confidence == max(one.confidence for one in kind)
    assert set(found.extractors) == {name for one in kind for name in one.extractors}
    assert {(one.text, one.low, one.measures) for one in found.quantities} == {
        (one.text, one.low, "fibre") for told in kind for one in told.quantities
    }


def test_an_abbreviation_is_a_name_of_what_its_paper_says() -> None:
    one = record("one", ("BS", "is a", "motif"), as_names={"BS": "beta sheet"})
    other = record("other", ("BS", "is a", "site"), as_names={"BS": "binding site"})
    concepts = {made.label: made for made in fold([one, other]).concepts}
    assert "BS" in concepts["beta sheet"].aliases and "BS" in concepts["binding site"].aliases
    assert concepts["beta sheet"].id != concepts["binding site"].id


def test_two_names_made_one_are_one_piece_of_evidence_in_a_sentence() -> None:
    made = record("one", ("silk", "increases", "toughness"), ("silk", "increases", "strength"))
    views = fold([made], [Decision("merge", "toughness", "strength")])
    (relation,) = views.relations
    assert (relation.object, relation.supports) == ("strength", 2)
    assert len(views.evidence) == 2, "two sentences are two pieces"


def test_a_relation_of_a_concept_with_itself_is_none() -> None:
    views = fold([record("one", ("silk", "is a", "fibre"))], [Decision("merge", "silk", "fibre")])
    assert views.relations == () and len(views.evidence) == 1


def test_merges_reach_over_keys_that_nobody_uses() -> None:
    decisions = [
        Decision("merge", "a", "gone"),
        Decision("merge", "gone", "b"),
        Decision("split", "b", "c"),
        Decision("merge", "b", "c"),
    ]
    assert merged(decisions) == dict.fromkeys(["a", "gone", "b"], frozenset({"a", "gone", "b"}))


def test_only_the_leading_record_counts() -> None:
    doi = (("doi", "10.1/a"),)
    short = record("short", ("silk", "is a", "myth"), identifiers=doi)
    full = record("full", ("silk", "is a", "protein"), ("silk", "increases", "toughness"), identifiers=doi)
    views = fold([short, full])
    assert {one.object for one in views.relations} == {"protein", "toughness"}
    assert all(mention.text != "myth" for mention, _ in views.mentions)


def test_a_rejected_sentence_does_not_count() -> None:
    made = record("one", ("silk", "is a", "protein"), ("silk", "is a", "protein", "denies"))
    views = fold([made], [Decision("reject", made.statements[0].id)])
    (relation,) = views.relations
    assert (relation.supports, relation.denies) == (0, 1)
