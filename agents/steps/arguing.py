"""The argument graph of a claim, and its verdict: grounded semantics after Dung 1995, doi:10.1016/0004-3702(94)00041-X.

Arguments attack each other; nothing else joins them. Whoever claims something has the burden of proof: the doubt that
nothing says so attacks the claim, and a sentence that says so attacks the doubt. A sentence that says the contrary
attacks the claim. Sentences on the two sides attack each other, unless one side weighs at least twice as much: then its
attacks alone count (preferences as in Amgoud and Cayrol 2002, doi:10.1023/A:1014490210693). A retraction attacks what
its paper says. That a claim follows from a path attacks the doubt too, and is attacked by each hop that is not held up
and by a composition that gives something else.

What survives is the grounded extension, the least set that everyone must accept: what nobody attacks, what that
defends, and so on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agents.critique import Argument, ArgumentGraph, Composition, HopCritique, Reason, Side, Verdict
from kg.model import Evidence, Paper

Status = Literal["in", "out", "undecided"]
OUTWEIGHS = 2.0
"""A side that weighs so many times as much as the other is preferred."""
_HEDGED = 0.5  # weight of a sentence that says it with doubt
_SAME_GROUP = 0.5  # weight of a further paper by authors who were heard already, as a part of its own


@dataclass(frozen=True, slots=True)
class Pleaded:
    """What a claim has on its sides: `for_` and `against` are evidence, `papers` the papers of it by id, `groups` those
    papers' groups of authors by id. `doubting`: the claim itself is made with doubt, so that doubt weakens nothing."""

    for_: tuple[Evidence, ...]
    against: tuple[Evidence, ...]
    papers: Mapping[str, Paper]
    groups: Mapping[str, int]
    doubting: bool = False


@dataclass(frozen=True, slots=True)
class _Voice:
    """What one paper says on one side."""

    paper: str
    evidence: tuple[Evidence, ...]
    weight: float
    retracted: bool


def voices(evidence: Collection[Evidence], pleaded: Pleaded) -> list[_Voice]:
    """The papers behind some evidence, the weightiest first: a sentence without doubt counts 1, with doubt a half, and
    a further paper of one group of authors half of that."""
    by_paper: dict[str, list[Evidence]] = defaultdict(list)
    for piece in evidence:
        by_paper[piece.paper].append(piece)
    found = []
    for id, pieces in by_paper.items():
        sure = pleaded.doubting or any(one.certainty == "stated" for one in pieces)
        retracted = id in pleaded.papers and pleaded.papers[id].status == "retracted"
        found.append(_Voice(id, tuple(pieces), 1.0 if sure else _HEDGED, retracted))
    found.sort(key=lambda one: (one.retracted, -one.weight, one.paper))
    heard: set[int] = set()
    weighed = []
    for one in found:
        group = pleaded.groups.get(one.paper, -1)
        weighed.append(replace(one, weight=one.weight * (_SAME_GROUP if group in heard else 1.0)))
        if not one.retracted:
            heard.add(group)
    return weighed


def weight(evidence: Collection[Evidence], pleaded: Pleaded) -> float:
    """What a side weighs: the sum over its papers that were not retracted."""
    return sum(one.weight for one in voices(evidence, pleaded) if not one.retracted)


def strength(for_: float, against: float) -> float:
    """(1 + for) / (2 + for + against), by weights: the share of support to be expected (Laplace's rule)."""
    return (1 + for_) / (2 + for_ + against)


def grounded(arguments: Collection[str], attacks: Collection[tuple[str, str]]) -> dict[str, Status]:
    """The label of each argument in the grounded extension: in (accepted), out (attacked by one that is in), or
    undecided.

    >>> grounded(["a", "b", "c"], [("a", "b"), ("b", "c")])
    {'a': 'in', 'b': 'out', 'c': 'in'}
    """
    attackers: dict[str, set[str]] = {one: set() for one in arguments}
    for attacker, attacked in attacks:
        attackers[attacked].add(attacker)
    labels: dict[str, Status] = {}
    while True:
        accepted = [
            one for one in attackers if one not in labels and all(labels.get(a) == "out" for a in attackers[one])
        ]
        labels.update((one, "in") for one in accepted)
        refused = [one for one in attackers if one not in labels and any(labels.get(a) == "in" for a in attackers[one])]
        labels.update((one, "out") for one in refused)
        if not accepted and not refused:
            return {one: labels.get(one, "undecided") for one in attackers}


