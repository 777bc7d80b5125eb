"""Which source records are the same work.

The pure function `papers` folds the heads of records into papers. Two records are the same work when they share a
registered identifier, else when they agree in title, first author and year; a title alone is never enough, and works
with different DOIs are never the same. Lines of corpora say by their id that they are different works, so only a
registered identifier joins two of them. Two files with the same bytes are one work.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.model import Decision, Paper, PaperFacts, RecordHead, content_id
from kg.names import key_of

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_REGISTERED = {
    "pmid": re.compile(r"0*(\d{1,9})"),
    "pmcid": re.compile(r"(?:pmc)?0*(\d{1,9})", re.IGNORECASE),
    "arxiv": re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE),
    "isbn": re.compile(r"([\dx]{10}|[\dx]{13})", re.IGNORECASE),
}
_FIRST_OF_IDENTIFIERS = ("doi", "pmid", "pmcid", "arxiv", "isbn")


def identifier(scheme: str, value: str | None) -> tuple[str, str] | None:
    """A registered identifier in its normal form, `("doi", "10.1371/journal.pone.0000217")`; None when it is none.

    Known schemes: doi, pmid, pmcid, arxiv, isbn. A DOI may come as an address or with `doi:` before it; its case does
    not count (DOI Handbook, 2.4).
    """
    scheme, text = scheme.casefold(), (value or "").strip()
    if scheme == "doi":
        text = re.sub(r"^(?:https?://)?(?:dx\.)?doi\.org/|^doi:\s*", "", text, flags=re.IGNORECASE).strip().casefold()
        return ("doi", text) if _DOI.fullmatch(text) and text.isprintable() else None
    if scheme == "isbn":
        text = text.replace("-", "").replace(" ", "")
    pattern = _REGISTERED.get(scheme)
    found = pattern.fullmatch(text) if pattern else None
    return (scheme, found[1].casefold()) if found else None


def work_key(facts: PaperFacts) -> str | None:
    """Title, first author's surname and year, folded; None unless all three are there."""
    title = key_of(facts.title)
    author = surname(facts.authors[0]) if facts.authors else ""
    if not title or not author or facts.year is None:
        return None
    return f"{title}|{author}|{facts.year}"


def surname(author: str) -> str:
    """The folded surname of `Given Family` or `Family, Given`."""
    family = author.split(",")[0] if "," in author else (author.split() or [""])[-1]
    return key_of(family)


def keys_of(head: RecordHead) -> list[str]:
    """What two records must share, at least one of them, to be looked at as the same work, strongest first."""
    order = {scheme: place for place, scheme in enumerate(_FIRST_OF_IDENTIFIERS)}
    known = sorted(head.facts.identifiers, key=lambda one: (order.get(one[0], len(order)), one))
    keys = [f"{scheme}:{value}" for scheme, value in known]
    if work := work_key(head.facts):
        keys.append(f"work:{work}")
    keys.append(f"corpus:{head.name}" if head.corpus else f"bytes:{head.digest}")
    return keys


def papers(heads: Iterable[RecordHead]) -> list[Paper]:
    """The papers that these records are, by id; a pure function of the set of records.

    The records must be closed under shared `keys_of`: all records that share one with a member are members.
    """
    return sorted(
        (_paper(group) for group in _works(sorted(heads, key=lambda head: head.id))), key=lambda paper: paper.id
    )


def work_id(key: str) -> str:
    """The id of a paper whose strongest key this is."""
    return content_id("w", key)


def with_tags(found: Iterable[Paper], decisions: Iterable[Decision]) -> list[Paper]:
    """The papers with the tags that these decisions give them, in order; the papers must be closed as for `papers`.

    A tag is made for a paper's id. Where no paper has that id any more, since a record joined that gave it a stronger
    one, the tag is that of the paper (or papers) that may have been known by it. When the record that the id came from
    is taken out, the tag rests until it is back.
    """
    tags: dict[str, set[str]] = defaultdict(set)
    for one in decisions:
        if one.kind == "tag":
            tags[one.a].add(one.b)
    known = list(found)
    current = {paper.id for paper in known}
    return [replace(paper, tags=tuple(sorted({
        tag for id in paper.ids if id == paper.id or id not in current for tag in tags.get(id, ())
    }))) for paper in known]


