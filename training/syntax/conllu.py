"""Reads CoNLL-U, plain or compressed with xz, as documents of sentences of words."""

import lzma
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(slots=True)
class Word:
    """One syntactic word. `head` is the place of its head in its sentence, its own place for the root.

    `lemma` is empty where it is not known.
    """

    form: str
    tag: str
    head: int
    relation: str
    space_after: bool = True
    lemma: str = ""


Sentence = list[Word]


def read_documents(path: Path) -> Iterator[list[Sentence]]:
    """The sentences of each document ("# newdoc"); one document where none is marked."""
    document: list[Sentence] = []
    rows: list[list[str]] = []
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for line in (*lines, "\n"):
            line = line.rstrip("\n")
            if line.startswith("# newdoc") and document:
                yield document
                document = []
            if line and not line.startswith("#"):
                rows.append(line.split("\t"))
            elif not line and rows:
                if (sentence := _sentence(rows)) is not None:
                    document.append(sentence)
                rows = []
    if document:
        yield document


def _sentence(rows: list[list[str]]) -> Sentence | None:
    """None for what is not a tree with one root."""
    words = [row for row in rows if row[0].isdigit()]
    place = {row[0]: at for at, row in enumerate(words)}
    sentence = [
        Word(row[1], row[4], at if row[6] == "0" else place[row[6]], row[7], "SpaceAfter=No" not in row[9], row[2])
        for at, row in enumerate(words)
    ]
    return sentence if is_tree(sentence) else None


def is_tree(sentence: Sentence) -> bool:
    """Whether every word reaches the one root."""
    if sum(word.head == at for at, word in enumerate(sentence)) != 1:
        return False
    for at in range(len(sentence)):
        steps = 0
        while sentence[at].head != at and steps <= len(sentence):
            at, steps = sentence[at].head, steps + 1
        if steps > len(sentence):
            return False
    return True


def merged(sentence: Sentence, groups: Iterable[tuple[int, int]]) -> Sentence:
    """The sentence with each group of words (first, last; adjacent, in order) made one word.

    The word of a group that hangs on something outside it gives the tag, the head, the relation and the lemma's
    inflection, which a participle loses that stands before a noun ("light-induced").
    """
    ranges = list(groups)
    owner = [0] * len(sentence)
    for number, (first, last) in enumerate(ranges):
        owner[first : last + 1] = [number] * (last - first + 1)
    result: Sentence = []
    for number, (first, last) in enumerate(ranges):
        members = range(first, last + 1)
        outward = [at for at in members if owner[sentence[at].head] != number or sentence[at].head == at]
        top = min(outward, key=lambda at: depth(sentence, at))
        head = number if sentence[top].head == top else owner[sentence[top].head]
        form = "".join(sentence[at].form for at in members)
        lemma = _lemma_of_merged(sentence, first, last, top) if last > first else sentence[top].lemma
        space_after = sentence[last].space_after
        result.append(replace(sentence[top], form=form, head=head, space_after=space_after, lemma=lemma))
    return result


def _lemma_of_merged(sentence: Sentence, first: int, last: int, top: int) -> str:
    whole = sentence[top]
    adjective = whole.tag.startswith("VB") and whole.relation.partition(":")[0] in ("amod", "compound")
    parts = []
    for at in range(first, last + 1):
        word = sentence[at]
        uninflected = word.form if word.tag.startswith("NNP") or word.lemma == word.form else word.form.lower()
        parts.append(word.lemma if at == top and not adjective else uninflected)
    return "".join(parts) if all(parts) else ""


def depth(sentence: Sentence, at: int) -> int:
    """Steps from a word to the root."""
    steps = 0
    while sentence[at].head != at:
        at, steps = sentence[at].head, steps + 1
    return steps
