"""Candidates and quantities are shown, and nothing that counts sees them: whatever a library tells without being asked
for candidates, it tells as if there were none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import networkx
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import NotFound
from kg.export import dump
from kg.library import Library
from kg.model import QUANTITY, Decision, SourceRecord
from kg.search import MODES
from kg.stores.memory_store import MemoryStore
from kg.vectors.embedder import passage_text
from tests.fakes.embedder import WordEmbedder
from tests.fakes.vector_index import PlainIndex
from tests.kg.made import origin, record, records, without_candidates

WORDS = WordEmbedder()
NAMES = ["silk", "toughness", "nacre", "strength", "beta sheet"]


def library_of(made: Iterable[SourceRecord], decided: Iterable[Decision] = ()) -> Library:
    """A library in memory whose vectors the fake embedder understands."""
    store = MemoryStore(decisions=decided)
    for one in made:
        rows = WORDS.documents([passage_text(one.facts.title, it.text, WORDS.pieces) for it in one.passages])
        store.add(replace(one, embedder=WORDS.name, vectors=rows.astype("<f4").tobytes()), origin(one))
    return Library(store=store, index=PlainIndex(store, WORDS.name), embedder=WORDS)


def without_quantities(one: SourceRecord) -> SourceRecord:
    return replace(
        one,
        mentions=tuple(mention for mention in one.mentions if mention.label != QUANTITY),
        statements=tuple(replace(told, quantities=()) for told in one.statements),
    )


def told(library: Library) -> dict[str, Any]:
    """What a library tells of its graph, wherever one looks, but for what stands in an answer by chance of its run."""
    concepts = [library.concept(one.label) for one in library.concepts()]
    return {
        "info": library.info(),
        "concepts": library.concepts(),
        "types": library.types(),
        "relations": library.relations(),
        "evidence": library.evidence(),
        "of concepts": [(one.relations(), one.evidence(), one.papers()) for one in concepts],
        "of papers": [library.paper(one.id).evidence() for one in library.papers()],
        "disagreements": list(library.disagreements()),
        "paths": [_paths(library, one, other) for one in NAMES for other in NAMES],
        "paths until 1999": [_paths(library, NAMES[0], other, until=1999) for other in NAMES],
        "graph": networkx.to_dict_of_dicts(library.graph()),
        "found": [library.search("what increases the toughness of silk?", mode=mode) for mode in MODES],
        "answer": [
            (answer.answered, answer.sentences, answer.hits)
            for answer in [library.ask("What increases the toughness of silk?", keep=False)]
        ],
        "shown": [library.show(one.id) for one in (*library.papers(), *library.concepts())],
    }


def _paths(library: Library, one: str, other: str, **wishes: Any) -> object:
    try:
        return library.paths(one, other, **wishes)
    except NotFound as error:
        return str(error)


decisions = st.lists(st.builds(Decision, st.just("merge"), st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=2)


@given(st.lists(records(), max_size=4), decisions)
def test_a_library_with_candidates_tells_what_one_without_them_tells(
    made: list[SourceRecord], decided: list[Decision]
) -> None:
    with library_of(made, decided) as whole, library_of(map(without_candidates, made), decided) as bare:
        assert told(whole) == told(bare)
        lines = list(dump(whole.store, vectors=True))
        assert [line for line in lines if line["kind"] != "candidate"] == list(dump(bare.store, vectors=True))


@given(st.lists(records(), max_size=4))
def test_quantities_add_to_evidence_and_change_nothing_else(made: list[SourceRecord]) -> None:
    with library_of(made) as whole, library_of(map(without_quantities, made)) as bare:
        assert (whole.concepts(), whole.relations(), whole.graph().edges) == (
            bare.concepts(),
            bare.relations(),
            bare.graph().edges,
        )
        assert [replace(one, quantities=()) for one in whole.evidence()] == list(bare.evidence())
        for mode in MODES:
            assert whole.search("silk toughness", mode=mode) == bare.search("silk toughness", mode=mode)


def test_what_is_compared_above_would_show_a_candidate_that_counts() -> None:
    doubtful = record("doubtful", ("silk", "increases", "toughness", "supports", "stated", True))
    counted = replace(doubtful, statements=tuple(replace(one, candidate=False) for one in doubtful.statements))
    with library_of([doubtful]) as one, library_of([counted]) as other:
        different = {name for name, value in told(one).items() if value != told(other)[name]}
    assert different == {"info", "relations", "evidence", "of concepts", "of papers", "paths", "graph", "shown"}
