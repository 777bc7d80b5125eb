"""What a person should be told before an answer, or beside it: that a question may serve harm; that an answer rests on
one paper, or on one group of authors, alone.

The advisory is a rule over English wording and no judgement of the person, who may go on with a reason. It looks for
the wish to make, to strengthen or to spread what harms many; a mere mention of that (how it spreads by itself, is
detected, treated, destroyed) raises none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.model import Paper

# Dual use ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Advisory:
    """Why a question should be thought over: its topic, the words that raised it as written, and what to tell."""

    topic: str
    words: str
    message: str


def advisory(text: str) -> Advisory | None:
    """The advisory that a question or a statement raises; of several that of the first topic, None where none does."""
    line = " ".join(unicodedata.normalize("NFKC", text).split())
    for topic in _TOPICS:
        if (words := topic.wished(line)) is not None:
            return Advisory(topic.name, words, f"This seems to ask about {topic.name} (“{words}”), which can be "
                            "misused to harm many people. To go on, give a reason: it is recorded with the run.")
    return None


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w])", re.IGNORECASE | re.VERBOSE)


_HARMLESS = _pattern(r"""
    (?: anti | counter ) -? \w+ | vaccin\w+ | immuni[sz]\w+ | detect\w* | sens(?:or|ing)s? | \w*-?sensors? | assays?
  | test(?:s|ing)? | simulants? | surrogates? | attenuated | inactivated | protect\w* | treat\w* | cures?
  | scaveng\w+
  | degrad\w+ | hydroly\w+ | decontaminat\w+ | neutrali[sz]\w+ | destroy\w* | destruction | reactivat\w+ | mimics?
  | inhibit\w+ | against | prevent\w* | without | resistant \s to | oncolytic | antibod\w+ | less | safer | reduc\w+
  | lower\w*
  | therap\w+ | used | models? \s of
""")
"""Between an act and its object: then the act is another's, or meant against it."""

_HARMLESS_HEAD = re.compile(r"""
    [\s-] (?: [\w-]+ \s ){0,2}? (?: antibod | antidote | antitoxin | antiserum | antisera | vaccin | \w*-?sensor
  | sensing | detect
  | simulant | surrogate | scaveng | hydroly | hydrolas | degrad | treat(?:ment|ed|ing) | poisoning | exposure
  | victim | residue | inhibit | mimic | toxoid | decontamin | destruction | destroy | drug
  | kinetics | calorimet | exercise
  | resistan | countermeasure | threat | history | ban\b | treaty | convention )
""", re.IGNORECASE | re.VERBOSE)
"""After a feared thing: then it tells the kind of another thing (`sarin antidotes`)."""

_PERSON = r"(?: I | we | you | one | someone | anyone | somebody | they | terrorists? | attackers? )"
_ASKED = _pattern(rf"""
    how (?:\s \w+ly | \s best | \s else)? \s (?: to
  | (?:can|could|do|does|did|would|should|might|may|must) \s (?:\w+ly \s)? {_PERSON} )
  | (?: can | could | may | might ) \s {_PERSON} | what \s would \s it \s take \s to
  | (?: steps? | ways? | methods? | protocols? | procedures? | recipes? | instructions? | guide | techniques?
      | experiments? | conditions | equipment | routes? | plans? ) (?:\s needed | \s required)? \s (?: to | for
  | of | that )
  | help \s me | (?: give | teach | show | tell ) \s me | (?: want | wish | need | plan | possible | like ) \s to
  | \w+ing \s protocol | reverse \s genetics | serial \s passage\w* | gain[- ]of[- ]function | best | easiest
  | cheapest | simplest
  | which \s mutations \s should | introduced? \s (?:them|to \s make) | (?: how \s do \s I )
  | \A (?:please \s)? (?: make | build | design | engineer | create | enhance | increase | modify | evolve | enrich
      | weaponi[sz]e | poison | disperse | bypass | evade | use | produce | synthesi[sz]e | prepare )
""")
"""The wish to do it, in the words of whoever would."""

