"""What the training configuration names: the tokeniser, and a reader that keeps the treebanks' own tokens."""

import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from ingest.extract.tokenizer import science_tokenizer


@spacy.registry.tokenizers("kg_syn.tokenizer.v1")
def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """The tokeniser of kg_syn."""
    return science_tokenizer


@spacy.registry.readers("kg_syn.gold_tokens.v1")
def gold_tokens(path: Path, shuffle: bool = True) -> Callable[[Language], Iterable[Example]]:
    """Examples of a DocBin file with its tokens as they are; in an order of spaCy's seed where `shuffle`."""

    def read(nlp: Language) -> Iterator[Example]:
        documents = list(DocBin().from_disk(path).get_docs(nlp.vocab))
        if shuffle:
            random.shuffle(documents)
        for gold in documents:
            words, spaces = [token.text for token in gold], [bool(token.whitespace_) for token in gold]
            yield Example(Doc(nlp.vocab, words=words, spaces=spaces), gold)

    return read
