"""Small source records for tests, by hand and by Hypothesis."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import sha256

from hypothesis import strategies as st

from kg.model import Certainty, Mention, PaperFacts, Passage, Polarity, SourceRecord, Statement, passage_id, record_id
from kg.names import key_of

Said = tuple[str, str, str] | tuple[str, str, str, Polarity] | tuple[str, str, str, Polarity, Certainty]


def record(
    name: str,
    *said: Said,
    corpus: bool = True,
    more: str = "",
    as_names: dict[str, str] | None = None,
    dimensions: int = 4,
    **facts: object,
) -> SourceRecord:
    """A record with one passage a sentence: `record("p1", ("silk", "increases", "toughness"))`.

    `as_names` says which mention stands for which name, as an abbreviation does.
    """
    names = as_names or {}
    sentences = [f"{one[0]} {one[1]} {one[2]}." for one in said]
    if more or not said:
        sentences.append(more or "Nothing is stated.")
    known = PaperFacts(**facts)  # type: ignore[arg-type]
    digest = sha256(repr((said, sentences, sorted(names.items()), known)).encode()).hexdigest()
    id = record_id(name, digest, ("made@1",), corpus)
    passages, mentions, statements, at = [], [], [], 0
    for place, text in enumerate(sentences):
        passage = Passage(passage_id(id, at, at + len(text)), text, at, "Results", "results", place + 1)
        at += len(text) + 2
        passages.append(passage)
        if place < len(said):
            subject, predicate, object, *rest = said[place]
            spans = {(0, len(subject)): subject, (len(text) - 1 - len(object), len(text) - 1): object}
            keys = {}
            for (start, end), written in spans.items():
                name_of = names.get(written, written)
                keys[written] = key_of(name_of)
                mentions.append(Mention(passage.id, start, end, text[start:end], "Thing", name_of, keys[written], 0.9))
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
                        *(rest or ["supports"]),
                        confidence=0.8,
                        extractors=("made",),
                    )
                )  # type: ignore[arg-type]
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
            ),
            max_size=4,
        )
    )
    corpus = draw(st.booleans())
    return record(
        draw(st.sampled_from("abcdef")) + ("" if corpus else ".txt"),
        *said,
        corpus=corpus,
        more=draw(st.sampled_from(["", "Silk is not steel.", "A long remark on nothing in particular."])),
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