_ASKED_HOW = _pattern(r"""
    how \s (?: is | are | was | were | has | have | can | could | might | would | should | may )
""")
"""How something is done, whoever does it: counts with a passive, or where nature does no such thing."""

_MAKING = r"""
    (?:re-?)? (?: mak(?:e|es|ing) | made | build(?:s|ing)? | built | prepar\w+ | produc(?:e|es|ed|ing)
  | manufactur\w+
  | synthesi[sz]\w+ | extract(?:s|ed|ing)? | purif(?:y|ies|ied|ying) | isolat(?:e|es|ed|ing) | creat(?:e|es|ed|ing)
  | assembl(?:e|es|ed|ing) | construct(?:s|ed|ing)? | cook\w* | concentrat(?:e|ed|ing) | grow(?:n|ing)?
  | cultur(?:e|ed|ing)
  | stabili[sz]\w+ | stockpil(?:e|ing) | design(?:ed|ing)? | generat(?:e|ed|ing) | obtain\w* | acquir\w+
  | resurrect\w*
  | constructed )
"""
_MADE = r"""
    (?:re-?)? (?: made | built | prepared | produced | manufactured | synthesi[sz]ed | extracted | purified
  | isolated | created
  | assembled | constructed | stabili[sz]ed | generated | grown | enriched )
"""
_MAKING_OF = r"""
    (?:total \s)? synthes[ie]s (?:\s routes?)? \s (?:of|to|for) | preparation \s of | manufactur(?:e|ing) \s of
  | recipes? \s for
  | synthe(?:tic|sis) \s routes? \s (?:to|for|of) | precursors? (?:\s are \s needed)? \s (?:of|to|for)
  | blueprints? \s (?:of|for)
  | production \s (?:routes?|process|methods?) \s (?:of|for)
"""

