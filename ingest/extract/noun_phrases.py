"""The stretches of a parsed sentence that name a concept.

A phrase is a noun with what stands before it ("bone marrow cells"), without articles, quantities and words that only
judge or point ("these novel …"). A bare abstract noun takes its "of" phrase along ("incidence of stroke"), since alone
it names nothing. Phrases never overlap.
"""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ingest.extract.nouns import (
    ABSTRACT,
    ABSTRACT_WORDS,
    BELONGING,
    CONCRETE,
    EMPTY_ALONE,
    EMPTY_ALWAYS,
    POINTING,
    TRANSPARENT,
    UNITS,
)
from ingest.extract.parse import Parse

LONGEST = 7
"""Words. What is longer is a description, not a name."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words first…last (both included) around the noun `head`; the last word without its last `cut` characters."""

    first: int
    last: int
    head: int
    cut: int = 0


_LEXICAL_OF = {
    ("degree", "freedom"),
    ("degrees", "freedom"),
    ("quality", "life"),
    ("mechanism", "action"),
    ("center", "mass"),
    ("centre", "mass"),
    ("equation", "state"),
    ("standard", "care"),
    ("state", "art"),
    ("point", "view"),
    ("rule", "law"),
    ("tree", "life"),
    ("density", "states"),
    ("time", "flight"),
    ("field", "view"),
    ("angle", "incidence"),
    ("moment", "inertia"),
    ("part", "speech"),
    ("parts", "speech"),
    ("area", "interest"),
    ("region", "interest"),
    ("regions", "interest"),
    ("proof", "concept"),
    ("range", "motion"),
    ("activities", "living"),
    ("method", "moments"),
    ("bag", "words"),
    ("mixture", "experts"),
    ("internet", "things"),
}
_PREMODIFIERS = frozenset(
    {"compound", "amod", "nummod", "nmod:poss", "nmod", "advmod", "flat", "goeswith", "dep", "obl", "punct", "case"}
)
_CLEAN_START = re.compile(r"[^\W_]|[α-ωΑ-Ωβ']")


_NONE: Mapping[int, int] = MappingProxyType({})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def noun_phrases(
    parse: Parse, apart: Container[int] = (), defined: Container[str] = (), long_forms: Mapping[int, int] = _NONE
) -> list[Phrase]:
    """The phrases of a sentence that name a concept, from left to right.

    The nouns at the places in `apart` do not take their "of" phrase along. The words in `defined` are names, although
    elsewhere they may be units ("SEM"). `long_forms`: where the passage defines an abbreviation, the end of its long
    form and the start; a phrase that ends there begins there too ("mouse [embryonic stem cells] (ESC)").
    """
    simple = _simple_phrases(parse)
    merged: list[Phrase] = []
    at = 0
    while at < len(simple):
        phrase = simple[at]
        last = at if phrase.head in apart else _end_of_phrase(parse, simple, at)
        if last > at:
            phrase = Phrase(phrase.first, simple[last].last, phrase.head)
            at = last
        if long_forms:
            phrase = _as_defined(parse, phrase, long_forms)
        merged += [part for part in _parts(parse, phrase) if _names(parse, part, defined)]
        at += 1
    return merged


def _as_defined(parse: Parse, phrase: Phrase, long_forms: Mapping[int, int]) -> Phrase:
    start = long_forms.get(parse.ends[phrase.last])
    if start is None:
        return phrase
    first = next((at for at in range(phrase.first, phrase.head + 1) if parse.starts[at] == start), phrase.first)
    return replace(phrase, first=first)


def phrase_at(parse: Parse, start: int, end: int) -> Phrase | None:
    """The words at `start`…`end` of the passage as a phrase; None where no word of the parse begins there.

    Its head is the last noun that hangs on a word outside. A mention that ends inside a compound ("drought" of
    "drought-induced") is that word cut short; one that ends inside any other word takes the whole word.
    """
    places = [at for at in range(len(parse)) if parse.starts[at] < end and start < parse.ends[at]]
    if not places:
        return None
    first, last = places[0], places[-1]
    suffix = CAUSAL_SUFFIX.search(parse.words[last])
    cut = parse.ends[last] - end
    if suffix is not None and cut == len(suffix.group()):
        return Phrase(first, last, last, cut)
    outward = [at for at in places if not first <= parse.heads[at] <= last or parse.heads[at] == at]
    head = next((at for at in reversed(outward) if parse.is_noun(at)), outward[-1] if outward else last)
    return Phrase(first, last, head)


