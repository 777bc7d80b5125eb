from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from agents.critic import Critic, Kept, Link, criticised, criticize
from agents.critique import Critique
from agents.resuming import replayed
from agents.run_logs import MemoryLog
from agents.runs import Model
from agents.steps.guarding import advisory
from kg.errors import ModelNotReached, NotFound, UsageError
from kg.language_model import Prompt
from kg.model import Hop, Path, SourceRecord
from kg.scope import Scope
from tests.agents.made import Library, library_of
from tests.fakes.papers import paper
from tests.fakes.scripted_ask import ScriptedAsk, between_fences
from tests.kg.made import Said
from tests.kg.made import record as made


def record(name: str, *said: Said, **facts: Any) -> SourceRecord:
    """A record without vectors, which the library that is searched would not take."""
    return replace(made(name, *said, **facts), embedder=None, vectors=b"")


def papers(*said: Said, **facts: Any) -> list[SourceRecord]:
    """A paper by an author of its own for each thing that is said."""
    return [
        record(
            f"p{number}", one, title=f"Paper {number}", year=2000 + number, authors=(f"Author{number}, Ann",), **facts
        )
        for number, one in enumerate(said, 1)
    ]


def quotes(told: Any) -> Iterator[dict[str, Any]]:
    """All evidence anywhere in JSON."""
    if isinstance(told, dict):
        if "quote" in told:
            yield told
        for value in told.values():
            yield from quotes(value)
    elif isinstance(told, list):
        for value in told:
            yield from quotes(value)


SILK = (
    ("silk", "increases", "strength"),
    ("water", "decreases", "strength"),
    ("water", "increases", "toughness", "denies"),
    ("fibroin", "part of", "silk"),
    ("gum", "derived from", "silk"),
)


@pytest.fixture
def library() -> Library:
    return library_of(*papers(*SILK), record("both", more="Silk and steel are looked at here."))


@pytest.mark.parametrize(
    ("statement", "how", "states", "verdict"),
    [
        ("Silk increases strength", "stated", ["subject", "predicate", "object"], "supported"),
        ("Strength is improved by silk", "paraphrased", ["subject", "predicate", "object"], "supported"),
        ("Silk affects strength", "paraphrased", ["subject", "predicate", "object"], "supported"),
        ("Silk contains fibroin", "paraphrased", ["subject", "predicate", "object"], "supported"),
        ("Strength increases silk", "reversed", ["predicate"], "open"),
        ("Silk is derived from gum", "reversed", ["predicate"], "contradicted"),
        ("Silk is measured with strength", "another predicate", ["subject", "object"], "open"),
        ("Silk decreases strength", "another predicate", ["subject", "object"], "contradicted"),
        ("Water increases toughness", "denied", ["subject", "predicate", "object"], "contradicted"),
        ("Water does not increase toughness", "stated", ["subject", "predicate", "object"], "supported"),
        ("Silk does not increase strength", "denied", ["subject", "predicate", "object"], "contradicted"),
        ("Water improves toughness", "denied", ["subject", "predicate", "object"], "contradicted"),
        ("Gum increases strength", "one end", ["predicate", "object"], "open"),
        ("Gum prevents toughness", "nothing", [], "open"),
    ],
)
def test_what_the_closest_sentence_states(
    library: Library, statement: str, how: str, states: list[str], verdict: str
) -> None:
    critique = criticize(statement, library)
    assert (critique.novelty.how, list(critique.novelty.states), critique.verdict) == (how, states, verdict)
    said = how in ("stated", "paraphrased", "denied")
    assert critique.novelty.verdict == ("anticipated" if said else "novel-looking")
    assert bool(critique.novelty.sentences) == (how != "nothing")
    assert [one.where for one in critique.novelty.searched][-1] == ("relations" if said else "full text and meaning")


def test_what_holds_both_ways_is_not_reversed() -> None:
    said = papers(("silk", "similar to", "nacre"))
    assert criticize("Nacre is similar to silk", library_of(*said)).verdict == "supported"


def test_sound_statements_are_above_unsound_ones(library: Library) -> None:
    critic = Critic(library)
    sound = [critic.of(one).score for one in ("Silk increases strength", "Strength is enhanced by silk")]
    unsound = ["Strength increases silk", "Silk reduces strength", "Silk is derived from gum", "Gum increases strength"]
    assert min(sound) > max(critic.of(one).score for one in unsound)


