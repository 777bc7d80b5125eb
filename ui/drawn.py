"""What people see: values as tables and text on stdout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kg.model import Quantity
from ui import asked, run_report
from ui.terminal import one_line, write, write_table

if TYPE_CHECKING:
    from kg.injections import Quarantined
    from kg.library import Disagreement
    from kg.model import Concept, Evidence, Hit, Paper, Path, Relation
    from ui.doctor import Check

_SNIPPET = 400  # characters of a passage under its title


def pairs(values: Mapping[str, Any]) -> None:
    """Names and values, a line each."""
    width = max(map(len, values), default=0)
    for name, value in values.items():
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        if isinstance(value, dict):
            text = ", ".join(f"{key} {inner}" for key, inner in value.items() if inner is not None)
        write(f"{name:<{width}}  {one_line(text)}")


def report(told: Mapping[str, Any]) -> None:
    """What became of an ingest: the counts, and each file that failed with its reason."""
    counts = [f"{count} {state}" for state, count in told["papers"].items() if count]
    write(f"Papers: {', '.join(counts) if counts else 'none'} · {told['words']:,} words in {told['seconds']:.1f} s")
    write(
        f"The library holds {told['passages']:,} passages, {told['concepts']:,} concepts, {told['relations']:,} "
        f"relations with {told['evidence']:,} pieces of evidence."
    )
    if (estimate := told.get("estimate")) is not None:
        write(
            f"Nothing was stored. It would take about {estimate['seconds']:,.0f} s for {estimate['papers']:,} papers "
            f"with {estimate['words']:,} words in {estimate['passages']:,} passages."
        )
        if (model := estimate.get("language_model")) is not None:
            write(asked.expected(model))
    if (model := told.get("language_model")) is not None:
        for line in asked.sentences(model):
            write(one_line(line))
    if count := told["quarantined"]:
        write(
            f"{count:,} {'passage looks like an instruction' if count == 1 else 'passages look like instructions'} "
            "to a program: kept out of every answer. See `hypograph quarantine`."
        )
    for file in told["files"]:
        if file["status"] in ("failed", "skipped") and file["reason"]:
            write(f"{file['status']}: {one_line(file['path'])}: {one_line(file['reason'])}")


def papers(found: Iterable[Paper]) -> None:
    """A table of papers, with a column for tags where one has any."""
    rows = list(found)
    if not any(one.tags for one in rows):
        write_table(["key", "year", "title", "id"], [(one.key, one.year, _cut(one.title, 100), one.id) for one in rows])
        return
    write_table(
        ["key", "year", "title", "tags", "id"],
        [(one.key, one.year, _cut(one.title, 100), ", ".join(one.tags), one.id) for one in rows],
    )


def tags(counts: Mapping[str, int]) -> None:
    """A table of tags, and how many papers have each."""
    write_table(["tag", "papers"], list(counts.items()), numbers=["papers"])


def concepts(found: Iterable[Concept]) -> None:
    """A table of concepts."""
    write_table(
        ["concept", "type", "papers", "mentions", "also"],
        [(one.label, one.type, one.papers, one.mentions, _cut(", ".join(one.aliases), 60)) for one in found],
        numbers=["papers", "mentions"],
    )


def relations(found: Iterable[Relation]) -> None:
    """A table of relations."""
    write_table(
        ["subject", "predicate", "object", "papers", "for", "against", "hedged"],
        [(one.subject, one.predicate, one.object, one.papers, one.supports, one.denies, one.hedges) for one in found],
        numbers=["papers", "for", "against", "hedged"],
    )


def hits(found: Sequence[Hit]) -> None:
    """Passages, the best first."""
    if not found:
        write("Nothing fits.")
    for number, hit in enumerate(found, 1):
        write(f"{number}. {_cut(hit.title or hit.key, 120)}{f' ({hit.year})' if hit.year is not None else ''}")
        page = f"page {hit.page}" if hit.page is not None else None
        write(
            "   "
            + " · ".join(
                one_line(part) for part in (hit.key, hit.section, page, f"score {hit.score:.3f}", hit.passage) if part
            )
        )
        write(f"   {_cut(hit.text, _SNIPPET)}")
        if hit.why:
            write(f"   Why: {_cut('; '.join(hit.why), _SNIPPET)}")


def answer(told: Mapping[str, Any]) -> None:
    """An answer with its quotes."""
    if told["completed"] != told["question"]:
        write(f"Understood as: {one_line(told['completed'])}")
        write()
    if not told["answered"]:
        write(one_line(told["answer"]))
        _remembered(told)
        _made_with(told)
        return
    numbers: dict[tuple[str, int, int], int] = {}
    quotes = []
    for part in told["parts"]:
        if len(told["parts"]) > 1:
            write(one_line(part["question"]))
            if not part["answered"]:
                write("Not in your papers.")
        for sentence in told["sentences"][part["first"] : part["first"] + part["sentences"]]:
            marks = []
            for one in sentence["citations"]:
                place = one["passage"], one["start"], one["end"]
                if place not in numbers:
                    numbers[place] = len(numbers) + 1
                    quotes.append(
                        f"[{numbers[place]}] “{one_line(one['quote'])}” ({one_line(one['key'])}, {one['passage']})"
                    )
                marks.append(f"[{numbers[place]}]")
            write(f"{one_line(sentence['text'])} {''.join(marks)}")
        write()
    for note in told["notes"]:
        write(f"Note: {one_line(note)}")
    if told["notes"]:
        write()
    _remembered(told)
    for quote in quotes:
        write(quote)
    write()
    write(f"Run {told['run']}: ask on with --after {told['run']}")
    _made_with(told)


def _made_with(told: Mapping[str, Any]) -> None:
    if told["model"] is not None:
        write(f"With {one_line(told['model'])}: {run_report.cost(told['cost'])}")


def _remembered(told: Mapping[str, Any]) -> None:
    for one in told["remembered"]:
        name = f"{one_line(one['title'])}: " if one["title"] else ""
        write(f"Your note {one['id']}: {name}{_cut(one['text'], _SNIPPET)}")
    if told["remembered"]:
        write()


def runs(found: Iterable[Mapping[str, Any]]) -> None:
    """A table of runs."""
    write_table(
        ["run", "written", "state", "kind", "cost", "about"],
        [
            (row["run"], row["written"], row["state"], row["kind"], run_report.cost(row["cost"]), run_report.asked(row))
            for row in found
        ],
    )


def paths(found: Sequence[Path]) -> None:
    """Paths, a line for each hop with its first quote."""
    if not found:
        write("No path joins them within so many hops.")
    for number, path in enumerate(found, 1):
        write(f"{number}. {one_line(' – '.join(path.concepts))}  (score {path.score:.3f})")
        for hop in path.hops:
            write(
                f"   {one_line(hop.subject)} → {one_line(hop.predicate)} → {one_line(hop.object)}  "
                f"({hop.papers} papers, {hop.supports} for, {hop.denies} against)"
            )
            for one in hop.evidence[:1]:
                write(f"      {_quoted(one)}")


def disagreements(found: Iterable[Disagreement]) -> None:
    """Relations with a sentence for and one against."""
    none = True
    for one in found:
        none = False
        relation = one.relation
        write(f"{one_line(relation.subject)} → {one_line(relation.predicate)} → {one_line(relation.object)}")
        for sign, evidence in (("for", one.supporting), ("against", one.denying)):
            for piece in evidence:
                write(f"   {sign:<8} {_quoted(piece)}")
    if none:
        write("No relation has evidence for and against.")


def table(told: Mapping[str, Any]) -> None:
    """A literature table: each paper with what it says to each question."""
    for number, question in enumerate(told["questions"], 1):
        write(f"[{number}] {one_line(question)}")
    for row in told["rows"]:
        write()
        write(f"{one_line(row['title'] or row['key'])}  ({one_line(row['key'])})")
        for number, cell in enumerate(row["cells"], 1):
            if cell is not None:
                page = f"p. {cell['page']}" if cell["page"] is not None else None
                where = ", ".join(one_line(part) for part in (cell["section"], page) if part)
                write(f"   [{number}] “{one_line(cell['text'])}”{f' ({where})' if where else ''}")
    if not told["rows"]:
        write("No paper is in that scope.")


def quarantine(found: Sequence[Quarantined]) -> None:
    """Quarantined passages, each with its paper and the reason."""
    if not found:
        write("Nothing is quarantined.")
    for one in found:
        page = f", page {one.page}" if one.page is not None else ""
        write(f"{one_line(one.key)}{page} ({one.passage}): {one_line(one.reason)}")
        write(f"   {_cut(one.text, _SNIPPET)}")


def shown(told: Mapping[str, Any]) -> None:
    """One thing whole: its values, then its lists."""
    pairs(
        {
            name: value
            for name, value in told.items()
            if value not in (None, "", []) and not (isinstance(value, list) and isinstance(value[0], dict))
        }
    )
    for name, values in told.items():
        if isinstance(values, list) and values and isinstance(values[0], dict):
            write()
            write(f"{name}:")
            for value in values:
                write(f"  {_row(value)}")


def verified(told: Mapping[str, Any]) -> None:
    """What a check of the library found."""
    write(f"{told['checked']:,} things checked, {len(told['wrong'])} wrong{', repaired' if told['repaired'] else ''}.")
    for wrong in told["wrong"][:20]:
        write(f"  {one_line(wrong)}")
    if told["wrong"] and not told["repaired"]:
        write("`hypograph verify --repair` folds the views anew from the facts.")


def checks(found: Iterable[Check]) -> None:
    """What the doctor saw."""
    for check in found:
        write(f"{'ok' if check.ok else 'LOOK':<4}  {one_line(check.name)}: {one_line(check.message)}")


def settings(rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Settings with their source."""
    write_table(
        ["setting", "value", "from", "is"],
        [
            (name, "–" if row["value"] is None else row["value"], row["source"], row["meaning"])
            for name, row in rows.items()
        ],
    )


