"""JATS and its elder NLM form: the XML in which journals and PubMed Central keep their articles.

Nothing outside the file is ever loaded: no DTD, no entity, no network. References, footnotes, formulas that stand
alone, the bodies of tables and supplementary files are left out; captions become sections of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any

from ingest.readers.characters import LEFT_OUT, clean_line, tidy
from ingest.readers.headings import kind_of, opens_references
from ingest.readers.paper_text import PaperText, Section
from kg.errors import UnusableInput
from kg.identity import identifier
from kg.model import PaperFacts, Status

# lxml's own types are not told apart here: an element is what has tag, text and tail.
Element = Any

_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>|\s+)", re.DOTALL)
_DROPPED = frozenset(
    {
        "fn",
        "fn-group",
        "ref-list",
        "ref",
        "disp-formula",
        "disp-formula-group",
        "tex-math",
        "inline-graphic",
        "graphic",
        "media",
        "object-id",
        "supplementary-material",
        "inline-supplementary-material",
        "code",
        "preformat",
        "label",
        "permissions",
        "attrib",
        "alt-text",
        "long-desc",
        "table",
        "table-wrap-foot",
        "array",
        "chem-struct-wrap",
        "related-article",
        "related-object",
        "index-term",
        "sec-meta",
        "custom-meta-group",
        "kwd-group",
        "target",
    }
)
_INLINE = frozenset(
    {
        "italic",
        "i",
        "bold",
        "b",
        "sup",
        "sub",
        "sc",
        "underline",
        "monospace",
        "named-content",
        "styled-content",
        "xref",
        "ext-link",
        "email",
        "uri",
        "abbrev",
        "inline-formula",
        "roman",
        "sans-serif",
        "strike",
        "overline",
        "milestone-start",
        "milestone-end",
        "math",
        "chem-struct",
        "alternatives",
        "private-char",
        "glyph-data",
        "year",
        "related-link",
        "institution",
        "collab",
        "string-name",
        "given-names",
        "surname",
        "name",
        "bio",
        "break",
        "hr",
        "fixed-case",
        "ruby",
        "rb",
        "price",
        "date",
        "num",
        "x",
        "funding-source",
        "award-id",
    }
)
_CAPTIONED = frozenset({"fig", "table-wrap", "chem-struct-wrap", "boxed-figure"})
_SHORT_FORMULA = 60
_SUPERSCRIPTS = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_CITATION_NUMBERS = re.compile(r"[\d\s,;–—-]*")
_ABSTRACTS_LEFT_OUT = frozenset(
    {
        "toc",
        "teaser",
        "graphical",
        "web-summary",
        "precis",
        "key-points",
        "ascii",
        "editor",
        "editors-summary",
        "patient",
        "stereochemical",
        "video",
        "audio",
    }
)
_IDENTIFIERS = {"doi": "doi", "pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid", "arxiv": "arxiv"}
_ADDRESS = re.compile(r"(?:doi|DOI):?\s*\S+")
_RETRACTED_TITLE = re.compile(r"^\W*retracted\b(?: article)?\s*[:.\])]", re.IGNORECASE)


class JatsReader:
    """Reads one article a file."""

    name = "jats"
    version = "1"
    suffixes = frozenset({".xml", ".nxml", ".jats"})

    def refuses(self, head: bytes) -> str | None:
        root = _root_name(head)
        if root in ("article", "pmc-articleset", None):
            return None
        return f"its outermost element is <{root}>, not the <article> of JATS"

    def read(self, content: bytes) -> PaperText:
        article = _article(content)
        front = article.find("front")
        meta = front.find("article-meta") if front is not None else None
        if meta is None:
            raise UnusableInput("it has no <front><article-meta>, so it is no JATS article")
        return PaperText(_facts(article, front, meta), tuple(_sections(article, meta)))


def _root_name(head: bytes) -> str | None:
    """The local name of the outermost element; None where `head` does not tell."""
    place = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    while found := _PROLOG.match(head, place):
        place = found.end()
    root = _ROOT.match(head, place)
    return root[2].decode("ascii", "replace") if root else None


def _article(content: bytes) -> Element:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnusableInput(f"it is no well-formed XML: {clean_line(str(error), 300)}") from None
    for element in root.iter(etree.Element):
        if "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]
    articles = [root] if root.tag == "article" else list(root.iter("article"))
    if len(articles) != 1:
        raise UnusableInput(f"it holds {len(articles)} JATS articles, not one; give each a file of its own")
    return articles[0]


# Facts ---------------------------------------------------------------------------------------------------------------


def _facts(article: Element, front: Element, meta: Element) -> PaperFacts:
    title_element = meta.find("title-group/article-title")
    title = "" if title_element is None else clean_line(_inline(title_element))
    found = (
        identifier(_IDENTIFIERS[kind], _all_text(element))
        for element in meta.findall("article-id")
        if (kind := element.get("pub-id-type", "")) in _IDENTIFIERS
    )
    venue = next(
        (
            clean_line(_all_text(element))
            for path in ("journal-meta//journal-title", "journal-meta/journal-id")
            for element in front.findall(path)
        ),
        "",
    )
    return PaperFacts(
        title=title,
        authors=tuple(_authors(meta)),
        year=min(_years(meta), default=None),
        venue=venue if venue else None,
        identifiers=tuple(sorted({one for one in found if one is not None})),
        status=_status(article, meta, title),
    )


def _authors(meta: Element) -> Iterator[str]:
    contributors = meta.findall("contrib-group/contrib")
    for contributor in contributors:
        if contributor.get("contrib-type", "author") != "author":
            continue
        name = contributor.find("name")
        if name is None:
            name = contributor.find("name-alternatives/name")
        if name is not None:
            parts = [name.findtext(part) for part in ("given-names", "surname", "suffix")]
            author = clean_line(" ".join(part for part in parts if part))
        else:
            written = next(
                (
                    element
                    for tag in ("string-name", "collab", "name-alternatives/string-name")
                    if (element := contributor.find(tag)) is not None
                ),
                None,
            )
            author = "" if written is None else clean_line(_inline(written, ("xref", "contrib-group")))
        if author:
            yield author


def _years(meta: Element) -> Iterator[int]:
    for path in ("pub-date/year", "permissions/copyright-year"):
        years = [
            int(text)
            for element in meta.findall(path)
            if re.fullmatch(r"[12]\d{3}", text := _all_text(element).strip())
        ]
        if years:
            yield min(years)
            return


def _status(article: Element, meta: Element, title: str) -> Status | None:
    """Of this article itself: a notice that retracts or corrects another one has none."""
    related = {element.get("related-article-type", "") for element in meta.findall("related-article")}
    kind = article.get("article-type", "")
    if kind == "retracted-article" or "retraction-forward" in related or _RETRACTED_TITLE.match(title):
        return "retracted"
    if (
        kind == "corrected-article"
        or related & {"correction-forward", "corrected-article"}
        and kind not in ("correction", "retraction", "addendum")
    ):
        return "corrected"
    return None


# Text ----------------------------------------------------------------------------------------------------------------


def _sections(article: Element, meta: Element) -> Iterator[Section]:
    yield from _abstracts(meta)
    for place in ("body", "back"):
        part = article.find(place)
        if part is None:
            continue
        if place == "body":
            yield from _block_sections(part, (), "introduction" if part.find("sec") is not None else None)
            continue
        for ack in part.iter("ack"):
            yield from _named(ack, (), "acknowledgments", "Acknowledgments")
        after = [element for element in part.iter("app", "sec") if element.getparent().tag in ("back", "app-group")]
        yield from _block_sections(after, (), "appendix")
    floats = article.find("floats-group")
    if floats is not None:
        yield from _block_sections(floats, (), None)


def _abstracts(meta: Element) -> Iterator[Section]:
    """The abstract, then an author's summary; the parts of a structured abstract are paragraphs of one section."""
    for abstract in meta.findall("abstract"):
        if abstract.get("abstract-type") in _ABSTRACTS_LEFT_OUT:
            continue
        title = abstract.find("title")
        heading = "" if title is None else clean_line(_inline(title))
        paragraphs: list[str] = []
        for element in abstract.iter("p"):
            _paragraphs(element, paragraphs, [])
        if text := "\n\n".join(paragraphs):
            yield Section(heading if heading else "Abstract", "abstract", text)


