"""PDF: running text out of printed pages, with the place of every line.

What repeats at the top and bottom of pages, page numbers, footnotes, formulas that stand alone, the insides of figures
and tables and the list of references are left out. Captions become sections of their own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from ingest.readers.characters import clean_line
from ingest.readers.headings import kind_of, opens_references
from ingest.readers.paper_text import Line, PaperText, Section
from ingest.readers.pdf_page import LINE_HYPHEN, TextLine, lines_of
from ingest.readers.pdf_sight import UNPAINTED
from kg.errors import UnusableInput
from kg.identity import identifier
from kg.injections import HIDDEN
from kg.model import QUARANTINED, PaperFacts

MOST_PAGES = 3000

_DOI = re.compile(r"(?:doi(?:\.org)?\s*[:/]?\s*|^)(10\.\d{4,9}/[^\s\"<>,;]+[^\s\"<>,;.)\]])", re.IGNORECASE)
_ARXIV = re.compile(r"arxiv:\s*(\d{4}\.\d{4,5}|[a-z-]+/\d{7})", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d.-])(?:19|20)\d\d(?![\d-]|\.\d)")
_DATED = re.compile(
    r"©|\(c\)|copyright|published|publication|proceedings|conference|workshop|journal|arxiv|vol(?:ume|\.)"
    r"|symposium|annual meeting|received|accepted|submitted|issue|pages"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"©|copyright|proceedings of|\bpages \d+|permission to|doi\.org", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"(?:p(?:age|\.)?\s*)?[-–—\[(]?\s*(?:\d{1,5}|[ivxlc]{1,7})\s*[-–—\])]?(?:\s*(?:of|/)\s*\d{1,5})?", re.IGNORECASE
)
_CAPTION = re.compile(
    r"(?:Figure|Fig\.?|FIGURE|FIG\.?|Table|TABLE|Algorithm|Scheme|Listing|Box)\s+(?:[A-Z]?\d+(?:\.\d+)*|[IVX]+)\b(?P<end>\s*[.:|–—]|\s*$)?"
)
_NUMBERED = re.compile(r"(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|[A-H](?:\.\d{1,2}){0,2})[.)]?)\s+[A-Z][^.!?]{2,80}")
_RUN_IN = re.compile(
    r"(?P<heading>abstract|summary|keywords?|key\s?words|index terms|ccs concepts|categories and subject descriptors)"
    r"\s*(?P<mark>[.:—–-]+|$)\s*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[•‣◦▪●○∙*–-]\s+\S|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+\S")
_FOOTNOTE = re.compile(r"[*∗†‡§¶\d¹²³⁴⁵⁶⁷⁸⁹]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_PLACES = re.compile(
    r"\b(?:universit|institut|department|dept|laborator|school|college|cent(?:er|re)|research|faculty|academy|inc\b|corp"
    r"|google|microsoft|hospital|group|street|avenue|road|usa\b|china|germany|france|japan|uk\b|canada|italy|spain|india"
    r"|united (?:states|kingdom))",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:[^\W\d_a-z][^\W\d_]*[.’'-]*(?:[^\W\d_]+)?\.?\s+){1,3}(?:(?:van|von|de|der|den|di|da|la|le|del|dos|bin|al)\s+){0,2}"
    r"[^\W\d_a-z][^\W\d_]+(?:[’'-][^\W\d_]+)*"
)


class PdfReader:
    """Reads PDFs that hold text; scans without a text layer are refused."""

    name = "pdf"
    version = "2"
    suffixes = frozenset({".pdf"})

    def refuses(self, head: bytes) -> str | None:
        return None

    def read(self, content: bytes) -> PaperText:
        pages, said = _pages(content)
        if not any(line.letters for page in pages for line in page):
            raise UnusableInput(
                f"its {len(pages)} pages hold no text: it may be a scan; run text recognition over it first "
                "(for instance with ocrmypdf)"
            )
        return _paper(pages, said)


def _pages(content: bytes) -> tuple[list[list[TextLine]], dict[str, str]]:
    """The lines of every page, and what the file says of itself."""
    import pypdfium2

    # Some bytes may stand before the mark.
    if b"%PDF-" not in content[:2048]:
        raise UnusableInput("it is called .pdf but is no PDF, perhaps a web page that was saved in its place")
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).casefold():
            raise UnusableInput("it is locked with a password; save it without one") from None
        raise UnusableInput(f"it is damaged or no PDF ({clean_line(str(error), 200)})") from None
    try:
        count = len(document)
        if not 0 < count <= MOST_PAGES:
            raise UnusableInput(f"it says that it has {count:,} pages; PDFs of 1 to {MOST_PAGES:,} are read")
        pages = [_lines(document, number) for number in range(1, count + 1)]
        read = [page for page in pages if page is not None]
        if not read:
            raise UnusableInput("none of its pages can be read: it is damaged")
        return read, {key: clean_line(value) for key, value in document.get_metadata_dict().items()}
    finally:
        document.close()


def _lines(document: Any, number: int) -> list[TextLine] | None:
    """None for a page that is damaged; the others are still worth reading."""
    import pypdfium2

    try:
        page = document[number - 1]
        try:
            return lines_of(page, number)
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        return None


# The paper -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Part:
    """A section in the making: paragraphs of lines."""

    heading: str | None
    kind: str | None
    paragraphs: list[list[TextLine]] = field(default_factory=list)

    def add(self, line: TextLine, begins: bool) -> None:
        if begins or not self.paragraphs:
            self.paragraphs.append([])
        self.paragraphs[-1].append(line)


def _paper(pages: list[list[TextLine]], said: dict[str, str]) -> PaperText:
    pages, hidden = _parted(pages)
    everything = [line for page in pages for line in page]
    sizes: Counter[float] = Counter()
    for line in everything:
        sizes[round(line.size * 2) / 2] += line.letters
    body = max(sizes, key=lambda size: (sizes[size], size))
    bold = sum(line.letters for line in everything if line.bold) > sum(line.letters for line in everything) / 2
    running = _running(pages)
    imprint = _imprint(everything, body)
    kept = [line for line in everything if line not in running and line not in imprint]
    title, title_lines = _title(kept, body, said)
    rest = [line for line in kept if line not in title_lines and line.column >= 0]
    front, text = _front(rest, body, bold)
    first_page = [line for line in everything if line.page == pages[0][0].page] if pages[0] else []
    footnotes = _footnotes(text, body)
    parts = list(_parts([line for line in text if line not in footnotes], body, bold))
    words = Counter(
        word for line in everything for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text.casefold())
    )
    if len(parts) > 1 and parts[0].heading is None and not any(part.kind == "abstract" for part in parts):
        parts[0].kind = "abstract"
    sections = tuple(section for part in parts if (section := _section(part, words)) is not None)
    return PaperText(_facts(title, front, first_page, running, said), (*sections, *hidden))


def _parted(pages: list[list[TextLine]]) -> tuple[list[list[TextLine]], list[Section]]:
    """What people see of the pages, and sections of what is hidden from them, one for each page and way of hiding.

    In a scan the text that was recognised lies unpainted over the picture of it, and is all there is to read.
    """
    lines = [line for page in pages for line in page]
    unpainted = sum(line.letters for line in lines if line.hidden == UNPAINTED)
    scan = unpainted > sum(line.letters for line in lines) / 2
    seen: list[list[TextLine]] = []
    sections: list[Section] = []
    for page in pages:
        ways: dict[str, list[TextLine]] = defaultdict(list)
        for line in page:
            ways["" if scan and line.hidden == UNPAINTED else line.hidden].append(line)
        kept = ways.pop("", [])
        for way, found in ways.items():
            if sum(len(line.text.split()) for line in found) < _LEAST_HIDDEN:
                kept += found  # marks of a figure, or the number of a slide
            else:
                sections.append(_hidden(way, found))
        seen.append(kept)
    return (seen, sections) if any(line.letters for page in seen for line in page) else (pages, [])


def _hidden(way: str, found: Sequence[TextLine]) -> Section:
    text, lines = "", []
    for line in found:
        words = " ".join(line.text.replace(LINE_HYPHEN, "-").split())
        text += " " if text else ""
        lines.append(Line(len(text), len(text) + len(words), line.box))
        text += words
    return Section(f"{HIDDEN}{way}", QUARANTINED, text, tuple(lines))


_LEAST_HIDDEN = 4
"""Words of a page that are hidden in one way, from which on they are more than marks."""


def _running(pages: Sequence[Sequence[TextLine]]) -> set[TextLine]:
    """Page numbers, and the lines near the top and bottom of pages that stand on several of them."""
    near: list[tuple[tuple[str, int], TextLine]] = []
    for page in pages:
        if not page:
            continue
        top, bottom = max(line.top for line in page), min(line.bottom for line in page)
        edge = 0.07 * (top - bottom)
        heights = sorted({round(line.top) for line in page if line.top > top - edge}, reverse=True)[:3]
        depths = sorted({round(line.bottom) for line in page if line.bottom < bottom + edge})[:3]
        near += [
            ((_shape(line.text), round(line.size)), line)
            for line in page
            if round(line.top) in heights or round(line.bottom) in depths
        ]
    often = Counter(shape for shape, _ in {(shape, line.page) for shape, line in near})
    least = max(2, round(0.25 * len(pages)))
    return {line for shape, line in near if _PAGE_NUMBER.fullmatch(line.text) or (often[shape] >= least and shape[0])}


def _imprint(lines: Sequence[TextLine], body: float) -> set[TextLine]:
    """The few lines at the foot of the first page that say where it was published."""
    first = sorted((line for line in lines if line.page == lines[0].page), key=lambda line: line.bottom)
    block = first[:1]
    for line in first[1:5]:
        if line.bottom - block[-1].top > 0.8 * body:
            return set(block) if any(_PUBLISHED.search(line.text) for line in block) else set()
        block.append(line)
    return set()


def _shape(text: str) -> str:
    """A line without what changes from page to page."""
    return re.sub(r"[\W\d_]+", " ", text).strip().casefold()


# Title, authors and the rest of the front ----------------------------------------------------------------------------


def _title(lines: Sequence[TextLine], body: float, said: dict[str, str]) -> tuple[str, list[TextLine]]:
    """The largest print in the upper part of the first page that may be a title, and its lines."""
    if not lines:
        return "", []
    first = [line for line in lines if line.page == lines[0].page and line.column >= 0]
    if not first:
        return "", []
    highest, lowest = max(line.top for line in first), min(line.bottom for line in first)
    upper = [line for line in first if line.bottom > lowest + 0.45 * (highest - lowest) and line.letters >= 2]
    stated = clean_line(said.get("Title", ""))
    for size in sorted({line.size for line in upper if line.size > 1.05 * body}, reverse=True):
        run = _run(upper, size)
        text = _joined_title(run)
        if _folded(text) in _RUBRICS:
            continue
        if len(text.split()) >= 3 and sum(map(str.isalpha, text)) >= 12 or _folded(text) == _folded(stated) != "":
            return text, run
    if len(stated.split()) >= 3 and _folded(stated) in _folded("".join(line.text for line in first)):
        named = _folded(stated)
        run = [line for line in upper[:12] if _folded(line.text) and _folded(line.text) in named]
        return stated, run
    bold = [line for line in upper if line.bold and line.size >= body]
    if bold and bold[0] in upper[:4]:
        run = _run([line for line in upper if line.bold], bold[0].size)
        if len(_joined_title(run).split()) >= 3:
            return _joined_title(run), run
    return "", []


_RUBRICS = frozenset(
    re.sub(r"\s", "", rubric)
    for rubric in (
        "squibs and discussions", "original article", "original research article", "original paper", "research article",
        "review article", "short communication", "brief communication", "technical note", "case report",
        "letter to the editor", "regular paper", "full length article", "open access",
    )
)  # fmt: skip


def _run(lines: Sequence[TextLine], size: float) -> list[TextLine]:
    """The first lines of that size that follow each other without much space between them."""
    run: list[TextLine] = []
    for line in lines:
        if abs(line.size - size) > 0.04 * size:
            if run:
                break
            continue
        if run and run[-1].bottom - line.top > 1.2 * size:
            break
        run.append(line)
    return run


def _joined_title(run: Sequence[TextLine]) -> str:
    text = ""
    for line in run:
        text = text[:-1] + line.text if text.endswith(LINE_HYPHEN) else f"{text} {line.text}"
    return re.sub(r"(?<=[^\W\d_])[*∗†‡§¶]+$", "", clean_line(text.replace(LINE_HYPHEN, "-")))


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _front(lines: Sequence[TextLine], body: float, bold: bool) -> tuple[list[TextLine], list[TextLine]]:
    """What stands before the abstract or the first section (authors, addresses), and what follows."""
    first = [line for line in lines if line.page == lines[0].page]
    for place, line in enumerate(first):
        opened = _RUN_IN.match(line.text)
        named = opened is not None and (opened["mark"] != "" or len(line.text.split()) == 1)
        known = kind_of(line.text, "") != "" and _is_heading(line, None, body, bold)
        if named or known or _is_paragraph(first[place : place + 3], body):
            return first[:place], list(lines[place:])
    return [], list(lines)


def _is_paragraph(lines: Sequence[TextLine], body: float) -> bool:
    """Whether three lines are full lines of running text, as an abstract without a heading has them."""
    widest = max(line.right - line.left for line in lines)
    full = all(abs(line.size - body) < 0.1 * body and line.right - line.left > 0.85 * widest for line in lines)
    words = [word for line in lines for word in line.text.split()]
    return len(lines) == 3 and full and sum(word.islower() for word in words) > max(9, 0.6 * len(words))


def _facts(
    title: str, front: Sequence[TextLine], first_page: Sequence[TextLine], running: set[TextLine], said: dict[str, str]
) -> PaperFacts:
    text = "\n".join(line.text for line in first_page)
    before_references = re.split(r"\n(?:references|bibliography)\n", text, maxsplit=1, flags=re.IGNORECASE)[0]
    doi, arxiv = _DOI.search(before_references), _ARXIV.search(text)
    found = (identifier("doi", doi[1]) if doi else None, identifier("arxiv", arxiv[1]) if arxiv else None)
    return PaperFacts(
        title=title,
        authors=tuple(_authors(front, text, said)),
        year=_year(first_page, front, running),
        identifiers=tuple(sorted({one for one in found if one is not None})),
    )


def _year(first_page: Sequence[TextLine], front: Sequence[TextLine], running: set[TextLine]) -> int | None:
    """The latest year in a line of the first page that speaks of publication and is no running text."""
    years: list[int] = []
    for place, line in enumerate(first_page):
        context = " ".join(one.text for one in first_page[max(0, place - 1) : place + 2])
        aside = (
            line in running
            or line in front
            or line.column < 0
            or line.size < 0.95 * median(one.size for one in first_page)
        )
        if aside and _DATED.search(context):
            years += [int(year) for year in _YEAR.findall(line.text)]
    return max(years, default=None)


def _authors(front: Sequence[TextLine], first_page: str, said: dict[str, str]) -> Iterator[str]:
    """Names that the file states and the first page shows, else those between title and abstract."""
    page = _folded(first_page)
    stated = [name.strip() for name in re.split(r"\s*[,;]\s*|\s+and\s+", said.get("Author", "")) if name.strip()]
    if stated and all(_shown(name, page) for name in stated):
        yield from stated
        return
    named = [line for line in front[:40] if "@" not in line.text and not _PLACES.search(line.text)]
    # A list of names may be broken anywhere; names that have a line of their own are apart.
    listed = "".join(line.marked + (" " if re.search(r"[,;]|\band\b", line.text) else "   ") for line in named)
    seen: set[str] = set()
    for piece in re.split(r"\s*[,;·|&]\s*|\s+and\s+|\s{3,}", re.sub(r"[\d*∗†‡§¶¹²³⁴⁵⁶⁷⁸⁹⁰♯]+", ",", listed)):
        name = re.sub(r"^and\s+", "", piece.strip(" ."))
        if len(name) <= 80 and _NAME.fullmatch(name) and len(name.split()) <= 5 and name not in seen:
            seen.add(name)
            yield name.title() if name.isupper() else name


def _shown(name: str, page: str) -> bool:
    """Whether a stated author stands on the page: a person's surname, or the whole of another name (a consortium's)."""
    if _NAME.fullmatch(name):
        return _folded(name.split()[-1]) in page
    return len(name.split()) > 1 and _folded(name) in page


# Running text --------------------------------------------------------------------------------------------------------


def _footnotes(lines: Sequence[TextLine], body: float) -> set[TextLine]:
    """Small print at the foot of a column that begins with a mark, below lines of common size."""
    found: set[TextLine] = set()
    columns: dict[tuple[int, int], list[TextLine]] = {}
    for line in lines:
        columns.setdefault((line.page, line.column), []).append(line)
    for column in columns.values():
        foot: list[TextLine] = []
        for line in sorted(column, key=lambda one: one.bottom):
            if line.size >= 0.95 * body or len(foot) > 14:
                break
            foot.append(line)
        foot.reverse()
        marks = [place for place, line in enumerate(foot) if _FOOTNOTE.match(line.text) or _DATED.search(line.text)]
        if marks and len(foot) < len(column) and not any(_CAPTION.match(line.text) for line in foot):
            found.update(foot[marks[0] :])
    return found


def _is_heading(line: TextLine, before: TextLine | None, body: float, bold: bool) -> bool:
    """Whether a line looks like a heading by itself: short, no sentence, and larger, bolder, numbered or well known."""
    text = line.text
    words = text.split()
    if (
        not 1 <= len(words) <= 14
        or line.letters < 3
        or text.endswith((",", ";", LINE_HYPHEN))
        or line.size < 0.85 * body
    ):
        return False
    if _CAPTION.match(text) or sum(map(len, _WORD.findall(text))) < 0.45 * len(text.replace(" ", "")):
        return False
    known = (opens_references(text) or kind_of(text, "") != "") and len(words) <= 5
    larger = line.size >= 1.09 * body
    bolder = line.bold and not bold
    capital = next((letter for letter in text if letter.isalpha()), "a").isupper()
    if not capital:
        return False
    if larger or bolder:
        return not text.endswith(".") or known or _NUMBERED.match(text) is not None
    apart = _is_apart(line, before, 0.45)
    if text.isupper() and line.letters >= 5:
        return apart and (known or _NUMBERED.match(text) is not None or len(words) >= 2)
    exactly = re.sub(r"^(?:\d{1,2}|[IVX]+)[.)]?\s+", "", text).strip(" .:").casefold()
    if exactly in _WELL_KNOWN:
        return apart or exactly in ("references", "bibliography", "abstract")
    return (
        apart
        and _NUMBERED.fullmatch(text) is not None
        and not text.endswith(".")
        and (known or text[0].isdigit() and len(words) <= 9)
    )


_WELL_KNOWN = frozenset(
    {
        "abstract",
        "introduction",
        "background",
        "related work",
        "related works",
        "methods",
        "materials and methods",
        "results",
        "results and discussion",
        "discussion",
        "conclusion",
        "conclusions",
        "acknowledgments",
        "acknowledgements",
        "references",
        "bibliography",
        "literature cited",
        "appendix",
        "summary",
        "experiments",
        "evaluation",
        "future work",
        "limitations",
    }
)


def _parts(lines: Sequence[TextLine], body: float, bold: bool) -> Iterator[_Part]:
    """Sections and captions in order; a caption comes after the section in which it floats."""
    part = _Part(None, None)
    captions: list[_Part] = []
    caption: _Part | None = None
    before: TextLine | None = None
    heading_line: TextLine | None = None
    in_references: TextLine | None = None
    widths = _widths(lines)
    for line in lines:
        if caption is not None:
            if _continues_caption(caption, line):
                caption.add(line, False)
                continue
            caption = None
        text = line.text
        if (start := _CAPTION.match(text)) and _begins_caption(line, before, start, body):
            if in_references is None:
                label = re.sub(r"^fig\.?\s", "Figure ", start[0].rstrip(" .:|–—"), flags=re.IGNORECASE)
                caption = _Part(label, "caption")
                caption.add(line, True)
                captions.append(caption)
            continue
        opened = _RUN_IN.match(text)
        if (
            opened
            and (
                opened["mark"]
                and (line.bold or opened["mark"] != "." or len(text.split()) > 1)
                or len(text.split()) == 1
            )
            and not in_references
            and (opened["heading"][0].isupper())
        ):
            yield from _closed(part, captions)
            captions = []
            name = opened["heading"].capitalize()
            keywords = kind_of(name) == "acknowledgments" or name.casefold() not in ("abstract", "summary")
            part = _Part(name, "acknowledgments" if keywords else "abstract")
            remaining = text[opened.end() :].strip()
            if remaining:
                part.add(replace(line, text=remaining), True)
            before, heading_line = line, None
            continue
        if (
            heading_line is not None
            and before is heading_line
            and _same_style(line, heading_line)
            and _is_heading(line, before, body, bold)
            and not _NUMBERED.match(text)
            and heading_line.bottom - line.top < 0.8 * line.size
            and kind_of(text, "") == ""
        ):
            part.heading = clean_line(f"{(part.heading or '').removesuffix(LINE_HYPHEN)} {text}")
            before = heading_line = line
            continue
        if _is_heading(line, before, body, bold):
            if in_references is not None and not (_same_print(line, in_references) and not _REFERENCE.search(text)):
                continue
            yield from _closed(part, captions)
            captions = []
            in_references = line if opens_references(text) else None
            name = clean_line(text.replace(LINE_HYPHEN, "-"))
            part = _Part(name, kind_of(name))
            before = heading_line = line
            continue
        if in_references is not None or not _is_prose(line, before, body, widths):
            continue
        part.add(line, _begins_paragraph(line, before, part, widths))
        before = line
    yield from _closed(part, captions)


def _closed(part: _Part, captions: Sequence[_Part]) -> Iterator[_Part]:
    if part.paragraphs:
        yield part
    yield from captions


def _same_print(one: TextLine, other: TextLine) -> bool:
    return one.bold == other.bold and abs(one.size - other.size) < 0.3


_REFERENCE = re.compile(r"\(\d{4}[a-z]?\)|https?://|doi|pp\.|\d+\s*\(\d+\)|et al|, [A-Z]\.", re.IGNORECASE)


def _same_style(one: TextLine, other: TextLine) -> bool:
    return _same_print(one, other) and one.page == other.page and one.column == other.column


def _widths(lines: Sequence[TextLine]) -> dict[int, tuple[float, float]]:
    """(left edge, usual width) of the text of each column, over all pages."""
    found: dict[int, list[TextLine]] = {}
    for line in lines:
        if len(line.text) > 25:
            found.setdefault(line.column, []).append(line)
    return {
        column: (median(line.left for line in members), median(line.right - line.left for line in members))
        for column, members in found.items()
    }


def _begins_caption(line: TextLine, before: TextLine | None, start: re.Match[str], body: float) -> bool:
    """Whether a line that begins with a figure's name is its caption, and not a sentence about the figure."""
    mark = "" if start["end"] is None else start["end"].strip()
    if line.size < 0.96 * body or mark not in ("", "."):
        return True
    ended = before is None or before.text.rstrip().endswith((".", ":", "?", "!"))
    return _is_apart(line, before, 0.8) and (mark == "." or (ended and line.text[start.end() :].lstrip()[:1].isupper()))