# Others ("-activated", "-dependent", "-derived", "-associated") are mostly parts of names.
CAUSAL_SUFFIX = re.compile(
    r"-(?:induced|mediated|triggered|evoked|stimulated|elicited|catalyzed|catalysed)$", re.IGNORECASE
)


# What is made, taken up or stopped "by" somebody: "lactate production by tumour cells" names lactate and the cells.
DEEDS = _words("""
production secretion release uptake expression degradation synthesis inhibition activation induction suppression
regulation absorption adsorption removal detection formation consumption oxidation reduction phosphorylation recognition
""")


def _parts(parse: Parse, phrase: Phrase) -> Iterator[Phrase]:
    """ "drought-induced stomatal closure" names the drought and the closure."""
    if parse.lower[phrase.head] in DEEDS and phrase.last == phrase.head > phrase.first:
        before = phrase.head - 1
        doer = any(parse.preposition(child) == "by" for child in parse.below(phrase.head, "nmod", "obl"))
        if doer and parse.relations[before] == "compound" and parse.is_noun(before):
            yield Phrase(phrase.first, before, before)
            return
    for at in range(phrase.first, phrase.head):
        suffix = CAUSAL_SUFFIX.search(parse.words[at])
        if suffix is not None and suffix.start() > 1:
            yield Phrase(phrase.first, at, at, len(suffix.group()))
            following = _without_pointers(parse, at + 1, phrase.head)
            yield Phrase(following, phrase.last, phrase.head)
            return
    yield phrase


def _simple_phrases(parse: Parse) -> list[Phrase]:
    """Noun phrases without what hangs behind them, empty ones included."""
    phrases: list[Phrase] = []
    taken = -1
    at = 0
    size = len(parse)
    while at < size:
        if (action := _action(parse, at)) is not None:
            phrases.append(action)
            taken = at = action.last
        elif _may_head(parse, at):
            first = _first_word(parse, at, taken)
            last = _last_word(parse, at)
            first = _without_pointers(parse, first, at)
            phrases.append(Phrase(first, last, at))
            taken = last
            at = last
        at += 1
    return phrases


def _action(parse: Parse, at: int) -> Phrase | None:
    """ "Knocking out the kinase had no effect": what is done names a concept, together with its object."""
    if parse.tags[at] != "VBG" or parse.relations[at] not in ("csubj", "csubj:pass") or parse.lower[at] in _REPORTING:
        return None
    target = parse.first_below(at, "obj")
    if target is None:
        return Phrase(at, at, at) if parse.first_below(at, "nsubj", "aux", "mark") is None else None
    if (
        target < at
        or target - at >= LONGEST
        or any(
            parse.relations[place] not in ("det", "amod", "compound", "nummod", "compound:prt", "advmod", "nmod:poss")
            for place in range(at + 1, target)
        )
    ):
        return None
    return Phrase(at, target, at)


def _may_head(parse: Parse, at: int) -> bool:
    tag = parse.tags[at]
    relation = parse.relations[at]
    if tag.startswith("NN"):
        return relation != "acl:relcl" and not _modifies_next(parse, at)
    if tag in _MISTAGGED and (
        relation in ("nsubj", "nsubj:pass", "obj")
        or (relation in ("obl", "nmod") and tag == "JJ" and parse.preposition(at))
    ):
        # Rare nouns get other tags; as a subject or object they are nouns all the same.
        word = parse.lower[at]
        before_noun = at + 1 < len(parse) and parse.tags[at + 1].startswith(("NN", "JJ", "VBG", "CC"))
        return (
            len(word) > 3
            and word.isalpha()
            and not before_noun
            and parse.first_below(at, "obj", "aux", "aux:pass", "nsubj", "nsubj:pass", "mark") is None
            and not word.endswith("ly")
            and word not in POINTING
            and word not in _NO_NOUNS
        )
    if tag != "VBG" or parse.lower[at] in _REPORTING:
        return False
    nominal = any(parse.relations[child] in ("det", "amod", "compound") for child in parse.children[at])
    if not nominal and relation not in ("nsubj", "nsubj:pass", "obj"):
        return False
    return parse.first_below(at, "obj", "aux", "nsubj") is None and relation != "ROOT" and not _modifies_next(parse, at)


