"""Papers as BibTeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from kg.model import Paper

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
}


def bibliography(papers: Iterable[Paper]) -> str:
    """One entry a paper, in the order given, a blank line between them; UTF-8, for biber and current BibTeX styles.

    A paper with a venue is an `@article`, else `@misc`; a status (retracted, corrected) stands in `note`.
    """
    listed = list(papers)
    return "\n".join(_entry(paper, label) for paper, label in zip(listed, labels(listed), strict=True))


def labels(papers: Sequence[Paper]) -> list[str]:
    """What each paper is cited by: family name, year and first telling word of the title in ASCII; a letter more where
    two would be the same."""
    taken: dict[str, int] = {}
    found = []
    for paper in papers:
        family = _ascii(_family(paper.authors[0])) if paper.authors else ""
        word = next((plain for one in paper.title.split() if len(plain := _ascii(one)) > 3), "")
        bare = f"{family}{'' if paper.year is None else paper.year}{word}"
        stem = bare if bare else _ascii(paper.id)
        at = taken.get(stem, 0)
        taken[stem] = at + 1
        found.append(stem if at == 0 else f"{stem}{chr(ord('a') + at) if at < 26 else at}")
    return found


def escaped(text: str) -> str:
    """Text as the value of a field: what TeX would obey is written out, so that braces always balance."""
    line = " ".join("".join(" " if unicodedata.category(one) in ("Cc", "Cf", "Cs") else one for one in text).split())
    return "".join(_SPECIAL.get(one, one) for one in line)


def _entry(paper: Paper, label: str) -> str:
    fields = [
        ("title", f"{{{escaped(paper.title)}}}" if paper.title else ""),  # the second braces keep its capitals
        ("author", " and ".join(_author(one) for one in paper.authors if one.strip())),
        ("year", "" if paper.year is None else str(paper.year)),
        ("journal", escaped(paper.venue) if paper.venue else ""),
        ("doi", _verbatim(paper.doi) if paper.doi else ""),
        ("note", escaped(paper.status) if paper.status else ""),
    ]
    written = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@{'article' if paper.venue else 'misc'}{{{label},\n{written}}}\n"


def _author(name: str) -> str:
    """`Webber, Ada` and `Ada Webber` as they are; in braces what BibTeX would take for several names."""
    plain = escaped(name)
    apart = re.search(r"\band\b", name, re.IGNORECASE) is not None or name.count(",") > 1
    return f"{{{plain}}}" if apart else plain


def _family(name: str) -> str:
    before, comma, _ = name.partition(",")
    return before if comma else (name.split()[-1] if name.split() else "")


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]", "", plain).lower()


def _verbatim(doi: str) -> str:
    """A DOI is read as it stands, but for what would end the field: percent signs and braces are encoded."""
    return "".join(f"%{ord(one):02X}" if one in "{}\\" or one.isspace() else one for one in doi)
