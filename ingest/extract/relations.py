"""Relations that a parsed sentence states between its noun phrases.

Families of patterns, each with a prior confidence: clauses (active, passive turned round, relative, participial, "used
to measure"), predicate nouns and adjectives ("is a regulator of", "is essential for"), nouns that relate ("the effect
of X on Y", "a link between X and Y"), kinds (is-a, "such as") and compounds ("drought-induced closure").
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.extract.noun_phrases import CAUSAL_SUFFIX, Phrase, noun_phrases
from ingest.extract.nouns import EMPTY_ALONE, TRANSPARENT
from ingest.extract.parse import Parse
from ingest.extract.stance import Stance
from ingest.extract.verbs import LEXICON, PARTICLES, Reading, inflections
from kg.predicates import GENERAL, predicate_named

# Priors: the share of such relations that was right when read by hand, rounded (docs/extraction.md).
CLAUSE, PASSIVE, OPEN, OBLIQUE, NOMINAL, KIND, SUCH_AS, COMPOUND, PARTICIPLE = (
    0.85,
    0.85,
    0.6,
    0.75,
    0.75,
    0.75,
    0.8,
    0.8,
    0.7,
)


@dataclass(frozen=True, slots=True)
class Relation:
    """Phrases by their places in the sentence's list of phrases."""

    subject: int
    object: int
    predicate: str
    words: str
    denied: bool
    hedged: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Argument:
    """A phrase in a role. `denied`: the statement is denied for it ("nor salinity", "without platinum")."""

    phrase: int
    denied: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Open verbs that say nothing of their own about subject and object.
_EMPTY_VERBS = frozenset(
    form
    for lemma in """
be do see know consider mean want like say tell think believe note discuss mention publish present take get put receive begin summarize list
merit deserve await concern regard constitute go write read help call name argue claim conclude hypothesize propose report illustrate
depict outline describe emphasize add run turn leave bring start stop expect try seem appear remain follow compare perform conduct carry
obtain understand explore involve plot show demonstrate suggest indicate reveal find observe highlight provide give offer have use make
imply confirm support allow assign assume choose select denote require specify vary correspond contain include refer share apply
hear ask answer welcome thank face prefer
""".split()
    for form in inflections(lemma)
) | _words("found thought shown seen known given taken gotten")
# Subjects of these are documents and their authors' doings: "the results show X" says nothing of results and X.
_SPEAKING_VERBS = frozenset(
    form
    for lemma in "show demonstrate suggest indicate reveal confirm report find observe describe examine imply support investigate discuss "
    "present illustrate highlight provide offer".split()
    for form in inflections(lemma)
) | {"shown", "found"}
# People do not make a measurement's instrument: "assessed by two pathologists".
_PEOPLE = re.compile(
    r"(?:[^\W\d_]+(?:ologist|ician|entist|ysicist|hemist|conomist)|researcher|author|participant|clinician|doctor|investigator|expert"
    r"|annotator|judge|colleague|diver|farmer|patient|student|teacher|nurse|worker|user|subject|volunteer|observer|rater|reviewer|consultant"
    r"|women|men|child|people|person|surgeon|committee|group|team|council|agency)(?:s|ren)?$"
)
_SPEAKERS = _words("""
analysis analyses experiment experiments data measurement measurements assay assays comparison comparisons inspection
simulation simulations test tests regression evidence review observation observations examination
""")
_EFFECT = {
    "effect",
    "effects",
    "influence",
    "influences",
    "impact",
    "impacts",
    "action",
    "bearing",
    "consequences",
    "repercussions",
}
_BEARERS = _words(
    "have has had having exert exerts exerted exerting show shows showed exhibit exhibits exhibited display displays displayed "
    "play plays played playing produce produced"
)
_LIGHT_VERBS = _BEARERS | _words(
    "give gives gave given provide provides provided find finds found make makes made retain lack observe observed report"
)
_SHIELDING = frozenset({"protect", "shield", "guard", "defend", "insulate", "prevent", "buffer"})
_BETWEEN = {
    **dict.fromkeys(
        (
            "relationship",
            "relationships",
            "relation",
            "relations",
            "association",
            "associations",
            "link",
            "links",
            "connection",
            "connections",
        ),
        "associated with",
    ),
    **dict.fromkeys(("correlation", "correlations", "covariation", "proportionality"), "correlated with"),
    **dict.fromkeys(
        (
            "interaction",
            "interactions",
            "interplay",
            "crosstalk",
            "cross-talk",
            "cooperation",
            "synergy",
            "competition",
            "coupling",
            "reaction",
            "reactions",
            "antagonism",
        ),
        "interacts with",
    ),
    **dict.fromkeys(("difference", "differences", "contrast", "discrepancy", "distinction"), "differs from"),
    **dict.fromkeys(("similarity", "similarities", "resemblance", "analogy", "homology"), "similar to"),
}
# noun: (prepositions of the first, prepositions of the second, predicate, turned round)
_TWO_PLACES: dict[str, tuple[frozenset[str], frozenset[str], str, bool]] = {}


def _two_places(nouns: str, first: str, second: str, predicate: str, turned: bool = False) -> None:
    for noun in nouns.split():
        _TWO_PLACES[noun] = (frozenset(first.split(",")), frozenset(second.split(",")), predicate, turned)


