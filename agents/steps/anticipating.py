"""Whether a library says a claim already: its sentences about the two things, and how near each is to the claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from agents.critique import Claim, End, Looked, Nearness, Novelty
from agents.steps.phrases import PREPOSITIONS
from agents.steps.predicate_words import Said, lemmas, verbs_at
from kg.compositions import ASYMMETRIC, Step, excluded, implied
from kg.concept_graph import ConceptGraph
from kg.model import Certainty, Concept, Evidence, Hit, PaperPassage, Polarity, content_id
from kg.names import key_of
from kg.predicates import PREDICATES
from kg.sentences import sentences

Speaks = Literal["for", "against", "neither"]
MOST = 5
"""Sentences that are shown of the nearest kind."""

_FROM_NAMES = 400  # passages that name the rarer of two concepts and are read for the other one
_FROM_SEARCH = 20  # hits of a search for the statement that are read
_MOST_TURNED = 4  # words of a name that is tried the other way round
_CLOSE_ENDS = 400  # relations of one of the two concepts that are looked at for the nearest
_READ_HERE = "read between names"
"""What stands in place of an extractor where a sentence was read for this claim alone."""

_ALL: tuple[End, ...] = ("subject", "predicate", "object")
_BOTH: tuple[End, ...] = ("subject", "object")
_ORDER: tuple[Nearness, ...] = (
    "stated", "paraphrased", "denied", "weaker predicate", "reversed", "another predicate", "named together", "one end",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """One sentence held against a claim: how near it is, which of the claim's ends it states, and which side it is
    on."""

    evidence: Evidence
    how: Nearness
    states: tuple[End, ...]
    speaks: Speaks

    @property
    def rank(self) -> tuple[float, int, bool, float, str]:
        """The nearest first; of equally near ones, those that state more, are on a side and are surer. What is too
        doubtful to count comes after what does: where it states all three before what states less, else after all of
        that."""
        one = self.evidence
        place = float(_ORDER.index(self.how))
        if one.candidate:
            place = _ORDER.index("denied") + 0.5 if self.states == _ALL else place + len(_ORDER)
        return (place, -len(self.states), self.speaks == "neither", -one.confidence, one.id)


@dataclass(frozen=True, slots=True)
class Looking:
    """What looking for a claim needs of a library, in a scope: its graph, the test of what stands in the scope, and a
    search by words and meaning (statement, how many hits)."""

    graph: ConceptGraph
    counts: Callable[[Evidence], bool]
    passages: Callable[[str], bool]
    search: Callable[[str, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Named:
    """All names of one end of a claim: labels of concepts that are the same, and the keys of their names."""

    labels: frozenset[str]
    keys: frozenset[str]
    concepts: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class Anticipated:
    """The novelty of a claim, everything that was held against it, and the names of its two ends."""

    novelty: Novelty
    held: tuple[Held, ...]
    ends: tuple[Named, Named]


# Names ---------------------------------------------------------------------------------------------------------------


def named(looking: Looking, text: str, relations: Iterable[tuple[str, str, str]] = ()) -> Named:
    """The names of an end: its concept's, those of concepts with the same words in another order ("toughness of silk",
    "silk toughness"), of the symbol that it ends with ("vaccinia virus protein C6", "C6"), of concepts with the same
    abbreviation and nearly the same words, and those that `relations` say are the same as it."""
    store = looking.graph.store
    keys = {key_of(text), *map(key_of, turned_round(text))}
    symbol = text.split()[-1] if text.strip() else ""
    if _SYMBOL.fullmatch(symbol) is not None and symbol != text:
        keys.add(key_of(symbol))
    labels = {text, *store.concept_keys(sorted(keys)).values()}
    for subject, predicate, object in relations:
        if predicate == "same as" and text in (subject, object):
            labels |= {subject, object}
    concepts = {label: one for label in sorted(labels) for one in store.concepts_called(label) if one.label == label}
    short = {alias for one in concepts.values() for alias in one.aliases if ABBREVIATION.fullmatch(alias) is not None}
    for alias in sorted(short):
        for one in store.concepts_called(alias):
            if any(_likeness(one.label, label) >= _NEARLY for label in labels):
                concepts[one.label] = one
    for one in concepts.values():
        keys |= {*one.keys, *map(key_of, (one.label, *one.aliases))}
    return Named(frozenset(labels | concepts.keys()), frozenset(keys - {""}), tuple(concepts.values()))


ABBREVIATION = re.compile(r"\b(?=[a-z0-9-]*[A-Z][A-Za-z0-9-]*[A-Z])[A-Za-z0-9]{2,}(?:-[A-Za-z0-9]+)*")
_SYMBOL = re.compile(r"[A-Z][A-Za-z]*-?\d+[A-Za-z]?|[A-Z]{2,}[A-Za-z0-9-]*")
_NEARLY = 0.6  # share of words


def turned_round(name: str) -> set[str]:
    """A name of several words the other way round: "silk toughness" as "toughness of silk", and back."""
    head, of, rest = name.partition(" of ")
    if of:
        return {f"{rest} {head}"}
    words = name.split()
    if len(words) > _MOST_TURNED:
        return set()
    return {f"{' '.join(words[at:])} of {' '.join(words[:at])}" for at in range(1, len(words))}


# Evidence that the graph has -----------------------------------------------------------------------------------------


def hold(claim: Claim, one: Evidence, subject: Collection[str], object: Collection[str]) -> Held | None:
    """One piece of evidence held against a claim whose ends have these labels; None where it is not about both."""
    straight = one.subject in subject and one.object in object
    if not straight and not (one.subject in object and one.object in subject):
        return None
    wanted, said = Step(claim.predicate), Step(one.predicate, not straight)
    supports = one.polarity == "supports"
    if wanted in implied(said):
        same = (
            straight and one.predicate == claim.predicate and (one.subject, one.object) == (claim.subject, claim.object)
        )
        if supports != claim.denied:
            return Held(one, "stated" if same else "paraphrased", _ALL, "for")
        if supports or said in implied(wanted):
            return Held(one, "denied", _ALL, "against")
    if said in implied(wanted):
        if not supports:  # what denies the weaker denies the stronger
            return Held(one, "paraphrased" if claim.denied else "denied", _ALL, "for" if claim.denied else "against")
        return Held(one, "weaker predicate", _BOTH, "neither")
    against: Speaks = "for" if claim.denied else "against"
    opposite = supports and excluded(wanted, said)
    if Step(claim.predicate, True) in implied(said):
        wrong = supports and claim.predicate in ASYMMETRIC
        return Held(one, "reversed", ("predicate",), against if wrong else "neither")
    states = _BOTH if straight or said.predicate in _SAME_BOTH_WAYS else ()
    return Held(one, "another predicate", states, against if opposite else "neither")


_SAME_BOTH_WAYS = frozenset(one.name for one in PREDICATES if one.symmetric)


def of_graph(claim: Claim, looking: Looking, subject: Named, object: Named) -> tuple[list[Held], list[Held]]:
    """The evidence about both ends, and candidates: sentences that are too doubtful to count."""
    graph = looking.graph
    between = [
        one
        for one in graph.relations(sorted(subject.labels))
        if (one.subject in subject.labels and one.object in object.labels)
        or (one.subject in object.labels and one.object in subject.labels)
    ]
    evidence = [piece for pieces in graph.evidence(between).values() for piece in pieces]
    doubtful = [
        one
        for one in graph.store.candidates(concepts=sorted(subject.labels))
        if {one.subject, one.object} & object.labels and looking.counts(one)
    ]
    held = [found for one in evidence if (found := hold(claim, one, subject.labels, object.labels)) is not None]
    maybe = [found for one in doubtful if (found := hold(claim, one, subject.labels, object.labels)) is not None]
    return [_narrowed(claim, one) for one in held], [_narrowed(claim, one) for one in maybe]


def _narrowed(claim: Claim, one: Held) -> Held:
    """A claim about "belief in a personal God" is not stated by a sentence about belief alone: it says less, and is on
    neither side."""
    if not claim.narrower or one.states != _ALL:
        return one
    said = set(key_of(one.evidence.quote).split())
    if all(set(key_of(word).split()) <= said for word in claim.passed_over):
        return one
    states = tuple(end for end in one.states if end not in claim.narrower)
    return Held(one.evidence, "weaker predicate" if one.how != "denied" else "another predicate", states, "neither")


# Sentences -----------------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_BRACKETS = re.compile(r"\s*\([^()]{0,40}\)\s*")
_DOUBTS = re.compile(
    r"\b(?:may|might|could|possibly|perhaps|probably|likely|suggest\w*|hypothes\w+|propos\w+|believed|thought|unclear|"
    r"whether|if|potentially|presumably|assum\w+|expected|seems?|appears?|aims?|test(?:ed|s)?|investigat\w+)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not|never|no|cannot|neither|nor|fails?|failed|without|hardly|lack\w*)\b|n['\u2019]t\b", re.IGNORECASE
)
_BEFORE_SUBJECT = re.compile(
    r"(?:^|[.;:,(\u2013\u2014]|\b(?:that|because|since|as|while|whereas|although|but|thus|hence|therefore|"
    r"however|moreover|here|then))\s*(?:(?:the|a|an|this|these|those|our)\s+)?[\"'“‘]?$",
    re.IGNORECASE,
)
_AFTER_OBJECT = re.compile(
    r"^\s*(?:$|[.,;:)!?\u2013\u2014]|(?:in|at|by|for|from|with|and|or|but|than|that|which|when|while|whereas|as|because|"
    r"through|via|on|under|during|to|is|are|was|were|has|have|can|may)\b)",
    re.IGNORECASE,
)
_FILLING = frozenset("the a an this these those its their both all such any".split())
_SAYS_LITTLE = frozenset({"has property", "supports the view of"})  # "experiments show", "results verify"


def places(text: str, keys: Collection[str]) -> list[tuple[int, int]]:
    """Where a text names what has these keys: whole words, the longest names first where they overlap."""
    tokens = [found.span() for found in _WORD.finditer(text)]
    folded = [key_of(text[start:end]) for start, end in tokens]
    wanted = {tuple(key.split()) for key in keys}
    lengths = sorted({len(one) for one in wanted}, reverse=True)
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        for length in lengths:
            if tuple(folded[at : at + length]) in wanted and at + length <= len(tokens):
                found.append((tokens[at][0], tokens[at + length - 1][1]))
                at += length
                break
        else:
            at += 1
    return found


def _passages(
    claim: Claim, looking: Looking, subject: Named, object: Named, looked: list[Looked]
) -> list[PaperPassage]:
    """Passages that may name both ends: those that mention the rarer one, and what a search for the claim finds."""
    store = looking.graph.store
    ids: dict[str, None] = {}
    counted = [one for one in (subject, object) if one.concepts]
    if counted:
        rarer = min(counted, key=lambda one: sum(concept.mentions for concept in one.concepts))
        for concept in rarer.concepts:
            mentioned = dict.fromkeys(mention.passage for mention, _ in store.mentions(concept=concept.id))
            ids |= dict.fromkeys(id for id in mentioned if looking.passages(id))
        looked.append(Looked("sentences", f"that name both {claim.subject} and {claim.object}", len(ids)))
    query = f"{claim.subject} {claim.predicate} {claim.object}"
    hits = looking.search(query, _FROM_SEARCH)
    looked.append(Looked("full text and meaning", query, len(hits)))
    wanted = [*[hit.passage for hit in hits], *list(ids)[:_FROM_NAMES]]
    return list(store.passages(ids=list(dict.fromkeys(wanted))))


def of_sentences(
    claim: Claim,
    passages: Iterable[PaperPassage],
    subject: Named,
    object: Named,
    known: Collection[tuple[str, int, int]],
) -> Iterator[Held]:
    """Sentences that name both ends and are not `known` (passage, start, end) to state something of them; those that
    say it plainly between the two names are read."""
    for one in passages:
        text = one.passage.text
        if not places(text, subject.keys) or not places(text, object.keys):
            continue
        for start, end in sentences(text):
            quote = text[start:end]
            ours, theirs = places(quote, subject.keys), places(quote, object.keys)
            apart = [(a, b) for a in ours for b in theirs if a[1] <= b[0] or b[1] <= a[0]]
            if not apart or (one.passage.id, start, end) in known:
                continue
            read = next((found for a, b in apart if (found := _between(quote, a, b)) is not None), None)
            gap = min(b[0] - a[1] if a < b else a[0] - b[1] for a, b in apart)
            yield _narrowed(claim, _held_sentence(claim, one, start, quote, read, gap))


@dataclass(frozen=True, slots=True)
class _Between:
    """What stands between two names: a predicate, from the claim's subject to its object or `turned`."""

    predicate: str
    turned: bool
    polarity: Polarity
    certainty: Certainty
    words: str


