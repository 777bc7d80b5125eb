"""What of a model's reply stands in the passage, and what is dropped."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract import sci_vocabulary
from ingest.extract.extractor import FoundRelation
from ingest.extract.llm_reply import TYPES, Reading, SaidConcept, SaidRelation, Standing, standing
from kg.sentences import sentences

TEXT = (
    "Dragline silk consists of spidroin. Humidity does not reduce the\nstrength of dragline silk. "
    "The toughness of silk may be increased by heat."
)
STRENGTH = {
    "quote": "Humidity does not reduce the strength of dragline silk",
    "subject": "Humidity",
    "predicate": "decreases",
    "object": "strength",
    "words": "reduce",
    "denied": True,
}


def relation(**said: Any) -> Reading:
    return Reading(relations=[SaidRelation(**STRENGTH | said)])


def read(reading: Reading, text: str = TEXT, **long_forms: str) -> Standing:
    return standing(reading, 0, text, long_forms, "llm:fake:m")


def ends(found: Standing, one: FoundRelation) -> tuple[str, str]:
    subject, object_ = found.mentions[one.subject], found.mentions[one.object]
    return TEXT[subject.start : subject.end], TEXT[object_.start : object_.end]


def test_a_relation_gets_its_sentence_and_the_places_of_its_ends() -> None:
    found = read(relation())
    (one,) = found.relations
    assert TEXT[one.start : one.end] == "Humidity does not reduce the\nstrength of dragline silk."
    assert ends(found, one) == ("Humidity", "strength")
    assert (one.predicate, one.words, one.polarity, one.certainty) == ("decreases", "reduce", "denies", "stated")
    assert one.extractor == "llm:fake:m"
    assert found.dropped == {}


def test_a_concept_is_found_wherever_its_name_stands_as_whole_words() -> None:
    found = read(Reading(concepts=[SaidConcept(text="silk", type="material"), SaidConcept(text="strong", type="x")]))
    assert [TEXT[one.start : one.end] for one in found.mentions] == ["silk", "silk", "silk"]
    assert {one.label for one in found.mentions} == {"Material"}
    assert found.dropped == {"a concept's name is not in the passage": 1}


def test_longer_names_stand_before_shorter_ones_and_ends_of_relations_before_both() -> None:
    concepts = [SaidConcept(text=name, type="Property") for name in ("silk", "strength of dragline silk")]
    assert [TEXT[one.start : one.end] for one in read(Reading(concepts=concepts)).mentions] == [
        "silk",
        "strength of dragline silk",
        "silk",
    ]
    found = read(Reading(concepts=concepts, relations=relation().relations))
    assert [TEXT[one.start : one.end] for one in found.mentions] == ["silk", "Humidity", "strength", "silk", "silk"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"quote": "Humidity reduces the strength of dragline silk"}, "a quote is not in the passage"),
        ({"quote": ""}, "a quote is not in the passage"),
        ({"quote": "consists of spidroin. Humidity does"}, "a quote is more than one sentence"),
        ({"object": "spidroin"}, "an end of a relation is not in its sentence"),
        ({"subject": "umidity"}, "an end of a relation is not in its sentence"),
        ({"subject": " "}, "an end of a relation is not in its sentence"),
        ({"predicate": "makes wonderful"}, "a predicate is not in the vocabulary"),
        ({"subject": "dragline silk", "object": "silk"}, "the ends of a relation overlap"),
        ({"subject": "Humidity", "object": "humidity"}, "the ends of a relation overlap"),
    ],
)
def test_what_does_not_stand_in_the_passage_is_dropped_and_counted(said: dict[str, Any], reason: str) -> None:
    found = read(relation(**said))
    assert found.relations == ()
    assert found.dropped == {reason: 1}


@pytest.mark.parametrize(
    "quote",
    ["humidity does not reduce the strength", "Humidity  does not\treduce the strength of dragline silk."],
)
def test_case_and_blanks_of_a_quote_may_differ(quote: str) -> None:
    assert len(read(relation(quote=quote)).relations) == 1


def test_dashes_and_quotation_marks_may_differ() -> None:
    text = "β‐sheets are ‘stiff’ – not brittle. Heat–shock proteins protect cells."
    said = SaidRelation(
        quote="Heat-shock proteins protect cells", subject="Heat-shock proteins", predicate="protects", object="cells"
    )
    found = read(Reading(concepts=[SaidConcept(text="β-sheets")], relations=[said]), text)
    assert [text[one.start : one.end] for one in found.mentions] == ["β‐sheets", "Heat–shock proteins", "cells"]


@pytest.mark.parametrize("predicate", ["increased by", "Increased_by"])
def test_a_predicate_read_backwards_is_turned_round(predicate: str) -> None:
    quote = "The toughness of silk may be increased by heat"
    found = read(
        relation(quote=quote, subject="toughness", predicate=predicate, object="heat", denied=False, hedged=True)
    )
    (one,) = found.relations
    assert ends(found, one) == ("heat", "toughness")
    assert (one.predicate, one.polarity, one.certainty) == ("increases", "supports", "hedged")


@pytest.mark.parametrize(("said", "predicate"), [("lead to", "causes"), ("PART OF", "part of"), ("is-a", "is a")])
def test_verbs_and_spellings_of_predicates_are_known(said: str, predicate: str) -> None:
    (one,) = read(relation(predicate=said)).relations
    assert one.predicate == predicate


def test_a_verb_whose_subject_is_the_object_is_turned_round() -> None:
    found = read(relation(predicate="result from"))
    (one,) = found.relations
    assert (one.predicate, ends(found, one)) == ("causes", ("strength", "Humidity"))


def test_of_several_places_of_a_name_that_in_the_quote_counts() -> None:
    text = "Silk is strong, and silk contains spidroin."
    said = SaidRelation(quote="silk contains spidroin", subject="silk", predicate="contains", object="spidroin")
    found = read(Reading(relations=[said]), text)
    assert found.mentions[found.relations[0].subject].start == 20


def test_the_same_relation_said_twice_counts_once() -> None:
    assert len(read(Reading(relations=[SaidRelation(**STRENGTH), SaidRelation(**STRENGTH)])).relations) == 1


def test_a_relation_within_a_longer_name_is_dropped() -> None:
    text = "Spider silk contains iron."
    whole = SaidRelation(quote=text, subject="Spider silk", predicate="contains", object="iron")
    within = SaidRelation(quote=text, subject="Spider", predicate="produces", object="silk")
    found = read(Reading(relations=[whole, within]), text)
    assert [one.predicate for one in found.relations] == ["contains"]
    assert found.dropped == {"the ends of a relation overlap": 1}


def test_abbreviations_stand_as_their_long_forms() -> None:
    text = "PVA binds water. PVA films swell."
    reading = Reading(concepts=[SaidConcept(text="PVA"), SaidConcept(text="PVA films")])
    found = read(reading, text, PVA="polyvinyl alcohol")
    assert [one.name for one in found.mentions] == ["polyvinyl alcohol", "polyvinyl alcohol films"]


def test_the_types_are_those_of_the_trained_recogniser_and_more() -> None:
    assert {name for types in sci_vocabulary.TYPES.values() for name in types.values()} <= set(TYPES)


words = st.sampled_from(
    ["silk", "Silk", "spidroin", "strength", "of", "", "x" * 200, "SILK CONSISTS", "heat.", "ß", "İ"]
)
texts = st.one_of(st.text(max_size=60), words, st.lists(words, max_size=6).map(" ".join))
said_relations = st.builds(
    SaidRelation,
    quote=texts,
    subject=texts,
    object=texts,
    words=texts,
    predicate=st.sampled_from(["increases", "increased by", "causes", "nonsense"]),
)


@given(
    st.builds(
        Reading,
        concepts=st.lists(st.builds(SaidConcept, text=texts), max_size=5),
        relations=st.lists(said_relations, max_size=5),
    ),
    st.one_of(texts, st.just(TEXT)),
)
def test_whatever_is_said_only_what_stands_there_is_taken(reading: Reading, text: str) -> None:
    found = read(reading, text)
    last = 0
    for mention in found.mentions:
        assert last <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end].strip() == text[mention.start : mention.end]
        assert mention.name
        last = mention.end
    for one in found.relations:
        assert (one.start, one.end) in sentences(text)
        assert one.subject != one.object
        for end in (one.subject, one.object):
            assert one.start <= found.mentions[end].start < found.mentions[end].end <= one.end
    assert len(found.relations) + sum(found.dropped.values()) <= len(reading.relations) + len(reading.concepts)
