"""What ships with the package."""

from __future__ import annotations

import json
from pathlib import Path

from ingest.extract.syntax_pipeline import WEIGHTS, SyntaxPipeline, weights_digest

ROOT = Path(__file__).parents[3]


def test_the_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file()) < 8_600_000


def test_plain_spacy_loads_the_pipeline() -> None:
    import spacy

    parsed = spacy.load(WEIGHTS)("GM-CSF stimulates NAD(P)H oxidase in CD4+ cells.")
    assert [token.text for token in parsed] == [
        "GM-CSF",
        "stimulates",
        "NAD(P)H",
        "oxidase",
        "in",
        "CD4+",
        "cells",
        ".",
    ]
    assert [token.dep_ for token in parsed][:2] == ["nsubj", "ROOT"]


def test_plain_spacy_gives_lemmas() -> None:
    import spacy

    text = "We found that viruses were stained by mRNAs in mice. These analyses cover DNA and larger CD4+ T-cells."
    assert [token.lemma_ for token in spacy.load(WEIGHTS)(text)] == (
        "we find that virus be stain by mRNA in mouse . this analysis cover DNA and large CD4+ T-cell .".split()
    )


def test_extraction_does_not_pay_for_lemmas() -> None:
    assert SyntaxPipeline().components == ("tok2vec", "tagger", "parser")


def test_parses_keep_their_places_in_the_passage() -> None:
    text = "Silk [1] is “tough” (see Fig. 2).\n\nIt binds poly(A) tails (RNA) at 4 °C, i.e. vitamin C."
    parses = SyntaxPipeline().parses(text)
    assert len(parses) == 3
    for parse in parses:
        for word, start, end in zip(parse.words, parse.starts, parse.ends, strict=True):
            assert text[start:end].replace("“", '"').replace("”", '"') == word
            assert parse.start <= start < end <= parse.end
    assert parses[0].cited == {0}
    assert parses[2].words == ("RNA",)
    assert parses[1].words[-2:] == ("C", ".")


def test_the_digest_names_the_weights() -> None:
    assert weights_digest() == weights_digest()
    assert len(weights_digest()) == 16


def test_the_model_card_tells_the_measured_figures_and_the_licences() -> None:
    card = (WEIGHTS / "MODEL_CARD.md").read_text(encoding="utf-8")
    figures = json.loads((ROOT / "training/syntax/metrics.json").read_text(encoding="utf-8"))
    assert figures["ewt"]["las"] >= 82
    assert figures["genia"]["las"] >= 84
    for measured in figures.values():
        assert f"{measured['las']:.1f}" in card
        assert f"{measured['uas']:.1f}" in card
        assert f"{measured['lemma']:.1f}" in card
    assert figures["ewt"]["lemma"] >= 95
    for words in ("CC BY-SA 4.0", "CC BY 3.0", "Corpus annotations (c) GENIA Project"):
        assert words in card
