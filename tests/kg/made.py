"""Small source records for tests, by hand and by Hypothesis."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from hypothesis import strategies as st

from kg.model import (
    QUANTITY,
    Certainty,
    Mention,
    PaperFacts,
    Passage,
    Polarity,
    Quantity,
    SourceRecord,
    Statement,
    passage_id,
    record_id,
)
from kg.names import key_of

Said = (
    tuple[str, str, str]
    | tuple[str, str, str, Polarity]
    | tuple[str, str, str, Polarity, Certainty]
    | tuple[str, str, str, Polarity, Certainty, bool]
    | tuple[str, str, str, Polarity, Certainty, bool, str]
)
"""Subject, predicate, object; polarity, certainty, whether it is a candidate, and an amount ("5 GPa") of the object."""


def record(
    name: str,
    *said: Said,
    corpus: bool = True,
    more: str = "",
    as_names: dict[str, str] | None = None,
    types: dict[str, str] | None = None,
    dimensions: int = 4,
    **facts: object,
) -> SourceRecord:
    """A record with one passage a sentence: `record("p1", ("silk", "increases", "toughness"))`.

    `as_names` says which mention stands for which name, as an abbreviation does, `types` which has which label.
    """
    names = as_names or {}
    sentences = [f"{one[0]} {one[1]} {one[2]}{f' of {one[6]}' if one[6:] and one[6] else ''}." for one in said]
    if more or not said:
        sentences.append(more or "Nothing is stated.")
    known = PaperFacts(**facts)  # type: ignore[arg-type]
    digest = sha256(repr((said, sentences, sorted(names.items()), types, known)).encode()).hexdigest()
    id = record_id(name, digest, ("made@1",), corpus)
    passages, mentions, statements, at = [], [], [], 0
    for place, text in enumerate(sentences):
        passage = Passage(passage_id(id, at, at + len(text)), text, at, "Results", "results", place + 1)
        at += len(text) + 2
        passages.append(passage)
        if place < len(said):
            subject, predicate, object, *rest = said[place]
            polarity, certainty, candidate, amount = (*rest, *("supports", "stated", False, "")[len(rest) :])
            after = len(subject) + len(predicate) + 2
            spans = {(0, len(subject)): subject, (after, after + len(object)): object}
            keys = {}
            for (start, end), written in spans.items():
                name_of = names.get(written, written)
                keys[written] = key_of(name_of)
                label = (types or {}).get(written, "Thing")
                mentions.append(Mention(passage.id, start, end, text[start:end], label, name_of, keys[written], 0.9))
            quantities: tuple[Quantity, ...] = ()
            if amount:
                start, (number, unit) = len(text) - 1 - len(amount), amount.split()
                mentions.append(Mention(passage.id, start, len(text) - 1, amount, QUANTITY, amount, "", 0.7))
                value = float(number)
                quantities = (Quantity(start, len(text) - 1, amount, value, value, unit, keys[object]),)
            if keys[subject] != keys[object]:
                statements.append(
                    Statement(
                        passage.id,
                        0,
                        len(text),
                        text,
                        keys[subject],
                        predicate,
                        keys[object],
                        predicate,
                        polarity,
                        certainty,
                        0.3 if candidate else 0.8,
                        ("doubtful",) if candidate else ("made",),
                        candidate,
                        quantities,
                    )
                )
    vectors = b"".join(vector(passage.text, dimensions) for passage in passages)
    return SourceRecord(
        id,
        name,
        digest,
        ("made@1",),
        corpus,
        known,
        tuple(passages),
        tuple(mentions),
        tuple(statements),
        "made",
        vectors,
    )


def also_turned_round(one: SourceRecord, place: int, candidate: bool) -> SourceRecord:
    """The record whose statement at this place is also told from object to subject: when a person makes the two ends
    one concept, both say the same."""
    if place >= len(one.statements):
        return one
    told = one.statements[place]
    turned = replace(told, subject=told.object, object=told.subject, candidate=candidate, extractors=("turned",))
    versions = (*one.versions, f"turned@{place}{candidate}")
    id = record_id(one.name, one.digest, versions, one.corpus)
    new = {old.id: replace(old, id=passage_id(id, old.start, old.start + len(old.text))) for old in one.passages}
    return replace(
        one,
        id=id,
        versions=versions,
        passages=tuple(new[old.id] for old in one.passages),
        mentions=tuple(replace(mention, passage=new[mention.passage].id) for mention in one.mentions),
        statements=tuple(replace(it, passage=new[it.passage].id) for it in (*one.statements, turned)),
    )


def without_candidates(one: SourceRecord) -> SourceRecord:
    """The record as its extractor would have made it if it kept only what counts."""
    return replace(one, statements=tuple(told for told in one.statements if not told.candidate))


def vector(text: str, dimensions: int = 4) -> bytes:
    """A unit vector that depends on the text alone."""
    raw = [byte - 127.5 for byte in sha256(text.encode()).digest()[:dimensions]]
    length = sum(one * one for one in raw) ** 0.5
    return struct.pack(f"<{dimensions}f", *(one / length for one in raw))


def origin(one: SourceRecord) -> str:
    return f"corpus:{one.name}" if one.corpus else f"file:/papers/{one.id}/{one.name}"


_WORDS = [
    "silk",
    "Silk",
    "silks",
    "toughness",
    "beta-sheet",
    "beta sheets",
    "nacre",
    "BS",
    "α-helix",
    "strength",
    "L. niger",
]
_TYPES = ["Concept", "Material", "Property"]
_PREDICATES = ["increases", "is a", "part of"]


@st.composite
def records(draw: st.DrawFn) -> SourceRecord:
    """Records over few names, so that they meet: shared concepts, identifiers, titles, years and none."""
    said: Sequence[Said] = draw(
        st.lists(
            st.tuples(
                st.sampled_from(_WORDS),
                st.sampled_from(_PREDICATES),
                st.sampled_from(_WORDS),
                st.sampled_from(["supports", "denies"]),
                st.sampled_from(["stated", "hedged"]),
                st.booleans(),
                st.sampled_from(["", "", "5.5 GPa", "180 MJ/m3"]),
            ),
            max_size=4,
        )
    )
    corpus = draw(st.booleans())
    made = record(
        draw(st.sampled_from("abcdef")) + ("" if corpus else ".txt"),
        *said,
        corpus=corpus,
        more=draw(st.sampled_from(["", "Silk is not steel.", "A long remark on nothing in particular."])),
        types=draw(st.dictionaries(st.sampled_from(_WORDS), st.sampled_from(_TYPES), max_size=3)),
        as_names=draw(st.sampled_from([{}, {"BS": "beta sheet"}, {"BS": "binding site"}])),
        title=draw(st.sampled_from(["", "On silk", "On nacre"])),
        authors=draw(st.sampled_from([(), ("Ada Webber",), ("Shell, Bo", "Ada Webber")])),
        year=draw(st.sampled_from([None, 1999, 2017])),
        identifiers=draw(
            st.sampled_from(
                [
                    (),
                    (("doi", "10.1000/1"),),
                    (("doi", "10.1000/2"),),
                    (("pmid", "7"),),
                    (("doi", "10.1000/1"), ("pmid", "7")),
                ]
            )
        ),
        status=draw(st.sampled_from([None, None, "retracted"])),
    )
    turned = draw(st.none() | st.tuples(st.integers(0, 2), st.booleans()))
    return made if turned is None else also_turned_round(made, *turned)