_two_places("role roles function functions participation involvement", "of,for,by", "in,during", "involved in")
_two_places(
    "importance relevance contribution contributions significance benefit benefits",
    "of,from",
    "to,for,in",
    "contributes to",
)
_two_places(
    "association correlation relationship interaction link similarity", "of,between", "with,to", "associated with"
)
_two_places("dependence dependency reliance", "of", "on,upon", "depends on")
_two_places("response responses sensitivity susceptibility vulnerability", "of", "to", "affects", turned=True)
_two_places("resistance tolerance immunity", "of", "to,against", "prevents")
_two_places("conversion transformation differentiation transition", "of", "to,into", "becomes")
_two_places("use application uses applications utility usefulness suitability", "of", "for,in,as", "used for")
_two_places("binding attachment affinity adhesion", "of", "to,with", "binds")
_two_places("advantage superiority", "of", "over", "outperforms")
_two_places("inhibition suppression repression", "of", "by", "inhibits", turned=True)
_two_places("activation stimulation promotion", "of", "by", "promotes", turned=True)
_two_places("regulation modulation control", "of", "by", "regulates", turned=True)
_two_places("induction", "of", "by", "causes", turned=True)
_two_places("reduction", "of,in", "by", "decreases", turned=True)
_two_places("detection identification", "of", "by,with,using", "detects", turned=True)
_two_places("measurement estimation quantification determination", "of", "with,using", "measured with")
_two_places("treatment", "of", "with", "treated with")
_two_places("production secretion", "of", "by", "produces", turned=True)
_two_places("absorption removal", "of", "by", "removes", turned=True)
_two_places("expression", "of", "in,by", "expresses", turned=True)

_AGENTS: dict[str, Reading] = {}


def _agents(nouns: str, predicate: str, turned: bool = False) -> None:
    for noun in nouns.split():
        _AGENTS[noun] = Reading(predicate, turned)
        _AGENTS[noun + "s"] = Reading(predicate, turned)


_agents("regulator modulator mediator controller", "regulates")
_agents("inhibitor suppressor repressor antagonist blocker", "inhibits")
_agents("activator promoter stimulator enhancer agonist inducer facilitator catalyst", "promotes")
_agents("cause driver trigger", "causes")
_agents("source producer origin", "produces")
_agents("product consequence result derivative metabolite", "derived from")
_agents("precursor progenitor ancestor", "becomes")
_agents("component constituent part subunit ingredient subset element", "part of")
_agents("predictor", "predicts")
_agents("measure estimate index marker biomarker indicator sign symptom hallmark signature proxy", "indicates")
_agents("determinant", "affects")
_agents("ligand", "binds")
_agents("treatment therapy cure remedy", "treats")
_agents("method technique tool algorithm approach framework model procedure instrument assay", "used for")
_agents("contributor", "contributes to")
_agents("prerequisite requirement", "requires", turned=True)
_agents("target substrate", "targets", turned=True)
_agents("type kind form class example member species variant subtype instance case", "is a")
_AGENT_PREPOSITIONS = frozenset({"of", "for", "to"})

# Denying frames: the word itself says no.
_DENYING_PASSIVE = {
    ("absent", "from"): Reading("located in"),
    ("absent", "in"): Reading("located in"),
    ("missing", "from"): Reading("located in"),
    ("free", "of"): Reading("contains"),
    ("free", "from"): Reading("contains"),
    ("devoid", "of"): Reading("contains"),
    ("independent", "of"): Reading("depends on"),
    ("unaffected", "by"): Reading("affects", turned=True),
    ("unchanged", "by"): Reading("affects", turned=True),
    ("insensitive", "to"): Reading("affects", turned=True),
    ("unresponsive", "to"): Reading("affects", turned=True),
    ("unrelated", "to"): Reading("associated with"),
    ("uncorrelated", "with"): Reading("correlated with"),
    ("indistinguishable", "from"): Reading("differs from"),
    ("unaltered", "by"): Reading("affects", turned=True),
    ("depleted", "in"): Reading("contains"),
    ("depleted", "of"): Reading("contains"),
    ("ineffective", "against"): Reading("treats"),
    ("ineffective", "in"): Reading("treats"),
    ("dispensable", "for"): Reading("requires", turned=True),
    ("unsuitable", "for"): Reading("used for"),
    ("useless", "for"): Reading("used for"),
    ("lacking", "in"): Reading("contains"),
    ("lacking", "from"): Reading("located in"),
    ("undetectable", "in"): Reading("located in"),
    ("independent", "from"): Reading("depends on"),
}
_LACKING = _words("lack lacks lacked lacking")
_WORKING_VERBS = _words(
    "use uses used using employ employs employed utilize utilized utilise utilised apply applied applies exploit exploited leverage"
)
_OBJECT_CONTROL = _words("""
allow allows allowed enable enables enabled permit permits permitted cause causes caused force forces forced require
requires required lead leads led help helps helped make makes made let lets induce induces induced stimulate
stimulated encourage encouraged find found finds prompt prompted drive drives drove
""")
_ABILITIES = _words("ability capacity capability potential power tendency propensity failure inability")
_MEASURING = frozenset({"measured with"})
# A passive with "by" does not turn these round: "was achieved by", "is included by".
_STATES = frozenset({"has property", "contains", "located in", "is a", "part of"})
# Passives that leave their infinitive its subject: "is thought to reduce", "was used to measure".
_RAISING = _words("""
found shown known observed reported demonstrated seen proven proved thought believed suspected assumed hypothesized
hypothesised presumed expected predicted proposed suggested postulated speculated supposed considered said estimated
likely unlikely able unable used employed applied utilized utilised designed developed required needed sufficient
necessary intended claimed understood confirmed revealed indicated inferred determined anticipated conceived argued
ruled held
""")
_ALTERNATIVE = ("rather than", "instead of", "not")
_PRONOUN_TAGS = ("PRP", "WP", "WDT", "EX")


