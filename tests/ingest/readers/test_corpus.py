from __future__ import annotations

import gzip
import io
import json
import lzma
import zlib
from collections.abc import Callable

import pytest

from ingest.readers.corpus import BadLine, CorpusLine, lines, paper_text
from kg.errors import UnusableInput


def read(content: bytes, name: str = "a.jsonl", longest: int = 10_000) -> list[CorpusLine | BadLine]:
    return list(lines(io.BytesIO(content), name, longest))


def test_lines_are_numbered_and_blank_ones_passed_over() -> None:
    found = read(b'{"id": "a", "text": "x"}\n\n{"id": "b", "title": "y"}')
    assert [(line.number, line.id) for line in found if isinstance(line, CorpusLine)] == [(1, "a"), (3, "b")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"id": "torn', "no JSON"),
        (b'["a"]', "no JSON object"),
        (b'{"text": "x"}', '"id"'),
        (b'{"id": 7, "text": "x"}', '"id"'),
        (b'{"id": " ", "text": "x"}', '"id"'),
        (b'{"id": "a"}', '"text", "sections" and "title"'),
        (b'{"id": "caf\xe9", "text": "x"}', "UTF-8"),
        (b'{"id": "\\ud800", "text": "x"}', "surrogate"),
        (b'{"id": "a", "text": ' + b"[" * 4000, "no JSON|nested"),
        (b'{"id": "' + b"a" * 2000 + b'", "text": "x"}', "1000 characters"),
        (b'{"id": "a", "text": "' + b"x" * 20_000 + b'"}', "MiB"),
    ],
)
def test_a_bad_line_costs_itself_alone(content: bytes, says: str) -> None:
    good = b'{"id": "good", "text": "x"}'
    first, bad, last = read(b"\n".join([good, content, good]))
    assert isinstance(first, CorpusLine)
    assert isinstance(last, CorpusLine)
    assert isinstance(bad, BadLine)
    assert bad.number == 2
    assert any(word in bad.reason for word in says.split("|"))


def test_a_line_nested_too_deep_is_a_bad_line() -> None:
    (bad,) = read(b'{"id": "a", "text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", longest=10**6)
    assert isinstance(bad, BadLine)


def test_the_digest_is_of_what_is_said_and_not_of_how() -> None:
    one, other, third = read(b'{"id": "a", "text": "x"}\n{"text":"\\u0078","id":"a"}\n{"id": "a", "text": "y"}')
    assert isinstance(one, CorpusLine)
    assert isinstance(other, CorpusLine)
    assert isinstance(third, CorpusLine)
    assert one.digest == other.digest != third.digest


@pytest.mark.parametrize(
    ("ending", "pack"), [(".jsonl.gz", gzip.compress), (".jsonl.xz", lzma.compress), (".JSONL.XZ", lzma.compress)]
)
def test_compressed_corpora_read_as_plain_ones_also_when_joined(ending: str, pack: Callable[[bytes], bytes]) -> None:
    plain = b"".join(json.dumps({"id": str(n), "text": "silk " * 50}).encode() + b"\n" for n in range(500))
    assert read(pack(plain[:1000]) + pack(plain[1000:]), "a" + ending) == read(plain)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl.gz", b"no gzip"),
        ("a.jsonl.xz", b"no xz"),
        ("a.jsonl.gz", gzip.compress(b'{"id": "a", "text": "x"}\n' * 999)[:-30]),
        ("a.jsonl.xz", lzma.compress(b'{"id": "a", "text": "x"}\n' * 999)[:-30]),
    ],
)
def test_a_damaged_archive_says_so_after_what_could_be_read(name: str, content: bytes) -> None:
    with pytest.raises(UnusableInput, match=r"cut|compressed"):
        list(lines(io.BytesIO(content), name, 10_000))


def test_blanks_without_an_end_are_given_up() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b" " * 2**20) for _ in range(40)) + packer.flush()
    with pytest.raises(UnusableInput, match="without an end"):
        list(lines(io.BytesIO(bomb * 40), "a.jsonl.gz", 10_000))


@pytest.mark.parametrize(
    ("row", "year", "authors", "doi"),
    [
        ({"year": "2017", "authors": "Ada Byron; Bo Li"}, 2017, ("Ada Byron", "Bo Li"), None),
        ({"doi": "https://doi.org/10.1234/ABC"}, None, (), "10.1234/abc"),
        ({"year": 10**30, "authors": [{"name": "x"}, None, 7], "doi": "no doi"}, None, ("x",), None),
        ({"year": 2017.0, "authors": ["A\nB"], "venue": 7}, 2017, ("A B",), None),
        ({"year": float("nan"), "authors": {"a": 1}}, None, (), None),
        ({"year": True}, None, (), None),
    ],
)
def test_facts_of_odd_types_are_mended_or_left_out(
    row: dict[str, object], year: int | None, authors: tuple[str, ...], doi: str | None
) -> None:
    facts = paper_text({"id": "a", "text": "x", **row}).facts
    assert (facts.year, facts.authors, facts.doi) == (year, authors, doi)


def test_sections_are_read_and_empty_ones_and_references_left_out() -> None:
    row = {
        "sections": [
            {"heading": "Methods", "text": "We pulled."},
            {"heading": None, "text": "More."},
            {},
            {"heading": "x", "text": " "},
            {"heading": "References", "text": "Old papers."},
        ]
    }
    assert [(section.heading, section.kind, section.text) for section in paper_text(row).sections] == [
        ("Methods", "methods", "We pulled."),
        (None, None, "More."),
    ]


@pytest.mark.parametrize(
    "row", [{"text": 7}, {"text": ["x"]}, {"sections": "x"}, {"sections": ["x"]}, {"sections": [{"text": 7}]}]
)
def test_text_of_another_type_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(UnusableInput):
        paper_text({"id": "a", **row})


def test_text_is_cleaned_and_titles_are_one_line() -> None:
    paper = paper_text({"title": "a\nb\u202e\x1b[31m" + "silk " * 9000, "text": "Half \ud800 a pair.\x00 \x1b[1m"})
    assert paper.sections[0].text == "Half \ufffd a pair. [1m"
    assert paper.facts.title.startswith("a b[31m")
    assert len(paper.facts.title) <= 1000