def _between(quote: str, one: tuple[int, int], other: tuple[int, int]) -> _Between | None:
    """The predicate that joins two names of a sentence when nothing but it stands between them and neither is a part
    of a longer name; None where that is not so."""
    first, second = (one, other) if one < other else (other, one)
    if _BEFORE_SUBJECT.search(quote[: first[0]]) is None or _AFTER_OBJECT.match(quote[second[1] :]) is None:
        return None
    between = _BRACKETS.sub(" ", quote[first[1] : second[0]])
    if re.search(r"[.,;:()]", between):
        return None
    words = [word for word in between.split() if word.casefold() not in _FILLING and not _is_adverb(word)]
    if words and words[0].casefold() in ("that", "which"):
        words = words[1:]
    plain = [word for word in words if _DENIES.fullmatch(word) is None]
    for said in verbs_at([*plain, "it"], 0):
        if said.end == len(plain) and said.frame.predicate not in _SAYS_LITTLE and _is_finite(plain, said):
            turned = said.frame.turned != (one > other)
            denied = _DENIES.search(quote) is not None
            if denied and len(plain) == len(words):
                return None  # a denial elsewhere in the sentence: what it denies is not told here
            hedged = _DOUBTS.search(quote) is not None
            return _Between(
                said.frame.predicate,
                turned,
                "denies" if denied else "supports",
                "hedged" if hedged else "stated",
                between,
            )
    return None


