from __future__ import annotations

import pytest

from ingest.extract.stance import Stance
from tests.ingest.extract.trees import tree


def stance(text: str, anchor: str) -> str:
    parse = tree(text)
    denied, hedged = Stance(parse).of(parse.words.index(anchor))
    return ("denies" if denied else "supports") + " " + ("hedged" if hedged else "stated")


@pytest.mark.parametrize(
    ("text", "anchor", "expected"),
    [
        ("Salt/NN>melts/nsubj melts/VBZ>/ROOT ice/NN>melts/obj", "melts", "supports stated"),
        (
            ("Salt/NN>melt/nsubj does/VBZ>melt/aux not/RB>melt/advmod melt/VB>/ROOT ice/NN>melt/obj"),
            "melt",
            "denies stated",
        ),
        (
            ("It/PRP>melts/nsubj not/RB>melts/advmod only/RB>not/advmod melts/VBZ>/ROOT ice/NN>melts/obj"),
            "melts",
            "supports stated",
        ),
        ("Salt/NN>melt/nsubj may/MD>melt/aux melt/VB>/ROOT ice/NN>melt/obj", "melt", "supports hedged"),
        (
            ("In/IN>May/case May/NNP>melted/obl salt/NN>melted/nsubj melted/VBD>/ROOT ice/NN>melted/obj"),
            "melted",
            "supports stated",
        ),
        (
            ("It/PRP>replace/nsubj could/MD>replace/aux not/RB>replace/advmod replace/VB>/ROOT it/PRP>replace/obj"),
            "replace",
            "denies stated",
        ),
        (
            ("Salt/NN>failed/nsubj failed/VBD>/ROOT to/TO>melt/mark melt/VB>failed/xcomp ice/NN>melt/obj"),
            "melt",
            "denies stated",
        ),
        (
            (
                "It/PRP>appear/nsubj does/VBZ>appear/aux not/RB>appear/advmod appear/VB>/ROOT "
                "to/TO>melt/mark melt/VB>appear/xcomp"
            ),
            "melt",
            "denies hedged",
        ),
        (
            ("We/PRP>suggest/nsubj suggest/VBP>/ROOT that/IN>melts/mark salt/NN>melts/nsubj melts/VBZ>suggest/ccomp"),
            "melts",
            "supports hedged",
        ),
        (
            ("We/PRP>show/nsubj show/VBP>/ROOT that/IN>melts/mark salt/NN>melts/nsubj melts/VBZ>show/ccomp"),
            "melts",
            "supports stated",
        ),
        (
            ("no/DT>evidence/det evidence/NN>/ROOT that/IN>melts/mark salt/NN>melts/nsubj melts/VBZ>evidence/acl"),
            "melts",
            "denies stated",
        ),
        (
            ("no/DT>doubt/det doubt/NN>/ROOT that/IN>melts/mark salt/NN>melts/nsubj melts/VBZ>doubt/acl"),
            "melts",
            "supports stated",
        ),
        (
            "Nobody/NN>doubts/nsubj doubts/VBZ>/ROOT that/IN>melts/mark melts/VBZ>doubts/ccomp",
            "melts",
            "supports stated",
        ),
        (
            ("unclear/JJ>/ROOT whether/IN>melts/mark salt/NN>melts/nsubj melts/VBZ>unclear/csubj"),
            "melts",
            "supports hedged",
        ),
        (
            (
                "It/PRP>unlikely/expl is/VBZ>unlikely/cop unlikely/JJ>/ROOT that/IN>melts/mark "
                "salt/NN>melts/nsubj melts/VBZ>unlikely/csubj"
            ),
            "melts",
            "denies hedged",
        ),
        ("No/DT>effect/det effect/NN>seen/nsubj:pass was/VBD>seen/aux:pass seen/VBN>/ROOT", "effect", "denies stated"),
        ("lack/NN>/ROOT of/IN>correlation/case correlation/NN>lack/nmod", "correlation", "denies stated"),
        (
            (
                "We/PRP>change/nsubj did/VBD>change/aux not/RB>change/advmod change/VB>/ROOT "
                "the/DT>link/det link/NN>change/obj"
            ),
            "link",
            "supports stated",
        ),
        (
            ("We/PRP>find/nsubj did/VBD>find/aux not/RB>find/advmod find/VB>/ROOT a/DT>link/det link/NN>find/obj"),
            "link",
            "denies stated",
        ),
        (
            (
                "A/DT>role/det role/NN>excluded/nsubj:pass can/MD>excluded/aux not/RB>excluded/advmod "
                "be/VB>excluded/aux:pass excluded/VBN>/ROOT"
            ),
            "role",
            "supports hedged",
        ),
        (
            (
                "Its/PRP$>role/nmod:poss role/NN>overstated/nsubj:pass can/MD>overstated/aux "
                "not/RB>overstated/advmod overstated/VBN>/ROOT"
            ),
            "role",
            "supports stated",
        ),
        ("putative/JJ>regulator/amod regulator/NN>/ROOT", "regulator", "supports hedged"),
        ("It/PRP>melts/nsubj melts/VBZ>/ROOT ice/NN>melts/obj ?/.>melts/punct", "melts", "supports hedged"),
        ("the/DT>potential/det potential/NN>/ROOT to/TO>melt/mark melt/VB>potential/acl", "melt", "supports hedged"),
        # Ruled out, not yet shown, against, contrary to, by nothing.
        (
            (
                "Data/NNS>rule/nsubj rule/VBP>/ROOT out/RP>rule/compound:prt that/IN>melts/mark salt/NN>melts/nsubj "
                "melts/VBZ>rule/ccomp"
            ),
            "melts",
            "denies stated",
        ),
        (
            "It/PRP>has/nsubj has/VBZ>/ROOT yet/RB>has/advmod to/TO>melt/mark melt/VB>has/xcomp",
            "melt",
            "supports hedged",
        ),
        (
            "Data/NNS>argue/nsubj argue/VBP>/ROOT against/IN>role/case a/DT>role/det role/NN>argue/obl",
            "role",
            "denies stated",
        ),
        (
            (
                "Contrary/JJ>belief/case to/IN>Contrary/fixed belief/NN>falls/obl that/IN>melts/mark "
                "salt/NN>melts/nsubj "
                "melts/VBZ>belief/acl it/PRP>falls/nsubj falls/VBZ>/ROOT"
            ),
            "melts",
            "denies stated",
        ),
        (
            (
                "Nothing/NN>suggests/nsubj suggests/VBZ>/ROOT that/IN>melts/mark salt/NN>melts/nsubj "
                "melts/VBZ>suggests/ccomp"
            ),
            "melts",
            "denies stated",
        ),
        # "or" shares a negation, "and" does not; "may" is shared until another auxiliary stands.
        ("not/RB>melt/advmod melt/VB>/ROOT or/CC>crack/cc crack/VB>melt/conj", "crack", "denies stated"),
        ("not/RB>melt/advmod melt/VB>/ROOT and/CC>cracks/cc cracks/VBZ>melt/conj", "cracks", "supports stated"),
        ("may/MD>melt/aux melt/VB>/ROOT and/CC>crack/cc crack/VB>melt/conj", "crack", "supports hedged"),
    ],
)
def test_what_is_denied_and_what_is_hedged(text: str, anchor: str, expected: str) -> None:
    assert stance(text, anchor) == expected


@pytest.mark.parametrize(
    ("text", "noun", "denied"),
    [
        ("salt/NN>/ROOT nor/CC>ice/cc ice/NN>salt/conj", "ice", True),
        ("without/IN>salt/case salt/NN>/ROOT", "salt", True),
        ("rather/RB>salt/cc than/IN>rather/fixed salt/NN>/ROOT", "salt", True),
        ("iron/NN>/ROOT but/CC>salt/cc not/RB>salt/advmod to/IN>salt/case salt/NN>iron/conj", "salt", True),
        ("No/DT>fewer/det fewer/JJR>salts/amod salts/NNS>/ROOT", "salts", False),
        ("the/DT>salt/det salt/NN>/ROOT", "salt", False),
    ],
)
def test_an_argument_may_be_set_aside_by_itself(text: str, noun: str, denied: bool) -> None:
    parse = tree(text)
    assert Stance(parse).denied_argument(parse.words.index(noun)) is denied
