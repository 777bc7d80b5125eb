"""What stands around some concepts: the part of the graph that is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.concept_graph import ConceptGraph
from kg.model import Concept, Relation
from kg.scope import EVERYWHERE, Scope

if TYPE_CHECKING:
    from kg.stores.graph_store import GraphStore

MOST_CONCEPTS = 150
"""More cannot be read on one picture."""


@dataclass(frozen=True, slots=True)
class Family:
    """Predicates that are drawn alike: the words for them in a legend, and a colour that can be told from the others
    with any kind of colour vision, on light and on dark (after Okabe and Ito, jfly.uni-koeln.de/color)."""

    label: str
    colour: str
    predicates: tuple[str, ...]


FAMILIES = {
    "raises": Family("raises, enables", "#2b8fd0", (
        "increases", "improves", "promotes", "enables", "contributes to", "protects", "maintains", "treats")),
    "lowers": Family("lowers, prevents", "#dd6b1a", (
        "decreases", "worsens", "inhibits", "prevents", "removes")),
    "affects": Family("affects, causes, needs", "#8f6ed5", (
        "affects", "causes", "regulates", "depends on", "requires", "replaces", "acts on", "treated with")),
    "parts": Family("parts, kinds, properties", "#1a9e78", (
        "part of", "contains", "consists of", "is a", "same as", "located in", "connected to", "has property")),
    "makes": Family("makes, becomes, binds", "#cf74a6", (
        "produces", "releases", "derived from", "becomes", "converts", "transports", "binds", "interacts with",
        "expresses", "encodes", "targets")),
    "compares": Family("goes with, compares", "#b8890a", (
        "associated with", "correlated with", "inversely correlated with", "compared with", "combined with",
        "involved in", "differs from", "similar to", "outperforms", "exceeds", "precedes")),
    "knows": Family("methods and knowledge", "#7f8892", (
        "used for", "uses", "measured with", "detects", "predicts", "indicates", "represents", "explains",
        "supports the view of", "extends", "evaluated on", "assigned to")),
}
_FAMILY_OF = {predicate: name for name, family in FAMILIES.items() for predicate in family.predicates}
_OTHER = "knows"


def family_of(predicate: str) -> str:
    """The name of the family that a predicate is drawn with."""
    return _FAMILY_OF.get(predicate, _OTHER)


@dataclass(frozen=True, slots=True)
class Kind:
    """Types of concepts that are drawn alike: a colour, and a shape of cytoscape.js, so that no one depends on colour
    alone."""

    colour: str
    shape: str
    types: tuple[str, ...]


KINDS = {
    "matter": Kind("#3d6fd1", "round-hexagon", ("Material", "Chemical", "Form")),
    "life": Kind("#c2416b", "round-pentagon", ("Organism", "Cell line", "Disease", "Gene", "Variant")),
    "doing": Kind("#c77d0a", "round-rectangle", ("Method", "Process", "Task", "Instrument", "Device")),
    "measure": Kind("#12877f", "round-diamond", ("Property", "Metric", "Data")),
}
ANY_KIND = "any"
"""Of concepts of any other type: drawn in the colour of the text."""
_KIND_OF = {type: name for name, kind in KINDS.items() for type in kind.types}


def kind_of(type: str) -> str:
    """The name of the kind that concepts of a type are drawn as."""
    return _KIND_OF.get(type, ANY_KIND)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Concepts by label, the relations among them, and how many neighbours of the opened ones were left out."""

    opened: tuple[Concept, ...]
    concepts: tuple[Concept, ...]
    relations: tuple[Relation, ...]
    left_out: int = 0


def neighbourhood(
    store: GraphStore,
    opened: Sequence[str],
    most: int,
    more: int,
    types: Collection[str] = (),
    scope: Scope = EVERYWHERE,
) -> Neighbourhood:
    """The concepts with these ids (unknown ones are passed over), at most `most` neighbours of the first and `more` of
    each other one, those with the most evidence first, and all relations between any two of these. With `types`,
    neighbours of these alone, and only they are counted among those left out. Relations are as counted in the scope."""
    with store.reading():
        graph = ConceptGraph(store, scope)
        centres = [found[0] for id in opened if (found := store.concepts_called(id)) and found[0].id == id]
        shown = {one.label: one for one in centres[:MOST_CONCEPTS]}
        around: dict[str, list[Relation]] = {}
        left_out: set[str] = set()
        for centre in centres:
            around[centre.label] = graph.relations([centre.label])
            weight: Counter[str] = Counter()
            for one in around[centre.label]:
                weight[one.object if one.subject == centre.label else one.subject] += one.supports + one.denies
            ranked = sorted(weight, key=lambda label: (-weight[label], label))
            if types:
                ranked = [label for label in ranked if store.concepts_called(label)[0].type in types]
            room = most if centre is centres[0] else more
            for place, label in enumerate(ranked):
                if label not in shown and place < room and len(shown) < MOST_CONCEPTS:
                    shown[label] = store.concepts_called(label)[0]
                elif label not in shown:
                    left_out.add(label)
        among = {one.id: one for label in shown
                 for one in around.get(label) or graph.relations([label])
                 if one.subject in shown and one.object in shown}
    ordered = sorted(among.values(), key=lambda one: (one.subject, one.predicate, one.object))
    return Neighbourhood(tuple(centres), tuple(shown[label] for label in sorted(shown)), tuple(ordered),
                         len(left_out - shown.keys()))


def drawn(part: Neighbourhood, focus: str | None) -> dict[str, Any]:
    """The nodes, edges and families of a neighbourhood as `ui.components.graph_view` takes them; `focus` is an id."""
    ids = {one.label: one.id for one in part.concepts}
    opened = {one.id for one in part.opened}
    return {
        "nodes": [{"id": one.id, "label": one.label, "type": one.type, "papers": one.papers, "kind": kind_of(one.type),
                   "open": one.id in opened, "focus": one.id == focus} for one in part.concepts],
        "edges": [{"id": one.id, "source": ids[one.subject], "target": ids[one.object], "label": one.predicate,
                   "family": family_of(one.predicate), "supports": one.supports, "denies": one.denies,
                   "hedges": one.hedges} for one in part.relations],
        "families": {name: {"label": family.label, "colour": family.colour} for name, family in FAMILIES.items()},
        "kinds": {name: {"colour": kind.colour, "shape": kind.shape} for name, kind in KINDS.items()},
    }