def _is_finite(words: Sequence[str], said: Said) -> bool:
    """Whether the first word says that something is so: not "using", nor "related to", which may belong to anything."""
    return not (words[0].endswith("ing") or (words[0].endswith("ed") and len(said.frame.words) > 1))


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") and len(word) > 4 or word.casefold() in ("also", "often", "thus", "then")


def _held_sentence(claim: Claim, one: PaperPassage, start: int, quote: str, read: _Between | None, gap: int) -> Held:
    # What has a word for the predicate, and names the two near each other, is likelier to say it.
    said = set(key_of(quote).split())
    over = [set(key_of(word).split()) <= said for word in claim.passed_over]
    unread = 0.4 * may_say(claim.predicate, quote) + 0.3 / (1 + gap / 50) + (0.2 * sum(over) / len(over) if over else 0)
    paper, passage = one.paper, one.passage
    predicate = "" if read is None else read.predicate
    ends = (claim.object, claim.subject) if read is not None and read.turned else (claim.subject, claim.object)
    evidence = Evidence(
        content_id("e", passage.id, start, start + len(quote), ends[0], predicate, ends[1]),
        paper.id, paper.key, passage.id, start, start + len(quote), quote, ends[0], predicate, ends[1],
        "supports" if read is None else read.polarity, "stated" if read is None else read.certainty, paper.year,
        (_READ_HERE,), round(unread, 3) if read is None else 0.95, "" if read is None else " ".join(read.words.split()),
    )  # fmt: skip
    together = Held(evidence, "named together", _BOTH, "neither")
    if read is None:
        return together
    held = hold(claim, evidence, [claim.subject], [claim.object])
    return together if held is None else held


