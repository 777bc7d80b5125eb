"""Sets the article of the sample library that is kept as a PDF: two columns, a running head, page numbers.

    python scripts/make_sample_pdf.py [OUT]

needs reportlab (BSD), which is not among the project's dependencies: the PDF is kept in the repository, and this is
run again only when the text beside it, make_sample_pdf.md, changes. The same text gives the same bytes with the same
version of reportlab (the file there was set with 5.1.0).
"""

from __future__ import annotations

import sys
from pathlib import Path

from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
)

TEXT = Path(__file__).with_suffix(".md")
OUT = Path(__file__).resolve().parent.parent / "ui" / "sample" / "sacrificial-bonds.pdf"

WIDTH, HEIGHT = A5
MARGIN, GUTTER, TITLE_HEIGHT = 44.0, 14.0, 96.0  # points
COLUMN = (WIDTH - 2 * MARGIN - GUTTER) / 2

TITLE = ParagraphStyle("title", fontName="Times-Bold", fontSize=16, leading=20, spaceAfter=5)
BYLINE = ParagraphStyle("byline", fontName="Times-Roman", fontSize=10, leading=13)
DATE = ParagraphStyle("date", fontName="Times-Roman", fontSize=8, leading=11)
HEADING = ParagraphStyle("heading", fontName="Times-Bold", fontSize=12, leading=15, spaceBefore=8, spaceAfter=3)
ROOM = 55.0  # points that a heading and the first lines below it need
FIRST = ParagraphStyle("first", fontName="Times-Roman", fontSize=10.5, leading=13)
NEXT = ParagraphStyle("next", parent=FIRST, firstLineIndent=10)


def main(out: Path) -> None:
    """Writes the PDF to `out`."""
    title, author, date, *blocks = TEXT.read_text(encoding="utf-8").strip().split("\n\n")
    document = BaseDocTemplate(
        str(out), pagesize=A5, title=title, author=author, lang="en", creator="Hypograph", invariant=1
    )
    document.addPageTemplates([_page("first", _columns(TITLE_HEIGHT), title), _page("later", _columns(0), title)])
    story: list[Flowable] = [
        NextPageTemplate("later"),
        Paragraph(title, TITLE),
        Paragraph(author, BYLINE),
        Paragraph(f"Published: {date}", DATE),
        FrameBreak(),
    ]
    style = FIRST
    for block in blocks:
        heading = block.removeprefix("# ")
        opens = heading != block
        if opens:
            story.append(CondPageBreak(ROOM))
        story.append(Paragraph(heading, HEADING if opens else style))
        style = FIRST if opens else NEXT
    document.build(story)


def _columns(below_title: float) -> list[Frame]:
    """The title's frame, where there is one, and two columns."""
    bare = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    height = HEIGHT - 2 * MARGIN - below_title
    columns = [
        Frame(MARGIN + place * (COLUMN + GUTTER), MARGIN, COLUMN, height, id=f"column {place + 1}", **bare)
        for place in range(2)
    ]
    if not below_title:
        return columns
    return [Frame(MARGIN, MARGIN + height, WIDTH - 2 * MARGIN, below_title, id="title", **bare), *columns]


def _page(name: str, frames: list[Frame], title: str) -> PageTemplate:
    def draw(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Times-Italic", 8)
        canvas.drawCentredString(WIDTH / 2, HEIGHT - 30, f"Hypograph sample library: {title.partition(':')[0]}")
        canvas.setFont("Times-Roman", 8)
        canvas.drawCentredString(WIDTH / 2, 28, str(document.page))

    return PageTemplate(id=name, frames=frames, onPage=draw)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
