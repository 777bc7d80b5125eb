from __future__ import annotations

import pytest

from ingest.readers.markdown import MarkdownReader
from ingest.readers.paper_text import PaperText
from kg.errors import UnusableInput


def read(text: str) -> PaperText:
    return MarkdownReader().read(text.encode())


def parts(text: str) -> list[tuple[str | None, str | None, str]]:
    return [(section.heading, section.kind, section.text) for section in read(text).sections]


FRONT = """---
title: 'silk: a *package* for webs'
tags: [silk, webs]
authors:
  - name: Ada Byron
    affiliation: 1
  - given-names: Bo
    surname: Li
date: 13 August 2018
doi: https://doi.org/10.21105/JOSS.00797
journal: JOSS
---
"""


def test_front_matter_tells_the_facts() -> None:
    facts = read(FRONT + "\n# Summary\n\nWebs.\n").facts
    assert facts.title == "silk: a package for webs"
    assert facts.authors == ("Ada Byron", "Bo Li")
    assert (facts.year, facts.venue, facts.doi) == (2018, "JOSS", "10.21105/joss.00797")


@pytest.mark.parametrize(
    ("line", "year"), [("date: 2017-03-01", 2017), ("year: 2016", 2016), ("date: soon", None), ("date: [1, 2]", None)]
)
def test_years_are_found_in_dates_of_any_form(line: str, year: int | None) -> None:
    assert read(f"---\n{line}\n---\nText.").facts.year == year


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("author: Ada Byron and Bo Li", ("Ada Byron", "Bo Li")),
        ("authors: [Ada Byron, {name: {given: Bo, family: Li}}, 7, null]", ("Ada Byron", "Bo Li")),
        ("authors: 3", ()),
    ],
)
def test_authors_are_read_however_they_are_written(line: str, authors: tuple[str, ...]) -> None:
    assert read(f"---\n{line}\n---\nText.").facts.authors == authors


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    paper = read("# On webs\n\nThey hold.\n\n## Methods\n\nWe pulled.\n")
    assert paper.facts.title == "On webs"
    assert [(section.heading, section.text) for section in paper.sections] == [
        (None, "They hold."),
        ("Methods", "We pulled."),
    ]


def test_headings_nest_and_the_references_are_left_out() -> None:
    text = (
        FRONT + "\n# Methods\n\nA.\n\n## Fibres\n\nB.\n\nSetext\n======\n\nC.\n\n"
        "# Acknowledgements\n\nThanks.\n\n# References\n\nOld papers.\n"
    )
    assert parts(text) == [
        ("Methods", "methods", "A."),
        ("Methods › Fibres", "methods", "B."),
        ("Setext", "other", "C."),
        ("Acknowledgements", "acknowledgments", "Thanks."),
    ]


def test_what_is_no_running_text_is_left_out() -> None:
    text = """
Silk is *very* **tough**, see [the site](https://example.org "x").

```python
code = 1
```

    indented code

| a | b |
|---|---|
| 1 | 2 |

![A web.](web.png){ width=20% }

<!-- not
this -->
<div>html</div>

$$ E = mc^2 $$

\\begin{equation}
x
\\end{equation}

::: warning
Kept.
:::

[^1]: A footnote.
    goes on.

- one
- two[^1]
"""
    assert parts(text) == [(None, None, "Silk is very tough, see the site.\n\nKept.\n\none\n\ntwo")]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Strong [@smith2004; see @li:2019, p. 3].", "Strong."),
        ("As @smith2004 showed, and @Knuth:1984-tex too.", "As Smith (2004) showed, and Knuth (1984) too."),
        ("Mail ada@example.org about it.", "Mail ada@example.org about it."),
        ("It costs $5 and $10 at most.", "It costs $5 and $10 at most."),
        ("a mass $m = 3$ and $\\frac{a}{b}$ here", "a mass m = 3 and … here"),
        ("see Figure \\autoref{fig:web}, it", "see Figure, it"),
        ("the ``mass'' and `code`", "the “mass” and code"),
        ("H~2~O &amp; caf&eacute; \\*", "H~2~O & café *"),
    ],
)
def test_pandocs_notes_are_taken_out_of_sentences(written: str, read_as: str) -> None:
    assert parts(written)[0][2] == read_as


@pytest.mark.parametrize(
    "front", ["title: a: b", "title: !!python/object/apply:os.system ['true']", "a: [", "date: 2017-99-99"]
)
def test_front_matter_that_is_no_yaml_is_refused_with_what_to_do(front: str) -> None:
    with pytest.raises(UnusableInput, match="front matter"):
        read(f"---\n{front}\n---\nText.")


def test_a_bomb_of_aliases_does_no_harm() -> None:
    aliases = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12))
    assert read(f"---\na0: &a0 [silk]\n{aliases}\ntitle: *a11\nauthors: 3\n---\n\nText.\n").facts.title == ""


@pytest.mark.parametrize("text", [">" * 5000 + " silk", "* " * 3000 + "silk", "[" * 3000 + "silk" + "](" * 3000])
def test_deep_nesting_ends(text: str) -> None:
    read(text)