def _modifies_next(parse: Parse, at: int) -> bool:
    """Whether the word stands before the noun it belongs to, with nothing but such words between."""
    head = parse.heads[at]
    if head <= at or parse.relations[at] not in (
        "compound",
        "amod",
        "nmod:poss",
        "nmod",
        "nummod",
        "flat",
        "dep",
        "obl",
        "advmod",
    ):
        return False
    if parse.relations[at] in ("nmod", "obl", "dep") and parse.preposition(at):
        return False
    return (
        all(
            parse.relations[place] in _PREMODIFIERS and parse.relations[place] != "case" or parse.lower[place] == "'s"
            for place in range(at + 1, head)
        )
        and (parse.is_noun(head) or parse.tags[head] in ("VBG", "JJ", "VBN", "CD"))
        and not _cut_by_comma(parse, at, head)
    )


def _cut_by_comma(parse: Parse, first: int, last: int) -> bool:
    return any(parse.words[place] in {",", ";", ":", "(", ")", "[", "]"} for place in range(first + 1, last))


def _first_word(parse: Parse, head: int, taken: int) -> int:
    first = head
    while first - 1 > taken:
        at = first - 1
        relation, tag = parse.relations[at], parse.tags[at]
        above = parse.heads[at]
        possessive = tag == "POS" and above == at - 1 and parse.relations[above] == "nmod:poss"
        if possessive and above > taken and first <= parse.heads[above] <= head:
            first = above
            continue
        if not head >= above > at:
            break
        if relation in ("compound", "flat", "amod", "nmod:poss", "nummod", "goeswith"):
            if tag in ("PRP$", "WP$", "DT", "PDT", "WDT", "IN", "CC", ","):
                break
        elif relation in ("nmod", "dep", "obl"):
            if parse.preposition(at) or not (tag.startswith(("NN", "JJ")) or tag in ("CD", "FW")):
                break
        elif relation == "advmod":
            if not (tag.startswith("RB") and parse.relations[above] == "amod" and above == first):
                break
        elif relation == "punct":
            if parse.words[at] not in ("-", "/") and not _closes(parse, at):
                break
        else:
            break
        first = at
    return first


def _closes(parse: Parse, at: int) -> bool:
    """Whether a bracket ends a name that one of the few words before began: "poly(vinyl alcohol)"."""
    return parse.words[at] == ")" and any("(" in parse.words[place][1:] for place in range(max(0, at - 3), at))


def _last_word(parse: Parse, head: int) -> int:
    last = head
    if last + 1 < len(parse) and _closes(parse, last + 1) and parse.heads[last + 1] <= head:
        last += 1
    while last + 1 < len(parse):
        at = last + 1
        relation, tag = parse.relations[at], parse.tags[at]
        if parse.heads[at] != head or not head <= last:
            break
        if (relation in ("flat", "goeswith") and tag.startswith(("NN", "CD", "FW"))) or (
            relation in ("nummod", "flat", "dep", "nmod")
            and tag in ("CD", "LS")
            and parse.starts[at] - parse.ends[last] <= 1
            and not parse.preposition(at)
            and not parse.children[at]
        ):
            last = at
        else:
            break
    return last


