"""Makes training and development files for spaCy out of the treebanks.

    python -m training.syntax.prepare --treebanks DIR --out DIR [--craft FILE.tar.xz]

DIR holds ud-ewt/ and genia-dep/ (see README.md). CRAFT, where given, adds full articles; ten of them are kept for
development.
"""

import argparse
import random
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from training.syntax.conllu import Sentence, read_documents
from training.syntax.conventions import from_clear, from_ud1, from_ud2
from training.syntax.variations import clauses, in_present, lowered

SEED = 0
LOWERED = 0.04
"""The share of training sentences that are put in small letters: titles and careless text."""
IN_PRESENT = 0.3
"""The share that is put in the present tense, which papers' statements have and their reports (the treebanks) lack."""


def main() -> None:
    """Reads the treebanks and writes train.spacy and one development file for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treebanks", type=Path, required=True)
    parser.add_argument("--craft", type=Path)
    parser.add_argument("--craft-words", type=int, default=260_000)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)

    ewt = options.treebanks / "ud-ewt"
    genia = options.treebanks / "genia-dep"
    ewt_train = [[from_ud2(s) for s in d] for d in read_documents(ewt / "en_ewt-ud-train.conllu.xz")]
    ewt_dev = [[from_ud2(s) for s in d] for d in read_documents(ewt / "en_ewt-ud-dev.conllu.xz")]
    genia_late = [from_ud1(s) for d in read_documents(genia / "future_use.conllu") for s in d]
    genia_early = [from_ud1(s) for d in read_documents(genia / "dev.txt") for s in d]
    cut = int(len(genia_early) * 0.8)
    craft_train, craft_dev = _craft(options.craft, options.craft_words) if options.craft else ([], [])

    chance = random.Random(SEED)
    train = [*_groups(ewt_train, chance), *_groups([genia_late + genia_early[:cut]], chance)]
    # The smallest and best annotated science treebank is read twice, in other groups.
    train += _groups([genia_late + genia_early[:cut]], chance)
    train += _groups(craft_train, chance)
    # What is stated under "we found that …" is also shown by itself.
    stated = [
        clause for document in (*craft_train, genia_late, genia_early[:cut]) for s in document for clause in clauses(s)
    ]
    train += _groups([stated], chance)
    train = [[_varied(s, chance) for s in group] for group in train]
    chance.shuffle(train)

    vocabulary = spacy.blank("en").vocab
    development = {"ewt": list(_fixed(ewt_dev)), "genia": list(_fixed([genia_early[cut:]]))}
    if craft_dev:
        development["craft"] = list(_fixed(craft_dev))
    _save(options.out / "train.spacy", train, vocabulary)
    for name, groups in development.items():
        _save(options.out / f"dev-{name}.spacy", groups, vocabulary)
    mixed = [
        group
        for groups in development.values()
        for group in random.Random(SEED + 1).sample(groups, min(60, len(groups)))
    ]
    _save(options.out / "dev.spacy", mixed, vocabulary)


def _craft(archive: Path, words: int) -> tuple[list[list[Sentence]], list[list[Sentence]]]:
    """Articles of CRAFT: about `words` words to train on, and ten articles for development, both by file name."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as members:
        wanted = [member for member in members if member.name.endswith(".conllu")]
        members.extractall(folder, members=wanted, filter="data")
        articles = []
        for path in sorted(Path(folder).rglob("*.conllu")):
            converted = [from_clear(s) for d in read_documents(path) for s in d]
            articles.append([s for s in converted if len(s) > 3])
    train: list[list[Sentence]] = []
    for article in articles[10:]:
        if sum(len(s) for a in train for s in a) < words:
            train.append(article)
    return train, articles[:10]


def _groups(documents: Iterable[list[Sentence]], chance: random.Random) -> Iterator[list[Sentence]]:
    """Documents cut into runs of one to eight sentences, so that the parser sees short and long texts."""
    for document in documents:
        at = 0
        while at < len(document):
            size = chance.randint(1, 8)
            yield document[at : at + size]
            at += size


def _fixed(documents: Iterable[list[Sentence]]) -> Iterator[list[Sentence]]:
    for document in documents:
        for at in range(0, len(document), 6):
            yield document[at : at + 6]


def _varied(sentence: Sentence, chance: random.Random) -> Sentence:
    if chance.random() < IN_PRESENT:
        sentence = in_present(sentence)
    return lowered(sentence) if chance.random() < LOWERED else sentence


def _save(path: Path, groups: list[list[Sentence]], vocabulary: Vocab) -> None:
    documents = DocBin(store_user_data=False)
    for group in groups:
        documents.add(_document(group, vocabulary))
    documents.to_disk(path)
    counted = sum(len(group) for group in groups), sum(len(s) for group in groups for s in group)
    sys.stdout.write(f"{path.name}: {len(groups)} texts, {counted[0]} sentences, {counted[1]} words\n")


def _document(group: list[Sentence], vocabulary: Vocab) -> Doc:
    words = [word for sentence in group for word in sentence]
    heads = [
        offset + word.head
        for offset, sentence in zip(_offsets(group), group, strict=True)
        for word in sentence
    ]  # fmt: skip
    return Doc(
        vocabulary,
        words=[word.form for word in words],
        spaces=[word.space_after for word in words],
        tags=[word.tag for word in words],
        heads=heads,
        deps=[word.relation for word in words],
        lemmas=[word.lemma for word in words],
    )


def _offsets(group: list[Sentence]) -> list[int]:
    offsets = [0]
    for sentence in group[:-1]:
        offsets.append(offsets[-1] + len(sentence))
    return offsets


if __name__ == "__main__":
    main()
