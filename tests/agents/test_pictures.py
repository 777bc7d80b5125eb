"""Pictures of hypotheses as SVG."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from agents.critic import Critic, Kept
from agents.hypothesis import Gap, Hypothesis
from agents.pictures import arguments_svg, path_svg
from tests.agents.test_judged import COLD, DENIED, OIL, made, supposed

SVG = "{http://www.w3.org/2000/svg}"
HARM = '<script>alert(1)</script> & "quotes" \x07\ud800'


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def classes(svg: str) -> list[str]:
    return [one.get("class", "") for one in ElementTree.fromstring(svg).iter(f"{SVG}path")]


def hop(subject: str, object: str, **more: Any) -> dict[str, Any]:
    told = {"subject": subject, "predicate": "increases", "object": object, "reversed": False, "papers": 1}
    return {**told, "supports": 1, "denies": 0, "hedges": 0, "evidence": [], **more}


def told(*hops: dict[str, Any], concepts: tuple[str, ...]) -> dict[str, Any]:
    one = Hypothesis("So.", Gap(concepts[0], "affects", concepts[-1])).as_json()
    return one | {"path": {"score": 0.5, "concepts": list(concepts), "hops": list(hops)}}


def test_a_path_has_its_concepts_predicates_and_counts_and_the_gap_in_dashes() -> None:
    svg = path_svg(supposed(made(OIL, COLD)))
    assert texts(svg) == [
        "fish oil",
        "blood viscosity",
        "cold fingers",
        "decreases",
        "1 paper, 1 for",
        "increases",
        "1 paper, 1 for",
        "decreases: no paper here states this",
    ]
    assert classes(svg).count("gap") == 1 and "hop denied" not in classes(svg)


def test_a_hop_points_as_it_was_stated_and_is_red_where_it_is_denied() -> None:
    forth = path_svg(told(hop("a", "b"), concepts=("a", "b")))
    back = path_svg(told(hop("b", "a", reversed=True, denies=2), concepts=("a", "b")))
    assert forth != back
    assert "hop denied" in classes(back) and "1 paper, 1 for, 2 against" in texts(back)


def test_what_is_only_named_together_is_no_arrow() -> None:
    svg = path_svg(told(hop("a", "b", supports=0, papers=3, predicate="named with"), concepts=("a", "b")))
    assert "hop named" in classes(svg) and "tip" not in classes(svg)
    assert "in 3 papers, side by side" in texts(svg)


def test_without_a_path_the_two_ends_are_joined_by_the_gap_alone() -> None:
    svg = path_svg(Hypothesis("So.", Gap("a", "affects", "b")).as_json())
    assert texts(svg) == ["a", "b", "affects: no paper here states this"]


def test_what_papers_anticipate_is_said() -> None:
    one = told(hop("a", "b"), concepts=("a", "b")) | {"critique": {"novelty": {"verdict": "anticipated"}}}
    assert "affects: papers anticipate this" in texts(path_svg(one))


def test_text_from_papers_is_text() -> None:
    svg = path_svg(told(hop(HARM, HARM * 9, predicate=HARM), concepts=(HARM, HARM * 9)))
    assert "<script" not in svg and not list(ElementTree.fromstring(svg).iter(f"{SVG}script"))
    graph = {"arguments": [{"id": "a1", "text": HARM, "side": "for", "status": "in", "weight": 1.0}], "attacks": []}
    assert "<script" not in arguments_svg(graph)


def test_the_arguments_stand_on_their_sides_with_who_attacks_whom() -> None:
    library = made(OIL, COLD, DENIED)
    critique = Critic(library).of(Kept.read(supposed(library)))
    graph = critique.as_json()["arguments"]
    svg = arguments_svg(graph)
    shown = " ".join(texts(svg))
    assert texts(svg)[0] == "For" and "Against" in texts(svg)
    assert len([one for one in graph["arguments"] if one["side"] != "note"]) == shown.count("weight")
    assert classes(svg).count("attack") == len(graph["attacks"]) > 0
