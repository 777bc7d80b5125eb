"""The annotated sets as passages: a text, its mentions and the relations between them."""

from __future__ import annotations

import csv
import io
import json
import re
import tarfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}

STM_LABELS = ("Material", "Process", "Data", "Method")
# Four types that MuLMS's authors leave out of their own experiments have no words of their own.
MULMS_LEFT_OUT = frozenset({"IMPLICIT_PROPERTY", "IMPLICIT_MAT"})
LONGEST_PASSAGE = 200
"""Words of a passage that is cut from a whole article (MuLMS)."""


@dataclass(frozen=True, slots=True)
class GoldMention:
    start: int
    end: int
    label: str
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldPassage:
    """`relations` are (place of the subject, place of the object, predicate) among `mentions`.

    Where a set names relations of concepts instead (BioRED), every pair of their mentions is listed; a reader takes
    those of one sentence. `partial` is a label: nothing but it was annotated.
    """

    id: str
    source: str
    text: str
    mentions: tuple[GoldMention, ...] = ()
    relations: tuple[tuple[int, int, str], ...] = ()
    concept_relations: frozenset[tuple[str, str, str]] = field(default=frozenset(), repr=False)
    partial: str | None = None


def scierc(folder: Path, split: str) -> list[GoldPassage]:
    """SciERC (Luan et al. 2018, doi:10.18653/v1/D18-1360)."""
    return [_scierc(json.loads(line)) for line in (folder / f"scierc/{split}.json").read_text().splitlines() if line]


def _scierc(row: dict[str, list[list[list[int | str]]]]) -> GoldPassage:
    tokens = [BRACKETS.get(str(token), str(token)) for sentence in row["sentences"] for token in sentence]
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token) + 1
    mentions: dict[tuple[int, int], GoldMention] = {}
    for first, last, label in ((int(a), int(b), str(c)) for sentence in row["ner"] for a, b, c in sentence):
        mentions.setdefault((first, last), GoldMention(starts[first], starts[last] + len(tokens[last]), label))
    place = {span: number for number, span in enumerate(mentions)}
    relations = tuple(
        (place[int(a), int(b)], place[int(c), int(d)], str(predicate))
        for sentence in row["relations"]
        for a, b, c, d, predicate in sentence
    )
    return GoldPassage(str(row["doc_key"]), "scierc", " ".join(tokens), tuple(mentions.values()), relations)


def stm(folder: Path, split: str) -> list[GoldPassage]:
    """STM (Brack et al. 2020, doi:10.1007/978-3-030-45439-5_17): the last two abstracts by name of a domain are dev."""
    files = _members(folder / "stm/stm-entities-80.tar.xz")
    domains: dict[str, list[str]] = defaultdict(list)
    for name in sorted(files):
        if name.endswith(".ann"):
            domains[name.rpartition("/")[0]].append(name)
    part = slice(-2, None) if split == "dev" else slice(0, -2)
    return [_brat(name, files) for domain in sorted(domains) for name in domains[domain][part]]


def _brat(name: str, files: dict[str, str]) -> GoldPassage:
    mentions = []
    for line in files[name].split("\n"):
        fields = line.split("\t")
        described = fields[1].split() if line.startswith("T") else []
        if len(described) == 3 and described[0] in STM_LABELS:
            mentions.append(GoldMention(int(described[1]), int(described[2]), described[0]))
    stem = name.removesuffix(".ann")
    return GoldPassage(stem, "stm", files[f"{stem}.txt"], tuple(dict.fromkeys(mentions)))


def biored(folder: Path, split: str) -> list[GoldPassage]:
    """BioRED (Luo et al. 2022, doi:10.1093/bib/bbac282)."""
    name = {"train": "Train", "dev": "Dev"}[split]
    return _pubtator(folder / f"biored/{name}.PubTator", "biored", lambda label: label, None)


def ncbi_disease(folder: Path, split: str) -> list[GoldPassage]:
    """NCBI Disease (Dogan et al. 2014, doi:10.1016/j.jbi.2013.12.006): diseases alone are annotated."""
    name = {"train": "train", "dev": "devel"}[split]
    disease = "DiseaseOrPhenotypicFeature"
    return _pubtator(folder / f"ncbi-disease/{name}.pubtator.txt", "ncbi-disease", lambda label: disease, disease)


