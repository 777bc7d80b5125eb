"""Views follow from facts and decisions, and from nothing else."""

from __future__ import annotations

from collections import Counter

from kg.model import Decision
from kg.views import Form, concept, fold, merged
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
