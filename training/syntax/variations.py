"""Other sentences made out of annotated ones, whose trees are known."""

from dataclasses import replace

from ingest.extract.verbs import LEXICON
from training.syntax.conllu import Sentence, Word

_SINGULAR = frozenset({"he", "she", "it", "this", "that"})


def lowered(sentence: Sentence) -> Sentence:
    """The sentence in small letters. What a name's lemma is then, is not said."""
    return [
        replace(word, form=word.form.lower(), lemma=word.lemma if word.lemma == word.lemma.lower() else "")
        for word in sentence
    ]


def in_present(sentence: Sentence) -> Sentence:
    """Regular verbs in the simple past put in the present, where their subject says which form that is."""
    result = [replace(word) for word in sentence]
    for at, word in enumerate(sentence):
        if (
            word.tag != "VBD"
            or not word.form.endswith("ed")
            or any(other.head == at and other.relation in ("aux", "aux:pass") for other in sentence)
        ):
            continue
        known = word.lemma.lower()
        lemma = known if known not in ("", word.form.lower()) else LEXICON.lemma(word.form.lower())
        subject = _subject(sentence, at)
        if not lemma or subject is None:
            continue
        coordinated = any(other.head == subject and other.relation == "conj" for other in sentence)
        noun = sentence[subject]
        if not coordinated and (noun.tag in ("NN", "NNP") or noun.form.lower() in _SINGULAR):
            result[at] = replace(word, form=_third_person(lemma), tag="VBZ")
        elif (
            coordinated
            or noun.tag in ("NNS", "NNPS")
            or noun.form.lower() in ("we", "they", "these", "those", "i", "you")
        ):
            result[at] = replace(word, form=lemma, tag="VBP")
    return result


def _subject(sentence: Sentence, verb: int) -> int | None:
    for at, word in enumerate(sentence):
        if word.head == verb and word.relation in ("nsubj", "nsubj:pass"):
            return at
    if sentence[verb].relation == "conj" and sentence[verb].head != verb:
        return _subject(sentence, sentence[verb].head)
    return None


def _third_person(lemma: str) -> str:
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def clauses(sentence: Sentence) -> list[Sentence]:
    """What is said in the "that" clauses of a sentence, each as a sentence of its own."""
    found = []
    for top, word in enumerate(sentence):
        if word.relation != "ccomp" or word.head == top:
            continue
        inside = sorted(_below(sentence, top))
        marks = [at for at in inside if sentence[at].relation == "mark" and sentence[at].head == top]
        subject = any(sentence[at].head == top and sentence[at].relation.startswith("nsubj") for at in inside)
        if len(marks) != 1 or sentence[marks[0]].form.lower() != "that" or marks[0] != inside[0] or not subject:
            continue
        if inside != list(range(inside[0], inside[-1] + 1)) or len(inside) < 5:
            continue
        places = inside[1:]
        if sentence[places[-1]].relation == "punct":
            places.pop()
        if sentence[places[0]].relation == "punct":
            continue
        found.append(_alone(sentence, places, top))
    return found


def _below(sentence: Sentence, top: int) -> set[int]:
    inside = {top}
    while True:
        more = {at for at, word in enumerate(sentence) if word.head in inside} - inside
        if not more:
            return inside
        inside |= more


def _alone(sentence: Sentence, places: list[int], top: int) -> Sentence:
    new = {at: number for number, at in enumerate(places)}
    root = new[top]
    words = [
        replace(
            sentence[at],
            head=root if at == top else new[sentence[at].head],
            relation="ROOT" if at == top else sentence[at].relation,
        )
        for at in places
    ]
    first = words[0]
    if first.form.islower() and first.tag != "FW":
        first.form = first.form.capitalize()
    words[-1].space_after = False
    return [*words, Word(".", ".", root, "punct", True, ".")]