def _pubtator(path: Path, source: str, label_of: Callable[[str], str], partial: str | None) -> list[GoldPassage]:
    texts: dict[str, str] = {}
    mentions: dict[str, list[GoldMention]] = defaultdict(list)
    relations: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for line in path.read_text(encoding="utf-8").split("\n"):
        if match := re.match(r"(\d+)\|([ta])\|(.*)", line):
            key, part, text = match.groups()
            texts[key] = text if part == "t" else f"{texts[key]} {text}"
        elif line.strip():
            key, *fields = line.split("\t")
            if fields[0].isdigit():
                concepts = tuple(fields[4].strip().split(",")) if len(fields) > 4 else ()
                mentions[key].append(GoldMention(int(fields[0]), int(fields[1]), label_of(fields[3]), concepts))
            else:
                first, second = sorted(fields[1:3])
                relations[key].add((first, second, fields[0]))
    return [
        GoldPassage(
            key, source, text, tuple(mentions[key]), _of_mentions(mentions[key], relations[key]),
            frozenset(relations[key]), partial,
        )
        for key, text in texts.items()
    ]  # fmt: skip


def _of_mentions(
    mentions: Sequence[GoldMention], relations: Iterable[tuple[str, str, str]]
) -> tuple[tuple[int, int, str], ...]:
    """Relations of concepts as relations of all pairs of their mentions, the earlier mention first."""
    predicates = {(first, second): predicate for first, second, predicate in relations}
    found = []
    for a, one in enumerate(mentions):
        for b, other in enumerate(mentions):
            if one.start < other.start:
                pairs = (tuple(sorted((x, y))) for x in one.concepts for y in other.concepts)
                predicate = next((predicates[p] for p in pairs if p in predicates), None)  # type: ignore[index]
                if predicate is not None:
                    found.append((a, b, predicate))
    return tuple(found)


def mulms(folder: Path, split: str) -> list[GoldPassage]:
    """MuLMS (Schrader et al. 2023, doi:10.18653/v1/2023.codi-1.11), articles cut into passages of whole sentences."""
    files = _members(folder / "mulms/mulms-train-dev.tar.xz")
    table = next(text for name, text in files.items() if name.endswith("Metadata.csv"))
    sets = {row["name"]: row["set"] for row in csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))}
    return [
        passage
        for name in sorted(files)
        if name.endswith(".xmi") and sets[Path(name).stem].startswith(split)
        for passage in _mulms(Path(name).stem, files[name])
    ]


def _mulms(article: str, xmi: str) -> list[GoldPassage]:
    layers: dict[str, list[dict[str, str]]] = defaultdict(list)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    for element in etree.fromstring(xmi.encode(), parser):
        values = {etree.QName(str(key)).localname: str(value) for key, value in element.attrib.items()}
        layers[etree.QName(element.tag).localname].append(values)
    text = layers["Sofa"][0]["sofaString"]
    places: list[tuple[int, int]] = []
    for start, end in sorted((int(row["begin"]), int(row["end"])) for row in layers["Sentence"]):
        low = start
        if places and not text[places[-1][1] : start].strip():
            low = places[-1][0]
            if len(text[low:end].split()) <= LONGEST_PASSAGE:
                places.pop()
            else:
                low = start
        places.append((low, end))
    passages = []
    for low, high in places:
        inside: dict[str, int] = {}
        mentions: list[GoldMention] = []
        for row in layers["MatSci_Entity"]:
            start, end = int(row["begin"]), int(row["end"])
            if low <= start and end <= high and row["value"] not in MULMS_LEFT_OUT:
                inside[row["id"]] = len(mentions)
                mentions.append(GoldMention(start - low, end - low, row["value"]))
        relations = tuple(
            (inside[row["Governor"]], inside[row["Dependent"]], row["RelationType"])
            for row in layers["MatSci_Relations"]
            if "RelationType" in row and row["Governor"] in inside and row["Dependent"] in inside
        )
        passages.append(GoldPassage(f"{article}:{low}", "mulms", text[low:high], tuple(mentions), relations))
    return passages


def _members(path: Path) -> dict[str, str]:
    with tarfile.open(path) as archive:
        return {
            item.name: data.read().decode("utf-8", "replace") for item in archive if (data := archive.extractfile(item))
        }


SETS: dict[str, Callable[[Path, str], list[GoldPassage]]] = {
    "scierc": scierc,
    "stm": stm,
    "biored": biored,
    "ncbi-disease": ncbi_disease,
    "mulms": mulms,
}
HEADS: dict[str, tuple[str, ...]] = {
    "scierc": ("scierc",),
    "stm": ("stm",),
    "bio": ("biored", "ncbi-disease"),
    "materials": ("mulms",),
}
"""Head -> the sets it learns from."""


def training(folder: Path, head: str) -> list[GoldPassage]:
    """The training passages of a head. What some set keeps for development is left out, also where another set has the
    same text to train on (BioRED took abstracts from NCBI Disease)."""
    kept = {passage.id for name in ("biored", "ncbi-disease") for passage in SETS[name](folder, "dev")}
    return [p for name in HEADS[head] for p in SETS[name](folder, "train") if p.id not in kept]


def development(folder: Path, head: str) -> list[GoldPassage]:
    return [passage for name in HEADS[head] for passage in SETS[name](folder, "dev")]
