from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg import hops
from kg.hops import FEATURES, hop_model, read_model
from kg.model import Hit
from kg.search import Search
from kg.stores.memory_store import MemoryStore
from tests.fakes.papers import WORDS, paper, store_of
from tests.fakes.vector_index import PlainIndex

RIVERS = paper("rivers", "The Long Rivers is a novel by Ada Brook.", title="The Long Rivers")
BROOK = paper("brook", "She was born in Lower Town and died in the north.", title="Ada Brook")
LOWER = paper("lower", "The town lies on the coast of Northland.", title="Lower Town")
ASIDE = [
    paper(f"aside{number}", f"A novel about water number {number}.", title=f"Waters of {word}")
    for number, word in enumerate(["Gold", "Tin", "Lead", "Zinc", "Iron", "Salt"])
]
ALL = [RIVERS, BROOK, LOWER, *ASIDE]
QUESTION = "Where was the writer of The Long Rivers born?"


def search_in(store: MemoryStore) -> Search:
    return Search(store, lambda: PlainIndex(store, WORDS.name), lambda: WORDS)


@pytest.fixture
def search() -> Search:
    return search_in(store_of(*ALL))


def keys(hits: list[Hit]) -> list[str]:
    return [hit.key for hit in hits]


def feature_of(search: Search, question: str, name: str) -> dict[str, float]:
    passages, values = search.features(question)
    keys = {one.passage.id: one.paper.key for one in search._store.passages()}
    column = list(FEATURES).index(name)
    return {keys[passage]: float(values[row, column]) for row, passage in enumerate(passages)}


def test_the_answer_two_steps_away_comes_second(search: Search) -> None:
    assert keys(search.hits(QUESTION, 2)) == ["rivers", "brook"]


def test_each_hit_says_how_it_was_found(search: Search) -> None:
    first, second = search.hits(QUESTION, 2)
    assert any(reason.startswith("holds ") and "rivers" in reason for reason in first.why)
    assert all(reason for hit in (first, second) for reason in hit.why)


def test_what_was_led_to_says_by_what() -> None:
    many = [
        paper(f"novel{number}", "The long rivers of the novel flow.", title=f"Rivers {number}") for number in range(12)
    ]
    hits = search_in(store_of(*ALL, *many)).hits(QUESTION, 20)
    brook = next(hit for hit in hits if hit.key == "brook")
    assert "named in “The Long Rivers”" in brook.why


def test_a_question_in_general_terms_is_answered_by_what_is_nearest(search: Search) -> None:
    question = "a novel about water"
    first = search.hits(question, 9)
    dense = search.hits(question, 1, "dense")
    assert first[0].key == dense[0].key
    assert not any("named in" in reason for hit in first for reason in hit.why)


def test_a_title_in_the_question_counts_and_so_does_one_in_a_sentence_read(search: Search) -> None:
    assert feature_of(search, QUESTION, "titled")["rivers"] == 1.0
    assert feature_of(search, QUESTION, "titled")["brook"] == 0.0
    assert feature_of(search, QUESTION, "linked")["brook"] > 0.0
    assert feature_of(search, QUESTION, "linked")["lower"] >= 0.0


def test_what_a_first_hit_lacks_is_looked_for_elsewhere(search: Search) -> None:
    assert feature_of(search, QUESTION, "joined")["brook"] > 0.0


def test_second_questions_keep_what_is_open_and_name_what_was_met(search: Search) -> None:
    look = search.looked_at(QUESTION)
    asked = dict(zip((one.title for one in look.read), hops.second_questions(look), strict=False))
    assert "born" in asked["The Long Rivers"] and "Ada Brook" in asked["The Long Rivers"]
    assert "Rivers" not in asked["The Long Rivers"]


def test_features_are_between_nought_and_a_few(search: Search) -> None:
    _, values = search.features(QUESTION)
    assert values.shape[1] == len(FEATURES)
    assert np.isfinite(values).all() and (values >= 0).all() and (values <= 3).all()


def test_weights_for_other_features_are_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.json").write_text(json.dumps({"bias": 0, "weights": {"luck": 1.0}}))
    with pytest.raises(ValueError, match="luck"):
        read_model(tmp_path / "weights.json")


def test_chances_lie_between_nought_and_one_and_grow_with_every_shipped_weight() -> None:
    model = hop_model()
    nothing = np.zeros((1, len(FEATURES)))
    assert (model.weights > 0).all(), "a reason to follow a passage never counts against it"
    for place in range(len(FEATURES)):
        more = nothing.copy()
        more[0, place] = 1.0
        assert 0 < model.chances(nothing)[0] < model.chances(more)[0] < 1


def test_names_of_the_question_are_known_by_their_normal_form() -> None:
    store = store_of(*ALL)
    look = search_in(store).looked_at("who wrote the long river?")
    assert {look.snapshot.names[column] for column in look.names} >= {"the long river"}
    assert not hops.opens(search_in(store).looked_at("what is water?"))


def test_an_abbreviation_in_the_question_is_what_the_papers_mean_by_it() -> None:
    text = "Chronic river fever (CRF) is rare."
    sick = paper("sick", text, title="On fevers", concepts=["CRF"])
    long = [replace(one, name="chronic river fever", key="chronic river fever") for one in sick.mentions]
    store = store_of(replace(sick, mentions=tuple(long)), *ALL)
    look = search_in(store).looked_at("What is CRF?")
    assert "chronic river fever" in {look.snapshot.names[column] for column in look.names}