def _block_sections(children: Any, path: tuple[str, ...], kind: str | None) -> Iterator[Section]:
    """What stands directly in one <sec> as one section, then its captions, then the sections inside it, in order."""
    paragraphs: list[str] = []
    captions: list[Section] = []
    inner: list[Element] = []
    for element in children:
        if element.tag in ("sec", "app", "boxed-text", "statement"):
            inner.append(element)
        else:
            _paragraphs(element, paragraphs, captions)
    if paragraphs:
        yield Section(" › ".join(path) if path else None, kind if kind else "other", "\n\n".join(paragraphs))
    yield from captions
    for element in inner:
        of_type = kind_of(str(element.get("sec-type", "")).replace("|", " "))
        yield from _named(element, path, kind if kind and path else of_type)


def _named(element: Element, path: tuple[str, ...], kind: str, unnamed: str = "") -> Iterator[Section]:
    """The sections of an element that has a title; `kind` where the title tells none."""
    title = element.find("title")
    if title is None:
        title = element.find("caption/title")
    heading = _tidy(clean_line(_inline(title))) if title is not None else unnamed
    if not opens_references(heading) and element.get("sec-type") != "supplementary-material":
        yield from _block_sections(element, (*path, heading) if heading else path, kind_of(heading, kind))


def _paragraphs(element: Element, paragraphs: list[str], captions: list[Section]) -> None:
    """Appends the paragraphs of a block; what floats in it goes to `captions`."""
    tag = element.tag
    if tag in _DROPPED or tag in ("title", "subtitle") or not isinstance(tag, str):
        return
    if tag in _CAPTIONED:
        captions.extend(_caption(element))
        return
    if tag == "p" or not any(isinstance(child.tag, str) and child.tag not in _INLINE for child in element):
        pieces = [""]
        _flow(element, pieces, captions)
        paragraphs.extend(text for piece in pieces if (text := _tidy(piece)))
        return
    for child in element:
        _paragraphs(child, paragraphs, captions)


