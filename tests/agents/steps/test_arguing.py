from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.critique import Composition, HopCritique, Verdict
from agents.steps.arguing import Pleaded, argued, grounded, reasons, strength, weight
from kg.model import Certainty, Evidence, Paper, Polarity

NAMES = "abcde"
attacks = st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)))


def complete(labels: dict[str, str], pairs: set[tuple[str, str]]) -> bool:
    """Whether a labelling is complete (Caminada 2006): in exactly when all attackers are out, out when one is in."""
    for name, label in labels.items():
        attackers = [labels[a] for a, b in pairs if b == name]
        if (label == "in") != all(one == "out" for one in attackers) or (label == "out") != ("in" in attackers):
            return False
    return True


@given(attacks)
def test_the_grounded_extension_is_the_least_complete_one(pairs: set[tuple[str, str]]) -> None:
    labels = grounded(NAMES, pairs)
    assert complete(dict(labels), pairs)
    accepted = {name for name, label in labels.items() if label == "in"}
    for chosen in chain.from_iterable(combinations(NAMES, size) for size in range(len(NAMES) + 1)):
        inside = set(chosen)
        hit = {b for a, b in pairs if a in inside}
        other = {name: "in" if name in inside else "out" if name in hit else "undecided" for name in NAMES}
        if not inside & hit and complete(other, pairs):
            assert accepted <= inside


def said(paper: str, polarity: Polarity = "supports", certainty: Certainty = "stated") -> Evidence:
    return Evidence(f"e-{paper}-{polarity}", f"w-{paper}", paper, "p", 0, 1, f"So says {paper}.", "a", "b", "c",
                    polarity, certainty)  # fmt: skip


def plea(
    for_: tuple[Evidence, ...] = (),
    against: tuple[Evidence, ...] = (),
    retracted: str = "",
    together: tuple[str, ...] = (),
    doubting: bool = False,
) -> Pleaded:
    ids = sorted({one.paper for one in (*for_, *against)})
    papers = {id: Paper(id, id[2:], "", status="retracted" if id[2:] == retracted else None) for id in ids}
    groups = {id: 0 if id[2:] in together else number + 1 for number, id in enumerate(ids)}
    return Pleaded(for_, against, papers, groups, doubting)


NO_PATH = Composition()


@pytest.mark.parametrize(
    ("pleaded", "verdict"),
    [
        (plea(), "open"),
        (plea((said("one"),)), "supported"),
        (plea((), (said("one", "denies"),)), "contradicted"),
        (plea((said("one"),), (said("two", "denies"),)), "disputed"),
        (plea((said("one"), said("two")), (said("three", "denies"),)), "supported"),
        (plea((said("one"), said("two")), (said("three", "denies"),), together=("one", "two")), "disputed"),
        (plea((said("one"),), (said("two", "denies"), said("three", "denies"))), "contradicted"),
        (plea((said("one", certainty="hedged"),), (said("two", "denies"),)), "contradicted"),
        (plea((said("one", certainty="hedged"),)), "plausible"),
        (plea((said("one"),), retracted="one"), "open"),
        (plea((said("one"),), (said("two", "denies"),), retracted="two"), "supported"),
        (plea((said("one", certainty="hedged"),), (said("two", "denies"),), doubting=True), "disputed"),
    ],
)
def test_the_verdict_follows_from_the_sides(pleaded: Pleaded, verdict: Verdict) -> None:
    assert argued("It is so.", pleaded, [], NO_PATH)[1] == verdict


FOLLOWS, NOTHING = Composition(True, "b", 0.8, (), "it follows"), Composition(False, None, 0.0, (), "nothing follows")
HOP = HopCritique("a", "b", "c")


@pytest.mark.parametrize(
    ("hops", "composition", "verdict"),
    [
        ([plea((said("one"),)), plea((said("two"),))], FOLLOWS, "plausible"),
        ([plea((said("one"),)), plea()], FOLLOWS, "weak"),
        ([plea((said("one"),)), plea((said("two"),), (said("three", "denies"),))], FOLLOWS, "weak"),
        ([plea((said("one"),)), plea((said("two"),))], NOTHING, "weak"),
    ],
)
def test_what_follows_from_a_path_is_as_good_as_its_weakest_part(
    hops: list[Pleaded], composition: Composition, verdict: Verdict
) -> None:
    assert argued("It is so.", plea(), [(HOP, one) for one in hops], composition)[1] == verdict


def test_a_sentence_against_it_outdoes_a_path() -> None:
    against = plea((), (said("one", "denies"),))
    assert argued("It is so.", against, [(HOP, plea((said("two"),)))], FOLLOWS)[1] == "contradicted"


def test_reasons_have_their_sentences_and_say_what_fell() -> None:
    one, other = said("one"), said("two", "denies")
    graph, _ = argued("It is so.", plea((one, said("three")), (other,)), [], NO_PATH)
    told = reasons(graph)
    assert [reason.side for reason in told] == ["for", "for", "against"]
    assert told[0].evidence == (one,)
    assert told[-1].text == "two says otherwise. (outweighed)"
    assert {one.status for one in graph.arguments if one.id == "claim"} == {"in"}


def test_further_papers_of_one_group_weigh_less() -> None:
    both = (said("one"), said("two"))
    assert weight(both, plea(both)) == 2
    assert weight(both, plea(both, together=("one", "two"))) == 1.5
    assert weight(both, plea(both, retracted="two")) == 1
    assert strength(0, 0) == 0.5
    assert strength(2, 0) == 0.75