def _without_pointers(parse: Parse, first: int, head: int) -> int:
    while first < head and (
        _is_unit(parse, first)
        or (
            parse.lower[first] in POINTING
            and not _titled(parse, first, head)
            and parse.lower[first + 1] not in BELONGING.get(parse.lower[first], ())
        )
        or parse.tags[first] in ("CD", "DT", "PDT", "PRP$", "RB", "RBR", "RBS", "JJS", "POS", "LS", "SYM", "CC", "IN")
        or (parse.tags[first] == "JJR" and first + 1 == head)
        or not _CLEAN_START.match(parse.words[first])
    ):
        if (
            parse.tags[first] == "CD"
            and first + 1 <= head
            and parse.words[first].count("-")
            and not parse.words[first].replace("-", "").isdigit()
        ):
            break
        first += 1
    return first


def _is_unit(parse: Parse, at: int) -> bool:
    """ "5 μM glucose": the unit is no part of the name."""
    return at > 0 and parse.lower[at] in UNITS and (parse.tags[at - 1] == "CD" or parse.words[at - 1][0].isdigit())


def _titled(parse: Parse, at: int, head: int) -> bool:
    """ "the Great Dark Spot"."""
    return at > 0 and parse.words[at][0].isupper() and parse.tags[head].startswith("NNP")


def _end_of_phrase(parse: Parse, simple: list[Phrase], at: int) -> int:
    """The place in `simple` of the phrase that a bare abstract noun takes along by "of"; `at` where it takes none."""
    phrase = simple[at]
    if at + 1 >= len(simple) or phrase.last + 1 >= len(parse) or parse.lower[phrase.last + 1] != "of":
        return at
    following = simple[at + 1]
    inside = following.head
    if (
        parse.heads[inside] != phrase.head
        or parse.preposition(inside) != "of"
        or parse.relations[inside] not in ("nmod", "obl")
    ):
        return at
    word = parse.lower[phrase.head]
    between = range(phrase.last + 2, following.first)
    if any(
        parse.tags[place] not in ("DT", "PRP$", "PDT", "CD", "JJ", "JJR", "JJS", "RB", "VBN", "VBG")
        for place in between
    ):
        return at
    if (word, parse.lower[inside]) in _LEXICAL_OF:
        return at + 1
    bare = all(parse.lower[place] in _GRADES for place in range(phrase.first, phrase.head))
    missing = _missing(parse, phrase.head)
    if not bare or word in TRANSPARENT or (word in EMPTY_ALWAYS and not missing) or word in CONCRETE:
        return at
    if word not in ABSTRACT_WORDS and not ABSTRACT.search(word):
        return at
    if not _names(parse, following) or (parse.lower[inside] in TRANSPARENT and following.first == inside):
        return at
    last = at + 1
    following_conjuncts = list(parse.below(inside, "conj"))
    if following_conjuncts:
        # "mixing of fuel and air": both or none.
        if len(following_conjuncts) > 1 or at + 2 >= len(simple) or simple[at + 2].head != following_conjuncts[0]:
            return at
        last = at + 2
    return last if simple[last].last - phrase.first < LONGEST else at


def _missing(parse: Parse, at: int) -> bool:
    """ "lack of water": what is said of it is not said of water. "In the absence of water" only sets the scene."""
    return parse.lower[at] in ("lack", "absence") and parse.preposition(at) != "in"


def _names(parse: Parse, phrase: Phrase, defined: Container[str] = ()) -> bool:
    """Whether a phrase names a concept at all."""
    if phrase.first == phrase.last and not phrase.cut and parse.words[phrase.head] in defined:
        return True
    if phrase.last - phrase.first >= LONGEST:
        return False
    if phrase.cut:
        return sum(character.isalpha() for character in parse.words[phrase.head][: -phrase.cut]) > 1
    word = parse.lower[phrase.head]
    places = range(phrase.first, phrase.last + 1)
    before = {parse.relations[at] for at in range(phrase.first, phrase.head)}
    apart = _told_apart(parse, phrase)
    if (
        (word in EMPTY_ALWAYS and not apart)
        or _is_author(parse, phrase)
        or (_refers(parse, phrase) and not apart)
        or not _is_word(parse.words[phrase.head], phrase)
    ):
        return False
    following = parse.lower[phrase.last + 1] if phrase.last + 1 < len(parse) else ""
    if word in TRANSPARENT and following == "of" and "compound" not in before:
        return False
    if word in ("time", "times") and "compound" not in before:
        return False
    if phrase.first == phrase.last and (
        word in EMPTY_ALONE or word in TRANSPARENT or word in POINTING or word in UNITS
    ):
        return False
    if word in UNITS and phrase.first < phrase.head and parse.tags[phrase.head - 1] == "CD":
        return False
    if not _balanced("".join(parse.words[at] for at in places)):
        return False
    return not any(_STRANGE.search(parse.words[at]) and not _closes(parse, at) for at in places)