def _caption(element: Element) -> Iterator[Section]:
    label = element.find("label")
    heading = "" if label is None else clean_line(_inline(label)).rstrip(".:")
    caption = element.find("caption")
    if caption is None:
        return
    paragraphs: list[str] = []
    for part in caption:
        if part.tag in ("title", "p"):
            pieces = [""]
            _flow(part, pieces, [])
            paragraphs.extend(text for piece in pieces if (text := _tidy(piece)))
    if paragraphs:
        yield Section(heading if heading else "Caption", "caption", "\n\n".join(paragraphs))


def _flow(element: Element, pieces: list[str], captions: list[Section]) -> None:
    """Appends running text to the last of `pieces`; a block inside it (a list, a quotation) begins new ones."""
    pieces[-1] += element.text if element.text else ""
    for child in element:
        tag = child.tag
        if not isinstance(tag, str):
            pieces[-1] += _entity(child)
        elif tag in ("sup", "sub"):
            pieces[-1] += _script(child, pieces[-1])
        elif tag == "xref" and _is_raised_citation(child):
            pass
        elif tag == "inline-formula" or tag == "math":
            pieces[-1] += _formula(child)
        elif tag == "break":
            pieces[-1] += " "
        elif tag in ("disp-formula", "disp-formula-group"):
            pieces[-1] += f" {LEFT_OUT} "
        elif tag in _CAPTIONED:
            captions.extend(_caption(child))
        elif tag in _DROPPED:
            pass
        elif tag in _INLINE:
            _flow(child, pieces, captions)
        else:
            block: list[str] = []
            _paragraphs(child, block, captions)
            if block:
                pieces.extend(block)
                pieces.append("")
        pieces[-1] += child.tail if child.tail else ""


def _inline(element: Element, without: tuple[str, ...] = ("xref",)) -> str:
    """All of an element's text on one line; footnote marks and what else stands in `without` are taken out of it."""
    for child in list(element.iter(*without)):
        _remove(child)
    pieces = [""]
    _flow(element, pieces, [])
    return " ".join(pieces)


def _remove(element: Element) -> None:
    parent, before = element.getparent(), element.getprevious()
    tail = element.tail if element.tail else ""
    if before is not None:
        before.tail = (before.tail if before.tail else "") + tail
    else:
        parent.text = (parent.text if parent.text else "") + tail
    parent.remove(element)


def _script(element: Element, before: str) -> str:
    """A superscript or subscript: citation marks vanish, exponents of numbers stay raised, the rest is plain."""
    cites = [child for child in element.iter("xref") if child.get("ref-type") in ("bibr", "fn", "table-fn")]
    pieces = [""]
    _flow(element, pieces, [])
    text = " ".join(pieces)
    if cites and element.tag == "sup":
        for cite in cites:
            text = text.replace(_all_text(cite), "", 1)
        return "" if _CITATION_NUMBERS.fullmatch(text) else text
    if element.tag == "sup" and before[-1:].isdigit() and re.fullmatch(r"[\d+−–-]+", text):
        return text.translate(_SUPERSCRIPTS)
    return text


def _is_raised_citation(element: Element) -> bool:
    raised = element.find("sup") is not None and element.get("ref-type") in ("bibr", "fn", "table-fn")
    return raised and _CITATION_NUMBERS.fullmatch(_all_text(element)) is not None


def _formula(element: Element) -> str:
    """A short formula within a sentence as its letters and signs; an image or a long one as left out."""
    math = element if element.tag == "math" else element.find(".//math")
    text = "" if math is None else " ".join(_all_text(math).split())
    if math is None and element.tag == "inline-formula" and element.find(".//tex-math") is None:
        pieces = [""]
        _flow_plain(element, pieces)
        text = " ".join("".join(pieces).split())
    return text if 0 < len(text) <= _SHORT_FORMULA else f" {LEFT_OUT} "


def _flow_plain(element: Element, pieces: list[str]) -> None:
    pieces.append(element.text if element.text else "")
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _DROPPED:
            _flow_plain(child, pieces)
        pieces.append(child.tail if child.tail else "")


def _all_text(element: Element) -> str:
    pieces: list[str] = []
    _flow_plain(element, pieces)
    return "".join(pieces)


def _entity(element: Element) -> str:
    """The character that a reference names, by the names HTML has; entities that a file defines itself are left out."""
    name = getattr(element, "name", None)
    return html5.get(f"{name};", "") if isinstance(name, str) else ""


def _tidy(text: str) -> str:
    """On one line, without what is left where something was taken out; nothing where only an address of its own is."""
    line = tidy(text)
    return "" if _ADDRESS.fullmatch(line) or not any(map(str.isalnum, line)) else line
