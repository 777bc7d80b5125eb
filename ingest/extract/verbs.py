"""The verbs of the controlled vocabulary as they stand in a sentence: inflected, passive, with their prepositions."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.predicates import PREDICATES

_IRREGULAR = {
    "arise": "arises arose arisen arising",
    "become": "becomes became become becoming",
    "bear": "bears bore borne bearing",
    "beat": "beats beat beaten beating",
    "bind": "binds bound bound binding",
    "break": "breaks broke broken breaking",
    "bring": "brings brought brought bringing",
    "build": "builds built built building",
    "come": "comes came come coming",
    "cut": "cuts cut cut cutting",
    "dwell": "dwells dwelt dwelt dwelling",
    "draw": "draws drew drawn drawing",
    "drive": "drives drove driven driving",
    "eat": "eats ate eaten eating",
    "fall": "falls fell fallen falling",
    "feed": "feeds fed fed feeding",
    "find": "finds found found finding",
    "forecast": "forecasts forecast forecast forecasting",
    "foresee": "foresees foresaw foreseen foreseeing",
    "give": "gives gave given giving",
    "grow": "grows grew grown growing",
    "have": "has had had having",
    "hold": "holds held held holding",
    "hurt": "hurts hurt hurt hurting",
    "keep": "keeps kept kept keeping",
    "lead": "leads led led leading",
    "let": "lets let let letting",
    "lie": "lies lay lain lying",
    "lose": "loses lost lost losing",
    "make": "makes made made making",
    "overcome": "overcomes overcame overcome overcoming",
    "play": "plays played played playing",
    "rise": "rises rose risen rising",
    "set": "sets set set setting",
    "shed": "sheds shed shed shedding",
    "show": "shows showed shown showing",
    "shrink": "shrinks shrank shrunk shrinking",
    "sling": "slings slung slung slinging",
    "speed": "speeds sped sped speeding",
    "spin": "spins spun spun spinning",
    "split": "splits split split splitting",
    "spread": "spreads spread spread spreading",
    "stick": "sticks stuck stuck sticking",
    "stand": "stands stood stood standing",
    "stem": "stems stemmed stemmed stemming",
    "take": "takes took taken taking",
    "tie": "ties tied tied tying",
    "underlie": "underlies underlay underlain underlying",
    "undergo": "undergoes underwent undergone undergoing",
    "understand": "understands understood understood understanding",
    "write": "writes wrote written writing",
    "withstand": "withstands withstood withstood withstanding",
    "see": "sees saw seen seeing",
    "fail": "fails failed failed failing",
    "seek": "seeks sought sought seeking",
    "be": "is was been being",
}
_DOUBLED = frozenset(
    """
stop trap drag map dam stem plug prefer tag ban pin submit permit transfer rip strip tip cap knock-in spur scan
slow-down dim tap occur refer infer control compel propel expel dispel excel regret commit admit emit omit transmit
rebut format program damp-down beg rub grab stir blur spot clog plot label-off fit hit let cut begin quiz
""".split()
)


def inflections(lemma: str) -> set[str]:
    """All forms of an English verb, the lemma and British doubling included."""
    if lemma in _IRREGULAR:
        return {lemma, *_IRREGULAR[lemma].split()}
    forms = {lemma}
    if lemma.endswith("e"):
        forms |= {lemma + "s", lemma + "d", lemma[:-1] + "ing"}
        if lemma.endswith(("ee", "ye", "oe")):
            forms.add(lemma + "ing")
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        forms |= {lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"}
    elif lemma in _DOUBLED:
        forms |= {lemma + "s", lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"}
    else:
        plural = "es" if lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else "s"
        forms |= {lemma + plural, lemma + "ed", lemma + "ing"}
        if lemma.endswith(("l", "p")) and lemma[-2] in "aeiou":
            forms |= {lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"}
    return forms


@dataclass(frozen=True, slots=True)
class Reading:
    """A predicate; `turned` where the grammatical subject is its object."""

    predicate: str
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Frames: `active["lead", "", "to"]`, `active["speed", "up", ""]`; `passive["used", "for"]` for "be used for"."""

    lemmas: dict[str, str] = field(default_factory=dict)
    active: dict[tuple[str, str, str], Reading] = field(default_factory=dict)
    passive: dict[tuple[str, str], Reading] = field(default_factory=dict)
    participles: dict[tuple[str, str], Reading] = field(default_factory=dict)

    def passive_of(self, lemma: str, preposition: str) -> Reading | None:
        """The reading of "be <participle> <preposition>" by lemma: "we tested X on Y" is "X was tested on Y"."""
        return self.participles.get((lemma, preposition))

    def lemma(self, form: str) -> str | None:
        """The vocabulary's verb of this form; None for any other word."""
        return self.lemmas.get(form)


PARTICLES = frozenset({"up", "down", "out", "off", "back", "about", "over", "in", "on", "away"})


def _frames() -> Iterator[tuple[list[str], Reading]]:
    for predicate in PREDICATES:
        for verb in predicate.verbs:
            yield verb.split(), Reading(predicate.name)
        for verb in predicate.reversed_verbs:
            yield verb.split(), Reading(predicate.name, turned=True)


def _lexicon() -> Lexicon:
    lexicon = Lexicon()
    for words, reading in _frames():
        if words[0] == "be":
            rest = [word for word in words[1:] if word not in ("a", "an", "the", "also")]
            # "be a member of" -> ("member", "of"); "be made up of" -> ("made", "up of")
            lexicon.passive.setdefault((rest[0], " ".join(rest[1:])), reading)
            continue
        lemma, rest = words[0], words[1:]
        particle = (
            rest.pop(0) if rest and rest[0] in PARTICLES and (len(rest) == 2 or (rest[0], lemma) in _PHRASAL) else ""
        )
        lexicon.active.setdefault((lemma, particle, " ".join(rest)), reading)
        for form in inflections(lemma):
            lexicon.lemmas.setdefault(form, lemma)
    for (word, preposition), reading in lexicon.passive.items():
        if lexicon.lemmas.get(word, word) != word:
            lexicon.participles[lexicon.lemmas[word], preposition] = reading
    return lexicon


_PHRASAL = frozenset(
    {
        ("up", "speed"),
        ("down", "slow"),
        ("down", "cut"),
        ("up", "make"),
        ("down", "knock"),
        ("out", "knock"),
        ("about", "bring"),
        ("off", "give"),
        ("back", "hold"),
        ("down", "break"),
        ("out", "wash"),
        ("out", "rule"),
    }
)

LEXICON = _lexicon()
