"""Hypotheses of a small library about silk, from end to end and step by step."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from agents.hypothesis import FACETS, Gap, Hypotheses, Hypothesis, Said
from agents.hypothesizing import hypothesize
from agents.resuming import replayed
from agents.run_logs import MemoryLog
from agents.runs import Event
from kg.errors import NotFound, UsageError
from kg.model import SourceRecord
from kg.scope import Scope
from tests.agents.made import Library, library_of
from tests.kg.made import Said as Told
from tests.kg.made import record as made

TYPES = {"silk": "Material", "beta sheets": "Material", "humidity": "Property", "toughness": "Property",
         "tensile testing": "Method", "sericin": "Chemical", "strength": "Property", "nacre": "Material"}  # fmt: skip


def record(name: str, *said: Told, **facts: Any) -> SourceRecord:
    return replace(made(name, *said, types=TYPES, **facts), embedder=None, vectors=b"")


@pytest.fixture
def library() -> Library:
    return library_of(
        record("spinning", ("silk", "contains", "beta sheets"), ("sericin", "inhibits", "beta sheets"),
               title="Spinning", year=2003, authors=("Ada Webber",)),
        record("strength", ("beta sheets", "increases", "toughness", "supports", "stated", False, "180 MJ/m3"),
               ("beta sheets", "increases", "strength"), title="Why silk is tough", year=2008, authors=("Bo Shell",)),
        record("water", ("humidity", "decreases", "beta sheets"), ("humidity", "increases", "swelling"),
               title="Water and silk", year=2010, authors=("Cy Reed",)),
        record("methods", ("toughness", "measured with", "tensile testing"), ("nacre", "increases", "toughness"),
               title="Testing", year=2012),
        record("doubt", ("beta sheets", "increases", "toughness", "denies"), ("beta sheets", "depends on", "alanine"),
               title="A doubt", year=2015),
    )  # fmt: skip


def sentences(one: Hypothesis) -> Iterator[Said]:
    for facet in one.facets:
        yield from facet.sentences
    yield from one.falsification.refuted_by
    yield from (measured.how for measured in one.falsification.measurements)


def test_between_two_concepts_the_link_that_nobody_states_is_named_and_follows_from_the_path(library: Library) -> None:
    made_ = hypothesize(library, "humidity", "toughness")
    first = made_[0]
    assert first.statement == "Humidity may decrease toughness, by way of beta sheets."
    assert (first.gap.subject, first.gap.predicate, first.gap.object) == ("humidity", "decreases", "toughness")
    assert "“decreases”, then “increases”" in first.gap.how
    assert first.path is not None and first.path.concepts == ("humidity", "beta sheets", "toughness")
    assert [one.rank for one in made_] == list(range(1, len(made_) + 1))
    assert first.critique is not None and first.critique.composition.follows
    assert first.critique.novelty.verdict != "anticipated"


def test_every_sentence_is_cited_or_marked_and_every_quote_stands(library: Library) -> None:
    texts = {one.passage.id: one.passage.text for one in library.store.passages()}
    for one in hypothesize(library, "humidity"):
        assert [facet.name for facet in one.facets] == list(FACETS)
        for facet in one.facets:
            assert facet.sentences or facet.silent.endswith(".")
        for said in sentences(one):
            assert said.evidence or said.inference
            for piece in said.evidence:
                assert texts[piece.passage][piece.start : piece.end] == piece.quote


def test_facets_tell_what_the_papers_say_about_the_concepts_of_the_path(library: Library) -> None:
    one = hypothesize(library, "humidity", "toughness")[0]
    text = {facet.name: " ".join(said.text for said in facet.sentences) for facet in one.facets}
    assert "humidity decreases beta sheets, and beta sheets increase toughness" in text["hypothesis"]
    assert "As humidity goes up, toughness should go down, and beta sheets should change first." in text["outcome"]
    assert "180 MJ/m3" in text["outcome"]
    assert "A sentence speaks against this step" in text["mechanisms"]
    assert "Beta sheets depend on alanine" in text["design principles"]
    assert "Humidity increases swelling" in text["unexpected properties"]
    assert "Nacre increases toughness" in text["comparison"]
    assert "looks new" in text["novelty"] or "not known to be new" in text["novelty"]


def test_the_card_says_what_refutes_it_how_to_measure_it_and_what_would_tell_most(library: Library) -> None:
    card = hypothesize(library, "humidity", "toughness")[0].falsification
    refuted = " ".join(said.text for said in card.refuted_by)
    assert "Toughness goes up, or nowhere, as humidity goes up." in refuted
    assert "denied already (beta sheets increase toughness)" in refuted
    assert [one.effort for one in card.measurements] == sorted(one.effort for one in card.measurements)
    (measured,) = [one for one in card.measurements if one.what == "toughness"]
    assert (measured.method, measured.effort) == ("tensile testing", 2)
    assert card.decisive is not None and "one more paper" in card.decisive.text


def test_what_the_papers_state_already_is_no_hypothesis(library: Library) -> None:
    found = hypothesize(library, "silk", "toughness")
    assert all(one.path is not None and len(one.path.hops) > 1 for one in found)
    stated = library_of(*library.store.records(), record("said", ("silk", "improves", "toughness")))
    known = hypothesize(stated, "silk", "toughness")
    assert not len(known)
    assert any("anticipate" in note for note in known.notes)


def test_from_one_concept_ends_are_open_and_facets_differ(library: Library) -> None:
    found = hypothesize(library, "humidity", n=4)
    assert len(found) >= 2
    joined = {end for one in library.store.relations(concept="humidity") for end in (one.subject, one.object)}
    assert all({one.gap.subject, one.gap.object} - {"humidity"} not in joined for one in found)
    for one, other in combinations(found, 2):
        both = [{said.text for facet in each.facets for said in facet.sentences} for each in (one, other)]
        assert len(both[0] & both[1]) < 0.3 * min(map(len, both))


def test_from_the_whole_library_a_seed_decides(library: Library) -> None:
    found = hypothesize(library, n=3, seed=1)
    assert found.as_json() == hypothesize(library, n=3, seed=1).as_json()
    assert len({one.id for one in found}) == len(found) > 0
    orders = {tuple(one.id for one in hypothesize(library, n=2, seed=seed)) for seed in range(6)}
    assert len(orders) > 1


def test_across_communities_ends_lie_apart_and_a_note_says_which_were_joined() -> None:
    tight = [record(f"{a}{b}", (f"{a} oil", "increases", f"{b} oil")) for a, b in combinations("abcd", 2)]
    tight += [record(f"{a}{b}", (f"{a} pain", "increases", f"{b} pain")) for a, b in combinations("stuv", 2)]
    library = library_of(*tight, record("bridge", ("d oil", "decreases", "s pain")))
    log = MemoryLog()
    found = hypothesize(library, n=3, across=True, log=log)
    assert len(found) == 3
    assert all({one.gap.subject[-3:], one.gap.object[-3:]} == {"oil", "ain"} for one in found)
    (note,) = [note for note in found.notes if "communities" in note]
    assert "two of the two communities" in note and found[0].gap.subject in note
    assert found.steps[0].outputs["communities"] == 2
    assert replayed(log, found.run, library).as_json() == found.as_json()
    small = library_of(record("one", ("x", "increases", "y"), ("y", "increases", "z")))
    (none,) = hypothesize(small, across=True).notes
    assert "without --across" in none


def test_a_question_names_where_to_start(library: Library) -> None:
    found = hypothesize(library, question="What could humidity do to silk?", n=3)
    assert len(found) > 0
    assert all(one.origin == "question" and one.question == "What could humidity do to silk?" for one in found)
    assert any("humidity" in (one.gap.subject, one.gap.object) for one in found)
    with pytest.raises(NotFound, match="--from"):
        hypothesize(library_of(record("bare", more="Nothing here.")), question="What about zebras?")


def test_a_statement_of_ones_own_is_taken_as_it_stands(library: Library) -> None:
    (one,) = hypothesize(library, said="humidity decreases toughness", n=1)
    assert one.statement == "Humidity decreases toughness."
    assert (one.gap, one.origin) == (Gap("humidity", "decreases", "toughness", "as the statement says"), "statement")
    assert one.path is not None and not one.trail


def test_later_papers_are_hidden(library: Library) -> None:
    assert not len(hypothesize(library, "humidity", "toughness", scope=Scope(until=2009)))
    found = hypothesize(library, "humidity", "toughness", scope=Scope(until=2010))
    assert all(piece.year is not None and piece.year <= 2010 for one in found for piece in one.evidence())


def test_intervals_hold_the_score_and_come_from_papers(library: Library) -> None:
    for one in hypothesize(library, "humidity", n=5):
        low, high = one.interval
        assert 0 <= low <= one.score <= high <= 1


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"goal": "silk"}, "start"),
        ({"start": "silk", "question": "Why?"}, "from and question"),
        ({"start": "silk", "goal": "Silk"}, "two different"),
        ({"start": "silk", "goal": "humidity", "across": True}, "leave the goal"),
        ({"n": 0}, "n = 0"),
        ({"said": " "}, "empty"),
    ],
)
def test_wishes_that_exclude_one_another_are_refused(library: Library, wishes: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        hypothesize(library, **wishes)


def test_a_concept_that_nobody_knows_gets_its_nearest(library: Library) -> None:
    with pytest.raises(NotFound, match="humidity"):
        hypothesize(library, "humidityy")


# Runs and reports


def test_each_step_is_an_event_and_a_run_comes_out_the_same_again(library: Library) -> None:
    log, heard = MemoryLog(), list[Event]()
    found = hypothesize(library, "humidity", "toughness", log=log, on_event=heard.append)
    steps = [one.step for one in heard]
    assert steps[0] == "seek" and steps[-1] == "write" and {"criticize", "rank"} <= set(steps)
    (inputs, *_, end) = log.read(found.run)
    assert (inputs["kind"], end["end"]) == ("hypothesize", "done")
    assert end["outcome"]["hypotheses"] == json.loads(json.dumps(found.as_json()["hypotheses"]))
    again = replayed(log, found.run, library)
    assert again.as_json() == found.as_json()


def test_the_report_has_references_a_picture_and_bibtex_and_obeys_nothing(library: Library) -> None:
    found = hypothesize(library, "humidity", "toughness")
    report = found.report()
    assert "## 1. Humidity may decrease toughness, by way of beta sheets." in report
    assert report.count("### What would refute it") == len(found)
    for number, paper in enumerate(found.papers, 1):
        assert f"\n{number}. " in report and paper.title in report
    assert "```bibtex" in report
    picture = report.split("base64,", 1)[1].split(")", 1)[0]
    drawn = ElementTree.fromstring(b64decode(picture))
    words = {element.text for element in drawn.iter() if element.text}
    assert {"humidity", "beta sheets", "toughness", "decreases: no paper here states this"} <= words
    assert found.report() == hypothesize(library, "humidity", "toughness").report()


def test_names_from_papers_are_text_in_report_and_picture() -> None:
    evil = '<script>"x"</script> & [silk](http://bad)'
    library = library_of(record("a", (evil, "increases", "water")), record("b", ("water", "increases", "use")))
    found = hypothesize(library, evil, "use")
    assert len(found) == 1
    told = found.report().partition("## BibTeX")[0]
    assert not re.search(r"(?<!\\)<script|(?<!\\)\]\(http", told)
    ElementTree.fromstring(found[0].svg())
    assert Hypothesis("Silk is tough.", Gap("silk", "has property", "tough")).svg() == ""


def test_nothing_found_is_said() -> None:
    found = hypothesize(
        library_of(record("a", ("silk", "is a", "fibre")), record("b", ("iron", "is a", "metal"))), "silk", "iron"
    )
    assert isinstance(found, Hypotheses) and not len(found)
    assert found.notes == ("Nothing joins silk and iron in this library over 4 hops.",)
    assert "no path" in found.report()


def test_a_sentence_is_cited_or_an_inference() -> None:
    with pytest.raises(ValueError, match="neither"):
        Said("Silk is tough.")
