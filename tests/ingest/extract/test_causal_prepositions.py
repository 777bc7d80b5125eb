from __future__ import annotations

import pytest

from ingest.extract.causal_prepositions import with_causal_prepositions
from tests.ingest.extract.trees import tree


@pytest.mark.parametrize(
    ("text", "above"),
    [
        # A preposition of two words, an adverbial clause of its own, the root of the sentence.
        ("Ice/NN>melts/nsubj melts/VBZ>/ROOT because/IN>of/mark of/IN>heat/case heat/NN>melts/obl", "melts"),
        ("Ice/NN>melts/nsubj melts/VBZ>/ROOT due/IN>to/mark to/IN>melts/advcl heat/NN>to/conj", "melts"),
        ("Floods/NNS>to/nsubj are/VBP>to/cop due/IN>to/mark to/IN>/ROOT heat/NN>to/conj", "heat"),
        ("Floods/NNS>due/nsubj are/VBP>due/cop due/JJ>/ROOT to/IN>heat/case heat/NN>due/obl", "heat"),
        ("Because/IN>of/mark of/IN>fell/advcl heat/NN>fell/obl ice/NN>fell/nsubj fell/VBD>/ROOT", "fell"),
    ],
)
def test_the_pair_is_the_preposition_of_its_noun(text: str, above: str) -> None:
    parse = with_causal_prepositions(tree(text))
    noun = parse.words.index("heat")
    assert parse.preposition(noun) in ("because of", "due to")
    assert parse.words[parse.heads[noun]] == above
    assert sum(head == at for at, head in enumerate(parse.heads)) == 1


def test_other_sentences_stay_as_they_are() -> None:
    parse = tree("Rent/NN>due/nsubj is/VBZ>due/cop due/JJ>/ROOT")
    assert with_causal_prepositions(parse) == parse
    parse = tree("Rent/NN>due/nsubj is/VBZ>due/cop due/JJ>/ROOT to/TO>pay/mark pay/VB>due/xcomp")
    assert with_causal_prepositions(parse) == parse