def relations_of(parse: Parse) -> tuple[list[Phrase], list[Relation]]:
    """The phrases of a sentence and the relations between them; of two alike (subject, predicate, object) the surer."""
    reader = _Reader(parse)
    best: dict[tuple[int, int, str], Relation] = {}
    for relation in reader.relations():
        if relation.subject == relation.object:
            continue
        key = (relation.subject, relation.object, relation.predicate)
        if key not in best or relation.confidence > best[key].confidence:
            best[key] = relation
    return reader.phrases, _one_per_pair(best.values())


def _one_per_pair(found: Iterable[Relation]) -> list[Relation]:
    """The open verb's predicate gives way where the same pair has a named one."""
    relations = list(found)
    named = {frozenset((one.subject, one.object)) for one in relations if one.predicate != GENERAL}
    kept = [one for one in relations if one.predicate != GENERAL or frozenset((one.subject, one.object)) not in named]
    kept.sort(key=lambda one: (one.subject, one.object, one.predicate))
    return kept


class _Reader:
    """One sentence while it is read."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self.phrases = noun_phrases(parse, frozenset(self._relating_nouns()))
        self.stance = Stance(parse)
        self._owner = [-1] * len(parse)
        for number, phrase in enumerate(self.phrases):
            for at in range(phrase.first, phrase.last + 1):
                if self._owner[at] < 0:
                    self._owner[at] = number

    def relations(self) -> Iterator[Relation]:
        """All that is found, with repetitions."""
        parse = self.parse
        for at in range(len(parse)):
            if parse.relations[at] in ("aux", "aux:pass", "cop", "case", "mark", "det", "punct", "cc"):
                continue
            if parse.is_verb(at) and not self._inside_phrase(at):
                yield from self._clause(at)
            if parse.first_below(at, "cop") is not None:
                yield from self._copula(at)
            if parse.is_noun(at):
                yield from self._noun(at)
        yield from self._compounds()

    # Arguments ------------------------------------------------------------------------------------------------------

    def _inside_phrase(self, at: int) -> bool:
        owner = self._owner[at]
        return (
            owner >= 0
            and self.phrases[owner].head != at
            and self.parse.relations[at] in ("amod", "compound", "nmod", "dep")
        )

    def _arguments(self, at: int, depth: int = 0) -> list[Argument]:
        """The phrases that a word stands for, its conjuncts included."""
        parse = self.parse
        found = self._argument(at, depth)
        if depth > 4:
            return found
        for conjunct in parse.below(at, "conj"):
            if parse.is_verb(conjunct) and parse.first_below(conjunct, "nsubj", "nsubj:pass", "obj") is not None:
                continue
            more = self._argument(conjunct, depth + 1)
            conjunction = [parse.lower[child] for child in parse.below(conjunct, "cc")]
            denied = (
                self.stance.denied_argument(conjunct)
                or "nor" in conjunction
                or (found and found[0].denied and "but" not in conjunction and not self._not_but(at))
            )
            found += [Argument(one.phrase, one.denied or bool(denied)) for one in more]
        return found

    def _not_but(self, at: int) -> bool:
        parse = self.parse
        return any(parse.lower[child] in ("not", "rather", "instead") for child in parse.children[at])

    def _argument(self, at: int, depth: int) -> list[Argument]:
        parse = self.parse
        if parse.tags[at].startswith(_PRONOUN_TAGS):
            return []
        denied = self.stance.denied_argument(at)
        owner = self._owner[at]
        if owner >= 0 and (self.phrases[owner].head == at or not parse.is_noun(at) or self.phrases[owner].last >= at):
            phrase = self.phrases[owner]
            if phrase.cut and phrase.head == at:
                return []
            examples = [
                one
                for child in parse.below(at, "nmod")
                if depth < 3 and parse.preposition(child) == "such as"
                for one in self._arguments(child, depth + 1)
            ]
            return [Argument(owner, denied), *(Argument(one.phrase, denied) for one in examples)]
        if depth > 3:
            return []
        word = parse.lower[at]
        if word == "none":
            denied = True
        if (
            word in TRANSPARENT
            or word in EMPTY_ALONE
            or parse.tags[at] in ("CD", "DT", "JJ", "JJR", "JJS", "NN", "NNS", "VBG")
        ):
            wanted = ("of",) if word not in ("exposure", "treatment") else ("to", "with", "of")
            for child in parse.below(at, "nmod", "obl"):
                if parse.preposition(child) in wanted:
                    return [Argument(one.phrase, one.denied or denied) for one in self._arguments(child, depth + 1)]
        return []

    def _subjects(self, verb: int, depth: int = 0) -> list[Argument]:
        """Grammatical subjects of a verb or predicate, found through conjunction, control and relative clauses."""
        parse = self.parse
        if depth > 4:
            return []
        own = parse.first_below(verb, "nsubj", "nsubj:pass", "csubj", "csubj:pass")
        if own is not None:
            if parse.tags[own] in ("WDT", "WP") or (
                parse.lower[own] in ("that", "which") and self._relative_verb(verb) is not None
            ):
                clause = self._relative_verb(verb)
                if clause is None or parse.lower[own] == "who":
                    return []
                return self._arguments_without_conjuncts(parse.heads[clause], verb)
            return self._arguments(own)
        relation, above = parse.relations[verb], parse.heads[verb]
        if above == verb:
            return []
        if relation == "conj":
            return self._subjects(above, depth + 1)
        if relation == "xcomp":
            return self._controller(verb, above, depth)
        if relation == "acl":
            if parse.tags[verb] in ("VBG", "VBN", "VBD"):
                return self._arguments_without_conjuncts(above, verb)
            if parse.lower[above] in _ABILITIES:
                return self._bearer(above, depth)
            return []
        if relation == "acl:relcl":
            return [] if parse.tags[verb] not in ("VBG", "VBN") else self._arguments(above)
        if relation == "advcl":
            if parse.tags[verb] == "VBG":
                mark = parse.first_below(verb, "mark", "case")
                if mark is not None and parse.lower[mark] not in ("by", "thereby", "thus", "through", "without"):
                    return []
                return [] if self._passive(above) else self._subjects(above, depth + 1)
            if parse.tags[verb] == "VB" and parse.lower[above] in _WORKING_VERBS:
                return self._controller(verb, above, depth)
        return []

    def _arguments_without_conjuncts(self, noun: int, verb: int) -> list[Argument]:
        """The noun that a participle right behind it modifies."""
        parse = self.parse
        owner = self._owner[noun]
        if verb < noun or (owner >= 0 and self.phrases[owner].head != noun):
            return []
        return self._argument(noun, 0)

    def _bearer(self, noun: int, depth: int) -> list[Argument]:
        parse = self.parse
        verb = parse.heads[noun]
        if parse.relations[noun] == "obj" and parse.lower[verb] in _BEARERS | {
            "lack",
            "lacks",
            "lacked",
            "retain",
            "retains",
        }:
            return self._subjects(verb, depth + 1)
        of = next((child for child in parse.below(noun, "nmod") if parse.preposition(child) == "of"), None)
        return [] if of is None else self._arguments(of)

    def _controller(self, verb: int, above: int, depth: int) -> list[Argument]:
        parse = self.parse
        word = parse.lower[above]
        target = parse.first_below(above, "obj")
        if word in _WORKING_VERBS:
            if self._passive(above):
                return self._subjects(above, depth + 1)
            return [] if target is None else self._arguments(target)
        if target is not None and not self._passive(above):
            return [] if word in _OBJECT_CONTROL else self._bearer_of(target, above, depth)
        if word in _OBJECT_CONTROL and not self._passive(above) and word not in ("help", "helps", "helped"):
            return []
        if self._passive(above) and word not in _RAISING:
            return []
        return self._subjects(above, depth + 1)

    def _bearer_of(self, target: int, above: int, depth: int) -> list[Argument]:
        return self._subjects(above, depth + 1) if self.parse.lower[target] in _ABILITIES else []

    def _relative_verb(self, verb: int) -> int | None:
        """The verb of the relative clause that a verb leads or is joined to; None outside of one."""
        parse = self.parse
        for _ in range(4):
            if parse.relations[verb] in ("acl:relcl", "acl"):
                return verb
            if parse.relations[verb] not in ("conj", "xcomp", "cop") or parse.heads[verb] == verb:
                return None
            verb = parse.heads[verb]
        return None

    def _passive(self, verb: int) -> bool:
        parse = self.parse
        if parse.first_below(verb, "aux:pass", "nsubj:pass", "csubj:pass") is not None:
            return True
        if parse.tags[verb] not in ("VBN", "VBD"):
            return False
        if parse.relations[verb] == "acl":
            return parse.first_below(verb, "obj") is None
        if (
            parse.relations[verb] == "advcl"
            and parse.tags[verb] == "VBN"
            and parse.first_below(verb, "aux", "nsubj") is None
        ):
            return True
        own = parse.first_below(verb, "nsubj", "aux") is not None
        return (
            parse.relations[verb] == "conj"
            and not own
            and parse.tags[verb] == "VBN"
            and self._passive(parse.heads[verb])
        )

    def _objects(self, verb: int) -> list[Argument]:
        parse = self.parse
        found: list[Argument] = []
        for child in parse.below(verb, "obj"):
            if parse.tags[child] in ("WDT", "WP"):
                clause = self._relative_verb(verb)
                if clause is not None:
                    found += self._arguments(parse.heads[clause])
            else:
                found += self._arguments(child)
        if found:
            return found
        if parse.first_below(verb, "ccomp", "xcomp", "obl", "obj") is not None:
            return []
        # "binds and activates Y"
        for conjunct in parse.below(verb, "conj"):
            if (
                conjunct - verb <= 4
                and parse.is_verb(conjunct)
                and parse.first_below(conjunct, "nsubj", "nsubj:pass") is None
            ):
                return [one for child in parse.below(conjunct, "obj") for one in self._arguments(child)]
        if parse.relations[verb] == "conj":
            target = parse.first_below(parse.heads[verb], "obj")
            if target is not None and target > verb and parse.first_below(verb, "nsubj", "nsubj:pass") is None:
                return self._arguments(target)
        return []

    def _obliques(self, verb: int) -> Iterator[tuple[str, int]]:
        """Prepositional phrases of a verb: (preposition, noun). "using X" counts as one."""
        parse = self.parse
        for child in parse.children[verb]:
            relation = parse.relations[child]
            if relation in ("obl", "obl:agent", "nmod", "advcl", "advmod", "xcomp", "dep") and child > verb:
                if parse.lower[child] in ("using", "employing", "utilizing") and parse.is_verb(child):
                    target = parse.first_below(child, "obj")
                    if target is not None:
                        yield "using", target
                    continue
                if parse.is_verb(child) and parse.tags[child] != "VBG":
                    continue
                preposition = parse.preposition(child)
                if preposition:
                    yield preposition, child
            elif relation == "obl" and child < verb and parse.preposition(child) == "with":
                continue

    def _particle(self, verb: int) -> str:
        parse = self.parse
        child = parse.first_below(verb, "compound:prt")
        if child is not None:
            return parse.lower[child]
        following = verb + 1
        if following < len(parse) and parse.lower[following] in PARTICLES and parse.relations[following] == "advmod":
            return parse.lower[following]
        return ""

    # Statements -----------------------------------------------------------------------------------------------------

    def _states(
        self,
        subjects: list[Argument],
        reading: Reading,
        objects: list[Argument],
        anchor: int,
        words: str,
        confidence: float,
        denied: bool = False,
    ) -> Iterator[Relation]:
        if not subjects or not objects:
            return
        said_no, hedged = self.stance.of(anchor)
        for subject in subjects:
            for target in objects:
                if reading.predicate in _MEASURING and self._is_person(subject if reading.turned else target):
                    continue
                first, second = (target, subject) if reading.turned else (subject, target)
                no = (
                    (said_no or subject.denied or target.denied) != denied
                    if denied
                    else said_no or subject.denied or target.denied
                )
                yield Relation(first.phrase, second.phrase, reading.predicate, words, no, hedged, confidence)

    def _is_person(self, argument: Argument) -> bool:
        phrase = self.phrases[argument.phrase]
        head = self.parse.lower[phrase.head]
        following = self.parse.lower[phrase.last + 1 : phrase.last + 3]
        return _PEOPLE.match(head) is not None or following in (("and", "colleagues"), ("et", "al."), ("et", "al"))

    def _clause(self, verb: int) -> Iterator[Relation]:
        parse = self.parse
        form = parse.lower[verb]
        lemma = LEXICON.lemma(form) or ""
        particle = self._particle(verb)
        passive = self._passive(verb)
        subjects = self._subjects(verb)
        if passive:
            yield from self._passive_clause(verb, form, lemma, particle, subjects)
            return
        objects = self._objects(verb)
        loose = PARTICIPLE if parse.relations[verb] in ("acl", "advcl", "acl:relcl") else CLAUSE
        if form in _LACKING:
            yield from self._states(subjects, Reading("has property"), objects, verb, form, CLAUSE, denied=True)
            return
        if form in _WORKING_VERBS and form != "using":
            yield from self._states(subjects, Reading("uses"), objects, verb, form, PARTICIPLE)
            yield from self._tools(verb, form)
            return
        reading = self._active(lemma, particle, "", form)
        if reading is not None and reading.predicate == GENERAL:
            used_to = parse.heads[verb] != verb and parse.lower[parse.heads[verb]] in _WORKING_VERBS
            if used_to and parse.relations[verb] in ("xcomp", "advcl"):
                reading = Reading("used for")
                form = f"{parse.lower[parse.heads[verb]]} to {form}"
            elif loose != CLAUSE:
                reading = None
        if reading is not None and subjects and objects and not self._speaks(form, subjects) and not self._light(verb):
            confidence = loose if reading.predicate != GENERAL else OPEN
            yield from self._states(
                subjects, reading, objects, verb, " ".join(part for part in (form, particle) if part), confidence
            )
        yield from self._active_obliques(verb, form, lemma, particle, subjects, objects)

    def _light(self, verb: int) -> bool:
        """ "has an effect on", "plays a role in", "gives rise to": the noun tells what is said, not the verb."""
        parse = self.parse
        target = parse.first_below(verb, "obj")
        return (
            target is not None
            and parse.lower[verb] in _LIGHT_VERBS
            and (
                parse.lower[target] in _EFFECT
                or parse.lower[target]
                in ("role", "roles", "part", "rise", "use", "evidence", "ability", "capacity", "potential")
                or parse.lower[target] in _BETWEEN
            )
        )

    def _speaks(self, form: str, subjects: list[Argument]) -> bool:
        if form not in _SPEAKING_VERBS:
            return False
        if form in ("showing", "demonstrating", "illustrating"):
            return True
        return all(self.parse.lower[self.phrases[one.phrase].head] in _SPEAKERS for one in subjects)

    def _active(self, lemma: str, particle: str, preposition: str, form: str) -> Reading | None:
        reading = LEXICON.active.get((lemma, particle, preposition))
        if reading is None and particle:
            reading = LEXICON.active.get((lemma, "", preposition))
        if reading is None and not preposition and form not in _EMPTY_VERBS:
            return Reading(GENERAL)
        return reading

    def _active_obliques(
        self, verb: int, form: str, lemma: str, particle: str, subjects: list[Argument], objects: list[Argument]
    ) -> Iterator[Relation]:
        parse = self.parse
        for preposition, noun in (*self._obliques(verb), *self._behind_object(verb, lemma)):
            targets = self._arguments(noun)
            if preposition in ("rather than", "instead of", "without") and subjects and targets:
                open_reading = self._active(lemma, particle, "", form)
                if preposition == "without":
                    yield from self._states(
                        subjects, Reading("requires"), targets, verb, f"{form} … {preposition}", NOMINAL, denied=True
                    )
                elif open_reading is not None and objects:
                    yield from self._states(
                        subjects, open_reading, targets, verb, f"{form} … {preposition}", NOMINAL, denied=True
                    )
                continue
            reading = LEXICON.active.get((lemma, particle, preposition))
            if reading is not None and (
                not objects or lemma in _SHIELDING or (lemma, particle, "") not in LEXICON.active
            ):
                yield from self._states(subjects, reading, targets, verb, f"{form} {preposition}", OBLIQUE)
                continue
            if objects and not subjects and (passive := LEXICON.passive_of(lemma, preposition)) is not None:
                yield from self._states(objects, passive, targets, verb, f"{form} {preposition}", OBLIQUE)
                continue
            if preposition in ("using", "with", "by means of") and objects and not subjects:
                active = LEXICON.active.get((lemma, particle, ""))
                if active is not None and active.predicate in _MEASURING:
                    yield from self._states(
                        objects, Reading("measured with"), targets, verb, f"{form} {preposition}", OBLIQUE
                    )
                elif preposition == "using" and active is not None:
                    yield from self._states(
                        targets, Reading("used for"), objects, verb, f"{form} {preposition}", PARTICIPLE
                    )
            if preposition in ("through", "via", "by") and subjects and parse.is_noun(noun):
                # "by charge exclusion instead of size exclusion"
                set_aside = [one for one in targets if one.denied]
                set_aside += [
                    Argument(one.phrase, True) for alternative in self._alternatives(verb) for one in alternative
                ]
                yield from self._states(subjects, Reading("requires"), set_aside, verb, f"{form} {preposition}", OPEN)
        target = parse.first_below(verb, "obj")
        if form in _BEARERS and target is not None and parse.lower[target] in _EFFECT | {"role", "roles", "part"}:
            predicate = "affects" if parse.lower[target] in _EFFECT else "involved in"
            wanted = ("on", "upon", "over") if predicate == "affects" else ("in", "during", "for")
            for noun in (*parse.below(target, "nmod", "obl"), *parse.below(verb, "obl", "nmod")):
                if parse.preposition(noun) in wanted:
                    words = f"{form} {parse.lower[target]} {parse.preposition(noun)}"
                    yield from self._states(subjects, Reading(predicate), self._arguments(noun), target, words, CLAUSE)
                    break
        if lemma == "give" and target is not None and parse.lower[target] == "rise":
            for noun in (*parse.below(target, "nmod"), *parse.below(verb, "obl")):
                if parse.preposition(noun) == "to":
                    yield from self._states(
                        subjects, Reading("causes"), self._arguments(noun), verb, f"{form} rise to", CLAUSE
                    )

    def _behind_object(self, verb: int, lemma: str) -> Iterator[tuple[str, int]]:
        """ "protects the electrode against corrosion": the parser hangs "against" on either word."""
        parse = self.parse
        target = parse.first_below(verb, "obj")
        if lemma in _SHIELDING and target is not None:
            for noun in parse.below(target, "nmod"):
                if parse.preposition(noun) in ("against", "from"):
                    yield parse.preposition(noun), noun

    def _alternatives(self, verb: int) -> Iterator[list[Argument]]:
        """Means that a verb's clause sets aside: "by charge rather than size"."""
        parse = self.parse
        for child in parse.below(verb, "obl", "obl:agent", "nmod"):
            for conjunct in parse.below(child, "conj"):
                if self.stance.denied_argument(conjunct):
                    yield self._argument(conjunct, 0)
            for alternative in parse.below(child, "nmod", "obl"):
                if parse.preposition(alternative) in _ALTERNATIVE:
                    yield self._argument(alternative, 0)
            if parse.preposition(child) in _ALTERNATIVE:
                yield self._argument(child, 0)

    def _tools(self, verb: int, form: str) -> Iterator[Relation]:
        """ "we used X to measure Y", "we used X for Y"."""
        parse = self.parse
        target = parse.first_below(verb, "obj")
        if target is None:
            return
        for noun in (*parse.below(verb, "obl"), *parse.below(target, "nmod")):
            if parse.preposition(noun) in ("for", "as"):
                yield from self._states(
                    self._arguments(target),
                    Reading("used for"),
                    self._arguments(noun),
                    verb,
                    f"{form} {parse.preposition(noun)}",
                    OBLIQUE,
                )

    def _passive_clause(
        self, verb: int, form: str, lemma: str, particle: str, subjects: list[Argument]
    ) -> Iterator[Relation]:
        parse = self.parse
        last: tuple[Reading, str] | None = None
        for preposition, noun in self._obliques(verb):
            targets = self._arguments(noun)
            if preposition in ("rather than", "instead of") and last is not None:
                yield from self._states(subjects, last[0], targets, verb, last[1], OBLIQUE, denied=True)
                continue
            if preposition == "without":
                yield from self._states(
                    subjects, Reading("requires"), targets, verb, f"{form} without", NOMINAL, denied=True
                )
                continue
            words = f"{form} {preposition}"
            denying = _DENYING_PASSIVE.get((form, preposition))
            if denying is not None:
                yield from self._states(subjects, denying, targets, verb, words, PASSIVE, denied=True)
                continue
            reading = LEXICON.passive.get((form, preposition))
            confidence = OBLIQUE
            if reading is None and preposition == "by":
                active = self._active(lemma, particle, "", form)
                if (
                    active is not None
                    and active.predicate not in _STATES
                    and not predicate_named(active.predicate).symmetric
                ):
                    reading = Reading(active.predicate, not active.turned)
                    confidence = PASSIVE if active.predicate != GENERAL else OPEN
            elif reading is None and preposition in ("using", "with"):
                active = LEXICON.active.get((lemma, particle, ""))
                if active is not None and active.predicate in _MEASURING:
                    reading = Reading("measured with")
                elif form not in _EMPTY_VERBS and preposition == "using":
                    reading = Reading("used for", turned=True)
                    confidence = OPEN
            if reading is not None:
                yield from self._states(subjects, reading, targets, verb, words, confidence)
                last = reading, words
        yield from self._named(verb, form, lemma, subjects)

    def _named(self, verb: int, form: str, lemma: str, subjects: list[Argument]) -> Iterator[Relation]:
        """ "is called Y"; "was made possible by Y"."""
        parse = self.parse
        if (
            lemma == "make"
            and (quality := parse.first_below(verb, "xcomp")) is not None
            and parse.lower[quality] == "possible"
        ):
            for place in (verb, quality):
                for child in parse.below(place, "obl", "obl:agent", "obj"):
                    if parse.preposition(child) == "by":
                        yield from self._states(
                            subjects,
                            Reading("enables", turned=True),
                            self._arguments(child),
                            verb,
                            "made possible by",
                            PASSIVE,
                        )
            return
        reading = LEXICON.passive.get((form, ""))
        target = parse.first_below(verb, "xcomp", "obj")
        if reading is not None and target is not None and parse.is_noun(target):
            yield from self._states(subjects, reading, self._arguments(target), verb, form, OBLIQUE)

    def _copula(self, head: int) -> Iterator[Relation]:
        """ "X is essential for Y", "X is a regulator of Y", "X is a Y"."""
        parse = self.parse
        subjects = self._subjects(head)
        if not subjects:
            return
        word = parse.lower[head]
        outer = parse.preposition(head)
        if outer:
            reading = {
                "due to": Reading("causes", True),
                "because of": Reading("causes", True),
                "part of": Reading("part of"),
                "like": Reading("similar to"),
            }.get(outer)
            if reading is not None:
                yield from self._states(subjects, reading, self._arguments(head), head, outer, OBLIQUE)
            return
        handled = False
        for child in parse.below(head, "obl", "nmod", "advcl", "xcomp", "obl:agent"):
            preposition = parse.preposition(child)
            if not preposition:
                continue
            reading = LEXICON.passive.get((word, preposition))
            denying = _DENYING_PASSIVE.get((word, preposition))
            if denying is not None:
                yield from self._states(
                    subjects, denying, self._arguments(child), head, f"{word} {preposition}", CLAUSE, denied=True
                )
                handled = True
            elif reading is not None:
                yield from self._states(
                    subjects, reading, self._arguments(child), head, f"{word} {preposition}", CLAUSE
                )
                handled = True
            elif parse.is_noun(head) and word in _AGENTS and preposition in _AGENT_PREPOSITIONS:
                reading = _AGENTS[word]
                yield from self._states(
                    subjects, reading, self._arguments(child), head, f"{word} {preposition}", CLAUSE
                )
                handled = True
        if parse.is_noun(head) and not handled:
            yield from self._kind(head, subjects)

    def _kind(self, head: int, subjects: list[Argument]) -> Iterator[Relation]:
        parse = self.parse
        owner = self._owner[head]
        if owner < 0 or self.phrases[owner].head != head or self._owner[head] in {one.phrase for one in subjects}:
            return
        determiner = parse.first_below(head, "det")
        article = "" if determiner is None else parse.lower[determiner]
        plural = parse.tags[head] in ("NNS", "NNPS")
        if article not in ("a", "an", "no", "another") and not (plural and article == ""):
            return
        yield from self._states(
            subjects, Reading("is a"), [Argument(owner)], head, "is a" if not plural else "are", KIND
        )

    def _noun(self, noun: int) -> Iterator[Relation]:
        yield from self._between(noun)
        yield from self._effect(noun)
        yield from self._places(noun)
        yield from self._such_as(noun)
        yield from self._apposition(noun)

    def _relating_nouns(self) -> Iterator[int]:
        """Nouns that a pattern below reads with two arguments: they leave their "of" phrase its own name."""
        parse = self.parse
        for at in range(len(parse)):
            word = parse.lower[at]
            if word in _TWO_PLACES and parse.is_noun(at):
                _, second, _, _ = _TWO_PLACES[word]
                if any(parse.preposition(child) in second for child in parse.below(at, "nmod", "obl")):
                    yield at
            elif word in _AGENTS or word in _EFFECT:
                yield at

    def _between(self, noun: int) -> Iterator[Relation]:
        parse = self.parse
        predicate = _BETWEEN.get(parse.lower[noun])
        if predicate is None:
            return
        for child in parse.below(noun, "nmod", "obl"):
            if parse.preposition(child) in ("between", "among"):
                pair = self._arguments(child)
                if len(pair) >= 2:
                    yield from self._states(
                        pair[:1], Reading(predicate), pair[1:], noun, f"{parse.lower[noun]} between", NOMINAL
                    )
                return

    def _effect(self, noun: int) -> Iterator[Relation]:
        """ "the effect of X on Y"; the verb above may hold the "on Y"."""
        parse = self.parse
        word = parse.lower[noun]
        if word not in _EFFECT:
            return
        above = parse.heads[noun]
        places = [*parse.below(noun, "nmod", "obl")]
        if above != noun and parse.relations[noun] in ("nsubj", "nsubj:pass", "obj"):
            places += [child for child in parse.below(above, "obl", "nmod") if child > noun]
        target = next((child for child in places if parse.preposition(child) in ("on", "upon", "over")), None)
        if target is None:
            return
        sources = [
            child
            for child in parse.below(noun, "nmod", "nmod:poss")
            if parse.preposition(child) in ("of", "'s", "from")
        ]
        subjects = [one for child in sources for one in self._arguments(child)]
        if not subjects and parse.first_below(noun, "cop") is not None:
            subjects = self._subjects(noun)
        if not subjects and parse.preposition(noun) == "without":
            governor = parse.heads[noun]
            subjects = self._subjects(governor)
        yield from self._states(subjects, Reading("affects"), self._arguments(target), noun, f"{word} of … on", NOMINAL)

    def _places(self, noun: int) -> Iterator[Relation]:
        parse = self.parse
        word = parse.lower[noun]
        if word not in _TWO_PLACES:
            return
        first, second, predicate, turned = _TWO_PLACES[word]
        children = list(parse.below(noun, "nmod", "obl"))
        above = parse.heads[noun]
        one = next((child for child in children if parse.preposition(child) in first), None)
        if one is None:
            return
        # "on Y" often hangs on the noun before it.
        later = [*children, *parse.below(one, "nmod")]
        if (
            above != noun
            and parse.relations[noun] in ("nsubj", "nsubj:pass", "obj")
            and predicate in ("involved in", "contributes to")
        ):
            later += [child for child in parse.below(above, "obl") if noun < child]
        other = next((child for child in later if child > one and parse.preposition(child) in second), None)
        if other is None:
            return
        words = f"{word} {parse.preposition(one)} … {parse.preposition(other)}"
        yield from self._states(
            self._arguments(one), Reading(predicate, turned), self._arguments(other), noun, words, NOMINAL
        )

    def _such_as(self, noun: int) -> Iterator[Relation]:
        """ "Y such as X", "Y including X", "X and other Y"."""
        parse = self.parse
        whole = self._argument(noun, 3)
        for child in parse.below(noun, "nmod", "obl", "acl", "advcl", "appos"):
            if child < noun:
                continue
            preposition = parse.preposition(child)
            if preposition in ("such as", "including") and parse.is_noun(child) and whole and self._close(noun, child):
                confidence = SUCH_AS if preposition == "such as" else PARTICIPLE
                yield from self._kinds_of(self._arguments(child), whole, preposition, confidence)
        others = [child for child in parse.below(noun, "amod") if parse.lower[child] == "other"]
        if others and parse.relations[noun] == "conj" and whole:
            first = parse.heads[noun]
            if parse.is_noun(first) and any(parse.lower[child] in ("and", "or") for child in parse.below(noun, "cc")):
                parts = [
                    one
                    for place in (first, *parse.below(first, "conj"))
                    if place < noun
                    for one in self._argument(place, 3)
                ]
                yield from self._kinds_of(parts, whole, "and other", SUCH_AS)

    def _close(self, noun: int, example: int) -> bool:
        """Whether nothing but the noun's own few words stands between it and its examples."""
        parse = self.parse
        marker = next((at for at in range(noun + 1, example) if parse.lower[at] in ("such", "including")), example)
        between = [at for at in range(noun + 1, marker) if parse.words[at] != ","]
        return len(between) <= 4 and not any(parse.is_verb(at) for at in between)

    def _kinds_of(
        self, parts: list[Argument], whole: list[Argument], words: str, confidence: float
    ) -> Iterator[Relation]:
        for part in parts:
            for kind in whole:
                yield Relation(part.phrase, kind.phrase, "is a", words, False, False, confidence)

    def _apposition(self, noun: int) -> Iterator[Relation]:
        """ "X, a Y, …": Y with an indefinite article."""
        parse = self.parse
        for child in parse.below(noun, "appos"):
            determiner = parse.first_below(child, "det")
            if (
                child > noun
                and determiner is not None
                and parse.lower[determiner] in ("a", "an")
                and parse.is_noun(child)
            ):
                word = parse.lower[child]
                of = next(
                    (at for at in parse.below(child, "nmod") if parse.preposition(at) in _AGENT_PREPOSITIONS), None
                )
                if word in _AGENTS and of is not None:
                    yield from self._states(
                        self._argument(noun, 3), _AGENTS[word], self._arguments(of), child, f"{word} of", PARTICIPLE
                    )
                elif self._owner[child] >= 0 and self.phrases[self._owner[child]].head == child:
                    yield from self._states(
                        self._argument(noun, 3), Reading("is a"), [Argument(self._owner[child])], child, "a", PARTICIPLE
                    )

    def _compounds(self) -> Iterator[Relation]:
        """ "drought-induced stomatal closure"."""
        predicates = {
            "-induced": "causes",
            "-triggered": "causes",
            "-evoked": "causes",
            "-mediated": "regulates",
            "-elicited": "causes",
            "-catalyzed": "promotes",
            "-catalysed": "promotes",
            "-stimulated": "promotes",
        }
        parse = self.parse
        for number, phrase in enumerate(self.phrases):
            if not phrase.cut or number + 1 >= len(self.phrases):
                continue
            suffix = CAUSAL_SUFFIX.search(parse.words[phrase.head])
            following = self.phrases[number + 1]
            if suffix is None or following.first > phrase.last + 4 or parse.heads[phrase.head] != following.head:
                continue
            word = suffix.group().lower()
            if word in predicates:
                yield Relation(number, number + 1, predicates[word], word, False, False, COMPOUND)
