"""Scores a trained pipeline on the development files and writes the figures as JSON.

    python -m training.syntax.evaluate MODEL --corpus DIR --out metrics.json

For each treebank, in percent: `tag` accuracy; `uas` and `las` without punctuation on gold tokens and gold sentences
(the way the product parses); `las_alone` when the parser finds the sentences itself; `sentences_parser` and
`sentences_rules`, the F of sentence spans by the parser and by kg.sentences; `lemma` accuracy with the tags found,
of the `lemma_words` whose lemma the treebank tells, and `lemma_changed`, of those that are not just the word in small
letters.
"""

import argparse
import json
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

from kg.sentences import sentences
from training.syntax import spacy_code  # noqa: F401  registers the tokeniser


def main() -> None:
    """Evaluates MODEL on every dev-*.spacy of the corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    figures = {path.stem.removeprefix("dev-"): _figures(options.model, path) for path in _files(options.corpus)}
    options.out.write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _files(corpus: Path) -> list[Path]:
    return sorted(corpus.glob("dev-*.spacy"))


def _figures(model: Path, path: Path) -> dict[str, float]:
    nlp = spacy.load(model)
    counts = dict.fromkeys(("words", "tags", "scored", "heads", "labels", "labels_alone"), 0)
    lemmas = dict.fromkeys(("words", "right", "changed", "changed_right"), 0)
    by_parser, by_rules = [0, 0, 0], [0, 0, 0]
    for gold in DocBin().from_disk(path).get_docs(nlp.vocab):
        words = [token.text for token in gold]
        spaces = [bool(token.whitespace_) for token in gold]
        starts: list[bool | int | None] = [token.is_sent_start for token in gold]
        parsed = nlp(Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=starts))
        alone = nlp(Doc(nlp.vocab, words=words, spaces=spaces))
        for right, found, free in zip(gold, parsed, alone, strict=True):
            counts["words"] += 1
            counts["tags"] += right.tag_ == found.tag_
            if right.lemma_:
                lemmas["words"] += 1
                lemmas["right"] += right.lemma_ == found.lemma_
                if right.lemma_ != right.lower_:
                    lemmas["changed"] += 1
                    lemmas["changed_right"] += right.lemma_ == found.lemma_
            if right.dep_ != "punct":
                counts["scored"] += 1
                counts["heads"] += right.head.i == found.head.i
                counts["labels"] += right.head.i == found.head.i and right.dep_ == found.dep_
                counts["labels_alone"] += right.head.i == free.head.i and right.dep_ == free.dep_
        spans = {(sentence.start_char, sentence.end_char) for sentence in gold.sents}
        _count(by_parser, spans, {(sentence.start_char, sentence.end_char) for sentence in alone.sents})
        _count(by_rules, spans, set(sentences(gold.text)))
    return {
        "words": counts["words"],
        "tag": _percent(counts["tags"], counts["words"]),
        "uas": _percent(counts["heads"], counts["scored"]),
        "las": _percent(counts["labels"], counts["scored"]),
        "las_alone": _percent(counts["labels_alone"], counts["scored"]),
        "sentences_parser": _f(by_parser),
        "sentences_rules": _f(by_rules),
        "lemma_words": lemmas["words"],
        "lemma": _percent(lemmas["right"], lemmas["words"]),
        "lemma_changed": _percent(lemmas["changed_right"], lemmas["changed"]),
    }


def _count(counts: list[int], gold: set[tuple[int, int]], found: set[tuple[int, int]]) -> None:
    counts[0] += len(gold & found)
    counts[1] += len(gold)
    counts[2] += len(found)


def _f(counts: list[int]) -> float:
    return _percent(2 * counts[0], counts[1] + counts[2])


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


if __name__ == "__main__":
    main()
