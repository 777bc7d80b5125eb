"""The stretches of a parsed sentence that name a concept.

A phrase is a noun with what stands before it ("bone marrow cells"), without articles, quantities and words that only
judge or point ("these novel …"). A bare abstract noun takes its "of" phrase along ("incidence of stroke"), since alone
it names nothing. Phrases never overlap.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

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


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# They lead a phrase without being part of the name.
POINTING = _words("""
a an the this that these those each every all both some any no another such same other others several many most more
few fewer less various different numerous multiple certain particular specific additional further new novel present
current previous recent above below following respective main major minor important significant possible potential
putative similar given key overall own total first second third last next whole entire only observed reported proposed
resulting corresponding so-called good better best well our their its his her my your whose which what said
aforementioned latter former remaining considerable substantial sufficient enough typical usual common general main
primary secondary full complete great greater interesting simple actual real true known unknown unique single double
one two three four five six seven eight nine ten dozen hundred thousand half distinct individual separate related
relevant appropriate necessary available crucial critical essential vital pivotal fundamental very much little least
subsequent prior earlier later early late alternative likely unlikely strong weak successful effective efficient
direct indirect clear obvious apparent striking remarkable dramatic marked profound slight modest nearly almost
approximately about around roughly up over under
""")
# Names of quantity or kind: the concept is what follows their "of".
TRANSPARENT = _words("""
number numbers amount amounts quantity quantities majority minority variety range set sets series type types kind
kinds form forms sort class classes group groups majority lot lots couple dozen dozens hundreds thousands percentage
fraction proportion portion part parts piece pieces presence use usage addition sample samples member members example
examples layer layers level levels none degree extent subset subsets collection combination combinations pair pairs
family families array one ones most some all both each version versions instance instances case cases majority rest
remainder role roles effect effects impact influence contribution importance evidence application applications
exposure treatment introduction administration kinds species choice action actions copies copy fragment fragments
population populations mixture mixtures
""") - _words("species population populations treatment combination mixture")
# They name nothing by themselves, and little even with an adjective.
EMPTY = _words("""
way ways fact facts order case cases example examples figure figures fig table tables section sections paper papers
study studies author authors work works year years day days week weeks month months hour hours minute minutes second
seconds time times result results finding findings reason reasons purpose purposes aim aims goal goals question
questions hypothesis hypotheses idea ideas notion thing things something anything nothing everything someone anyone
people everybody ones one others other evidence possibility conclusion conclusions observation observations report
reports review reviews reference references literature knowledge understanding insight insights attention interest
view views point points issue issues aspect aspects contrast addition comparison agreement accordance line terms term
basis respect regard sense means light absence presence lack doubt exception extent degree effort efforts attempt
attempts step steps rest number numbers amount majority kind kinds type types sort sorts range variety set series part
parts piece portion appendix chapter supplement supplementary manuscript article articles data datum information
details detail conclusion summary abstract introduction background discussion methods method approach approaches
technique techniques experiment experiments test tests analysis analyses procedure procedures difference differences
relationship relationships relation relations correlation correlations association associations link links effect
effects role roles influence impact importance contribution contributions ability capacity need needs use uses usage
choice problem problems solution solutions change changes increase increases decrease decreases reduction value values
level levels group groups factor factors feature features property properties condition conditions situation state
states process processes mechanism mechanisms function functions system systems model models subject subjects
participant participants patient patients sample samples individual individuals man men woman women advantage
advantages disadvantage limitation limitations benefit benefits challenge challenges success failure today yesterday
tomorrow past future present century decade decades half third quarter percent percentage context scope focus topic
field area areas place places position top bottom side sides left right end beginning performance quality outcome
outcomes improvement improvements trend trends pattern patterns consequence consequences cause causes action actions
activity activities response responses form forms size rate rates ratio ratios concentration concentrations dose doses
total mean average median sum difference score scores name names word words list lists text sentence page pages line
lines copy copies version versions control controls treatment treatments comparison proportion fraction assumption
assumptions consideration considerations strategy strategies task tasks dataset datasets algorithm algorithms
framework application applications member members component components element elements item items object objects unit
units concept concepts definition definitions criterion criteria parameter parameters variable variables region
regions site sites location locations species specimen specimens animal animals cell cells gene genes protein proteins
molecule molecules compound compounds material materials structure structures
""")
# Of these, names of things in the world are kept when bare: they are general, but they are concepts.
_BARE_CONCEPTS = _words("""
cell cells gene genes protein proteins animal animals patient patients species molecule molecules treatment
algorithm algorithms performance activity men women ratio
""")
EMPTY_ALONE = EMPTY - _BARE_CONCEPTS
# Empty whatever stands before them ("recent years", "present study", "main reason").
EMPTY_ALWAYS = _words("""
way ways fact facts year years day days week weeks month months hour hours minute minutes second seconds study studies
author authors paper papers figure figures fig table tables section sections reason reasons purpose aim aims goal
question questions conclusion conclusions finding findings thing things something anything nothing everything evidence
possibility report reports literature insight insights attention interest view views point issue issues aspect aspects
contrast addition agreement accordance terms respect regard sense extent doubt exception lack absence presence
appendix chapter article articles manuscript supplement today century decade decades percent work works example
examples hypothesis hypotheses advantage advantages disadvantage limitation limitations consequence consequences
importance et al etc one ones others understanding knowledge observation observations result results total half
majority number numbers amount amounts
""")
_UNITS = _words("""
mm cm m km nm µm μm um mg g kg µg μg ug ng pg ml l dl µl μl ul s ms h hr hrs min d wk wt vol mol mmol µm mm nm pm m
kda bp kb mb gb hz khz mhz ghz ev kev mev gev k °c c °f pa kpa mpa gpa v mv kv w mw kw a ma j kj mj n mn rpm ppm ppb
psi db au iu u kcal cal fig p n t r z f sd sem se ci or hr rr df vs ie eg ii iii iv vi vii
""")
_ABSTRACT = re.compile(
    r"(?:[tsx]ions?|ments?|it(?:y|ies)|ness|[ae]nc(?:e|y|ies)|ysis|yses|esis|eses|ings?|owth|eath|idth|ength|[iv]als?|ures?|ship|[pt]ake)$"
)
_ABSTRACT_WORDS = _words("""
risk risks rate rates spread loss onset rise decline increase decrease release course cost costs speed yield yields
strength size shape age mass weight height depth volume temperature colour color fate flow flux transport growth
survival synthesis mode mixing level levels threshold phase peak start end origin source uptake decay death birth life
damage recovery design control choice return export import supply demand spread turnover lack absence deficiency
blockade knockdown knockout collapse shift change changes drop fall gain cause causes content
""")
# Not names of a process or property although they look so.
_CONCRETE = _words("""
membrane structure culture mixture surface section fraction solution region station instrument element segment
filament environment ligament pigment sediment building buildings ring rings string king thing spring wing wings
coating coatings bearing housing receptor population populations animal animals mineral minerals crystal chemical
signal capital hospital terminal medication function functions equation equations distribution organization
institution university community communities facility city cities entity figure feature picture ceiling
""")
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


def noun_phrases(parse: Parse, apart: Container[int] = ()) -> list[Phrase]:
    """The phrases of a sentence that name a concept, from left to right.

    The nouns at the places in `apart` do not take their "of" phrase along.
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
        merged += [part for part in _causes_apart(parse, phrase) if _names(parse, part)]
        at += 1
    return merged