def test_every_quote_stands_in_its_passage(library: Library) -> None:
    texts = {one.passage.id: one.passage.text for one in library.store.passages()}
    for statement in ("Silk increases strength", "Strength increases silk", "Silk affects steel"):
        told = criticize(statement, library).as_json()
        for one in quotes(told):
            assert texts[one["passage"]][one["start"] : one["end"]] == one["quote"]


def test_what_names_both_is_shown_and_not_interpreted() -> None:
    library = library_of(
        paper("one", "Nacre and bone break slowly. Glass breaks.", concepts=["Nacre", "bone", "Glass"])
    )
    novelty = criticize("Nacre is similar to bone", library).novelty
    assert (novelty.verdict, novelty.how) == ("novel-looking", "named together")
    assert [one.quote for one in novelty.sentences] == ["Nacre and bone break slowly."]
    assert criticize("Nacre is similar to glass", library).novelty.how == "nothing"


def test_a_sentence_with_both_and_a_word_for_the_predicate_leaves_it_open() -> None:
    library = library_of(
        paper("one", "Where nacre is bent, and only there, bone is improved.", concepts=["nacre", "bone"])
    )
    novelty = criticize("Nacre improves bone", library).novelty
    assert (novelty.verdict, novelty.how) == ("unknown", "named together")


@pytest.mark.parametrize(
    ("sentence", "verdict", "how"),
    [
        ("We show that nacre improves bone.", "anticipated", "stated"),
        ("Here, bone is improved by nacre.", "anticipated", "stated"),
        ("Nacre strongly improves the bone in mice.", "anticipated", "stated"),
        ("Nacre does not improve bone.", "anticipated", "denied"),
        ("Bone improves nacre.", "novel-looking", "reversed"),
        ("Nacre contains bone.", "novel-looking", "another predicate"),
        ("Heating of nacre improves bone.", "unknown", "named together"),
        ("Nacre improves bone healing.", "unknown", "named together"),
        ("The strength of nacre improves bone.", "unknown", "named together"),
        ("When nacre does not improve bone, it breaks.", "unknown", "named together"),
        ("Samples of nacre, improving bone, were taken.", "unknown", "named together"),
    ],
)
def test_sentences_that_nobody_read_are_read_where_they_are_plain(sentence: str, verdict: str, how: str) -> None:
    library = library_of(paper("one", sentence, concepts=["nacre", "bone"]))
    novelty = criticize("Nacre improves bone", library).novelty
    assert (novelty.verdict, novelty.how) == (verdict, how)


def test_a_concept_that_is_not_there_leaves_novelty_unknown(library: Library) -> None:
    critique = criticize("Silk increases glorps", library)
    assert (critique.novelty.verdict, critique.claim.unknown) == ("unknown", ("glorps",))
    assert "no concept 'glorps'" in critique.novelty.reason
    assert critique.specificity.value is None


def test_what_is_too_doubtful_to_count_supports_nothing() -> None:
    library = library_of(record("one", ("silk", "increases", "strength", "supports", "stated", True)))
    critique = criticize("Silk increases strength", library)
    assert (critique.novelty.verdict, critique.verdict) == ("unknown", "open")
    assert [one.quote for one in critique.novelty.sentences] == ["silk increases strength."]


def test_words_beyond_the_concepts_are_weighed() -> None:
    said = papers(("faith", "decreases", "fear"))
    critique = criticize("Blind faith decreases fear", library_of(*said))
    assert (critique.verdict, critique.novelty.verdict) == ("open", "unknown")
    assert critique.novelty.states == ("predicate", "object")
    assert criticize("Faith decreases fear", library_of(*said)).verdict == "supported"


def hop(critique: Critique) -> Any:
    return critique.hops[-1]


def test_papers_that_share_authors_are_one_group() -> None:
    one = ("silk", "increases", "strength")
    shared = [record(f"p{n}", one, title=f"T{n}", authors=("Smith, Jane", f"Other{n}, A.")) for n in (1, 2)]
    apart = [record(f"p{n}", one, title=f"T{n}", authors=(f"Other{n}, A.",)) for n in (1, 2)]
    together, independent = (hop(criticize("Silk increases strength", library_of(*each))) for each in (shared, apart))
    assert (together.papers, together.groups, independent.groups) == (2, 1, 2)
    assert together.strength < independent.strength
    assert together.notes == ("all papers that say this share authors",)


def test_a_retracted_paper_supports_nothing() -> None:
    library = library_of(record("one", ("silk", "increases", "strength"), title="T", year=1970, status="retracted"),
                         record("two", more="Nothing here.", title="U", year=2020))  # fmt: skip
    critique = criticize("Silk increases strength", library)
    assert (critique.verdict, hop(critique).papers, hop(critique).retracted) == ("open", 0, ("one",))
    assert hop(critique).notes == ("every paper that says this was retracted", "last said in 1970")
    assert any(reason.text.startswith("one was retracted") for reason in critique.reasons)


