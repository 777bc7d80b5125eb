"""Sentences in which the parser saw no verb although there is one: "oxytocin strengthens parental bonding".

Many verbs of the third person look like plurals, many pasts like participles, and science has more of them than the
treebanks. Where a whole sentence came out without a verb, the likeliest word is named, to be read once more as a verb.
"""

from collections.abc import Iterator

from ingest.extract.parse import Parse
from ingest.extract.verbs import LEXICON

PLAIN_VERB = "inhibits"
"""A verb that is never a noun, shown to the parser instead of the one that it did not know."""

_FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})
_NOT_FINITE = frozenset({"amod", "compound", "nmod", "nsubj"})
_AFTER = ("NN", "JJ", "DT", "PRP$", "CD", "VBG", "RB", "VBN")
_NOT_BEFORE = ("IN", "DT", "PRP$", "JJ", "TO", "CD", "HYPH", ",", ":", "RBS", "POS")


def hidden_verb(parse: Parse) -> int | None:
    """The place of the word that is probably the verb of a clause parsed without one; None where all is well."""
    if len(parse) < 4 or parse.words[-1] != ".":
        return None
    shifted = _shifted(parse)
    if shifted is not None:
        return shifted
    for first, last in _verbless(parse):
        seen_noun = False
        for at in range(first + 1, last):
            # A word that stands alone before the verb is its subject, whatever it was taken for.
            alone = at == first + 1 and parse.tags[first].startswith(("NN", "JJ", "VB", "RB"))
            seen_noun = seen_noun or parse.is_noun(at - 1)
            if (seen_noun or alone) and _may_be_verb(parse, at, alone):
                return at
    return None


def _shifted(parse: Parse) -> int | None:
    """ "Meltwater supplies iron to …", where the object was taken for the verb and the verb for its subject."""
    for at, tag in enumerate(parse.tags):
        if tag in ("VBZ", "VBP") and parse.relations[at] == "ROOT" and at > 1 and parse.lower[at] not in LEXICON.lemmas:
            before = at - 1
            lemma = LEXICON.lemma(parse.lower[before])
            subject = parse.tags[before] == "NNS" and parse.heads[before] == at and parse.relations[before] == "nsubj"
            named = parse.is_noun(before - 1) and parse.heads[before - 1] == before
            if subject and named and lemma is not None and lemma != parse.lower[before]:
                return None if parse.first_below(at, "obj", "xcomp", "ccomp", "aux") is not None else before
    return None


def _verbless(parse: Parse) -> Iterator[tuple[int, int]]:
    """First and last word of the sentence, where it has no finite verb, or of "that" clauses headed by a noun."""
    if not any(tag in _FINITE and parse.relations[at] not in _NOT_FINITE for at, tag in enumerate(parse.tags)):
        yield 0, len(parse) - 2
        return
    for at, word in enumerate(parse.lower):
        if word in ("that", "whether") and at + 3 < len(parse):
            head = parse.heads[at]
            clause = parse.relations[at] == "mark" and parse.is_noun(head) and parse.first_below(head, "cop") is None
            if clause or (parse.relations[at] == "det" and parse.relations[head] == "ccomp"):
                yield at + 1, min(head + 2, len(parse) - 2)


def _may_be_verb(parse: Parse, at: int, alone: bool) -> bool:
    word = parse.lower[at]
    lemma = LEXICON.lemma(word)
    if (
        lemma is None
        or (lemma == word and parse.tags[at - 1] != "NNS")
        or word.endswith("ing")
        or parse.tags[at] in _FINITE - {"VBD"}
    ):
        return False
    return (alone or not parse.tags[at - 1].startswith(_NOT_BEFORE)) and parse.tags[at + 1].startswith(_AFTER)
