"""A language model's opinion of a claim: an adversary argues the opposite of the argument graph's verdict, and a judge
hears both sides, in both orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from agents.critique import Claim, Critique, Opinion, Reason, Verdict
from agents.steps.asked import Said, asked, fenced, line, prompt
from kg.language_model import Ask, fitting, room
from kg.model import Evidence

MOST = 3
"""Points of the adversary."""
_SENTENCES = 20  # that are shown to it
_OF_POINT = 3  # sentences of a point that are shown to the judge

Ruling = Literal["holds", "does not hold", "undecided"]
_RULINGS: Mapping[Verdict, Ruling] = {
    "supported": "holds",
    "plausible": "holds",
    "contradicted": "does not hold",
    "disputed": "undecided",
    "weak": "undecided",
    "open": "undecided",
}
"""What a judge would have to say to agree with a verdict."""


class SaidPoint(Said):
    """A point, with the labels of its sentences."""

    text: str
    sentences: tuple[str, ...] = Field(min_length=1)


class SaidPoints(Said):
    """The case of the adversary."""

    points: tuple[SaidPoint, ...] = ()


class SaidRuling(Said):
    """What the judge says."""

    verdict: Ruling
    reason: str = ""


def opinion(critique: Critique, ask: Ask) -> Opinion:
    """The adversary's case against a critique's verdict, each point with sentences of the critique, and what the judge
    says of the claim after hearing both sides, whichever of them first. Points without a sentence that was shown are
    left out. Raises LanguageModelErrors."""
    claim = critique.claim
    case = opposed(critique, ask)
    ours = [one for one in critique.reasons if one.side == "for"]
    theirs = [one for one in critique.reasons if one.side == "against"]
    (theirs if _RULINGS[critique.verdict] == "holds" else ours).extend(case)
    forth, back = ruled(claim, ours, theirs, ask), ruled(claim, theirs, ours, ask)
    wanted = _RULINGS[critique.verdict]
    if forth.verdict != back.verdict:
        text = f"The judge does not agree with itself: {forth.verdict}; with the sides changed, {back.verdict}."
    elif forth.verdict != wanted:
        text = f"The judge differs from the argument graph: {forth.verdict}, where the graph says {critique.verdict}."
    else:
        text = f"The judge agrees with the argument graph, whichever side it hears first: {forth.verdict}."
    reasons = (forth.verdict, back.verdict)
    differs = forth.verdict != wanted or back.verdict != wanted
    return Opinion(tuple(case), reasons, differs, f"{text} {line(forth.reason)}".strip())


def opposed(critique: Critique, ask: Ask) -> list[Reason]:
    """What speaks for the opposite of the verdict, in a model's words, with the sentences that it names."""
    evidence = critique.evidence()[:_SENTENCES]
    if not evidence:
        return []
    holds = _RULINGS[critique.verdict] == "holds"
    words = {
        "verdict": critique.verdict,
        "opposite": "the claim does not hold" if holds else "the claim holds after all",
        "most": str(MOST),
        "claim": fenced(str(critique.claim), "claim"),
    }
    texts = [f"{fenced(one.quote, f'S{number}')}\n" for number, one in enumerate(evidence, 1)]
    bare = prompt("oppose.v1").filled(sentences="", **words)
    shown = texts[: fitting(texts, room(ask, bare, SaidPoints))]
    said = asked(ask, "oppose.v1", SaidPoints, sentences="\n".join(shown), **words)
    named = {f"S{number}": one for number, one in enumerate(evidence[: len(shown)], 1)}
    case = []
    for point in said.points[:MOST]:
        rests_on = tuple(dict.fromkeys(named[label] for label in point.sentences if label in named))
        if rests_on and (text := line(point.text)):
            case.append(Reason("against" if holds else "for", text, rests_on))
    return case


def ruled(claim: Claim, first: Sequence[Reason], second: Sequence[Reason], ask: Ask) -> SaidRuling:
    """What a judge says who hears these sides in this order."""
    return asked(
        ask,
        "judge.v1",
        SaidRuling,
        claim=fenced(str(claim), "claim"),
        first=fenced(_side(first), "first"),
        second=fenced(_side(second), "second"),
    )


def _side(reasons: Sequence[Reason]) -> str:
    if not reasons:
        return "Nothing."
    return "\n".join(f"- {line(one.text)}{_quotes(one.evidence)}" for one in reasons)


def _quotes(evidence: Sequence[Evidence]) -> str:
    return "".join(f"\n  “{line(one.quote)}” ({line(one.key)})" for one in evidence[:_OF_POINT])