class _Case:
    """A graph that is being put together."""

    def __init__(self) -> None:
        self.arguments: dict[str, Argument] = {}
        self.attacks: list[tuple[str, str]] = []

    def add(self, id: str, text: str, side: Side, evidence: Sequence[Evidence] = (), weight: float = 1.0) -> str:
        self.arguments[id] = Argument(id, text, side, "undecided", weight, tuple(evidence))
        return id

    def attack(self, attacker: str, attacked: str) -> None:
        self.attacks.append((attacker, attacked))

    def sides(self, claim: str, doubt: str, pleaded: Pleaded, prefix: str, what: str, helps: Side, hurts: Side) -> None:
        """Adds what papers say for and against a claim; `what` tells a claim of its own."""
        pro, con = voices(pleaded.for_, pleaded), voices(pleaded.against, pleaded)
        for_, against = weight(pleaded.for_, pleaded), weight(pleaded.against, pleaded)
        ids: dict[Side, list[str]] = {helps: [], hurts: []}
        for side, heard, target in ((helps, pro, doubt), (hurts, con, claim)):
            for number, one in enumerate(heard, 1):
                hedged = all(piece.certainty == "hedged" for piece in one.evidence)
                says = f"says {'so' if side == helps else 'otherwise'}"
                key = one.evidence[0].key
                id = f"{prefix}{'for' if side == helps else 'against'} {number}"
                self.add(id, f"{key} {says}{' with doubt' if hedged else ''}{what}.", side, one.evidence, one.weight)
                self.attack(id, target)
                ids[side].append(id)
                if one.retracted:
                    gone = self.add(f"{id} retracted", f"{key} was retracted.", hurts if side == helps else helps)
                    self.attack(gone, id)
        for one_id in ids[helps]:
            for other_id in ids[hurts]:
                if for_ < OUTWEIGHS * against:
                    self.attack(other_id, one_id)
                if against < OUTWEIGHS * for_:
                    self.attack(one_id, other_id)

    def graph(self) -> ArgumentGraph:
        labels = grounded(self.arguments, self.attacks)
        arguments = tuple(replace(one, status=labels[id]) for id, one in self.arguments.items())
        return ArgumentGraph(arguments, tuple(self.attacks))


def argued(
    claim: str,
    pleaded: Pleaded,
    hops: Sequence[tuple[HopCritique, Pleaded]],
    composition: Composition,
) -> tuple[ArgumentGraph, Verdict]:
    """The argument graph of a claim (told in words) and the verdict that follows from it. `hops` are those of the path
    that it is to follow from, without itself."""
    case = _Case()
    case.add("claim", claim, "for")
    case.attack(case.add("doubt", "Nothing that stands says so.", "against"), "claim")
    case.sides("claim", "doubt", pleaded, "", "", "for", "against")
    if hops:
        case.attack(case.add("path", "It follows from what the papers say, one step after the other.", "for"), "doubt")
        if not composition.follows:
            case.attack(case.add("composition", composition.reason, "against"), "path")
        for number, (hop, plea) in enumerate(hops, 1):
            words = f"{hop.subject} – {hop.predicate} – {hop.object}"
            name = case.add(f"hop {number}", f"{words} holds.", "for")
            doubt = case.add(f"hop {number} doubt", f"Nothing that stands says: {words}.", "against")
            broken = case.add(f"hop {number} broken", f"{words} is not held up.", "against")
            case.attack(doubt, name)
            case.attack(name, broken)
            case.attack(broken, "path")
            case.sides(name, doubt, plea, f"hop {number} ", f" of {words}", "for", "against")
    graph = case.graph()
    return graph, _verdict(graph, bool(hops))


def _verdict(graph: ArgumentGraph, path: bool) -> Verdict:
    status = {one.id: one for one in graph.arguments}
    direct = [one for one in graph.arguments if one.id.startswith(("for ", "against ")) and one.evidence]
    accepted = [one for one in direct if one.status == "in"]
    if status["claim"].status == "in":
        stated = any(one.side == "for" and one.weight > _HEDGED * _SAME_GROUP and _sure(one) for one in accepted)
        return "supported" if stated else "plausible"
    if any(one.side == "against" for one in accepted):
        return "contradicted"
    if any(one.status == "undecided" for one in direct):
        return "disputed"
    return "weak" if path else "open"


def _sure(one: Argument) -> bool:
    return any(piece.certainty == "stated" for piece in one.evidence)


def reasons(graph: ArgumentGraph) -> list[Reason]:
    """The arguments that bear on the claim: those that stand first, for before against; what fell says so."""
    told = []
    for one in graph.arguments:
        if one.id in ("claim", "doubt") and not (one.id == "doubt" and one.status == "in"):
            continue
        if one.id.endswith(("doubt", "broken")) and one.status != "in":
            continue
        if one.id.startswith("hop") and one.id.split()[-1].isdigit() and len(one.id.split()) == 2:
            continue
        out = "outweighed" if one.evidence else "does not hold"
        fallen = "" if one.status == "in" else f" ({out if one.status == 'out' else 'undecided'})"
        told.append((one.status != "in", one.side == "against", Reason(one.side, one.text + fallen, one.evidence)))
    told.sort(key=lambda each: each[:2])
    return [reason for _, _, reason in told]
