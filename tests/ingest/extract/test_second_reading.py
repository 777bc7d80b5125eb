from __future__ import annotations

import pytest

from ingest.extract.second_reading import hidden_verb
from tests.ingest.extract.trees import tree


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        (
            (
                "oxytocin/NN>strengthens/compound strengthens/NNS>/ROOT parental/JJ>bonding/amod "
                "bonding/NN>strengthens/obj ./.>strengthens/punct"
            ),
            "strengthens",
        ),
        (
            (
                "training/NN>/ROOT improved/VBN>scores/amod test/NN>scores/compound scores/NNS>training/obj "
                "./.>training/punct"
            ),
            "improved",
        ),
        (
            (
                "We/PRP>think/nsubj think/VBP>/ROOT that/IN>bonding/mark oxytocin/NN>strengthens/compound "
                "strengthens/NNS>bonding/compound "
                "bonding/NN>think/ccomp ./.>think/punct"
            ),
            "strengthens",
        ),
        (
            (
                "Melt/NN>supplies/compound water/NN>supplies/compound supplies/NNS>iron/nsubj iron/VBP>/ROOT "
                "to/IN>algae/case "
                "algae/NNS>iron/obl ./.>iron/punct"
            ),
            "supplies",
        ),
        (
            (
                "We/PRP>think/nsubj think/VBP>/ROOT that/IN>viruses/mark viruses/NNS>think/ccomp "
                "control/JJ>growth/amod "
                "growth/NN>viruses/nmod ./.>think/punct"
            ),
            "control",
        ),
        # A heading, a sentence with its verb, and a participle behind a noun are left alone.
        (
            (
                "oxytocin/NN>strengthens/compound strengthens/NNS>/ROOT parental/JJ>bonding/amod "
                "bonding/NN>strengthens/obj"
            ),
            None,
        ),
        ("Salt/NN>melts/nsubj melts/VBZ>/ROOT the/DT>ice/det ice/NN>melts/obj ./.>melts/punct", None),
        ("Cells/NNS>/ROOT treated/VBN>Cells/acl with/IN>salt/case salt/NN>treated/obl ./.>Cells/punct", None),
    ],
)
def test_the_word_that_is_probably_the_verb(text: str, verb: str | None) -> None:
    parse = tree(text)
    place = hidden_verb(parse)
    assert (None if place is None else parse.words[place]) == verb