CAUSAL_SUFFIX = re.compile(
    r"-(?:induced|mediated|dependent|driven|triggered|activated|evoked|stimulated|regulated|associated|related|derived)$",
    re.I,
)


def _causes_apart(parse: Parse, phrase: Phrase) -> Iterator[Phrase]:
    """ "drought-induced stomatal closure" names the drought and the closure."""
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
        if _may_head(parse, at):
            first = _first_word(parse, at, taken)
            last = _last_word(parse, at)
            first = _without_pointers(parse, first, at)
            phrases.append(Phrase(first, last, at))
            taken = last
            at = last
        at += 1
    return phrases


def _may_head(parse: Parse, at: int) -> bool:
    tag = parse.tags[at]
    relation = parse.relations[at]
    if tag.startswith("NN"):
        return not _modifies_next(parse, at)
    if tag == "VBG" and relation in (
        "nsubj",
        "nsubj:pass",
        "csubj",
        "csubj:pass",
        "obj",
        "compound",
        "obl",
        "conj",
        "nmod",
        "ROOT",
    ):
        if relation in ("csubj", "csubj:pass"):
            return True
        if relation == "ROOT":
            return False
        nominal = any(parse.relations[child] in ("det", "amod", "compound", "case") for child in parse.children[at])
        return (
            (nominal or relation.startswith("nsubj"))
            and parse.first_below(at, "obj", "aux") is None
            and not _modifies_next(parse, at)
        )
    return False


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
            parse.relations[place] in _PREMODIFIERS
            and parse.relations[place] not in ("case",)
            or parse.lower[place] == "'s"
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
        elif relation == "case":
            if tag != "POS":
                break
        elif relation == "punct":
            if parse.words[at] not in ("-", "/"):
                break
        else:
            break
        first = at
    return first


