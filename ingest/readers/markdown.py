"""Markdown, with front matter and citations as pandoc and the Journal of Open Source Software write them.

Code, tables, images, comments, raw HTML and TeX, formulas that stand alone and the list of references are left out.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ingest.readers.characters import LEFT_OUT, clean, clean_line, decode, tidy
from ingest.readers.headings import kind_of, opens_references
from ingest.readers.paper_text import PaperText, Section
from kg.errors import UnusableInput
from kg.identity import identifier
from kg.injections import HIDDEN, suspicions
from kg.model import QUARANTINED, PaperFacts

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[^\S\n]*\n(.*?)^(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CODE = re.compile(r"^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1[`~]*[^\S\n]*$|\Z)", re.DOTALL | re.MULTILINE)
_DISPLAYED = re.compile(r"\$\$.*?\$\$|\\\[.*?\\\]|\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.DOTALL)
# As pandoc has it: no blank inside the dollars, no digit after the second one.
_FORMULA = re.compile(r"(?<![\\$\w])\$(?=\S)([^$\n]{1,400}?)(?<=\S)\$(?!\d)")
_PLAIN_FORMULA = re.compile(r"[\w\s.,+\-=<>/()%±×·]{1,40}")
_CITATIONS = re.compile(r"\s?\[[^\[\]\n]*(?<!\w)@[\w{][^\[\]]*\](?!\()")
_CITATION = re.compile(r"(?<![\w@/.])@\{?([A-Za-z_][\w:.#$%&+?<>~/-]*\w)\}?")
_KEY = re.compile(r"([A-Za-z]+?)(?:[-_:.](?:etal|et-al))?[-_:.]?((?:19|20)\d\d)(?!\d)[-_:.\w]*")
_LEFT_OUT_LINES = re.compile(
    r"^(?::::.*|\[\^[^\]\n]+\]:.*(?:\n[ \t]+\S.*)*|\\(?:newpage|pagebreak|clearpage|small|normalsize)\s*)$",
    re.MULTILINE,
)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_ATTRIBUTES = re.compile(r"(?<=[)\]`])\{[^{}\n]*\}|\s*\{[#.][^{}\n]*\}[^\S\n]*$", re.MULTILINE)
_TEX = re.compile(r"\\(?:auto|c|C|eq|page)?ref\{[^{}\n]*\}|\\(?:label|cite[tp]?)\{[^{}\n]*\}|~(?=\\)")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")


class MarkdownReader:
    """Reads CommonMark with tables."""

    name = "markdown"
    version = "2"
    suffixes = frozenset({".md", ".markdown", ".mdown", ".qmd", ".rmd"})

    def refuses(self, head: bytes) -> str | None:
        return None

    def read(self, content: bytes) -> PaperText:
        text = clean(decode(content)).lstrip("\n")
        front = _FRONT_MATTER.match(text)
        fields = _fields(front[1]) if front else {}
        body, hidden = _parted(text[front.end() :] if front else text)
        blocks = list(_blocks(_prepared(body)))
        title = _title(fields)
        if not title:
            title, blocks = _title_of(blocks)
        return PaperText(_facts(fields, title), (*_sections(blocks), *hidden))


# Front matter --------------------------------------------------------------------------------------------------------


def _fields(front: str) -> Mapping[str, Any]:
    import yaml

    try:
        loaded = yaml.safe_load(front)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in its line {mark.line + 2}" if mark is not None else ""
        raise UnusableInput(f"the front matter is not YAML{where}; values with a colon need quotes") from None
    except ValueError as error:
        raise UnusableInput(f"the front matter holds an impossible value ({error})") from None
    return {str(key).casefold(): value for key, value in loaded.items()} if isinstance(loaded, dict) else {}


def _title(fields: Mapping[str, Any]) -> str:
    title = fields.get("title")
    return clean_line(re.sub(r"[*_`]{1,2}(\S[^*_`]*)[*_`]{1,2}", r"\1", title)) if isinstance(title, str) else ""


def _facts(fields: Mapping[str, Any], title: str) -> PaperFacts:
    written = {scheme: fields.get(scheme) for scheme in ("doi", "pmid", "pmcid", "arxiv", "isbn")}
    registered = (identifier(scheme, str(value)) for scheme, value in written.items() if isinstance(value, str | int))
    venue = next(
        (
            clean_line(value)
            for key in ("journal", "venue", "publication", "booktitle")
            if isinstance(value := fields.get(key), str) and value.strip()
        ),
        None,
    )
    return PaperFacts(
        title=title,
        authors=tuple(_authors(fields.get("authors", fields.get("author")))),
        year=_year(next((fields[key] for key in ("year", "date", "published") if key in fields), None)),
        venue=venue,
        identifiers=tuple(sorted({one for one in registered if one is not None})),
        status="retracted" if fields.get("retracted") is True else None,
    )


def _year(value: object) -> int | None:
    if isinstance(value, datetime.date):
        return value.year
    found = _YEAR.search(str(value)) if isinstance(value, str | int) else None
    return int(found[0]) if found else None


def _authors(value: object) -> Iterator[str]:
    if isinstance(value, str):
        value = re.split(r"\s*;\s*|\s+and\s+|,\s+(?=\S+\s)", value)
    for author in value if isinstance(value, list) else ():
        if isinstance(author, dict):
            author = _name(author)
        if isinstance(author, str) and (name := clean_line(author, 200)):
            yield name


def _name(author: Mapping[Any, Any]) -> str | None:
    """Of an author with affiliations and the like: their `name`, in one piece or in several."""
    name = author.get("name")
    parts = name if isinstance(name, dict) else author
    given = [
        parts.get(key)
        for key in (
            "given-names",
            "given",
            "first",
            "dropping-particle",
            "non-dropping-particle",
            "surname",
            "family",
            "last",
            "suffix",
        )
    ]
    pieces = [piece for piece in given if isinstance(piece, str)]
    return name if isinstance(name, str) else " ".join(pieces) if pieces else None


# Text ----------------------------------------------------------------------------------------------------------------


_OPENED = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,20})(?=[\s/])([^<>]{1,1000})>")
_UNSEEN = re.compile(r"""
    style\s*=.* (?: display\s*:\s*none | visibility\s*:\s*hidden | opacity\s*:\s*0?\.?0*\s*[;"']
    | font-size\s*:\s*0?\.?[01](?:px|pt|em|rem)?\s*[;"'] | (?:left|top|text-indent)\s*:\s*-\d{3,}
    | (?<![-\w])color\s*:\s*(?:white|transparent|\#fff(?:fff)?|rgba?\(\s*255\s*,\s*255\s*,\s*255) )
  | (?:^|\s)hidden(?=[\s/=]|$) | aria-hidden\s*=\s*["']?true | (?:^|\s)color\s*=\s*["']?(?:white|\#fff(?:fff)?)\b
""", re.IGNORECASE | re.VERBOSE | re.DOTALL)
_COMMENT_LINE = re.compile(
    r"^\[(?://|comment)\]:[^\S\n]*(?:\#|<>)[^\S\n]*[(\"'](.*)[)\"'][^\S\n]*$", re.IGNORECASE | re.MULTILINE
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def _parted(text: str) -> tuple[str, list[Section]]:
    """The text without elements that a page does not show, and sections of what they say; and of what comments say,
    where that is suspicious: other comments are the authors' own notes."""
    shown, hidden = "", []
    at, lower = 0, text.lower()
    never: set[str] = set()
    for opened in _OPENED.finditer(text):
        tag = opened[1].lower()
        if opened.start() < at or tag in never or _UNSEEN.search(opened[2]) is None:
            continue
        closes = lower.find(f"</{tag}", opened.end())
        if closes < 0:
            never.add(tag)
            continue
        shown += f"{text[at : opened.start()]} "
        at = closes
        if words := tidy(_TAG.sub(" ", text[opened.end() : closes])):
            hidden.append(Section(f"{HIDDEN}{_NOT_SHOWN}", QUARANTINED, words))
    shown += text[at:]
    comments = [found[0][4:-3] for found in _COMMENT.finditer(shown)]
    comments += [found[1] for found in _COMMENT_LINE.finditer(shown)]
    hidden += [Section(f"{HIDDEN}a comment; {suspected[0].reason}", QUARANTINED, words) for comment in comments
               if (words := tidy(comment)) and (suspected := suspicions(words))]
    return shown, hidden


_NOT_SHOWN = "styled so that a page does not show it"


def _prepared(text: str) -> str:
    """Without what is pandoc's and not Markdown's, so that the parser meets none of it."""
    text = _COMMENT.sub("", _CODE.sub("\n", text))
    text = _LEFT_OUT_LINES.sub("", _DISPLAYED.sub(f" {LEFT_OUT} ", text))
    text = _FORMULA.sub(lambda found: _formula(found[1]), text)
    text = _FOOTNOTE.sub("", _TEX.sub("", _ATTRIBUTES.sub("", text)))
    return _CITATION.sub(lambda found: _cited(found[1]), _CITATIONS.sub("", text))


def _formula(formula: str) -> str:
    """What reads as text without TeX (`x = 3`); else that it was left out."""
    return formula.strip() if _PLAIN_FORMULA.fullmatch(formula) and "_" not in formula else f" {LEFT_OUT} "


def _cited(key: str) -> str:
    """A citation that is part of its sentence, as it would be printed: `smith2004` as Smith (2004)."""
    found = _KEY.fullmatch(key)
    return f"{found[1].capitalize() if found[1].islower() else found[1]} ({found[2]})" if found else key


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """(level, heading) for headings, (0, text) for paragraphs, in order."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table").parse(text)
    level = tables = 0
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "heading_close":
            level = 0
        elif token.type in ("table_open", "table_close"):
            tables += 1 if token.type == "table_open" else -1
        elif token.type == "inline" and not tables:
            words = _tidy(_inline(token.children if token.children is not None else []))
            if words:
                yield level, words


def _inline(tokens: Sequence[Token]) -> str:
    pieces = []
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            pieces.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
    return "".join(pieces)


def _tidy(text: str) -> str:
    line = tidy(text.replace("``", "“").replace("''", "”"))
    return line if any(map(str.isalnum, line)) else ""


def _title_of(blocks: list[tuple[int, str]]) -> tuple[str, list[tuple[int, str]]]:
    """The first heading, when it stands first or is the only one of the highest level; and the rest."""
    if blocks and blocks[0][0]:
        return clean_line(blocks[0][1]), blocks[1:]
    highest = [place for place, (level, _) in enumerate(blocks) if level == 1]
    if len(highest) == 1:
        place = highest[0]
        return clean_line(blocks[place][1]), blocks[:place] + blocks[place + 1 :]
    return "", blocks


def _sections(blocks: Sequence[tuple[int, str]]) -> Iterator[Section]:
    path: list[tuple[int, str]] = []
    kept: list[str] = []
    for level, words in [*blocks, (1, "")]:
        if not level:
            kept.append(words)
            continue
        if kept and not any(opens_references(heading) for _, heading in path):
            kinds = [kind for _, heading in path if (kind := kind_of(heading, otherwise=""))]
            yield Section(
                " › ".join(heading for _, heading in path) if path else None,
                kinds[-1] if kinds else "other" if path else None,
                "\n\n".join(kept),
            )
        kept = []
        path = [*(part for part in path if part[0] < level), (level, clean_line(words))]
