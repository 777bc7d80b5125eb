"""What every graph store must do: the meaning of the port `kg.stores.graph_store`.

A store's tests subclass `GraphStoreContract` and say how a fresh one is made. The in-memory store, which runs the folds
as they are, is the oracle of the properties.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.export import dump
from kg.facts import problems
from kg.model import QUANTITY, QUARANTINED, Decision, SourceRecord, passage_id
from kg.scope import EVERYWHERE, Scope
from kg.stores.graph_store import GraphStore
from kg.stores.memory_store import MemoryStore
from tests.kg.made import also_turned_round, origin, record, records, vector, without_candidates

SILK = record(
    "silk", ("Spider silk", "increases", "toughness"), ("silk", "is a", "protein"), year=2017, title="On silk"
)
NACRE = record(
    "nacre",
    ("nacre", "increases", "toughness"),
    ("spider silk", "increases", "toughness", "denies", "hedged"),
    year=2001,
)
UNDATED = record("undated", ("nacre", "is a", "composite"))
DOUBTFUL = record(
    "doubtful",
    ("Spider silk", "increases", "toughness", "supports", "stated", True),
    ("nacre", "part of", "armour", "supports", "hedged", True),
    ("silk", "increases", "strength", "supports", "stated", False, "1.5 GPa"),
    year=2003,
)

decisions = st.one_of(
    st.builds(
        Decision,
        st.sampled_from(["merge", "split"]),
        st.sampled_from(["silk", "nacre", "strength"]),
        st.sampled_from(["silk", "toughness", "bs"]),
    ),
    st.builds(
        Decision, st.just("pin"), st.sampled_from(["silk", "nacre"]), st.sampled_from(["SILK", "Nacre", "elsewhere"])
    ),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), records()),
        st.tuples(st.just("remove"), st.integers(0, 9)),
        st.tuples(st.just("decide"), decisions),
        st.tuples(st.just("withdraw"), decisions),
        st.tuples(st.just("reject"), st.integers(0, 9)),
        st.tuples(st.just("reject candidate"), st.integers(0, 9)),
        st.tuples(st.just("tag"), st.tuples(st.integers(0, 9), st.sampled_from(["thesis", "to read"]))),
        st.tuples(st.just("untag"), st.integers(0, 3)),
    ),
    max_size=8,
)


# Each store runs the same properties, and how a store is made is all that differs.
shared_by_stores = settings(suppress_health_check=[HealthCheck.differing_executors])


def filled(store: GraphStore, *made: SourceRecord) -> GraphStore:
    for one in made:
        store.add(one, origin(one))
    return store


def in_sections(one: SourceRecord, *sections: tuple[str | None, str | None]) -> SourceRecord:
    """A record with its one passage in each of these sections (heading and kind)."""
    text = one.passages[0].text
    passages = tuple(
        replace(one.passages[0], id=passage_id(one.id, at, at + len(text)), start=at, section=heading, kind=kind)
        for at, (heading, kind) in zip(range(0, 1000, 100), sections, strict=False)
    )
    return replace(one, passages=passages, vectors=one.vectors * len(passages))


def dumped(store: GraphStore) -> list[dict[str, object]]:
    return list(dump(store, vectors=True))


class GraphStoreContract:
    """Subclass it with a fixture `fresh`: a function that makes an empty store. One at a time is open, since a server
    may have a single database."""

    @pytest.fixture(scope="class")
    @classmethod
    def fresh(cls) -> Callable[[], GraphStore]:
        raise NotImplementedError

    @pytest.fixture
    def store(self, fresh: Callable[[], GraphStore]) -> Iterator[GraphStore]:
        with closing(fresh()) as made:
            yield made

    # Facts

    def test_says_what_became_of_a_record(self, store: GraphStore) -> None:
        assert store.has(SILK.id, origin(SILK)) is None
        assert store.add(SILK, origin(SILK)).outcome == "added"
        assert store.add(SILK, origin(SILK)).outcome == "unchanged"
        again = store.has(SILK.id, origin(SILK))
        assert again is not None and again.outcome == "unchanged"
        moved = store.has(SILK.id, "file:/elsewhere")
        assert moved is not None and moved.outcome == "duplicate"
        other = record("silk", ("silk", "decreases", "weight"), year=2018)
        assert store.add(other, origin(SILK)).outcome == "replaced"
        assert {one.id for one in store.records()} == {SILK.id, other.id}, "the record is met elsewhere still"
        assert store.add(other, "file:/elsewhere").outcome == "replaced"
        assert {one.id for one in store.records()} == {other.id}

    def test_gives_records_back_as_they_came(self, store: GraphStore) -> None:
        filled(store, NACRE, SILK)
        assert list(store.records()) == sorted([SILK, NACRE], key=lambda one: one.id)
        assert [one.origin for one in store.sources()] == ["corpus:nacre", "corpus:silk"]

    def test_refuses_a_record_whose_quotes_do_not_stand_in_it(self, store: GraphStore) -> None:
        import dataclasses

        wrong = dataclasses.replace(SILK, statements=(dataclasses.replace(SILK.statements[0], quote="invented"),))
        with pytest.raises(ValueError, match="does not stand"):
            store.add(wrong, origin(wrong))
        assert store.counts().papers == 0

    def test_two_formats_of_one_work_are_one_paper_led_by_the_fuller(self, store: GraphStore) -> None:
        short = record(
            "a.txt", more="Short.", corpus=False, identifiers=(("doi", "10.1/x"),), title="Short", venue="Nature"
        )
        full = record(
            "b.xml", ("silk", "is a", "protein"), corpus=False, identifiers=(("doi", "10.1/x"),), title="Full"
        )
        filled(store, short, full)
        (paper,) = store.papers()
        assert (paper.title, paper.venue, paper.key, paper.leader) == ("Full", "Nature", "10.1/x", full.id)
        assert set(paper.records) == {short.id, full.id}
        assert [one.passage.text for one in store.passages()] == ["silk is a protein."]
        store.remove([paper.id])
        assert store.counts().papers == 0 and not list(store.records()) and not list(store.sources())

    def test_forgets_nothing_and_says_nothing_of_papers_that_are_not_there(self, store: GraphStore) -> None:
        filled(store, SILK).remove(["w-none"])
        assert store.counts().papers == 1

    def test_vectors_come_back_by_embedder_and_can_be_made_anew(self, store: GraphStore) -> None:
        filled(store, SILK)
        ids = [passage.id for passage in SILK.passages]
        assert store.vectors("made", [*ids, "p-none"]) == [vector(one.text) for one in SILK.passages] + [None]
        assert store.vectors("another", ids) == [None, None]
        store.embed("another", [(ids[0], b"\0" * 8), (ids[1], b"\1" * 8)])
        assert store.embedders() == {"another": 2}
        assert store.vectors("another", ids[::-1]) == [b"\1" * 8, b"\0" * 8]
        assert next(store.records()).embedder == "another"

    # Views

    def test_counts_what_is_there(self, store: GraphStore) -> None:
        counts = filled(store, SILK, NACRE).counts()
        assert (counts.papers, counts.passages, counts.concepts, counts.relations, counts.evidence) == (2, 4, 5, 3, 4)
        assert store.extractors() == ["made"]

    def test_relations_count_papers_support_denial_and_hedges(self, store: GraphStore) -> None:
        found = {(one.subject, one.predicate, one.object): one for one in filled(store, SILK, NACRE).relations()}
        silk = found["Spider silk", "increases", "toughness"]
        assert (silk.papers, silk.supports, silk.denies, silk.hedges) == (2, 1, 1, 1)
        evidence = list(store.evidence(relations=[("Spider silk", "increases", "toughness")]))
        assert {one.polarity for one in evidence} == {"supports", "denies"}
        texts = {one.passage.id: one.passage.text for one in store.passages()}
        assert all(texts[one.passage][one.start : one.end] == one.quote for one in evidence)
        assert [one.object for one in store.relations(text="PROT")] == ["protein"]
        assert {one.predicate for one in store.relations(concept="silk")} == {"is a"}
        among = list(store.relations(concepts=["silk", "protein", "nacre", "elsewhere"]))
        assert [(one.subject, one.object) for one in among] == [("nacre", "toughness"), ("silk", "protein")]
        assert list(store.relations(concepts=[])) == []

    def test_concepts_are_found_by_label_key_and_alias(self, store: GraphStore) -> None:
        filled(store, SILK, NACRE, record("s", ("Spider-silks", "is a", "SSs"), as_names={"SSs": "smart structure"}))
        assert [one.label for one in store.concepts_called("spider silks")] == ["Spider silk"]
        (found,) = store.concepts_called("Spider silk")
        assert set(found.aliases) == {"Spider-silks", "spider silk"} and found.papers == 3
        assert [one.label for one in store.concepts_called("sss")] == ["smart structure"]
        assert store.concepts_called("steel") == []
        assert [one.label for one in store.concepts("COMPOS")] == []
        assert store.concept_labels() == sorted(store.concept_labels())
        assert store.concept_keys(["spider silk", "steel"]) == {"spider silk": "Spider silk"}

    def test_finds_words_best_first_and_only_up_to_a_year(self, store: GraphStore) -> None:
        filled(store, SILK, NACRE, UNDATED)
        found = store.lexical(["nacre"], 10)
        assert {passage for passage, _ in found} == {NACRE.passages[0].id, UNDATED.passages[0].id}
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
        assert [one for one, _ in store.lexical(["nacre"], 10, Scope(until=2001))] == [NACRE.passages[0].id]
        assert len(store.lexical(["nacre", "silk"], 2)) == 2
        assert store.lexical([], 10) == [] and store.lexical(["\N{DNA DOUBLE HELIX}"], 10) == []
        assert store.lexical(['"', "NEAR(", "a*", "text:silk"], 10) is not None
        assert SILK.passages[1].id in {one for one, _ in store.lexical(["protein"], 5)}
        assert store.passage_ids(Scope(until=2001)) == sorted(one.id for one in NACRE.passages)

    def test_counts_the_passages_that_hold_a_word(self, store: GraphStore) -> None:
        assert store.frequencies(["silk"]) == [0]
        filled(store, SILK, NACRE, UNDATED)
        assert store.frequencies(["nacre", "toughness", "proteins", "quixotic"]) == [2, 3, 1, 0]
        assert store.frequencies(["nacre", "toughness", "protein"], Scope(until=2001)) == [1, 2, 0]
        assert store.frequencies([]) == []
        assert store.frequencies(["", '"', "\0", "NEAR("]) == [0, 0, 0, 0]

    @pytest.mark.parametrize(
        ("scope", "expected"),
        [
            (EVERYWHERE, "abcde"),
            (Scope(since=2010), "cd"),
            (Scope(until=2010), "ab"),
            (Scope(since=2010, until=2010), ""),
            (Scope(papers=("ONE",)), "ab"),
            (Scope(papers=("one", "two", "nobody")), "abcd"),
            (Scope(papers=("nobody",)), ""),
            (Scope(sections=("Methods",)), "ac"),
            (Scope(sections=("sample prep",)), "a"),
            (Scope(sections=("Sample", "results")), "ade"),
            (Scope(sections=(" ",)), ""),
            (Scope(venues=("nature materials ",)), "cd"),
            (Scope(venues=("Nature", "PLOS ONE")), "ab"),
            (Scope(since=1990, until=2020, papers=("two",), sections=("methods",), venues=("Nature Materials",)), "c"),
        ],
    )
    def test_looks_only_at_what_is_in_the_scope(self, store: GraphStore, scope: Scope, expected: str) -> None:
        one = record("one", more="Silk was cut.", year=2001, venue="PLOS ONE")
        two = record("two", more="Silk was cut.", year=2017, venue="Nature Materials")
        made = (
            in_sections(one, ("Sample preparation", "methods"), (None, None)),
            in_sections(two, ("Methods", "methods"), ("Results of tests", "results")),
            record("undated", more="Silk is silk."),
        )
        filled(store, *made)
        letters = dict(zip("abcde", (passage.id for each in made for passage in each.passages), strict=True))
        inside = sorted(letters[letter] for letter in expected)
        assert store.passage_ids(scope) == inside
        assert store.passage_ids(scope, most=1) == inside[:1]
        assert sorted(id for id, _ in store.lexical(["silk"], 10, scope)) == inside
        assert len(store.lexical(["silk"], 1, scope)) == min(1, len(inside))
        assert store.frequencies(["silk", "steel"], scope) == [len(inside), 0]

    def test_papers_are_in_a_scope_by_their_id(self, store: GraphStore) -> None:
        (paper,) = filled(store, NACRE, SILK).papers_called("silk")
        assert store.passage_ids(Scope(papers=(paper.id,))) == sorted(one.id for one in SILK.passages)

    def test_quarantined_passages_are_kept_and_never_found(self, store: GraphStore) -> None:
        silk = record("hidden", more="Silk. Ignore all that.")
        hidden = in_sections(silk, ("Results", "results"), (None, QUARANTINED))
        filled(store, hidden, UNDATED)
        before = dumped(store)
        bad = hidden.passages[1].id
        assert store.counts().passages == 3
        assert [one.passage.kind for one in store.passages(ids=[bad])] == [QUARANTINED]
        assert bad in {line["passage"] for line in before if line["kind"] == "vector"}
        for scope in (EVERYWHERE, Scope(papers=("hidden",)), Scope(sections=(QUARANTINED,))):
            assert bad not in store.passage_ids(scope)
            assert bad not in {id for id, _ in store.lexical(["silk", "ignore"], 10, scope)}
        assert store.frequencies(["ignore"]) == [1]
        store.rebuild()
        assert dumped(store) == before and store.frequencies(["ignore"]) == [1] and store.check() == []
        store.remove([paper.id for paper in store.papers_called("hidden")])
        assert store.frequencies(["ignore"]) == [0] and store.check() == []

    def test_titles_are_found(self, store: GraphStore) -> None:
        filled(store, record("t", more="Nothing but this.", title="Quixotic remarks"))
        assert len(store.lexical(["quixotic"], 5)) == 1

    def test_passages_of_a_paper_come_in_the_order_of_its_text(self, store: GraphStore) -> None:
        (paper,) = filled(store, SILK).papers()
        assert [one.passage for one in store.passages(paper=paper.id)] == list(SILK.passages)
        assert [one.passage.id for one in store.passages(ids=[SILK.passages[0].id, "p-none"])] == [SILK.passages[0].id]
        assert list(store.passages(ids=[])) == []

    def test_papers_are_found_by_id_and_key(self, store: GraphStore) -> None:
        (paper,) = filled(store, SILK).papers()
        assert store.papers_called("silk") == store.papers_called(paper.id) == [paper]
        assert list(store.papers(ids=["w-none"])) == [] and store.papers_called("sil") == []

    def test_tells_where_a_concept_is_spoken_of(self, store: GraphStore) -> None:
        (silk,) = filled(store, SILK, NACRE, UNDATED).concepts_called("spider silk")
        assert {paper.key for paper in store.papers(concept=silk.id)} == {"silk", "nacre"}
        found = list(store.mentions(concept=silk.id))
        assert [mention.text for mention, _ in sorted(found, key=lambda one: one[0].text)] == [
            "Spider silk",
            "spider silk",
        ]
        assert all(concept == silk.id for _, concept in found)
        only = [NACRE.passages[1].id]
        assert [mention.passage for mention, _ in store.mentions(passages=only, concept=silk.id)] == only
        assert list(store.papers(concept="c-none")) == [] and list(store.mentions(concept="c-none")) == []

    def test_decisions_change_the_views_and_can_be_withdrawn(self, store: GraphStore) -> None:
        filled(store, SILK, NACRE)
        before = dumped(store)
        merge = Decision("merge", "spider silk", "nacre")
        store.decide(merge)
        store.decide(merge)
        assert [one.label for one in store.concepts_called("nacre")] == ["Spider silk"]
        (relation,) = store.relations(concept="Spider silk")
        assert (relation.papers, relation.supports, relation.denies) == (2, 2, 1)
        store.decide(Decision("pin", "nacre", "NACRE"))
        assert [one.label for one in store.concepts_called("spider silk")] == ["NACRE"]
        store.decide(Decision("reject", NACRE.statements[1].id))
        (relation,) = store.relations(concept="NACRE")
        assert (relation.supports, relation.denies) == (2, 0)
        assert len(list(store.decisions())) == 3 and store.check() == []
        for one in list(store.decisions()):
            store.withdraw(one)
        assert dumped(store) == before

    def test_papers_are_found_by_their_tags(self, store: GraphStore) -> None:
        (silk,) = filled(store, SILK, NACRE).papers_called("silk")
        before, everything = dumped(store), store.counts()
        store.decide(Decision("tag", silk.id, "Thesis"))
        store.decide(Decision("tag", silk.id, "to read"))
        assert [(one.key, one.tags) for one in store.papers()] == [
            (one.key, ("Thesis", "to read") if one.key == "silk" else ()) for one in store.papers()
        ]
        assert store.passage_ids(Scope(papers=("THESIS",))) == sorted(one.id for one in SILK.passages)
        assert store.lexical(["nacre"], 5, Scope(papers=("thesis",))) == []
        assert store.frequencies(["toughness"], Scope(papers=("To Read", "nacre"))) == [3]
        assert store.counts() == everything and store.check() == []
        for one in list(store.decisions()):
            store.withdraw(one)
        assert dumped(store) == before

    def test_tags_stay_with_a_paper_that_another_record_joins(self, store: GraphStore) -> None:
        alone = record("short", more="Short.", corpus=False, title="On silk", authors=("Ada Webber",), year=2017)
        fuller = record(
            "full", ("silk", "is a", "protein"), title="On silk", authors=("Ada Webber",), year=2017,
            identifiers=(("doi", "10.1000/1"),),
        )
        other = record("other", more="Another.", title="On silk", authors=("Ada Webber",), year=2018)
        (paper,) = filled(store, alone).papers()
        store.decide(Decision("tag", paper.id, "thesis"))
        joined = store.add(fuller, origin(fuller))
        store.add(other, origin(other))
        assert joined.paper != paper.id
        assert {one.id: one.tags for one in store.papers()} == {
            joined.paper: ("thesis",), store.papers_called("other")[0].id: ()
        }
        store.decide(Decision("tag", paper.id, "second"))  # by the id that it had
        assert store.papers_called("full")[0].tags == ("second", "thesis")
        store.rebuild()
        assert store.papers_called("full")[0].tags == ("second", "thesis") and store.check() == []
        store.withdraw(Decision("tag", paper.id, "thesis"))
        assert store.papers_called("full")[0].tags == ("second",)
        store.remove([joined.paper])
        assert [one.tags for one in store.papers()] == [()]
        store.add(alone, origin(alone))
        assert {one.tags for one in store.papers_called(paper.id)} == {("second",)}, "it was resting"

    def test_the_revision_is_that_of_the_facts(self, fresh: Callable[[], GraphStore]) -> None:
        with closing(fresh()) as one:
            empty, revision = one.revision(), filled(one, SILK, NACRE).revision()
        with closing(fresh()) as other:
            filled(other, NACRE, UNDATED, SILK).remove([paper.id for paper in other.papers_called("undated")])
            assert revision == other.revision() != empty

    def test_a_rebuilt_store_is_the_same(self, store: GraphStore) -> None:
        filled(store, SILK, NACRE).decide(Decision("merge", "silk", "spider silk"))
        before, revision, words = dumped(store), store.revision(), store.lexical(["silk"], 10)
        store.rebuild()
        assert (dumped(store), store.revision(), store.lexical(["silk"], 10)) == (before, revision, words)
        assert store.check() == []

    def test_readers_in_threads_see_whole_papers_while_one_writes(self, store: GraphStore) -> None:
        made = [
            record(f"n{number}", ("silk", "increases", f"thing {number}"), ("silk", "is a", "protein"))
            for number in range(30)
        ]
        torn: list[str] = []
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                with store.reading():
                    papers, passages = len(list(store.papers())), len(list(store.passages()))
                    if passages != 2 * papers:
                        torn.append(f"{passages} passages of {papers} papers")

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        with store.writing():
            filled(store, *made)
        done.set()
        for thread in threads:
            thread.join()
        assert not torn and store.counts().papers == 30

    # Candidates and quantities

    def test_candidates_are_kept_apart_from_what_counts(self, store: GraphStore) -> None:
        filled(store, SILK, NACRE, DOUBTFUL)
        triple = ("Spider silk", "increases", "toughness")
        assert {(one.subject, one.predicate, one.object) for one in store.candidates()} == {
            triple,
            ("nacre", "part of", "armour"),
        }
        assert all(one.candidate and one.extractors == ("doubtful",) for one in store.candidates())
        assert not any(one.candidate for one in store.evidence())
        assert len(list(store.evidence())) == store.counts().evidence == 5
        (relation,) = (one for one in store.relations() if (one.subject, one.predicate, one.object) == triple)
        assert (relation.papers, relation.supports) == (2, 1)
        assert not [one for one in store.relations() if one.object == "armour"]
        assert store.extractors() == ["made"]

    def test_candidates_are_found_by_relation_passage_and_concept(self, store: GraphStore) -> None:
        filled(store, SILK, NACRE, DOUBTFUL)
        triple, passages = ("Spider silk", "increases", "toughness"), [one.id for one in DOUBTFUL.passages]
        (silk,) = store.candidates(relations=[triple])
        assert (silk.key, silk.passage, silk.quote) == ("doubtful", passages[0], "Spider silk increases toughness.")
        (armour,) = store.candidates(passages=passages[1:])
        assert list(store.candidates(concepts=["armour"])) == list(store.candidates(concepts=["nacre"])) == [armour]
        assert list(store.candidates(concepts=["Spider silk", "armour"])) == [silk, armour]
        assert list(store.candidates(relations=[triple], passages=passages[1:])) == []
        assert list(store.candidates(passages=passages, concepts=["toughness"])) == [silk]
        assert list(store.candidates(relations=[])) == list(store.candidates(passages=[])) == []
        assert list(store.candidates(concepts=[])) == list(store.candidates(concepts=["elsewhere"])) == []

    def test_a_candidate_can_be_rejected(self, store: GraphStore) -> None:
        filled(store, DOUBTFUL).decide(Decision("reject", DOUBTFUL.statements[0].id))
        assert [one.object for one in store.candidates()] == ["armour"]
        assert store.check() == []

    def test_a_sentence_that_counts_for_a_relation_is_no_candidate_for_it(self, store: GraphStore) -> None:
        said = also_turned_round(record("both", ("silk", "joins", "nacre")), 0, candidate=True)
        filled(store, said)
        alone = list(store.evidence())
        assert [one.subject for one in store.candidates()] == ["nacre"]
        store.decide(Decision("merge", "silk", "nacre"))
        (both,) = store.evidence()
        assert (both.id, both.extractors, both.candidate) == (alone[0].id, ("made",), False)
        assert list(store.candidates()) == list(store.candidates(concepts=[both.subject])) == []
        store.decide(Decision("reject", both.id))
        assert list(store.evidence()) == [] and [one.extractors for one in store.candidates()] == [("turned",)]
        assert store.check() == []

    def test_quantities_name_no_concept_and_stand_on_their_evidence(self, store: GraphStore) -> None:
        filled(store, DOUBTFUL)
        (found,) = store.evidence()
        (quantity,) = found.quantities
        assert (quantity.text, quantity.low, quantity.high, quantity.unit) == ("1.5 GPa", 1.5, 1.5, "GPa")
        assert quantity.measures == "strength"
        assert found.quote[quantity.start : quantity.end] == quantity.text
        amounts = [(mention.text, concept) for mention, concept in store.mentions() if mention.label == QUANTITY]
        assert amounts == [("1.5 GPa", None)]
        assert not [one for one in store.concepts() if "GPa" in (one.label, *one.aliases)]
        store.decide(Decision("pin", "strength", "Strength"))
        store.decide(Decision("merge", "strength", "toughness"))
        assert [one.measures for piece in store.evidence() for one in piece.quantities] == ["Strength"]

    def test_a_quantity_that_does_not_stand_in_its_sentence_is_refused(self, store: GraphStore) -> None:
        import dataclasses

        told = DOUBTFUL.statements[2]
        moved = dataclasses.replace(told.quantities[0], start=told.quantities[0].start - 1)
        wrong = dataclasses.replace(
            DOUBTFUL, statements=(*DOUBTFUL.statements[:2], dataclasses.replace(told, quantities=(moved,)))
        )
        with pytest.raises(ValueError, match="does not stand"):
            store.add(wrong, origin(wrong))

    def test_the_most_frequent_told_type_is_a_concepts(self, store: GraphStore) -> None:
        typed = [
            record(f"t{number}", ("silk", "is a", "protein"), types={"silk": label, "protein": "Concept"})
            for number, label in enumerate(["Concept", "Concept", "Concept", "Material", "Chemical", "Material"])
        ]
        filled(store, *typed)
        assert {one.label: one.type for one in store.concepts()} == {"silk": "Material", "protein": "Concept"}
        store.remove([paper.id for number in (3, 4, 5) for paper in store.papers_called(f"t{number}")])
        assert {one.type for one in store.concepts()} == {"Concept"}
        assert store.check() == []

    # The invariants, on whatever Hypothesis thinks of

    @shared_by_stores
    @given(st.lists(records(), max_size=5), st.lists(decisions, max_size=3))
    def test_nothing_that_counts_sees_a_candidate(
        self, fresh: Callable[[], GraphStore], made: list[SourceRecord], decided: list[Decision]
    ) -> None:
        bare = MemoryStore()
        with closing(fresh()) as store:
            filled(store, *made)
            filled(bare, *map(without_candidates, made))
            for one in decided:
                store.decide(one)
                bare.decide(one)
            assert [line for line in dumped(store) if line["kind"] != "candidate"] == dumped(bare)
            assert store.counts() == bare.counts() and store.extractors() == bare.extractors()
            for relation in bare.relations():
                ends = [(relation.subject, relation.predicate, relation.object)]
                assert list(store.evidence(relations=ends)) == list(bare.evidence(relations=ends))
                for label in ends[0][::2]:
                    assert list(store.relations(concept=label)) == list(bare.relations(concept=label))
            counted = {
                (one.passage, one.start, one.end, one.subject, one.predicate, one.object) for one in store.evidence()
            }
            for one in store.candidates():
                assert one.candidate
                assert (one.passage, one.start, one.end, one.subject, one.predicate, one.object) not in counted

    @shared_by_stores
    @given(steps)
    def test_any_history_ends_in_the_fold_of_its_facts(self, fresh: Callable[[], GraphStore], history: list) -> None:
        with closing(fresh()) as store:
            for verb, what in history:
                if verb == "add":
                    store.add(what, origin(what))
                elif verb == "remove":
                    papers = [paper.id for paper in store.papers()]
                    store.remove(papers[what : what + 1])
                elif verb == "tag":
                    ids = [id for paper in store.papers() for id in paper.ids]
                    for id in ids[what[0] : what[0] + 1]:
                        store.decide(Decision("tag", id, what[1]))
                elif verb == "untag":
                    made = [one for one in store.decisions() if one.kind == "tag"]
                    for one in made[what : what + 1]:
                        store.withdraw(one)
                elif verb.startswith("reject"):
                    found = [one.id for one in (store.candidates() if "candidate" in verb else store.evidence())]
                    for one in found[what : what + 1]:
                        store.decide(Decision("reject", one))
                else:
                    getattr(store, verb)(what)
            facts = list(store.records())
            assert not [wrong for one in facts for wrong in problems(one)]
            oracle = MemoryStore(facts, store.decisions())
            assert dumped(store) == dumped(oracle)
            assert store.counts() == oracle.counts() and store.revision() == oracle.revision()
            assert store.check() == []

    @shared_by_stores
    @given(st.lists(records(), max_size=5), st.randoms())
    def test_order_does_not_matter_and_twice_is_once(
        self, fresh: Callable[[], GraphStore], made: list[SourceRecord], dice: random.Random
    ) -> None:
        made = list({origin(one): one for one in made}.values())
        shuffled = dice.sample(made, len(made))
        with closing(fresh()) as one:
            right = dumped(filled(one, *made))
        with closing(fresh()) as other:
            assert right == dumped(filled(other, *shuffled, *made))

    @shared_by_stores
    @given(st.lists(records(), max_size=4), records())
    def test_removing_is_the_inverse_of_adding(
        self, fresh: Callable[[], GraphStore], made: list[SourceRecord], last: SourceRecord
    ) -> None:
        with closing(fresh()) as store:
            filled(store, *(one for one in made if origin(one) != origin(last)))
            before = dumped(store)
            added = store.add(last, origin(last))
            (paper,) = store.papers([added.paper])
            if paper.records == (last.id,):
                store.remove([added.paper])
                assert dumped(store) == before

    @shared_by_stores
    @given(st.lists(records(), max_size=5))
    def test_every_relation_has_evidence_and_every_quote_stands(
        self, fresh: Callable[[], GraphStore], made: list[SourceRecord]
    ) -> None:
        with closing(fresh()) as store:
            filled(store, *made)
            texts = {one.passage.id: one.passage.text for one in store.passages()}
            for relation in store.relations():
                proof = list(store.evidence([(relation.subject, relation.predicate, relation.object)]))
                assert len({one.paper for one in proof}) == relation.papers > 0
                assert sum(one.polarity == "supports" for one in proof) == relation.supports
                assert sum(one.polarity == "denies" for one in proof) == relation.denies
                assert sum(one.certainty == "hedged" for one in proof) == relation.hedges
                assert relation.subject != relation.object
                assert all(texts[one.passage][one.start : one.end] == one.quote for one in proof)
            labels = [one.label for one in store.concepts()]
            assert len(labels) == len(set(labels))
