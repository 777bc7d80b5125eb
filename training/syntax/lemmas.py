"""Gives a trained tagger and parser lemmas, by spaCy's own attribute ruler and rule lemmatiser.

    python -m training.syntax.lemmas MODEL --corpus DIR --out MODEL

Nothing is trained by steps: endings and exceptions are counted in train.spacy, for each part of speech. What spaCy
needs to know of a word (its part of speech, whether it is inflected) follows from its tag and relation.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import DocBin

from training.syntax import spacy_code  # noqa: F401  registers the tokeniser

LONGEST_ENDING = 7
LEAST_KINDS = 3
"""How many different words must need a rule: rarer ones are exceptions."""
LEAST_SHARE = 0.1
"""Of all occurrences of a form, how many must have a lemma as this part of speech: rarer ones are slips of the pen."""

_PARTS = {
    "NOUN": ("NN", "NNS"),
    "PROPN": ("NNP", "NNPS"),
    "VERB": ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ"),
    "AUX": ("MD",),
    "ADJ": ("JJ", "JJR", "JJS", "AFX"),
    "ADV": ("RB", "RBR", "RBS", "WRB"),
    "PRON": ("PRP", "PRP$", "WP", "WP$", "EX"),
    "DET": ("DT", "PDT", "WDT"),
    "ADP": ("IN", "RP"),
    "PART": ("TO", "POS"),
    "CCONJ": ("CC",),
    "NUM": ("CD",),
    "INTJ": ("UH",),
    "SYM": ("$", "#", "SYM"),
    "PUNCT": (".", ",", ":", "``", "''", "-LRB-", "-RRB-", "HYPH", "NFP"),
    "X": ("FW", "LS", "XX", "ADD", "GW"),
}
PART_OF_TAG = {tag: part for part, tags in _PARTS.items() for tag in tags}
MORPHOLOGY = {
    "NN": "Number=Sing",
    "NNS": "Number=Plur",
    "VB": "VerbForm=Inf",
    "VBP": "Tense=Pres|VerbForm=Fin",
    "VBZ": "Number=Sing|Person=3|Tense=Pres|VerbForm=Fin",
    "VBD": "Tense=Past|VerbForm=Fin",
    "VBN": "Tense=Past|VerbForm=Part",
    "VBG": "VerbForm=Ger",
    "JJ": "Degree=Pos",
    "JJR": "Degree=Cmp",
    "JJS": "Degree=Sup",
}
"""By which spaCy's English lemmatiser tells words that are their own lemma."""
_INFLECTED = {"NNS": "noun", "VBZ": "verb", "VBD": "verb", "VBN": "verb", "VBG": "verb", "JJR": "adj", "JJS": "adj"}
_BASE = frozenset({"NN", "NNP", "NNPS", "VB", "VBP", "JJ"})
_VERBS = list(_PARTS["VERB"])
# "We are" would be its own lemma, were it a verb in the present like others.
_BE_AND_SHORT = ["am", "are", "is", "was", "were", "be", "been", "being", "'m", "'re", "'s", "'ve", "'d", "’s", "’ve"]
_AUXILIARY = ("aux", "aux:pass", "cop")
# The lemmatiser puts all but proper nouns in small letters: "mRNA", "T-cell" and "CD4+" count as such, "Light-induced"
# and "METHODS" do not.
_SYMBOL = r"^(?=.*[A-Z])(?![A-Z][a-z]+(?:[-/'][a-z]+)*$)(?![A-Z]{6,}$)\S+$"
_AS_THEY_ARE = ("data", "media")


@dataclass(frozen=True, slots=True)
class Seen:
    """A word of the treebanks, in small letters, with the part of speech that spaCy will see, in small letters too."""

    form: str
    tag: str
    part: str
    lemma: str


