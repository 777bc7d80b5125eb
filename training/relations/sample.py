"""Draws relations of real papers to be judged by reading, and joins the verdicts to them.

    python -m training.relations.sample draw --data DATA --out FOLDER [--seed 1]
    python -m training.relations.sample join --drawn FOLDER/drawn.jsonl --verdicts FILE --out judgements.jsonl
    python -m training.relations.sample renew --data DATA --judgements judgements.jsonl

`draw` writes `sheet.txt`, a line for each relation with its sentence, and `drawn.jsonl`, the same without any text: the
digest of the passage, offsets, the pattern's family and its features. FILE has lines "NUMBER VERDICT": `right`, or
what is wrong first: `subject`, `predicate`, `object`, `stance`, `nothing` (the sentence says nothing of the kind).
Those without a verdict are left out. `join` adds to what the file has.
`renew` reads the judged passages once more, for the features as they are now.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.extract.noun_phrases import phrase_at
from ingest.extract.relation_confidence import features
from ingest.extract.relations import relations_of
from ingest.extract.syntax_pipeline import SyntaxPipeline, weights_digest
from training.relations.papers import Paper, papers

DRAWN = {
    "plos": (15, 5),
    "elife": (6, 5),
    "misc": (8, 5),
    "joss": (6, 5),
    "materials": (10, 5),
    "abstracts": (45, 3),
    "language": (40, 2),
}
"""By holding: how many papers, and how many relations of each."""

PARAGRAPHS = 12
VERDICTS = ("right", "subject", "predicate", "object", "stance", "nothing")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw")
    draw.add_argument("--data", type=Path, required=True)
    draw.add_argument("--out", type=Path, required=True)
    draw.add_argument("--seed", default="1")
    join = commands.add_parser("join")
    join.add_argument("--drawn", type=Path, required=True)
    join.add_argument("--verdicts", type=Path, required=True)
    join.add_argument("--out", type=Path, required=True)
    renew = commands.add_parser("renew")
    renew.add_argument("--data", type=Path, required=True)
    renew.add_argument("--judgements", type=Path, required=True)
    options = parser.parse_args()
    if options.command == "draw":
        _draw(options.data, options.out, options.seed)
    elif options.command == "renew":
        _renew(options.data, options.judgements)
    else:
        _join(options.drawn, options.verdicts, options.out)


def _draw(data: Path, out: Path, seed: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    pipeline = SyntaxPipeline()
    with (out / "sheet.txt").open("w", encoding="utf-8") as sheet, (out / "drawn.jsonl").open("w") as drawn:
        number = 0
        for held, (how_many, of_each) in DRAWN.items():
            choice = list(islice(papers(data, held), 400))
            chance.shuffle(choice)
            for paper in choice[:how_many]:
                found = list(_relations(paper, pipeline, chance))
                chance.shuffle(found)
                for row, line in found[:of_each]:
                    number += 1
                    sheet.write(f"{number}. {line}\n")
                    drawn.write(json.dumps({"number": number, "weights": weights_digest(), **row}) + "\n")


def _relations(paper: Paper, pipeline: SyntaxPipeline, chance: random.Random) -> Iterator[tuple[dict[str, Any], str]]:
    paragraphs = list(paper.paragraphs)
    chance.shuffle(paragraphs)
    for text in paragraphs[:PARAGRAPHS]:
        digest = _digest(text)
        for parse in pipeline.parses(text):
            phrases, relations = relations_of(parse)
            for one in relations:
                ends = [phrases[one.subject], phrases[one.object]]
                spans = [(parse.starts[end.first], parse.ends[end.last] - end.cut) for end in ends]
                seen = features(parse, ends[0], ends[1], one.predicate)
                row = {
                    "paper": paper.id,
                    "field": paper.field,
                    "passage": digest,
                    "sentence": [parse.start, parse.end],
                    "subject": spans[0],
                    "object": spans[1],
                    "predicate": one.predicate,
                    "denied": one.denied,
                    "hedged": one.hedged,
                    "family": one.family,
                    "features": _shown(seen),
                }
                stance = " NOT" * one.denied + " PERHAPS" * one.hedged
                names = [text[start:end] for start, end in spans]
                yield (
                    row,
                    f"{names[0]} | {one.predicate}{stance} | {names[1]} <{one.words}> {text[parse.start : parse.end]}",
                )


def _renew(data: Path, path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    wanted = defaultdict(list)
    for row in rows:
        wanted[row["passage"]].append(row)
    pipeline = SyntaxPipeline()
    renewed = 0
    texts = {text for held in DRAWN for paper in islice(papers(data, held), 400) for text in paper.paragraphs}
    for text in sorted(texts):
        asked = wanted.get(_digest(text), [])
        for parse in pipeline.parses(text) if asked else []:
            for row in asked:
                ends = [phrase_at(parse, *row[end]) for end in ("subject", "object")]
                if ends[0] is None or ends[1] is None or row["sentence"] != [parse.start, parse.end]:
                    continue
                row["features"] = _shown(features(parse, ends[0], ends[1], row["predicate"]))
                renewed += 1
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{renewed} of {len(rows)} renewed")


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=10).hexdigest()


def _shown(seen: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in seen.items() if value}


def _join(drawn: Path, verdicts: Path, out: Path) -> None:
    told = dict(line.split() for line in verdicts.read_text(encoding="utf-8").splitlines() if line.strip())
    if unknown := set(told.values()) - set(VERDICTS):
        raise SystemExit(f"{verdicts} has verdicts that are none: {sorted(unknown)}. There are: {', '.join(VERDICTS)}.")
    with out.open("a", encoding="utf-8") as file:
        for line in drawn.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            verdict = told.get(str(row.pop("number")))
            if verdict is not None:
                file.write(json.dumps({**row, "verdict": verdict}) + "\n")


if __name__ == "__main__":
    main()