def _is_apart(line: TextLine, before: TextLine | None, sizes: float) -> bool:
    """Whether there is more space above a line than so many times its size, or another column."""
    if before is None or before.page != line.page or before.column != line.column:
        return True
    return before.bottom - line.top > sizes * line.size


def _continues_caption(caption: _Part, line: TextLine) -> bool:
    last = caption.paragraphs[-1][-1]
    same = line.page == last.page and line.column == last.column and abs(line.size - last.size) <= 0.06 * last.size
    if not same or line.bottom > last.bottom or _CAPTION.match(line.text):
        return False
    return last.bottom - line.top < 0.55 * last.size and len(caption.paragraphs[-1]) < 25


def _is_prose(line: TextLine, before: TextLine | None, body: float, widths: dict[int, tuple[float, float]]) -> bool:
    """Whether a line is running text, and no formula, axis or cell of a table."""
    if line.size < 0.78 * body:
        return False
    words = _WORD.findall(line.text)
    tokens = line.text.split()
    if not words:
        # The short end of a sentence that began above.
        return (
            before is not None
            and line.letters > 0
            and len(tokens) <= 4
            and tokens[-1].endswith(".")
            and len(tokens[0]) > 1
            and tokens[0][0].isalpha()
            and abs(before.left - line.left) < 1.5 * line.size
        )
    letters = sum(map(len, words))
    solid = len(line.text.replace(" ", ""))
    if letters < 0.35 * solid and (len(words) < 3 or len(tokens) > 4 * len(words)):
        return False
    if line.size < 0.93 * body and len(words) < 4:
        return False
    left, width = widths.get(line.column, (line.left, line.right - line.left))
    alone = len(words) <= 2 and line.left > left + 0.12 * width and not re.search(r"[.:;,]$", line.text)
    return not alone