def _row(value: Mapping[str, Any]) -> str:
    """A value of a list on one line: the words that say most of it."""
    if "quote" in value:
        return (
            f"{one_line(value['subject'])} → {one_line(value['predicate'])} → {one_line(value['object'])}"
            f"{' (denied)' if value['polarity'] == 'denies' else ''}: “{_cut(value['quote'], _SNIPPET)}” "
            f"({one_line(value['key'])}){_measured(_amounts(value['quantities']))}"
        )
    if "predicate" in value:
        return (
            f"{one_line(value['subject'])} → {one_line(value['predicate'])} → {one_line(value['object'])}  "
            f"({value['papers']} papers, {value['supports']} for, {value['denies']} against)  "
            f"{value.get('id', '')}"
        )
    if "title" in value:
        return f"{one_line(value['key'])}: {_cut(value['title'], 100)}  {value['id']}"
    if "step" in value:
        return f"{value['number']}. {value['step']}: {_cut(str(value['outputs']), _SNIPPET)}"
    if "section" in value:
        kept_out = f" [quarantined: {one_line(value['quarantined'])}]" if "quarantined" in value else ""
        return f"{value['id']} {one_line(value['section'] or '')}{kept_out}\n    {one_line(value['text'])}"
    return one_line(value.get("text", value))


def _quoted(one: Evidence) -> str:
    return f"“{_cut(one.quote, _SNIPPET)}” ({one_line(one.key)}){_measured(one.quantities)}"


def _amounts(quantities: Iterable[Mapping[str, Any]]) -> list[Quantity]:
    """Quantities as `kg.export.quantity_json` gives them."""
    return [
        Quantity(
            one["start"],
            one["end"],
            one["text"],
            one["low"],
            one["high"],
            one["unit"],
            "" if one["of"] is None else one["of"],
            "" if one["property"] is None else one["property"],
        )
        for one in quantities
    ]


def _measured(quantities: Iterable[Quantity]) -> str:
    """The quantities of a sentence, after its quote: ` [toughness of silk: 180 MJ/m3]`."""
    told = "; ".join(f"{one_line(one.what())}: {one_line(one.text)}" for one in quantities)
    return f" [{told}]" if told else ""


def _cut(text: str, most: int) -> str:
    line = one_line(text)
    return line if len(line) <= most else line[: most - 1] + "…"