_ORGANISM = r"""
    (?: SARS | (?:SARS-)? CoV (?:-2)? | MERS | \w*influenza | flu | H\d{1,2}N\d{1,2} | \w*virus(?:es)? | Ebola
  | Marburg
  | smallpox | variola | \w+pox | Nipah | Hendra | Lassa | polio | anthrax | (?:Bacillus|B\.) \s anthracis | plague
  | (?:Yersinia|Y\.) \s pestis | tular[ae]mia | (?:Francisella|F\.) \s tularensis | Burkholderia | glanders
  | Brucella | Coxiella
  | botulin\w+ | pathogens? | superbugs? | (?:mirror-\w+ \s)? bacteri(?:a|um) | microbes? | strains? )
"""
_AGENT = r"""
    (?: anthrax (?:\s spores)? | (?:Bacillus|B\.) \s anthracis | plague | (?:Yersinia|Y\.) \s pestis | tular[ae]mia
  | (?:Francisella|F\.) \s tularensis | Burkholderia | smallpox | variola | Ebola | Marburg | Nipah | ricin | abrin
  | botulin\w+ (?:\s toxin)? | nerve \s (?:agents?|gas(?:es)?) | sarin | tabun | soman | VX | novichok | cyanide
  | mustard \s gas | toxins? | pathogens? | (?:bio-?|biological \s|chemical \s)agents? | poisons? )
"""
_CHEMICAL = r"""
    sarin | soman | tabun | cyclosarin | VX | novichok (?:[ -]A-?\d+)? | A-23[024] | nerve \s (?:agents?|gas(?:es)?)
  | (?:sul(?:ph|f)ur|nitrogen) \s mustards? (?:\s gas)? | mustard \s gas | lewisite | phosgene | poison \s gas
  | chemical \s (?:weapons?|warfare \s agents?)
"""
_TOXIN = r"""
    ricin | abrin | modeccin | botulin(?:um|us) (?:\s (?:neuro)?toxins?)? | saxitoxin | tetrodotoxin | batrachotoxin
  | (?:epsilon|shiga|T-2) \s (?:myco)?toxin | staphylococcal \s enterotoxin (?:\s B)?
"""
_EXPLOSIVE = r"""
    TATP | HMTD | PETN | RDX | TNT | ANFO | nitroglycerine? | IEDs?
  | (?:(?:plastic|high|improvised|home-?made) \s)? explosives? (?:\s devices?)?
  | (?:(?:pipe|nail|car) \s)? bombs? | detonators? | grenades?
"""
_NUCLEAR = r"""
    (?: nuclear | atomic | atom | hydrogen | thermonuclear | radiological ) \s (?: weapons? | bombs? | warheads?
  | devices? )
  | dirty \s bombs? | implosion \s devices?
"""
_STRONGER = r"""
    (?: transmissib\w+ | transmit\w* | transmission | contagious\w* | virulen\w+ | lethal\w* | deadl\w+
  | pathogenic\w* | infectiousness | infectivity | airborne
  | (?:spread|spreads|jump) \s (?:\w+ly \s)? (?:through|by|via|to)
    \s (?:the \s)? (?:air|humans|people) | host \s range | untreatable )
"""
_STRENGTHENING = r"""
    enhanc\w+ | increas\w+ | boost\w* | rais(?:e|ing) | maximi[sz]\w+ | improv\w+ | broaden\w* | expand\w*
  | alter\w* | confer\w*
  | mak(?:e|ing) | render\w* | engineer\w* | creat(?:e|ing) | design\w* | evolv\w+ | build\w* | modif\w+
  | mutat(?:e|ing)
  | adapt\w* | develop\w* | turn\w* | generat\w+ | introduc\w+
"""
_ESCAPING = r"""
    (?: escap\w+ | evad\w+ | resist\w* (?:\s to)? | overcom\w+ | defeat\w*
  | unaffected \s by ) (?:\s [\w-]+){0,2}? \s
    (?: vaccin\w+ | antibiotics? | antivirals? | immun\w+ | antibod\w+ | ciprofloxacin | doxycycline | treatments?
      | therap\w+ | countermeasures? )
  | (?: no | every | any | all ) \s (?:human \s)? immune \s systems? \s \w+
"""
_FEARED_ORGANISM = r"""
    (?: SARS(?:-CoV)? | MERS | (?:avian|bird|pandemic|1918) \s (?:influenza|flu)
  | (?:1918|horsepox|corona|H\d+N\d+|Ebola|Nipah|Hendra
  | Lassa|Marburg|variola|polio) -? \s? (?:influenza \s)? virus | H\d{1,2}N\d{1,2} | Ebola | smallpox | variola
  | horsepox
  | Nipah | Marburg | anthrax | (?:Bacillus|B\.) \s anthracis | plague | (?:Yersinia|Y\.) \s pestis
  | (?:Francisella|F\.) \s tularensis | coronavirus | pathogens? | virus(?:es)?
  | mirror-?\w* \s (?:bacteri\w+|cells?|life) )
"""
_CROWDS = r"""
    (?: poison | contaminat\w+ | infect ) \s (?:\S+ \s){0,3}? (?: reservoirs? | water \s suppl(?:y|ies)
  | drinking \s water
  | food \s suppl(?:y|ies) | crowds? | city | cities | population | people )
"""