def test_only_what_stands_in_the_scope_counts(library: Library) -> None:
    early = criticize("Silk increases strength", library, Scope(until=2000))
    assert (early.verdict, early.novelty.verdict) == ("open", "novel-looking")
    assert criticize("Silk increases strength", library, Scope(until=2001)).verdict == "supported"


def path(*hops: tuple[str, str, str, bool]) -> Path:
    concepts = [hops[0][2] if hops[0][3] else hops[0][0], *(one[0] if one[3] else one[2] for one in hops)]
    return Path(0.5, tuple(concepts), tuple(Hop(*one, 0, 0, 0, 0, ()) for one in hops))


FORTH = path(("fibroin", "part of", "silk", False), ("silk", "increases", "strength", False))


def test_a_hypothesis_is_criticised_hop_by_hop() -> None:
    library = library_of(*papers(("silk", "contains", "gum"), ("gum", "increases", "strength")))
    whole = path(("silk", "contains", "gum", False), ("gum", "increases", "strength", False))
    critique = criticize(Kept("Silk may increase strength.", Link("silk", "increases", "strength"), whole), library)
    assert [(one.subject, one.object, one.gap, one.supports) for one in critique.hops] == [
        ("silk", "gum", False, 1), ("gum", "strength", False, 1), ("silk", "strength", True, 0)]  # fmt: skip
    assert (critique.composition.follows, critique.composition.predicate) == (True, "increases")
    assert (critique.verdict, critique.novelty.verdict) == ("plausible", "novel-looking")
    assert critique.novelty.how == "one end"


def test_what_does_not_follow_is_weak(library: Library) -> None:
    gap = Link("fibroin", "increases", "strength")
    critique = criticize(Kept("Fibroin increases strength.", gap, FORTH), library)
    assert (critique.composition.follows, critique.verdict) == (False, "weak")
    assert "Nothing is known to follow" in critique.composition.reason


def test_a_path_may_be_walked_from_the_object() -> None:
    library = library_of(*papers(("silk", "contains", "gum"), ("gum", "increases", "strength")))
    back = path(("gum", "increases", "strength", True), ("silk", "contains", "gum", True))
    assert back.concepts == ("strength", "gum", "silk")
    critique = criticize(Kept("So it is.", Link("silk", "increases", "strength"), back), library)
    assert critique.composition.follows is True


def test_a_hop_that_papers_deny_breaks_the_path() -> None:
    denied = papers(("silk", "contains", "gum"), ("gum", "increases", "strength"),
                    ("gum", "increases", "strength", "denies"))  # fmt: skip
    whole = path(("silk", "contains", "gum", False), ("gum", "increases", "strength", False))
    critique = criticize(Kept("So it is.", Link("silk", "increases", "strength"), whole), library_of(*denied))
    assert critique.verdict == "weak"
    assert [one["polarity"] for one in quotes(critique.as_json()["hops"])].count("denies") == 1


def test_a_method_in_the_library_makes_a_claim_testable() -> None:
    said = papers(("silk", "increases", "strength"), ("strength", "measured with", "pulling"))
    measured = criticize("Silk increases strength", library_of(*said)).testability
    assert (measured.value, len(measured.evidence)) == (1.0, 1)
    assert measured.reason == "strength is measured with pulling."
    amounts = record("a", ("silk", "increases", "strength", "supports", "stated", False, "1.5 GPa"))
    assert criticize("Silk increases strength", library_of(amounts)).testability.value == 0.7
    assert criticize("Silk increases strength", library_of(*papers(SILK[0]))).testability.value == 0.2


def test_what_is_everywhere_is_less_specific(library: Library) -> None:
    critic = Critic(library)
    broad, narrow = (critic.of(one).specificity.value for one in ("Silk affects strength", "Gum increases toughness"))
    doubtful = critic.of("Gum may increase toughness").specificity.value
    assert broad is not None
    assert narrow is not None
    assert doubtful is not None
    assert broad < doubtful < narrow


def test_a_run_is_kept_and_comes_out_the_same_again(library: Library) -> None:
    log = MemoryLog()
    heard = []
    done = criticised("Silk increases strength", library, on_event=lambda event: heard.append(event.step), log=log)
    assert heard == ["read", "look", "judge", "compose", "argue", "measure"]
    assert replayed(log, done.run, library).as_json() == done.as_json()