def _last_word(parse: Parse, head: int) -> int:
    last = head
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
        parse.lower[first] in POINTING
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


def _end_of_phrase(parse: Parse, simple: list[Phrase], at: int) -> int:
    """The place in `simple` of the phrase that a bare abstract noun takes along with its "of"; `at` where it takes none."""
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
    bare = phrase.first == phrase.head
    if not bare or word in TRANSPARENT or word in EMPTY_ALWAYS or word in _CONCRETE:
        return at
    if word not in _ABSTRACT_WORDS and not _ABSTRACT.search(word):
        return at
    if not _names(parse, following) or parse.lower[inside] in TRANSPARENT:
        return at
    last = at + 1
    following_conjuncts = [place for place in parse.below(inside, "conj")]
    if following_conjuncts:
        # "mixing of fuel and air": both or none.
        if len(following_conjuncts) > 1 or at + 2 >= len(simple) or simple[at + 2].head != following_conjuncts[0]:
            return at
        last = at + 2
    return last if simple[last].last - phrase.first < LONGEST else at


def _names(parse: Parse, phrase: Phrase) -> bool:
    """Whether a phrase names a concept at all."""
    word = parse.lower[phrase.head]
    if phrase.last - phrase.first >= LONGEST or word in EMPTY_ALWAYS:
        return False
    text = parse.words[phrase.head]
    if phrase.cut:
        return any(character.isalpha() for character in text[: -phrase.cut])
    following = parse.lower[phrase.last + 1] if phrase.last + 1 < len(parse) else ""
    if (
        word in TRANSPARENT
        and following == "of"
        and "compound" not in {parse.relations[at] for at in range(phrase.first, phrase.head)}
    ):
        return False
    if word in ("time", "times") and not any(
        parse.relations[at] == "compound" for at in range(phrase.first, phrase.head)
    ):
        return False
    if (
        not any(character.isalpha() for character in text)
        or (len(text) < 2 and phrase.first == phrase.last)
        or "@" in text
        or "://" in text
        or text.startswith("www.")
    ):
        return False
    if phrase.first == phrase.head == phrase.last and (
        word in EMPTY_ALONE or word in TRANSPARENT or word in POINTING or word in _UNITS
    ):
        return False
    if word in _UNITS and word == text and phrase.first < phrase.head and parse.tags[phrase.head - 1] == "CD":
        return False
    return not any(
        parse.words[place] in {",", ";", ":", "(", ")", "[", "]", "=", "<", ">", '"', "|"}
        for place in range(phrase.first, phrase.last + 1)
    )