def main() -> None:
    """Writes MODEL with the two components added."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    nlp = spacy.load(options.model)
    add_lemmas(nlp, counted(nlp, options.corpus / "train.spacy"))
    nlp.to_disk(options.out)


def counted(nlp: Language, path: Path) -> Counter[Seen]:
    """How often each word stands in a file with each lemma, where one is known."""
    seen: Counter[Seen] = Counter()
    for document in DocBin().from_disk(path).get_docs(nlp.vocab):
        for token in document:
            if token.lemma_:
                auxiliary = token.tag_ in _VERBS and (token.dep_ in _AUXILIARY or token.lower_ in _BE_AND_SHORT)
                part = "AUX" if auxiliary else PART_OF_TAG.get(token.tag_, "X")
                seen[Seen(token.lower_, token.tag_, part.lower(), token.lemma_)] += 1
    return seen


def add_lemmas(nlp: Language, seen: Mapping[Seen, int]) -> None:
    """Adds "attribute_ruler" and "lemmatizer" to the end of a pipeline that tags and parses."""
    ruler = nlp.add_pipe("attribute_ruler")
    if not isinstance(ruler, AttributeRuler):
        raise TypeError(f"spaCy made a {type(ruler).__name__} where an AttributeRuler was asked for")
    for tag in nlp.pipe_labels["tagger"]:
        attributes = {"POS": PART_OF_TAG.get(tag, "X")}
        if tag in MORPHOLOGY:
            attributes["MORPH"] = MORPHOLOGY[tag]
        ruler.add([[{"TAG": tag}]], attributes)
    in_relation: list[dict[int | str, Any]] = [{"TAG": {"IN": _VERBS}, "DEP": {"IN": list(_AUXILIARY)}}]
    by_form: list[dict[int | str, Any]] = [{"TAG": {"IN": _VERBS}, "LOWER": {"IN": _BE_AND_SHORT}}]
    ruler.add([in_relation, by_form], {"POS": "AUX"})
    ruler.add([[{"TAG": "IN", "DEP": "mark"}]], {"POS": "SCONJ"})
    ruler.add([[{"TAG": {"IN": ["NN", "JJ"]}, "TEXT": {"REGEX": _SYMBOL}}]], {"POS": "PROPN", "MORPH": "Number=Sing"})

    rules = {part: endings(seen, part) for part in sorted(set(_INFLECTED.values()))}
    irregular = exceptions(seen, rules)
    irregular.setdefault("noun", {}).update({form: [form] for form in _AS_THEY_ARE})
    # The last rule of all puts a word in small letters, which spaCy does not where there are rules and none fits.
    listed = {part: [*map(list, rules.get(part, ())), ["", ""]] for part in sorted({*rules, *irregular})}
    tables = Lookups()
    tables.add_table("lemma_rules", listed)
    tables.add_table("lemma_exc", irregular)
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    if not isinstance(lemmatizer, Lemmatizer):
        raise TypeError(f"spaCy made a {type(lemmatizer).__name__} where a Lemmatizer was asked for")
    lemmatizer.initialize(list, nlp=nlp, lookups=tables)


def endings(seen: Mapping[Seen, int], part: str) -> list[tuple[str, str]]:
    """Which endings become which, longest first: the first that fits holds.

    A longer ending is there where most words that have it want something else than the shorter ones say, in at least
    LEAST_KINDS words more.
    """
    wanted: dict[str, Counter[str]] = defaultdict(Counter)
    for form, lemma in {
        (one.form, one.lemma.lower())
        for one in seen
        if _INFLECTED.get(one.tag) == part and one.part == part and one.form.isalpha() and one.lemma.isalpha()
    }:
        same = next((at for at, (a, b) in enumerate(zip(form, lemma, strict=False)) if a != b), len(lemma))
        shortest = max(len(form) - same, 1)
        for length in range(shortest, min(LONGEST_ENDING, len(form) - 1) + 1):
            wanted[form[-length:]][lemma[len(form) - length :]] += 1
        # A shorter ending would be wrong whatever it became.
        for length in range(1, min(shortest, len(form))):
            wanted[form[-length:]]["*"] += 1
    chosen: dict[str, str] = {}
    for ending in sorted(wanted, key=lambda text: (len(text), text)):
        options = Counter({new: count for new, count in wanted[ending].items() if new != "*"})
        if not options:
            continue
        new, count = min(options.items(), key=lambda item: (-item[1], item[0]))
        shorter = _result(chosen, ending)
        already = wanted[ending][shorter] if shorter is not None else 0
        if count - already >= LEAST_KINDS and new != shorter:
            chosen[ending] = new
    return sorted(chosen.items(), key=lambda rule: (-len(rule[0]), rule[0]))


def _result(chosen: Mapping[str, str], ending: str) -> str:
    """What the chosen rules make of an ending; itself where none fits."""
    for start in range(len(ending)):
        if ending[start:] in chosen:
            return ending[:start] + chosen[ending[start:]]
    return ending


def exceptions(
    seen: Mapping[Seen, int], rules: Mapping[str, Iterable[tuple[str, str]]]
) -> dict[str, dict[str, list[str]]]:
    """For each part of speech, the words of which the rules make another lemma than the treebanks give them mostly.

    One occurrence is enough for an inflected word, others need two; LEAST_SHARE holds for both.
    """
    whole: Counter[str] = Counter()
    for one, count in seen.items():
        whole[one.form] += count
    lemmas: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    inflected = set()
    for one, count in seen.items():
        if one.tag not in _BASE or one.part == "aux":
            lemmas[one.part, one.form][one.lemma] += count
            if one.tag in _INFLECTED:
                inflected.add((one.part, one.form))
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for (part, form), counts in sorted(lemmas.items()):
        lemma, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
        by_rule = _result(dict(rules.get(part, ())), form)
        enough = (count > 1 or (part, form) in inflected) and count >= LEAST_SHARE * whole[form]
        if lemma != by_rule and enough and part != "propn":
            found[part][form] = [lemma]
    return dict(found)


if __name__ == "__main__":
    main()