class _Group:
    """Records known to be one work, while works are put together."""

    def __init__(self, head: RecordHead) -> None:
        self.heads = [head]
        self.dois = {head.facts.doi} if head.facts.doi else set()
        self.lines = {head.name} if head.corpus else set()

    def may_join(self, other: _Group, strength: str) -> bool:
        if self.dois and other.dois and self.dois != other.dois:
            return False
        return not (strength == "work" and self.lines and other.lines and self.lines != other.lines)

    def join(self, other: _Group) -> None:
        self.heads += other.heads
        self.dois |= other.dois
        self.lines |= other.lines


def _works(heads: Sequence[RecordHead]) -> Iterator[list[RecordHead]]:
    """Joins records key by key: the strongest keys first, each in a fixed order, so that arrival does not matter."""
    group_of = {head.id: _Group(head) for head in heads}
    sharing: dict[str, list[str]] = defaultdict(list)
    for head in heads:
        for key in keys_of(head):
            sharing[key].append(head.id)
    for key in sorted(sharing, key=_strength):
        strength = "work" if key.startswith("work:") else "registered"
        apart: list[_Group] = []  # groups that share the key and yet may not be joined
        for record in sharing[key]:
            group = group_of[record]
            home = next((one for one in apart if one is group or one.may_join(group, strength)), None)
            if home is None:
                apart.append(group)
            elif home is not group:
                home.join(group)
                group_of.update((head.id, home) for head in group.heads)
                apart = [one for one in apart if one is not group]
    seen: set[int] = set()
    for head in heads:
        group = group_of[head.id]
        if id(group) not in seen:
            seen.add(id(group))
            yield sorted(group.heads, key=lambda one: one.id)


def _strength(key: str) -> tuple[int, str]:
    scheme = key.partition(":")[0]
    order = [*_FIRST_OF_IDENTIFIERS, "bytes", "corpus", "work"]
    return (order.index(scheme) if scheme in order else len(_FIRST_OF_IDENTIFIERS), key)


def _paper(heads: list[RecordHead]) -> Paper:
    """One work. Its facts are the leading record's, filled from the others, the fullest first."""
    by_rank = sorted(heads, key=lambda head: (-head.fullness, head.id))
    leader = by_rank[0]
    facts = [head.facts for head in by_rank]
    doi = min((one.doi for one in facts if one.doi), default=None)
    statuses = {one.status for one in facts}
    return Paper(
        id=work_id(min((key for head in heads for key in keys_of(head)), key=_identity)),
        key=_called(leader, doi, facts),
        title=next((one.title for one in facts if one.title), ""),
        year=next((one.year for one in facts if one.year is not None), None),
        doi=doi,
        authors=next((one.authors for one in facts if one.authors), ()),
        venue=next((one.venue for one in facts if one.venue), None),
        status="retracted" if "retracted" in statuses else "corrected" if "corrected" in statuses else None,
        records=tuple(head.id for head in heads),
        leader=leader.id,
        ids=tuple(sorted({work_id(key) for head in heads for key in keys_of(head)})),
    )


def _identity(key: str) -> tuple[int, str]:
    """The smallest registered identifier, else a corpus id (which no two papers share), else title, author and year."""
    scheme = key.partition(":")[0]
    order = [*_FIRST_OF_IDENTIFIERS, "corpus", "work", "bytes"]
    return (order.index(scheme) if scheme in order else len(_FIRST_OF_IDENTIFIERS), key)


def _called(leader: RecordHead, doi: str | None, facts: Sequence[PaperFacts]) -> str:
    if leader.corpus:
        return leader.name
    registered = doi or min((f"{scheme}:{value}" for one in facts for scheme, value in one.identifiers), default=None)
    return registered or leader.name
