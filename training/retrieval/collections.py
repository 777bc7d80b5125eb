"""Collections of questions with judged passages, as lines that `hypograph ingest` takes.

Read from a folder with the files as they are published: questions over several hops with their pooled passages
(HotpotQA, MuSiQue, 2WikiMultihopQA as in arXiv:2405.14831), SciFact (arXiv:2004.14974, judgements of arXiv:2104.08663),
Cranfield and CISI in the SMART format, and PubMedQA (arXiv:1909.06146), whose questions are titles of its abstracts.
"""

import json
import lzma
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOPS = ("hotpotqa", "musique", "2wiki")
SCIENCE = ("scifact", "cranfield", "cisi", "pubmedqa")
WITHOUT_TITLES = "-without-titles"


@dataclass(frozen=True)
class Collection:
    """`documents` are corpus lines, `judged` says which of them (by id) answer a question, and how well (above 0)."""

    name: str
    documents: list[dict[str, str]]
    questions: dict[str, str]
    judged: dict[str, dict[str, float]]


def collection(name: str, data: Path) -> Collection:
    """The collection of that name; with WITHOUT_TITLES at its end, its documents have none."""
    plain = name.removesuffix(WITHOUT_TITLES)
    read = {"scifact": _scifact, "pubmedqa": _pubmedqa, "cranfield": _smart, "cisi": _smart}.get(plain, _hops)
    found = read(plain, data)
    if plain != name:
        bare = [{key: value for key, value in one.items() if key != "title"} for one in found.documents]
        found = Collection(name, bare, found.questions, found.judged)
    wanted = {key for key, grades in found.judged.items() if any(grade > 0 for grade in grades.values())}
    return Collection(
        name, found.documents, {key: text for key, text in found.questions.items() if key in wanted}, found.judged
    )


def _hops(name: str, data: Path) -> Collection:
    if name == "2wiki":
        questions, corpus = _json(data / "2wiki-101/questions.json"), _json(data / "2wiki-101/corpus.json.xz")
    else:
        told = _json(data / f"multihop/{name}-100.json.xz")
        questions, corpus = told["questions"], told["corpus"]
    documents = [{"id": f"d{number}", "title": one["title"], "text": one["text"]} for number, one in enumerate(corpus)]
    judged: dict[str, dict[str, float]] = {}
    for number, question in enumerate(questions):
        titles = question.get("gold_titles")
        wanted = set(titles) if titles is not None else {tuple(one) for one in question["gold"]}
        judged[str(number)] = {
            one["id"]: 1.0
            for one in documents
            if (one["title"] if titles is not None else (one["title"], one["text"])) in wanted
        }
    return Collection(name, documents, {str(n): one["question"] for n, one in enumerate(questions)}, judged)


def _scifact(name: str, data: Path) -> Collection:
    documents = [
        {"id": str(one["doc_id"]), "title": one["title"], "text": " ".join(one["abstract"])}
        for one in _lines(data / "scifact/corpus.jsonl.xz")
    ]
    claims = list(_lines(data / "scifact/claims_train.jsonl"))
    judged = {str(one["id"]): {str(cited): 1.0 for cited in one["cited_doc_ids"]} for one in claims}
    return Collection(name, documents, {str(one["id"]): one["claim"] for one in claims}, judged)


def _pubmedqa(name: str, data: Path) -> Collection:
    records = _json(data / "pubmedqa/pqal_dev.json")
    return Collection(
        name,
        [{"id": id, "text": " ".join(one["CONTEXTS"])} for id, one in records.items()],
        {id: one["QUESTION"] for id, one in records.items()},
        {id: {id: 1.0} for id in records},
    )


def _smart(name: str, data: Path) -> Collection:
    if name == "cranfield":
        documents, queries, grades = "cranfield/cran.all.1400", "cranfield/cran.qry", "cranfield/cranqrel"
    else:
        documents, queries, grades = "cisi/CISI.ALL", "cisi/CISI.QRY", "cisi/CISI.REL"
    asked = list(_records(data / queries))
    # Cranfield's judgements count its questions; its own numbers have gaps.
    numbered = {str(at) if name == "cranfield" else id: one["W"] for at, (id, one) in enumerate(asked, 1)}
    judged: dict[str, dict[str, float]] = defaultdict(dict)
    for line in (data / grades).read_text(encoding="utf-8").splitlines():
        question, document, *code = line.split()
        judged[question][document] = float(int(code[0]) > 0) if name == "cranfield" else 1.0
    lines = [
        {"id": id, "title": one["T"].strip(), "text": one["W"].strip()}
        for id, one in _records(data / documents)
        if one["T"] or one["W"]
    ]
    return Collection(name, lines, {key: text for key, text in numbered.items() if key in judged}, dict(judged))


def _records(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    for record in re.split(r"^\.I +", path.read_text(encoding="utf-8", errors="replace"), flags=re.MULTILINE)[1:]:
        id, _, rest = record.partition("\n")
        fields: dict[str, str] = defaultdict(str)
        name = ""
        for line in rest.splitlines():
            if re.fullmatch(r"\.[A-Z]\s*", line):
                name = line[1]
            else:
                fields[name] += line.strip() + " "
        yield id.strip(), fields


def _json(path: Path) -> Any:
    return json.loads(_text(path))


def _lines(path: Path) -> Iterator[Any]:
    return (json.loads(line) for line in _text(path).split("\n") if line.strip())


def _text(path: Path) -> str:
    stored = path.read_bytes()
    return (lzma.decompress(stored) if path.suffix == ".xz" else stored).decode("utf-8")