@dataclass(frozen=True, slots=True)
class _Topic:
    """A feared thing, what would be done with it, and how that is asked for.

    The act stands at most `reach` words before the thing, or after it as `passive`, with nothing harmless between
    them; the wish stands before the act. `about` stands anywhere.
    """

    name: str
    thing: re.Pattern[str]
    act: re.Pattern[str]
    asked: tuple[re.Pattern[str], ...] = (_ASKED,)
    passive: re.Pattern[str] | None = None
    about: re.Pattern[str] | None = None
    reach: int = 5

    def wished(self, line: str) -> str | None:
        """The words of the line from the wish to the feared thing, if they are there."""
        if self.about is not None and self.about.search(line) is None:
            return None
        for thing in self.thing.finditer(line):
            if _HARMLESS_HEAD.match(line, thing.end()) is None:
                for start, end, wishes in self._acts(line, thing.start(), thing.end()):
                    if not wishes:
                        return line[start:end]
                    for found in (one for wish in wishes for one in wish.finditer(line)):
                        if found.start() <= start and _HARMLESS.search(line[found.end() : start]) is None:
                            return line[found.start() : end]
        return None

    def _acts(self, line: str, start: int, end: int) -> Iterator[tuple[int, int, tuple[re.Pattern[str], ...]]]:
        for act in self.act.finditer(line, 0, start):
            if self._near(line[act.end() : start]):
                yield act.start(), end, self.asked
        for act in self.passive.finditer(line, end) if self.passive is not None else ():
            if self._near(line[end : act.start()]):
                yield start, act.end(), (_ASKED, _ASKED_HOW)

    def _near(self, between: str) -> bool:
        return len(between.split()) <= self.reach and _HARMLESS.search(between) is None


def _made(name: str, thing: str, *, by_nature: bool = False) -> tuple[_Topic, _Topic]:
    """A thing that is feared when a person makes it; what nature makes too is often asked how it does so."""
    return (
        _Topic(name, _pattern(thing), _pattern(_MAKING),
               passive=_pattern(rf"(?:{_MADE}) (?! \s (?:by|in) \s (?!quantit|bulk|large) )" if by_nature else _MADE)),
        _Topic(name, _pattern(thing), _pattern(_MAKING_OF), asked=()),
    )


_TOPICS = (
    _Topic("making a pathogen more dangerous", _pattern(_STRONGER), _pattern(_STRENGTHENING),
           about=_pattern(_ORGANISM), reach=6),
    _Topic("making a pathogen resist treatment or immunity", _pattern(_ESCAPING), _pattern(_STRENGTHENING),
           about=_pattern(_FEARED_ORGANISM), reach=8),
    _Topic("making a dangerous pathogen", _pattern(_FEARED_ORGANISM), _pattern(r"""
             reconstruct\w* | recreat\w+ | resurrect\w* | de \s novo \s synthesis \s of | synthesi[sz]\w+ | build
             | create
           """), reach=3),
    *_made("making a chemical weapon", _CHEMICAL),
    *_made("making a toxin", _TOXIN, by_nature=True),
    *_made("making explosives", _EXPLOSIVE),
    *_made("making nuclear or radiological weapons", _NUCLEAR),
    _Topic("making material for nuclear weapons", _pattern(r"uranium | plutonium | U-?235"),
           _pattern(r"enrich\w* | separat\w+ | extract\w* | reprocess\w* | obtain\w*"),
           passive=_pattern("enriched (?= .* (?: weapon | bomb | grade | centrifuge ) ) | produced | obtained")),
    _Topic("spreading a harmful agent", _pattern(_AGENT),
           _pattern(r"weaponi[sz]\w+ | aerosoli[sz]\w+ | dispers\w+ | disseminat\w+ | mill(?:ed|ing)?"),
           asked=(_ASKED, _ASKED_HOW),
           passive=_pattern(r"weaponi[sz]ed | (?:milled|made|turned) \s into \s an \s aerosol")),
    _Topic("poisoning many people", _pattern(_CROWDS), _pattern("how | ways? | want | plan"), asked=()),
    _Topic("evading the screening of dangerous orders", _pattern(r"""
             (?: (?:DNA|gene|sequence|order|customer) \s (?:\w+ \s)? | synthesis \s | biosecurity \s ) screening
               (?:\s \w+)?
             | export \s (?: controls? | licen[cs]e\w* )
           """), _pattern(r"""
             evad\w+ | bypass\w* | circumvent\w* | avoid\w* (?:\s detection \s by)? | get(?:ting)? \s around | defeat\w*
             | fool\w* | without | escap\w+
           """), asked=(_ASKED, _ASKED_HOW), passive=_pattern("miss(?:es)? | overlooks?")),
)

