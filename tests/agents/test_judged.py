"""What a person thinks of hypotheses, and what becomes of those that are kept as papers come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.hypothesis import Gap, Hypothesis
from agents.judged import Judgements
from kg.errors import NotFound, UsageError
from kg.export import dump
from kg.library import Library
from kg.model import Decision, SourceRecord
from kg.paths import paths
from kg.stores.memory_store import MemoryStore
from tests.fakes.embedder import WordEmbedder
from tests.fakes.vector_index import PlainIndex
from tests.kg.made import origin, record

OIL = record("oil", ("fish oil", "decreases", "blood viscosity"), title="On fish oil", year=1984, authors=("Ada A",))
COLD = record(
    "cold", ("blood viscosity", "increases", "cold fingers"), title="On cold fingers", year=1985, authors=("Bo B",)
)
STATED = record("stated", ("fish oil", "decreases", "cold fingers"), title="It is so", year=1990, authors=("Cy C",))
DENIED = record(
    "denied",
    ("blood viscosity", "increases", "cold fingers", "denies"),
    title="It is not so",
    year=1991,
    authors=("Di D",),
)
ELSEWHERE = record("elsewhere", ("nacre", "increases", "toughness"), title="On nacre", year=1992)
RUN = "run-0123456789"


@pytest.fixture
def library() -> Library:
    return made(OIL, COLD)


def made(*records: SourceRecord) -> Library:
    store = MemoryStore()
    library = Library(store=store, index=PlainIndex(store, "words@1"), embedder=WordEmbedder())
    for one in records:
        come(library, one)
    return library


def come(library: Library, one: SourceRecord) -> None:
    library.store.add(one, origin(one))
    library.rebuild()


def supposed(library: Library) -> dict[str, Any]:
    """The hypothesis that fish oil decreases cold fingers, in the form of the outside face."""
    (path,) = paths(library.store, "fish oil", "cold fingers", n=1)
    gap = Gap("fish oil", "decreases", "cold fingers", "composed")
    return Hypothesis("Fish oil decreases cold fingers.", gap, path, score=0.5, rank=1).as_json()


def clock() -> Callable[[], datetime]:
    ticks: Iterator[datetime] = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(1000))
    return lambda: next(ticks)


def judging(library: Library) -> tuple[Judgements, str]:
    told = supposed(library)

    def find(id: str) -> tuple[dict[str, Any], str | None]:
        if id != told["id"]:
            raise NotFound(f"No kept run made the hypothesis {id!r}.")
        return told, RUN

    return Judgements(library, find, clock()), told["id"]


# Judging


def test_a_hypothesis_is_kept_with_its_reason_and_as_it_was(library: Library) -> None:
    judgements, id = judging(library)
    one = judgements.keep(id, "worth  a trial")
    assert (one.standing, one.reason, one.version, one.run) == ("kept", "worth a trial", 1, RUN)
    assert one.hypothesis == supposed(library) and one.statement == "Fish oil decreases cold fingers."
    assert [each.id for each in judgements] == [id] and judgements.standings() == {id: "kept"}
    assert 0 < one.watched.score < 1 and one.watched.verdict == "plausible"


def test_a_hypothesis_is_rejected_and_worded_anew_for_a_reason_alone(library: Library) -> None:
    judgements, id = judging(library)
    for act in (lambda: judgements.reject(id, " "), lambda: judgements.edit(id, "Other words.", "")):
        with pytest.raises(UsageError, match="reason"):
            act()
    with pytest.raises(UsageError, match="statement"):
        judgements.edit(id, " ", "too long")
    assert judgements.standings() == {}
    assert judgements.reject(id, "known to every sailor").standing == "rejected"
    assert list(judgements) == [] and [one.id for one in judgements.all("rejected")] == [id]
    edited = judgements.edit(id, "Fish oil may warm cold  fingers.", "milder")
    assert (edited.standing, edited.statement, edited.version) == ("kept", "Fish oil may warm cold fingers.", 2)
    assert judgements.reopen(id).standing == "open" and judgements.standings() == {id: "open"}
    told = judgements.whole(id)
    assert told["statement"] == "Fish oil may warm cold fingers." and told["gap"]["object"] == "cold fingers"
    assert [one["reason"] for one in told["judgement"]["versions"]] == ["known to every sailor", "milder", ""]


def test_what_nobody_made_cannot_be_judged(library: Library) -> None:
    judgements, _ = judging(library)
    for act in (judgements.keep, judgements.get, judgements.history, judgements.whole, judgements.reopen):
        with pytest.raises(NotFound):
            act("h-0000000000")
    assert judgements.standings() == {}


def test_a_judgement_is_no_fact(library: Library) -> None:
    revision, before = library.info().revision, list(library.relations())
    judgements, id = judging(library)
    judgements.keep(id)
    assert library.info().revision == revision and list(library.relations()) == before


def test_a_hypothesis_of_a_kept_run_is_found_by_its_id(tmp_path: Path) -> None:
    from agents.run_logs import FolderLog
    from agents.runs import Run
    from tests.fakes.libraries import fill

    fill(tmp_path, OIL, COLD)
    with Library(tmp_path) as library:
        told = supposed(library)
        with Run({"kind": "hypothesize", "model": None}, FolderLog(tmp_path / "runs")) as run:
            run.did("generate", None, {})
            run.concludes({"hypotheses": [told]})
        assert library.hypotheses.whole(told["id"])["run"] == run.id
        assert library.show(told["id"])["kind"] == "hypothesis"
        with pytest.raises(NotFound, match="No kept run"):
            library.show("h-00")


# Watching


def test_nothing_is_told_while_nothing_changes(library: Library) -> None:
    judgements, id = judging(library)
    judgements.keep(id)
    come(library, ELSEWHERE)
    digest = judgements.digest()
    assert (len(digest), digest.unchanged) == (0, 1)
    assert len(judgements.history(id)) == 1


def test_a_paper_that_states_the_gap_is_told_once(library: Library) -> None:
    judgements, id = judging(library)
    kept = judgements.keep(id)
    come(library, STATED)
    (change,) = judgements.digest()
    assert [(one.gap, one.speaks, one.evidence.key) for one in change.new] == [(True, "for", "stated")]
    assert [paper.key for paper in change.together] == ["stated"]
    assert (change.before.watched.verdict, change.now.verdict) == ("plausible", "supported")
    assert (kept.watched.novelty, change.now.novelty) == ("novel-looking", "anticipated")
    assert change.now.score > kept.watched.score
    assert judgements.get(id).watched.score == change.now.score and judgements.get(id).standing == "kept"
    assert len(judgements.digest()) == 0, "it was told"
    assert change.as_json()["new"][0]["evidence"]["quote"] == "fish oil decreases cold fingers."
    assert change.papers == {"cold fingers": (1, 2), "fish oil": (1, 2)}


def test_a_denial_of_a_hop_is_told_as_such(library: Library) -> None:
    judgements, id = judging(library)
    judgements.keep(id)
    come(library, DENIED)
    (change,) = judgements.digest(record=False)
    assert [(one.gap, one.speaks, one.link[0]) for one in change.new] == [(False, "against", "blood viscosity")]
    assert change.now.score < change.before.watched.score
    assert len(judgements.digest(record=False)) == 1, "nothing was noted down"


def test_what_is_said_the_other_way_round_is_neither_for_nor_against(library: Library) -> None:
    judgements, id = judging(library)
    judgements.keep(id)
    come(library, record("turned", ("cold fingers", "causes", "fish oil"), title="Turned", year=1993))
    (change,) = judgements.digest()
    assert [(one.gap, one.speaks) for one in change.new] == [(True, "otherwise")]


def test_a_paper_that_is_taken_out_is_told_too(library: Library) -> None:
    judgements, id = judging(library)
    judgements.keep(id)
    library.remove("cold")
    (change,) = judgements.digest()
    assert (change.new, change.gone, change.lost) == ((), 1, ("cold fingers",))
    assert change.now.score < change.before.watched.score
    assert len(judgements.digest()) == 0


def test_a_digest_since_a_day_compares_with_that_day(library: Library) -> None:
    judgements, id = judging(library)
    judgements.keep(id)  # on the first day
    come(library, STATED)
    judgements.digest()  # on the second
    come(library, DENIED)
    judgements.digest()  # on the third
    (change,) = judgements.digest(datetime(2026, 1, 1, 12, tzinfo=UTC))
    assert {one.evidence.key for one in change.new} == {"stated", "denied"}
    (change,) = judgements.digest(datetime(2026, 1, 2, 12, tzinfo=UTC))
    assert {one.evidence.key for one in change.new} == {"denied"}
    assert len(judgements.digest(datetime(2026, 3, 1, tzinfo=UTC))) == 0


def test_only_what_is_kept_is_watched(library: Library) -> None:
    judgements, id = judging(library)
    judgements.reject(id, "no")
    come(library, STATED)
    assert judgements.digest().as_json() == {"changes": [], "unchanged": 0}


def test_a_concept_that_others_join_is_watched_under_its_new_name(library: Library) -> None:
    come(library, record("omega", ("omega three", "is a", "fat"), title="Fats", year=1980))
    judgements, id = judging(library)
    judgements.keep(id)
    library.store.decide(Decision("merge", "fish oil", "omega three"))
    come(library, record("new", ("omega three", "decreases", "cold fingers"), title="New", year=1995))
    (change,) = judgements.digest()
    assert [(one.gap, one.speaks, one.evidence.key) for one in change.new] == [(True, "for", "new")]
    assert change.lost == ()


def test_the_dump_of_everything_has_all_judgements_and_no_time(library: Library) -> None:
    judgements, id = judging(library)
    kept = judgements.keep(id, "a trial")
    judgements.reject(id, "no")
    assert not any(line["kind"] == "judgement" for line in dump(library.store))
    lines = [line for line in dump(library.store, everything=True) if line["kind"] == "judgement"]
    assert [(line["version"], line["standing"], line["reason"]) for line in lines] == [
        (1, "kept", "a trial"),
        (2, "rejected", "no"),
    ]
    assert kept.written not in repr(lines)


def test_a_copy_has_all_judgements(tmp_path: Path) -> None:
    library = made(OIL, COLD)
    judgements, id = judging(library)
    judgements.keep(id, "a trial")
    with Library(tmp_path / "other") as other:
        library.copy_to(other)
        assert [one.reason for one in other.hypotheses] == ["a trial"]


def test_what_was_rejected_can_be_left_out_of_what_is_made(tmp_path: Path) -> None:
    from tests.fakes.libraries import fill

    fill(tmp_path, OIL, COLD, record("platelets", ("fish oil", "decreases", "platelets"), title="P", year=1986))
    with Library(tmp_path) as library:
        library.store.add(
            more := record("p2", ("platelets", "cause", "cold fingers"), title="Q", year=1987), origin(more)
        )
        library.rebuild()
        both = library.hypothesize("fish oil", "cold fingers")
        assert len(both) == 2
        library.hypotheses.reject(both[0].id, "known")
        rest = library.hypothesize("fish oil", "cold fingers", skip_rejected=True)
        assert [one.id for one in rest] == [both[1].id] and "Left out, as was wished: one hypothesis." in rest.notes
        assert rest.run != both.run and library.replay(rest.run).as_json() == rest.as_json()
        assert len(library.hypothesize("fish oil", "cold fingers")) == 2
