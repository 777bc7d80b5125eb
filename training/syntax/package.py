"""Puts a trained pipeline where the product reads it, as plain spaCy data that loads without the project's code.

python -m training.syntax.package MODEL --out ingest/extract/kg_syn
"""

import argparse
import json
import shutil
from pathlib import Path

import spacy

from training.syntax import spacy_code  # noqa: F401  registers the tokeniser
from training.syntax.lemmas import MORPHOLOGY, PART_OF_TAG

META = {
    "name": "kg_syn",
    "lang": "en",
    "description": "Tagger, parser and lemmas for scientific English (PTB tags, Universal Dependencies)",
    "license": "CC BY-SA 4.0",
    "author": "The Hypograph authors",
}


def main() -> None:
    """Writes the pipeline's files; a model card that is there stays."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    nlp = spacy.load(options.model)
    card = options.out / "MODEL_CARD.md"
    text = card.read_text(encoding="utf-8") if card.exists() else None
    if options.out.exists():
        shutil.rmtree(options.out)
    # The tokeniser's rules are part of its data, so that spaCy's own class reads them back.
    nlp.config["nlp"]["tokenizer"] = {"@tokenizers": "spacy.Tokenizer.v1"}
    for section in ("corpora", "training", "pretraining", "initialize", "paths"):
        nlp.config.pop(section, None)
    nlp.meta.update(META)
    nlp.to_disk(options.out)
    _keep_needed_strings(options.out, nlp)
    if text is not None:
        card.write_text(text, encoding="utf-8")


def _keep_needed_strings(folder: Path, nlp: spacy.Language) -> None:
    """Training leaves all its words in the string store; only tags, relations and the tokeniser's words are read."""
    needed = {*nlp.get_pipe("tagger").labels, *nlp.get_pipe("parser").labels}
    needed |= {*PART_OF_TAG.values(), *MORPHOLOGY.values()}
    for rule in nlp.tokenizer.rules.values():
        needed |= {str(value) for piece in rule for value in piece.values() if isinstance(value, str)}
    path = folder / "vocab" / "strings.json"
    path.write_text(json.dumps(sorted(needed), ensure_ascii=False), encoding="utf-8")
    meta = folder / "meta.json"
    known = json.loads(meta.read_text(encoding="utf-8"))
    known.pop("performance", None)
    meta.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