# Narrow footing ------------------------------------------------------------------------------------------------------

_PARTICLES = frozenset("al bin da de del della den der di dos du el la le ten ter van von".split())
_SUFFIXES = frozenset({"Jr", "Sr", "jr", "sr", "II", "III", "IV"})
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "a", "œ": "o", "ı": "i"})


def narrow(papers: Sequence[Paper]) -> str | None:
    """What to tell of an answer that rests on these papers: that they are one, or by one group of authors; else None.

    Papers are by one group when any two of them share an author; the author of most of them is named. Two names are
    one author's when the family names are equal and the given names agree as far as both are told ("J. Smith" and
    "Smith, John A.", not "John Smith" and "Jane Smith"), whatever the diacritics. A paper without authors tells
    nothing, so that nothing is said.
    """
    works = {paper.id: paper for paper in papers}
    if not works:
        return None
    if len(works) == 1:
        return "All of this rests on one paper."
    teams = [[(_name(author), author) for author in paper.authors] for paper in works.values()]
    if not all(any(_same(one, other) for one, _ in team for other, _ in rival)
               for team, rival in combinations(teams, 2)):
        return None
    shared = {author: (sum(any(_same(name, other) for other, _ in rival) for rival in teams), len("".join(name.given)))
              for team in teams for name, author in team}
    # Of the ways in which one author is written, the fullest.
    named = min(shared, key=lambda author: (*(-count for count in shared[author]), author))
    return f"All of this rests on papers of one group of authors ({named})."


def groups(papers: Sequence[Paper]) -> list[list[Paper]]:
    """The papers put together that share an author, directly or over others; those without authors are one group, since
    nobody knows whether they are independent."""
    works = list({paper.id: paper for paper in papers}.values())
    teams = {paper.id: [_name(author) for author in paper.authors] for paper in works}
    found: list[list[Paper]] = []
    for paper in works:
        joined = [one for one in found if any(_one_team(teams[paper.id], teams[other.id]) for other in one)]
        found = [one for one in found if one not in joined]
        found.append([*(other for one in joined for other in one), paper])
    return found


def _one_team(one: Sequence[_Name], other: Sequence[_Name]) -> bool:
    if not one or not other:
        return not one and not other
    return any(_same(name, rival) for name in one for rival in other)


@dataclass(frozen=True, slots=True)
class _Name:
    family: str
    given: tuple[str, ...]


def _name(author: str) -> _Name:
    """Family name and given names, folded: `Müller, J.-P.`, `J.-P. Müller` and `Mueller JP` are the same."""
    family, comma, rest = author.partition(",")
    if comma and rest.strip(" .") not in _SUFFIXES:
        words, given = family.split(), rest.split()
    else:
        words = [word for word in author.replace(",", " ").split() if word.strip(".") not in _SUFFIXES]
        if len(words) > 1 and len(words[-1]) <= 3 and words[-1].isupper() and not words[0].isupper():
            words, given = words[:-1], list(words[-1])
        else:
            words, given = words[-1:], words[:-1]
    told = [part for word in given if _folded(word) not in _PARTICLES for part in re.findall(r"\w+", _folded(word))]
    if len(given) == 1 and given[0].isupper() and len(given[0]) <= 3 and given[0].isalpha():
        told = list(_folded(given[0]))
    return _Name("".join(re.findall(r"\w+", _folded(words[-1]))) if words else "", tuple(told))


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return bare.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _same(one: _Name, other: _Name) -> bool:
    if not one.family or one.family != other.family or bool(one.given) != bool(other.given):
        return False
    return all(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0])
               for a, b in zip(one.given, other.given, strict=False))