def _told_apart(parse: Parse, phrase: Phrase) -> bool:
    """ "melting point", "lack of water": names with a word that alone, or with an adjective, names nothing."""
    if _missing(parse, phrase.head):
        return phrase.last > phrase.head
    before = phrase.head - 1
    return (
        parse.lower[phrase.head] in ("point", "points", "table", "tables")
        and before >= phrase.first
        and (parse.lower[before].endswith("ing") or parse.relations[before] == "compound")
    )


def _is_word(text: str, phrase: Phrase) -> bool:
    letters = sum(character.isalpha() for character in text)
    if not letters or _NOT_A_NAME.search(text) or text.startswith("-") or text.endswith("-"):
        return False
    # "vitamin D" is a name, "D" is not; nor are initials and clipped words.
    return phrase.first < phrase.last or (len(text) > 1 and not (text.endswith(".") and len(text) < 5))


def _is_author(parse: Parse, phrase: Phrase) -> bool:
    """ "Smith [12]", "Smith et al.", "Smith and colleagues"."""
    if not parse.tags[phrase.head].startswith("NNP") or not _SURNAME.fullmatch(parse.words[phrase.head]):
        return False
    following = parse.lower[phrase.last + 1 : phrase.last + 3]
    return phrase.last in parse.cited or following in (
        ("et", "al."),
        ("et", "al"),
        ("and", "colleagues"),
        ("and", "coworkers"),
        ("and", "co-workers"),
    )


def _refers(parse: Parse, phrase: Phrase) -> bool:
    """ "Fig. 2", "Table S1", "S1 File"."""
    return any(
        parse.lower[at] in _REFERENCES or _NUMBERED.fullmatch(parse.words[at]) is not None
        for at in (phrase.first, phrase.last)
    )


def _balanced(text: str) -> bool:
    """Whether every bracket is closed, and none before it is opened."""
    depth = 0
    for character in text:
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0


_REPORTING = _words("""
using noting assessing applying including following depending according comparing assuming considering given regarding
concerning being having making taking doing looking knowing understanding finding showing
""")
# "A high content of sugar": graded, it is still the content of sugar.
_GRADES = _words("""
high higher highest low lower lowest large larger small smaller greater increased decreased reduced elevated enhanced
rapid slow fast faster slower total average mean maximum maximal minimum minimal relative absolute
""")
_REFERENCES = frozenset(
    "fig. figs. fig figs figure figures table tables eq. eqs. eq eqn appendix ref. refs. supplementary".split()
)
_MISTAGGED = frozenset({"WRB", "JJ", "RB", "FW", "UH", "VB", "VBP", "VBN", "VBZ"})
_NO_NOUNS = _words("""
when where whenever wherever whereby why how what who that
here there more less both high higher low lower large larger small smaller best most least right left wrong also even
general particular common short brief detail full vain public private vivo vitro situ silico priori normal past
present contrast average total principle long first second third last next same such wide many several different
various single double
""")
_SURNAME = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?")
_NUMBERED = re.compile(r"S\d{1,2}[A-Za-z]?|\d{1,2}[A-Za-z]|[A-Z]–[A-Z]|[A-Z]-[A-Z]")
_STRANGE = re.compile(r"[=<>≠≡∑∏∫|∞→←↔≤≥≈%†‡∼~×∶*^\\{}\"“”;!?⟩⟨@,]|^[\[\]():.]$")
_NOT_A_NAME = re.compile(r"^\d+\.\d|://|^www\.|^[acgtuACGTUNn\-]{10,}$|^[a-zµμ]{1,2}/|^[^\W\d_]\.$")
