"""Reads MeasEval (SemEval-2021 task 8): paragraphs of articles with their amounts and what these measure."""

import csv
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One amount. `entities` and `properties` are what annotators said it is the amount of: often one, or none."""

    span: Span
    unit: str
    entities: tuple[Span, ...] = ()
    properties: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`article` names the article that the paragraph is from. Measurements by place."""

    article: str
    text: str
    measurements: tuple[Measurement, ...]

    def amounts(self) -> list[Span]:
        """The spans of the amounts, none overlapping another: the first and longest are kept."""
        apart: list[Span] = []
        for start, end in sorted({one.span for one in self.measurements}, key=lambda span: (span[0], -span[1])):
            if not apart or start >= apart[-1][1]:
                apart.append((start, end))
        return apart


def paragraphs(archive: Path, split: str) -> list[Paragraph]:
    """The paragraphs of "train" or "trial", by name."""
    texts: dict[str, str] = {}
    tables: dict[str, str] = {}
    with tarfile.open(archive) as files:
        for item in files:
            path = PurePosixPath(item.name)
            if (data := files.extractfile(item)) is None or path.parts[0] != split:
                continue
            # Offsets count line ends as they are.
            (texts if path.suffix == ".txt" else tables)[path.stem] = data.read().decode("utf-8")
    return [Paragraph(name.split("-")[0], texts[name], tuple(_measurements(tables[name]))) for name in sorted(tables)]


def _measurements(table: str) -> Iterator[Measurement]:
    sets: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        sets.setdefault(row["annotSet"], []).append(row)
    found = []
    for rows in sets.values():
        spans: dict[str, list[Span]] = {}
        unit = ""
        for row in rows:
            spans.setdefault(row["annotType"], []).append((int(row["startOffset"]), int(row["endOffset"])))
            if row["annotType"] == "Quantity" and row["other"]:
                unit = json.loads(row["other"]).get("unit") or ""
        for span in spans.get("Quantity", []):
            entities, properties = spans.get("MeasuredEntity", []), spans.get("MeasuredProperty", [])
            found.append(Measurement(span, unit, tuple(entities), tuple(properties)))
    yield from sorted(found, key=lambda one: one.span)
