"""Small PDFs for tests, written by hand: lines of Helvetica at given places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Placed = tuple[float, float, float, str, bool]
"""(left, baseline, size, text, bold?) in points from the lower left corner."""


def made_pdf(
    pages: Sequence[Sequence[Placed]], title: str = "", author: str = "", inks: Mapping[str, str] | None = None
) -> bytes:
    """`inks` are operators of PDF that hold for the lines with that text: `1 1 1 rg` for white."""
    count = len(pages)
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({title}) /Author ({author}) >>",
    ]
    for number, lines in enumerate(pages):
        stream = "\n".join(
            f"q {inks.get(text, '') if inks else ''} BT /{'B' if bold else 'R'} {size} Tf {left} {base} Td "
            f"({_escaped(text)}) Tj ET Q"
            for left, base, size, text, bold in lines
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {7 + 2 * number} 0 R "
            "/Resources << /Font << /R 3 0 R /B 4 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
    made, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        made
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R "
            f"/Info 5 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
        ).encode()
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def column(left: float, top: float, lines: Sequence[str], size: float = 10, step: float = 12) -> list[Placed]:
    """Lines below each other."""
    return [(left, top - place * step, size, text, False) for place, text in enumerate(lines)]