@lru_cache(maxsize=64)
def _verbs_of(predicate: str) -> frozenset[str]:
    names = {one.name for one in PREDICATES if Step(predicate) in implied(Step(one.name))}
    found = set()
    for one in PREDICATES:
        if one.name in names:
            for verb in (*one.verbs, *one.reversed_verbs):
                telling = [word for word in verb.split() if word != "be" and word not in PREPOSITIONS]
                found |= set(telling[:1])
    return frozenset(found)


def may_say(predicate: str, quote: str) -> bool:
    """Whether a sentence has a verb for a predicate, or for one that it follows from."""
    verbs = _verbs_of(predicate)
    return any(lemmas(word) & verbs for word in _WORD.findall(quote))


# The nearest where no sentence is about both -------------------------------------------------------------------------


def of_one_end(claim: Claim, looking: Looking, subject: Named, object: Named) -> list[Held]:
    """The evidence that states the predicate with one of the two ends; first what names something like the other."""
    found: list[tuple[tuple[float, int], str, str, str, tuple[End, ...]]] = []
    for near, far, states in ((subject, claim.object, _ALL[:2]), (object, claim.subject, _ALL[1:])):
        for relation in looking.graph.relations(sorted(near.labels))[:_CLOSE_ENDS]:
            here = relation.subject if near is subject else relation.object
            other = relation.object if near is subject else relation.subject
            if here in near.labels and relation.supports and Step(claim.predicate) in implied(Step(relation.predicate)):
                rank = (-_likeness(other, far), -relation.papers)
                found.append((rank, relation.subject, relation.predicate, relation.object, states))
    found.sort()
    best = found[:MOST]
    wanted = {(one[1], one[2], one[3]): one[4] for one in best}
    pieces: dict[tuple[str, str, str], Evidence] = {}
    for one in looking.graph.store.evidence(relations=list(wanted)) if wanted else ():
        if looking.counts(one) and one.polarity == "supports":
            pieces.setdefault((one.subject, one.predicate, one.object), one)
    return [Held(pieces[triple], "one end", states, "neither") for triple, states in wanted.items() if triple in pieces]


