"""What an extractor promises. Subclass with a fixture `extractor`."""

from __future__ import annotations

import pytest

from ingest.extract.extractor import Extraction, Extractor
from kg.predicates import PREDICATES
from kg.sentences import sentences

TEXTS = [
    "Aspirin reduces Fever. Heat, however, does not change Colour (see Fig. 2) in mice [3].",
    "",
    "   \n\n ",
    "Β-Sheet Crystals \ud800 \0 limit Toughness 🧬 of Silk.\n\nYes. ((( ]] [12] 蚕丝 ... !!! %%",
    "Polyvinyl Alcohol (PVA) binds Water. PVA dissolves.",
    "WORD " * 700,
    "| a | B | Cc |\n|---|---|---|\n| 1 | 2 | 3 |",
]


def of_passage(extraction: Extraction, passage: int) -> tuple[list[tuple[object, ...]], ...]:
    """What was found in one passage, with its relations' ends as spans, so that places in the paper do not matter."""
    mentions = extraction.mentions

    def start(place: int | None) -> int | None:
        return None if place is None else mentions[place].start

    return (
        [(m.start, m.end, m.label, m.name, m.confidence) for m in mentions if m.passage == passage],
        [
            (r.start, r.end, start(r.subject), start(r.object), r.predicate, r.polarity, r.certainty, r.candidate)
            for r in extraction.relations
            if r.passage == passage
        ],
        [
            (q.start, q.end, q.low, q.high, q.unit, start(q.measures), start(q.property))
            for q in extraction.quantities
            if q.passage == passage
        ],
    )


class ExtractorContract:
    @pytest.fixture
    def extractor(self) -> Extractor:
        raise NotImplementedError

    def test_something_is_found(self, extractor: Extractor) -> None:
        found = extractor.extract(TEXTS)
        assert found.mentions
        assert found.relations

    def test_mentions_stand_in_their_passages_and_do_not_overlap(self, extractor: Extractor) -> None:
        last = (0, 0)
        for mention in extractor.extract(TEXTS).mentions:
            text = TEXTS[mention.passage][mention.start : mention.end]
            assert text
            assert text == text.strip()
            assert mention.name == " ".join(mention.name.split()) != ""
            assert mention.label
            assert (mention.passage, mention.start) >= last
            last = (mention.passage, mention.end)

    def test_relations_are_stated_by_one_sentence_that_holds_both_ends(self, extractor: Extractor) -> None:
        found = extractor.extract(TEXTS)
        names = {predicate.name for predicate in PREDICATES}
        for relation in found.relations:
            assert (relation.start, relation.end) in sentences(TEXTS[relation.passage])
            assert relation.predicate in names
            assert relation.polarity in ("supports", "denies")
            assert relation.certainty in ("stated", "hedged")
            assert relation.subject != relation.object
            for place in (relation.subject, relation.object):
                mention = found.mentions[place]
                assert mention.passage == relation.passage
                assert relation.start <= mention.start < mention.end <= relation.end

    def test_quantities_stand_in_their_passages_and_measure_what_is_mentioned_there(self, extractor: Extractor) -> None:
        found = extractor.extract(TEXTS)
        for quantity in found.quantities:
            text = TEXTS[quantity.passage][quantity.start : quantity.end]
            assert text
            assert text == text.strip()
            for place in (quantity.measures, quantity.property):
                assert place is None or found.mentions[place].passage == quantity.passage
            if quantity.low is not None and quantity.high is not None:
                assert quantity.low <= quantity.high

    def test_confidences_have_three_decimals(self, extractor: Extractor) -> None:
        found = extractor.extract(TEXTS)
        for confidence in [one.confidence for one in (*found.mentions, *found.relations, *found.quantities)]:
            assert 0 <= confidence <= 1
            assert confidence == round(confidence, 3)

    def test_a_passage_is_read_by_itself(self, extractor: Extractor) -> None:
        together = extractor.extract(TEXTS)
        for passage, text in enumerate(TEXTS):
            assert of_passage(extractor.extract([text]), 0) == of_passage(together, passage)
        backwards = extractor.extract(TEXTS[::-1])
        for passage in range(len(TEXTS)):
            assert of_passage(backwards, len(TEXTS) - 1 - passage) == of_passage(together, passage)

    def test_texts_may_be_none_or_empty(self, extractor: Extractor) -> None:
        assert extractor.extract([]) == Extraction()
        assert extractor.extract(["", " \n"]) == Extraction()

    def test_name_and_version_are_words(self, extractor: Extractor) -> None:
        assert extractor.name
        assert extractor.version
        assert " " not in extractor.name + extractor.version
