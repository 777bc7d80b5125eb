"""Which records are the same work."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.identity import identifier, keys_of, papers, surname, work_key
from kg.model import PaperFacts, RecordHead
from tests.kg.made import records


def head(id: str, corpus: bool = False, fullness: int = 10, **facts: object) -> RecordHead:
    return RecordHead(id, f"{id}.txt" if not corpus else id, id, corpus, PaperFacts(**facts), fullness)  # type: ignore[arg-type]


def groups(*heads: RecordHead) -> list[set[str]]:
    return sorted((set(paper.records) for paper in papers(heads)), key=sorted)


@pytest.mark.parametrize(
    ("scheme", "written", "normal"),
    [
        ("doi", "10.1371/JOURNAL.pone.0000217", "10.1371/journal.pone.0000217"),
        ("doi", " https://doi.org/10.1/X ", None),
        ("DOI", "http://dx.doi.org/10.1002/asi.20591", "10.1002/asi.20591"),
        ("doi", "doi: 10.18653/v1/D19-1259", "10.18653/v1/d19-1259"),
        ("doi", "not a doi \x1b[1m", None),
        ("doi", "10.1000/a\x1b[1m", None),
        ("doi", None, None),
        ("pmid", "0012345", "12345"),
        ("pmcid", "PMC0012", "12"),
        ("arxiv", "arXiv:2405.14831v2", "2405.14831"),
        ("arxiv", "cond-mat/9901001", "cond-mat/9901001"),
        ("isbn", "978-3-16-148410-0", "9783161484100"),
        ("shelf", "7", None),
    ],
)
def test_identifiers_have_one_form(scheme: str, written: str | None, normal: str | None) -> None:
    assert identifier(scheme, written) == (None if normal is None else (scheme.lower(), normal))


def test_surnames_in_either_order() -> None:
    assert surname("Lucy D. Whalley") == surname("Whalley, Lucy") == "whalley"


def test_a_work_needs_title_author_and_year() -> None:
    assert work_key(PaperFacts("On silk", ("Ada Webber",), 2017)) == "on silk|webber|2017"
    assert work_key(PaperFacts("On silk", (), 2017)) is None
    assert work_key(PaperFacts("On silk", ("Ada Webber",), None)) is None
    assert work_key(PaperFacts("", ("Ada Webber",), 2017)) is None


SAME = {"title": "On silk", "authors": ("Ada Webber",), "year": 2017}


def test_one_identifier_makes_one_work_whatever_the_title() -> None:
    doi = (("doi", "10.1/a"),)
    assert groups(head("a", title="One", identifiers=doi), head("b", corpus=True, title="Other", identifiers=doi)) == [
        {"a", "b"}
    ]


def test_title_author_and_year_make_one_work_a_title_alone_never() -> None:
    assert groups(head("a", **SAME), head("b", **SAME | {"authors": ("Webber, A.",)})) == [{"a", "b"}]
    assert groups(head("a", title="On silk"), head("b", title="On silk")) == [{"a"}, {"b"}]


def test_different_dois_are_different_works() -> None:
    one, other = (
        head("a", identifiers=(("doi", "10.1/a"), ("pmid", "7")), **SAME),
        head("b", identifiers=(("doi", "10.1/b"), ("pmid", "7")), **SAME),
    )
    assert groups(one, other) == [{"a"}, {"b"}]
    assert groups(one, other, head("c", **SAME)) == [{"a", "c"}, {"b"}], "a third without DOI joins the first, always"
    assert len({paper.id for paper in papers([one, other])}) == 2


def test_lines_of_corpora_are_joined_by_identifiers_alone() -> None:
    assert groups(head("a", corpus=True, **SAME), head("b", corpus=True, **SAME)) == [{"a"}, {"b"}]
    assert groups(head("a", corpus=True, **SAME), head("b", **SAME)) == [{"a", "b"}]
    assert len({paper.id for paper in papers([head("a", corpus=True, **SAME), head("b", corpus=True, **SAME)])}) == 2


def test_the_same_bytes_under_two_names_are_one_work() -> None:
    one = RecordHead("r1", "a.pdf", "same", False, PaperFacts(), 5)
    other = RecordHead("r2", "b.pdf", "same", False, PaperFacts(), 5)
    (paper,) = papers([one, other])
    assert paper.leader == "r1" and paper.key == "a.pdf"


def test_the_fullest_leads_and_the_others_fill_in() -> None:
    doi = (("doi", "10.1/a"),)
    (paper,) = papers(
        [
            head("a", fullness=5, identifiers=doi, title="Short", year=2000, venue="V", status="retracted"),
            head("b", fullness=50, identifiers=doi, title="Full", year=None),
        ]
    )
    assert (paper.leader, paper.title, paper.year, paper.venue, paper.status) == ("b", "Full", 2000, "V", "retracted")


def test_keys_are_what_people_call_papers_by() -> None:
    called = {
        paper.key
        for paper in papers(
            [
                head("line", corpus=True, identifiers=(("doi", "10.1/a"),)),
                head("b", identifiers=(("doi", "10.1/b"),)),
                head("c", identifiers=(("pmid", "7"),)),
                head("d"),
            ]
        )
    }
    assert called == {"line", "10.1/b", "pmid:7", "d.txt"}


@given(st.lists(records(), max_size=7), st.randoms())
def test_any_order_gives_the_same_papers_and_no_two_share_an_id(made: list, dice: random.Random) -> None:
    heads = list({one.id: one.head for one in made}.values())
    found = papers(heads)
    assert papers(dice.sample(heads, len(heads))) == found
    assert len({paper.id for paper in found}) == len(found)
    assert sorted(record for paper in found for record in paper.records) == sorted(one.id for one in heads)
    for paper in found:
        dois = {one.facts.doi for one in heads if one.id in paper.records} - {None}
        assert len(dois) <= 1
        assert paper.leader in paper.records


@given(st.lists(records(), min_size=1, max_size=7))
def test_works_that_share_no_key_do_not_touch_each_other(made: list) -> None:
    """Folding the records that hang together by shared keys, and the rest apart, gives the same as folding all."""
    heads = list({one.id: one.head for one in made}.values())
    near, keys = {heads[0].id}, set(keys_of(heads[0]))
    while more := {one.id for one in heads if one.id not in near and keys & set(keys_of(one))}:
        near |= more
        keys.update(key for one in heads if one.id in near for key in keys_of(one))
    apart = papers([one for one in heads if one.id in near]) + papers([one for one in heads if one.id not in near])
    assert sorted(apart, key=lambda paper: paper.id) == papers(heads)