def _likeness(one: str, other: str) -> float:
    """The share of words of two names that they have in common (Jaccard)."""
    a, b = set(key_of(one).split()), set(key_of(other).split())
    return len(a & b) / len(a | b) if a | b else 0.0


# All of it -----------------------------------------------------------------------------------------------------------


def anticipated(claim: Claim, looking: Looking) -> Anticipated:
    """Looks for a claim: first in the relations of the graph, then in sentences that name both ends, then for what says
    it of one of them. What was looked for is told with it."""
    mine = looking.graph.relations([one for one in (claim.subject, claim.object) if one not in claim.unknown])
    same = [(one.subject, one.predicate, one.object) for one in mine if one.supports and not one.denies]
    subject, object = named(looking, claim.subject, same), named(looking, claim.object, same)
    held, maybe = of_graph(claim, looking, subject, object)
    looked = [Looked("relations", f"of {claim.subject} and {claim.object}", len(held) + len(maybe))]
    if not any(one.how in ("stated", "paraphrased", "denied") for one in held):
        known = {(one.evidence.passage, one.evidence.start, one.evidence.end) for one in (*held, *maybe)}
        passages = _passages(claim, looking, subject, object, looked)
        held += of_sentences(claim, passages, subject, object, known)
    every = sorted((*held, *maybe), key=lambda one: one.rank)
    shown = every if every else of_one_end(claim, looking, subject, object)
    return Anticipated(_novelty(claim, shown, looked), tuple(every), (subject, object))


_TOLD: Mapping[Nearness, str] = {
    "stated": "The library says this.",
    "paraphrased": "The library says this in other words.",
    "denied": "The library speaks of this, and says the contrary.",
    "weaker predicate": "The library says less than this of the two.",
    "another predicate": "The library says something else of the two.",
    "reversed": "The library says this the other way round.",
    "named together": "A sentence names both, and does not plainly say this.",
    "one end": "No sentence is about both; the nearest says this of one of the two.",
    "nothing": "No sentence is about both, and none says this of either.",
}
_SAYS: tuple[Nearness, ...] = ("stated", "paraphrased", "denied")


def _novelty(claim: Claim, found: Sequence[Held], looked: Sequence[Looked]) -> Novelty:
    searched = tuple(looked)
    best = found[0] if found else None
    if best is None:
        names = " and ".join(repr(one) for one in claim.unknown)
        reason = (
            f"The library has no concept {names}: it cannot tell whether this is new." if names else _TOLD["nothing"]
        )
        return Novelty("unknown" if names else "novel-looking", (), "nothing", (), searched, reason)
    shown = _shown(found, best.how)
    if best.how in _SAYS and not best.evidence.candidate:
        return Novelty("anticipated", best.states, best.how, shown, searched, _TOLD[best.how])
    reason = ""
    if best.how in _SAYS:
        reason = "A sentence seems to say this, and its reading is too doubtful to count."
    elif claim.unknown:
        names = " and ".join(repr(one) for one in claim.unknown)
        reason = f"The library has no concept {names}: it cannot tell whether this is new."
    elif best.speaks == "neither":
        unread = [one for one in found if one.how == "named together" and may_say(claim.predicate, one.evidence.quote)]
        if best.how == "weaker predicate":
            reason = f"{_TOLD[best.how]} Whether more is meant is for you to read."
        elif unread:
            reason = "A sentence names both, and a word for the predicate; who does it to whom is not plain: read it."
        shown = tuple(dict.fromkeys((*shown, *(one.evidence for one in unread[:2]))))
    if reason:
        return Novelty("unknown", best.states, best.how, shown, searched, reason)
    told = _TOLD[best.how]
    if best.speaks == "against":
        told = f"{told.rstrip('.')}, and that excludes it."
    return Novelty("novel-looking", best.states, best.how, shown, searched, told)


def _shown(found: Sequence[Held], how: Nearness) -> tuple[Evidence, ...]:
    pieces = {one.evidence.id: one.evidence for one in found if one.how == how}
    return tuple(pieces.values())[:MOST]