def _begins_paragraph(
    line: TextLine, before: TextLine | None, part: _Part, widths: dict[int, tuple[float, float]]
) -> bool:
    if before is None or not part.paragraphs:
        return True
    last = part.paragraphs[-1][-1]
    ended = last.text.rstrip().endswith((".", "!", "?", ":", ".”", ".)", '."'))
    if line.page != last.page or line.column != last.column:
        return ended and not line.text[:1].islower() and _indented(line, widths)
    gap = last.bottom - line.top
    if gap > 0.75 * line.size:
        return ended or not line.text[:1].islower()
    if _BULLET.match(line.text) and ended:
        return True
    return (
        ended
        and line.left > last.left + 0.7 * line.size
        and line.left - last.left < 6 * line.size
        and _indented(line, widths)
    )


def _indented(line: TextLine, widths: dict[int, tuple[float, float]]) -> bool:
    left, _ = widths.get(line.column, (line.left, 0.0))
    return line.left > left + 0.6 * line.size


# Lines to text -------------------------------------------------------------------------------------------------------


def _section(part: _Part, words: Counter[str]) -> Section | None:
    """Paragraphs with their lines joined."""
    if part.heading is not None and opens_references(part.heading):
        return None
    text = ""
    lines: list[Line] = []
    for paragraph in part.paragraphs:
        text += "\n\n" if text else ""
        for place, line in enumerate(paragraph):
            words_of_line = " ".join(line.text.split())
            if place:
                text = _ready(text, words_of_line, words)
                # A hyphen that went was the last of its line.
                lines[-1] = replace(lines[-1], end=min(lines[-1].end, len(text)))
            lines.append(Line(len(text), len(text) + len(words_of_line), line.box))
            text += words_of_line
    if len(_WORD.findall(text)) < 2:
        return None
    return Section(part.heading, part.kind, text.replace(LINE_HYPHEN, "-"), tuple(lines))


def _ready(text: str, following: str, words: Counter[str]) -> str:
    """`text` as it goes on with the next line: with a blank, or without the hyphen that broke a word.

    A hyphen is the word's own where the paper writes the word with it elsewhere, where both of its parts are words of
    the paper but not the whole, and after words that make compounds.
    """
    if not text.endswith((LINE_HYPHEN, "-")):
        return f"{text} "
    stem = text[:-1]
    before, after = re.search(r"[^\W\d_]+$", stem), re.match(r"[^\W\d_]+", following)
    if before is None or after is None:
        return f"{stem}-"
    first, second = before[0].casefold(), after[0].casefold()
    joined, hyphened = words[first + second], words[f"{first}-{second}"]
    both = words[first] > 1 and words[second] > 1 and len(first) > 3
    compound = first in _COMPOUNDING and len(second) > 3
    own = hyphened > joined or (joined == 0 and (both or compound)) or following[:1].isupper()
    return f"{stem}-" if own else stem


_COMPOUNDING = frozenset("well self high low long short large small single double half state two three four".split())
