"""Two extractors on the same papers, and one extraction of what both find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingest.extract.extractor import Costly, Extraction, Extractor, FoundMention, FoundQuantity, FoundRelation
from ingest.extract.llm_reply import nearest
from kg.budget import Usage


class Nothing:
    """Finds nothing: stands in for an extractor that another one works beside."""

    name = "none"
    version = "0"

    def extract(self, texts: Sequence[str]) -> Extraction:
        """Nothing."""
        return Extraction()


_NOTHING = f"{Nothing.name}@{Nothing.version}"


class SideBySide:
    """Both read every paper. Where their mentions overlap, those of `first` stand, and what `second` says of its own
    goes to them. Each relation keeps the name of who found it."""

    def __init__(self, first: Extractor, second: Extractor) -> None:
        self.first, self.second = first, second

    @property
    def name(self) -> str:
        """ "FIRST+SECOND"."""
        return f"{self.first.name}+{self.second.name}"

    @property
    def version(self) -> str:
        """ "FIRST'S+SECOND'S"."""
        return f"{self.first.version}+{self.second.version}"

    def extract(self, texts: Sequence[str]) -> Extraction:
        """What both find. Where one did not read the paper itself, `instead` says what did."""
        one, other = self.first.extract(texts), self.second.extract(texts)
        instead = ""
        if one.instead or other.instead:
            parts = [one.instead or _full_name(self.first), other.instead or _full_name(self.second)]
            instead = "+".join(part for part in parts if part != _NOTHING)
        account = one.account
        if other.account is not None:
            account = other.account if account is None else account + other.account
        return replace(merged(one, other), instead=instead, account=account)

    def cost(self, texts: Sequence[str]) -> Usage | None:
        """What both would likely cost."""
        costs = [it.cost(texts) for it in (self.first, self.second) if isinstance(it, Costly)]
        known = [cost for cost in costs if cost is not None]
        return sum(known, Usage()) if known else None

    @property
    def free(self) -> Extractor:
        """The same without what costs."""
        return SideBySide(*(it.free if isinstance(it, Costly) else it for it in (self.first, self.second)))


def _full_name(extractor: Extractor) -> str:
    return f"{extractor.name}@{extractor.version}"


def merged(one: Extraction, other: Extraction) -> Extraction:
    """Both extractions as one; a relation of `other` whose ends come to be the same mention is left out."""
    standing: dict[int, list[tuple[int, int]]] = defaultdict(list)
    places: dict[int, list[int]] = defaultdict(list)
    for place, mention in enumerate(one.mentions):
        standing[mention.passage].append((mention.start, mention.end))
        places[mention.passage].append(place)
    # (whose, place) of each mention that stays, and where the other's mentions go.
    stays: list[tuple[FoundMention, tuple[int, int]]] = [(mention, (0, at)) for at, mention in enumerate(one.mentions)]
    goes: dict[int, tuple[int, int]] = {}
    for at, mention in enumerate(other.mentions):
        over = nearest((mention.start, mention.end), standing[mention.passage])
        if over is None:
            goes[at] = (1, at)
            stays.append((mention, (1, at)))
        else:
            goes[at] = (0, places[mention.passage][over])
    stays.sort(key=lambda stay: (stay[0].passage, stay[0].start))
    new = {whose: place for place, (_, whose) in enumerate(stays)}
    relations = [replace(it, subject=new[0, it.subject], object=new[0, it.object]) for it in one.relations]
    for it in other.relations:
        subject, object_ = new[goes[it.subject]], new[goes[it.object]]
        if subject != object_:
            relations.append(replace(it, subject=subject, object=object_))
    quantities = [_moved(it, {at: new[0, at] for at in _ends(it)}) for it in one.quantities]
    taken = {(it.passage, it.start, it.end) for it in one.quantities}
    quantities += [
        _moved(it, {at: new[goes[at]] for at in _ends(it)})
        for it in other.quantities
        if not any(it.passage == p and it.start < end and start < it.end for p, start, end in taken)
    ]
    return Extraction(
        tuple(mention for mention, _ in stays),
        tuple(sorted(relations, key=_order)),
        tuple(sorted(quantities, key=lambda it: (it.passage, it.start, it.end))),
    )


def _order(it: FoundRelation) -> tuple[int, int, int, int, str, str]:
    return it.passage, it.start, it.subject, it.object, it.predicate, it.extractor


def _ends(it: FoundQuantity) -> list[int]:
    return [end for end in (it.measures, it.property) if end is not None]


def _moved(it: FoundQuantity, places: dict[int, int]) -> FoundQuantity:
    return replace(
        it,
        measures=None if it.measures is None else places[it.measures],
        property=None if it.property is None else places[it.property],
    )
