"""What a person thinks of hypotheses: kept, rejected or worded anew, each with a reason; and what has become of the
kept ones since, as papers come and go.

A judgement is no fact, and lies apart from them with all its versions, as notes do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from agents.critic import Critic, Kept
from agents.critique import Claim
from agents.steps.anticipating import hold
from kg.errors import NotFound, UsageError
from kg.export import evidence_json
from kg.model import Evidence, Paper, shortened
from kg.rows import Rows
from kg.stores.shelf import Version

if TYPE_CHECKING:
    from kg.library import Library
    from kg.stores.graph_store import GraphStore
    from kg.stores.shelf import Shelf

Standing = Literal["kept", "rejected", "open"]
"""`open`: a judgement that was taken back."""

MOST_OF_REASON = 2000
"""Characters of a reason or a statement."""

_TURNS = 100


@dataclass(frozen=True, slots=True)
class Watched:
    """How a hypothesis stood on one state of the library: what the critic said, and which sentences join the concepts
    that its links join.

    `keys` has a key for each of its concepts, `evidence` the ids of the evidence between the ends of its links,
    `together` the papers (ids) that name both ends of the gap, `papers` how many papers name each concept.
    """

    revision: str
    score: float
    verdict: str
    novelty: str
    keys: Mapping[str, str]
    evidence: tuple[str, ...]
    together: tuple[str, ...]
    papers: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """As a shelf keeps it."""
        return {
            "revision": self.revision,
            "score": self.score,
            "verdict": self.verdict,
            "novelty": self.novelty,
            "keys": dict(self.keys),
            "evidence": list(self.evidence),
            "together": list(self.together),
            "papers": dict(self.papers),
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Watched:
        """From `as_json`."""
        lists = {name: tuple(told[name]) for name in ("evidence", "together")}
        return cls(**{**told, **lists})


@dataclass(frozen=True, slots=True)
class Judgement:
    """One version of what a person thinks of a hypothesis, and why. `version` counts from 1, `written` is when (UTC,
    ISO 8601).

    `hypothesis` is the whole of it as it was made by `run`, in the form of the outside face; `statement` its words now,
    which a person may have changed. `watched` is how it stood when this was written.
    """

    id: str
    version: int
    written: str
    standing: Standing
    reason: str
    statement: str
    hypothesis: Mapping[str, Any]
    run: str | None
    watched: Watched
    change: str = "judged"

    def body(self) -> dict[str, Any]:
        """All but id, version and time, as a shelf keeps it."""
        return {
            "standing": self.standing,
            "reason": self.reason,
            "statement": self.statement,
            "hypothesis": dict(self.hypothesis),
            "run": self.run,
            "watched": self.watched.as_json(),
            "change": self.change,
        }

    @classmethod
    def read(cls, version: Version) -> Judgement:
        """The judgement that a version on the shelf is."""
        body = dict(version.body)
        watched = Watched.read(body.pop("watched"))
        return cls(id=version.id, version=version.number, written=version.written, watched=watched, **body)

    def as_json(self) -> dict[str, Any]:
        """With the keys of the outside face."""
        return {
            "id": self.id,
            "version": self.version,
            "written": self.written,
            "standing": self.standing,
            "reason": self.reason,
            "change": self.change,
            "statement": self.statement,
            "score": self.watched.score,
            "verdict": self.watched.verdict,
            "novelty": self.watched.novelty,
            "run": self.run,
            "hypothesis": dict(self.hypothesis),
        }

    def __repr__(self) -> str:
        return f"<Judgement {self.standing} {self.id}: {shortened(self.statement, 90)!r}>"


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A sentence that was not there before, about two concepts that a hypothesis joins: for the link, against it, or of
    something else between the two, as the critic reads it. `gap`: the link is the one that the hypothesis adds."""

    evidence: Evidence
    link: tuple[str, str, str]
    gap: bool
    speaks: Literal["for", "against", "otherwise"]

    def as_json(self) -> dict[str, Any]:
        """With the keys of the outside face."""
        return {
            "link": " – ".join(self.link),
            "gap": self.gap,
            "speaks": self.speaks,
            "evidence": evidence_json(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of a kept hypothesis since `before`: how it stood then and stands now, the new sentences, how
    many are gone, and the papers that name both ends of the gap now. `lost` are concepts that no paper names any more.
    """

    before: Judgement
    now: Watched
    new: tuple[NewEvidence, ...]
    gone: int
    together: tuple[Paper, ...]
    lost: tuple[str, ...]

    @property
    def papers(self) -> dict[str, tuple[int, int]]:
        """How many papers named each concept, and do now, of those that differ; by the label that it had."""
        old, now = self.before.watched.papers, self.now.papers
        counts = {name: (old.get(name, 0), now.get(name, 0)) for name in sorted({*old, *now})}
        return {name: count for name, count in counts.items() if count[0] != count[1]}

    @property
    def is_any(self) -> bool:
        """Whether anything is to be told."""
        old = self.before.watched
        same = (old.score, old.verdict, old.novelty) == (self.now.score, self.now.verdict, self.now.novelty)
        return bool(not same or self.new or self.gone or self.together or self.lost)

    def as_json(self) -> dict[str, Any]:
        """With the keys of the outside face."""
        old = self.before.watched
        return {
            "id": self.before.id,
            "statement": self.before.statement,
            "since": self.before.written,
            "score": {"before": old.score, "now": self.now.score},
            "verdict": {"before": old.verdict, "now": self.now.verdict},
            "novelty": {"before": old.novelty, "now": self.now.novelty},
            "papers": {name: {"before": before, "now": now} for name, (before, now) in self.papers.items()},
            "new": [one.as_json() for one in self.new],
            "gone": self.gone,
            "together": [{"id": one.id, "key": one.key, "title": one.title, "year": one.year} for one in self.together],
            "lost": list(self.lost),
        }


@dataclass(frozen=True, slots=True)
class Digest:
    """What has become of all that is kept: what changed, the most first, and how many did not."""

    changes: tuple[Change, ...]
    unchanged: int

    def __iter__(self) -> Any:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def __repr__(self) -> str:
        return f"<Digest: {len(self.changes)} changed, {self.unchanged} not>"

    def as_json(self) -> dict[str, Any]:
        """With the keys of the outside face."""
        return {"changes": [one.as_json() for one in self.changes], "unchanged": self.unchanged}


Find = Callable[[str], tuple[Mapping[str, Any], str | None]]
"""Finds a hypothesis by its id: the whole of it, and the run that made it. Raises NotFound."""


class Judgements:
    """What was thought of a library's hypotheses: `library.hypotheses`. Iterating gives those that are kept, the latest
    first."""

    def __init__(self, library: Library, find: Find, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._library, self._find, self._now = library, find, now

    @property
    def _shelf(self) -> Shelf:
        return self._library.store.shelf("hypothesis")

    # Looking

    def __iter__(self) -> Any:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def __repr__(self) -> str:
        return repr(self.all())

    def all(self, standing: Standing = "kept") -> Rows[Judgement]:
        """The hypotheses that stand so, the latest judged first."""
        found = [one for one in map(Judgement.read, self._shelf.latest()) if one.standing == standing]
        return Rows(sorted(found, key=lambda one: (one.written, one.id), reverse=True))

    def standings(self) -> dict[str, Standing]:
        """How each hypothesis that was judged stands, by id: to leave out what was rejected."""
        return {one.id: Judgement.read(one).standing for one in self._shelf.latest()}

    def get(self, id: str) -> Judgement:
        """The newest judgement of a hypothesis. NotFound for one that was never judged."""
        return self.history(id)[-1]

    def history(self, id: str) -> Rows[Judgement]:
        """All versions of a judgement, the oldest first."""
        found = self._shelf.history(id)
        if not found:
            raise NotFound(f"The hypothesis {id[:60]!r} was neither kept nor rejected.")
        return Rows(map(Judgement.read, found))

    def whole(self, id: str) -> dict[str, Any]:
        """A hypothesis with the keys of the outside face, judged or of a kept run; with its `judgement`, null where
        there is none. NotFound for one that nobody knows."""
        history = [Judgement.read(one) for one in self._shelf.history(id)]
        if history:
            newest = history[-1]
            return {**newest.hypothesis, "statement": newest.statement, "run": newest.run, "judgement": _told(history)}
        told, run = self._find(id)
        return {**told, "run": run, "judgement": None}

    # Judging

    def keep(self, id: str, reason: str = "") -> Judgement:
        """Keeps a hypothesis, so that it is watched: `digest` tells what papers that come say to it. NotFound for one
        that no kept run made."""
        return self._judged(id, "kept", _a_reason(reason))

    def reject(self, id: str, reason: str) -> Judgement:
        """Rejects a hypothesis, for a reason. It can be left out wherever hypotheses are listed."""
        return self._judged(id, "rejected", _a_reason(reason, needed=True))

    def reopen(self, id: str, reason: str = "") -> Judgement:
        """Takes a judgement back."""
        self.get(id)
        return self._judged(id, "open", _a_reason(reason))

    def edit(self, id: str, statement: str, reason: str) -> Judgement:
        """Words a hypothesis anew, for a reason; it is kept from then on. Its link and path stay as they are: what says
        something else is another hypothesis (`criticize` weighs any statement)."""
        words = " ".join(statement.split())
        if not words or len(words) > MOST_OF_REASON:
            raise UsageError(f"A statement has 1 to {MOST_OF_REASON:,} characters.")
        return self._judged(id, "kept", _a_reason(reason, needed=True), words)

    def _judged(self, id: str, standing: Standing, reason: str, statement: str | None = None) -> Judgement:
        for _ in range(_TURNS):
            history = self._shelf.history(id)
            if history:
                newest = Judgement.read(history[-1])
                hypothesis, run, words = newest.hypothesis, newest.run, newest.statement
            else:
                hypothesis, run = self._find(id)
                words = str(hypothesis["statement"])
            made = Judgement(
                id,
                len(history) + 1,
                self._time(),
                standing,
                reason,
                words if statement is None else statement,
                hypothesis,
                run,
                self._watch([hypothesis])[0].watched,
                "judged" if statement is None else "worded anew",
            )
            if self._append(made):
                return made
        raise UsageError(f"{id} is being judged by others all the time; try again.")

    # Watching

    def digest(self, since: datetime | None = None, record: bool = True) -> Digest:
        """What has become of the kept hypotheses since they were last looked at so (or since `since`): their score anew
        where a paper that came or went touches their concepts, the sentences for and against that are new, the papers
        that name both ends now. With `record`, the new scores become the state that the next digest compares with."""
        kept = self.all()
        base = [self._version_before(one, since) for one in kept]
        seen = self._watch([one.hypothesis for one in kept], [one.watched for one in kept])
        changes, unchanged = [], 0
        for newest, before, now in zip(kept, base, seen, strict=True):
            change = self._change(before, now)
            if not change.is_any:
                unchanged += 1
                continue
            changes.append(change)
            if record and now.watched != newest.watched:
                told = f"scored anew: {newest.watched.score:.2f} to {now.watched.score:.2f}"
                self._append(
                    replace(newest, version=newest.version + 1, written=self._time(), watched=now.watched, change=told)
                )  # where somebody else was faster, the next digest tells it
        changes.sort(key=lambda one: (-abs(one.now.score - one.before.watched.score), -len(one.new), one.before.id))
        return Digest(tuple(changes), unchanged)

    def _version_before(self, newest: Judgement, since: datetime | None) -> Judgement:
        if since is None:
            return newest
        history = self.history(newest.id)
        when = since.astimezone(UTC).isoformat(timespec="microseconds")
        return next((one for one in reversed(history) if one.written <= when), history[0])

    def _change(self, before: Judgement, now: _Seen) -> Change:
        old = before.watched
        fresh = [one for one in now.found if one.evidence.id not in set(old.evidence)]
        new_papers = sorted(set(now.watched.together) - set(old.together))
        papers = {one.id: one for one in self._library.store.papers(ids=new_papers)} if new_papers else {}
        return Change(
            before,
            now.watched,
            tuple(fresh),
            len(set(old.evidence) - set(now.watched.evidence)),
            tuple(papers[id] for id in new_papers if id in papers),
            tuple(label for label in now.lost if label in old.papers),
        )

    def _watch(self, hypotheses: Sequence[Mapping[str, Any]], known: Sequence[Watched] | None = None) -> list[_Seen]:
        """How hypotheses stand now. What is `known` of one is kept where nothing that it rests on has changed."""
        store = self._library.store
        critic: Critic | None = None
        seen = []
        with store.reading():
            revision = store.revision()
            for number, hypothesis in enumerate(hypotheses):
                before = None if known is None else known[number]
                keys = _keys(hypothesis, store) if before is None else before.keys
                now = store.concept_keys(keys.values())
                labels = {label: now[key] for label, key in keys.items() if key in now}
                named = _renamed(hypothesis, labels)
                found = _between(named, store)
                together, counts = _touching(named, store)
                papers = {label: counts[name] for label, name in sorted(labels.items()) if name in counts}
                evidence = tuple(sorted({one.evidence.id for one in found}))
                lost = tuple(sorted(label for label in keys if label not in papers))
                if (
                    before is not None
                    and before.evidence == evidence
                    and (before.together, before.papers) == (together, papers)
                ):
                    watched = before
                else:
                    critic = Critic(self._library) if critic is None else critic
                    critique = critic.of(Kept.read(named))
                    watched = Watched(
                        revision,
                        critique.score,
                        critique.verdict,
                        critique.novelty.verdict,
                        keys,
                        evidence,
                        together,
                        papers,
                    )
                seen.append(_Seen(watched, found, lost))
        return seen

    def _append(self, one: Judgement) -> bool:
        return self._shelf.append(Version(one.id, one.version, one.written, one.body()))

    def _time(self) -> str:
        return self._now().isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class _Seen:
    watched: Watched
    found: tuple[NewEvidence, ...]
    lost: tuple[str, ...]


def _links(hypothesis: Mapping[str, Any]) -> list[tuple[tuple[str, str, str], bool]]:
    """The links of a hypothesis, each with whether it is the one that it adds: that one first."""
    gap = hypothesis["gap"]
    path = hypothesis["path"]
    hops = () if path is None else path["hops"]
    return [
        ((gap["subject"], gap["predicate"], gap["object"]), True),
        *(((hop["subject"], hop["predicate"], hop["object"]), False) for hop in hops),
    ]


def _labels(hypothesis: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(end for (subject, _, object), _ in _links(hypothesis) for end in (subject, object)))


def _keys(hypothesis: Mapping[str, Any], store: GraphStore) -> dict[str, str]:
    """A key for each concept of a hypothesis: it stays while labels change. What is no concept has none."""
    found = {}
    for label in _labels(hypothesis):
        concept = next((one for one in store.concepts_called(label) if one.label == label), None)
        if concept is not None:
            found[label] = min(concept.keys)
    return found


def _renamed(hypothesis: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    """The hypothesis with its concepts by the labels that they have now."""

    def ends(one: Mapping[str, Any]) -> dict[str, Any]:
        return {**one, **{end: labels.get(one[end], one[end]) for end in ("subject", "object")}}

    path = hypothesis["path"]
    if path is not None:
        path = {
            **path,
            "concepts": [labels.get(one, one) for one in path["concepts"]],
            "hops": [ends(one) for one in path["hops"]],
        }
    return {**hypothesis, "gap": ends(hypothesis["gap"]), "path": path}


def _between(hypothesis: Mapping[str, Any], store: GraphStore) -> tuple[NewEvidence, ...]:
    """All evidence between the ends of the links of a hypothesis; that of a pair which two links join once."""
    found: dict[str, NewEvidence] = {}
    for link, gap in _links(hypothesis):
        subject, predicate, object = link
        relations = [
            (one.subject, one.predicate, one.object)
            for one in store.relations(concept=subject)
            if {one.subject, one.object} == {subject, object}
        ]
        for one in store.evidence(relations=relations) if relations else ():
            held = hold(Claim(subject, predicate, object), one, {subject}, {object})
            speaks: Literal["for", "against", "otherwise"] = "otherwise"
            if held is not None and held.speaks != "neither":
                speaks = held.speaks
            found.setdefault(one.id, NewEvidence(one, link, gap, speaks))
    order = {"for": 0, "against": 0, "otherwise": 1}
    return tuple(sorted(found.values(), key=lambda one: (not one.gap, order[one.speaks], one.link, one.evidence.id)))


def _touching(hypothesis: Mapping[str, Any], store: GraphStore) -> tuple[tuple[str, ...], dict[str, int]]:
    """Which papers name both ends of the gap, and how many name each concept."""
    concepts = {
        label: one for label in _labels(hypothesis) for one in store.concepts_called(label) if one.label == label
    }
    gap = hypothesis["gap"]
    ends = [concepts[gap[end]] for end in ("subject", "object") if gap[end] in concepts]
    together: Collection[str] = ()
    if len(ends) == 2:
        one, other = ({paper.id for paper in store.papers(concept=end.id)} for end in ends)
        together = one & other
    return tuple(sorted(together)), {label: one.papers for label, one in concepts.items()}


def _told(history: Iterable[Judgement]) -> dict[str, Any]:
    versions = list(history)
    newest = versions[-1]
    return {
        "standing": newest.standing,
        "reason": newest.reason,
        "written": newest.written,
        "score": newest.watched.score,
        "verdict": newest.watched.verdict,
        "novelty": newest.watched.novelty,
        "versions": [
            {
                "version": one.version,
                "written": one.written,
                "change": one.change,
                "standing": one.standing,
                "reason": one.reason,
                "statement": one.statement,
                "score": one.watched.score,
                "verdict": one.watched.verdict,
            }
            for one in versions
        ],
    }


def _a_reason(text: str, needed: bool = False) -> str:
    reason = " ".join(text.split())
    if needed and not reason:
        raise UsageError("For which reason? It is kept with the judgement, and a later reader will ask.")
    if len(reason) > MOST_OF_REASON or not reason.isprintable():
        raise UsageError(f"A reason has at most {MOST_OF_REASON:,} letters, digits or signs.")
    return reason