def test_the_run_of_a_hypothesis_too(library: Library) -> None:
    log = MemoryLog()
    one = Kept("Fibroin increases strength.", Link("fibroin", "increases", "strength"), FORTH)
    done = criticised(one, library, log=log)
    assert Kept.read(one.as_json()) == one
    assert replayed(log, done.run, library).as_json() == done.as_json()


def test_the_outside_shape(library: Library) -> None:
    told = criticised("Strength increases silk", library).as_json()
    assert {"run", "statement", "critique"} <= told.keys()
    keys = {"hops", "composition", "novelty", "plausibility", "testability", "specificity", "verdict", "reasons"}
    assert keys <= told["critique"].keys()
    assert {"verdict", "states", "sentences", "searched"} <= told["critique"]["novelty"].keys()


def test_what_cannot_be_criticised_is_said(library: Library) -> None:
    with pytest.raises(UsageError, match="No claim is found"):
        criticize("silk", library)
    with pytest.raises(NotFound, match="no concept for"):
        criticize("flurbs inhibit glorps", library)


# With a language model


def judged(forth: str, back: str = "") -> Callable[[Prompt], dict[str, str]]:
    """A judge who says the one thing when the side for the claim comes first, and the other when it comes second."""

    def judge(prompt: Prompt) -> dict[str, str]:
        first = between_fences(prompt)["first"]
        return {"verdict": forth if "says so" in first else back if back else forth, "reason": "So it stands."}

    return judge


def test_an_adversary_and_a_judge_are_heard(library: Library) -> None:
    point = {"text": "Strength was not measured.", "sentences": ["S1", "S9"]}
    baseless = {"text": "It is known to be false.", "sentences": ["S7"]}
    ask = ScriptedAsk(oppose={"points": [point, baseless]}, judge=judged("holds"))
    critique = criticize("Silk increases strength", library, ask=ask)
    assert critique.opinion is not None
    assert [(one.side, one.text, len(one.evidence)) for one in critique.opinion.case] == [
        ("against", "Strength was not measured.", 1)
    ]
    assert (critique.opinion.verdicts, critique.opinion.differs) == (("holds", "holds"), False)
    heard = [between_fences(prompt) for prompt in ask.asked if prompt.name.startswith("judge")]
    assert heard[0]["first"] == heard[1]["second"]
    assert heard[0]["second"] == heard[1]["first"]
    assert "Strength was not measured." in heard[0]["second"]
    assert critique.verdict == "supported"


@pytest.mark.parametrize(
    ("judge", "told"),
    [
        (judged("does not hold"), "differs from the argument graph: does not hold, where the graph says supported"),
        (judged("holds", "undecided"), "does not agree with itself: holds; with the sides changed, undecided"),
    ],
)
def test_where_the_judge_differs_it_is_shown_and_the_verdict_stays(
    library: Library, judge: Callable[[Prompt], dict[str, str]], told: str
) -> None:
    ask = ScriptedAsk(oppose={"points": []}, judge=judge)
    critique = criticize("Silk increases strength", library, ask=ask)
    assert critique.opinion is not None
    assert critique.opinion.differs
    assert told in critique.opinion.text
    assert critique.verdict == "supported"


def test_a_model_that_fails_costs_its_opinion_alone(library: Library) -> None:
    ask = ScriptedAsk(oppose=ModelNotReached("It did not answer."))
    critique = criticize("Silk increases strength", library, ask=ask)
    assert critique.opinion is None
    assert critique.reasons[-1].text == "The language model was not heard: It did not answer."
    assert replace(critique, reasons=critique.reasons[:-1]) == criticize("Silk increases strength", library)


def test_a_run_with_a_model_is_replayed_without_it(library: Library) -> None:
    ask = ScriptedAsk(oppose={"points": []}, judge=judged("holds"))
    log = MemoryLog()
    done = criticised("Silk increases strength", library, log=log, model=Model("fake:scripted", ask))
    assert (done.model, done.steps[-1].step) == ("fake:scripted", "hear")
    assert replayed(log, done.run, library).as_json() == done.as_json()


def test_what_may_serve_harm_is_put_before_no_model() -> None:
    ask = ScriptedAsk()
    statement = "We ask how to make sarin at home, and whether sarin requires silk"
    assert advisory(statement) is not None
    critique = criticize(statement, library_of(*papers(("sarin", "requires", "silk"))), ask=ask)
    assert critique.opinion is None
    assert "can be misused" in critique.reasons[-1].text
    assert not ask.asked
