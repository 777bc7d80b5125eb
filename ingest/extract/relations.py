"""Relations that a parsed sentence states between its noun phrases.

Families of patterns, each with a prior confidence: clauses (active, passive turned round, relative, participial, "used
to measure"), predicate nouns and adjectives ("is a regulator of", "is essential for"), nouns that relate ("the effect
of X on Y", "a link between X and Y"), kinds (is-a, "such as") and compounds ("drought-induced closure").
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.extract.causal_prepositions import CAUSAL, with_causal_prepositions
from ingest.extract.foreign import is_foreign
from ingest.extract.noun_phrases import CAUSAL_SUFFIX, Phrase, noun_phrases
from ingest.extract.nouns import ABSTRACT
from ingest.extract.parse import Parse
from ingest.extract.relation_confidence import confidence, features, is_candidate
from ingest.extract.relation_words import (
    AGENT_PREPOSITIONS,
    AGENTS,
    ALTERNATIVE,
    BETWEEN,
    CHANGED,
    CHANGES,
    CHANGING,
    DENYING_PASSIVE,
    EFFECT,
    EMPTY_VERBS,
    GOING_ON,
    HAPPENING,
    LACKING,
    LIGHT_VERBS,
    MAKING,
    MEASURING,
    OBSERVING,
    PEOPLE,
    PERFECT,
    PREPOSITIONAL,
    PROCEDURE,
    PROPERTY,
    SHIELDING,
    SPEAKERS,
    SPEAKING_VERBS,
    STATES,
    TWO_PLACES,
    UNDERGONE,
)
from ingest.extract.roles import BEARERS, WORKING_VERBS, Argument, Roles
from ingest.extract.stance import Stance
from ingest.extract.verbs import LEXICON, Reading, inflections
from kg.predicates import GENERAL, predicate_named

# Families of patterns, by which a relation's confidence is calibrated.
CLAUSE = "clause"
PASSIVE = "passive"
OBLIQUE = "oblique"
PASSIVE_OBLIQUE = "passive oblique"
RELATIVE = "relative clause"
PARTICIPLE = "participle"
ADVERBIAL = "adverbial clause"
OPEN = "open verb"
COPULA = "predicate noun or adjective"
KIND = "kind"
SUCH_AS = "such as"
INCLUDING = "including"
AND_OTHER = "and other"
APPOSITION = "apposition"
NOMINAL = "noun"
BETWEEN_TWO = "noun between"
COMPOUND = "compound"
TOOL = "tool"
WITHOUT = "without"
FAMILIES = (
    CLAUSE,
    PASSIVE,
    OBLIQUE,
    PASSIVE_OBLIQUE,
    RELATIVE,
    PARTICIPLE,
    ADVERBIAL,
    OPEN,
    COPULA,
    KIND,
    SUCH_AS,
    INCLUDING,
    AND_OTHER,
    APPOSITION,
    NOMINAL,
    BETWEEN_TWO,
    COMPOUND,
    TOOL,
    WITHOUT,
)

_HAVING = frozenset({"have", "has", "had", "having", "possess", "possesses", "possessed", "possessing"})
# Said of what changes by itself; the vocabulary has the verbs with an object.
_UNDERGOING = {
    form: Reading(predicate)
    for predicate, lemmas in {
        "increases": "rise grow",
        "decreases": "decline fall drop sink",
        "affects": "differ",
    }.items()
    for lemma in lemmas.split()
    for form in inflections(lemma)
}
_CORRELATING = frozenset({"correlated with", "associated with"})
_INVERSE = frozenset({"inversely", "negatively", "inverse", "negative"})
_LOW = frozenset({"nmod", "obl", "obj"})
_MEANS = frozenset({"by", "using", "with", "through", "via"})
_LOOSE = {"acl": PARTICIPLE, "acl:relcl": RELATIVE, "advcl": ADVERBIAL}


@dataclass(frozen=True, slots=True)
class Relation:
    """Phrases by their places in the sentence's list of phrases; `confidence` is the probability of being right;
    a `candidate` is too doubtful to count."""

    subject: int
    object: int
    predicate: str
    words: str
    denied: bool
    hedged: bool
    family: str
    confidence: float = 0.0
    candidate: bool = False


def relations_of(
    parse: Parse, defined: Container[str] = (), long_forms: Mapping[int, int] | None = None
) -> tuple[list[Phrase], list[Relation]]:
    """The noun phrases of a sentence and the relations between them.

    `defined`: abbreviations that the paper defines; `long_forms`: where this passage does (`definitions_in`).
    """
    parse = with_causal_prepositions(parse)
    apart = frozenset(_relating_nouns(parse))
    reader = _Reader(parse, noun_phrases(parse, apart, defined, {} if long_forms is None else long_forms))
    return reader.phrases, _of(reader)


def relations_between(parse: Parse, phrases: Sequence[Phrase]) -> list[Relation]:
    """The relations that a sentence states between given phrases: found by another recogniser (`phrase_at`), in order
    and none overlapping another. Their places in `phrases` are the relations' ends."""
    return _of(_Reader(with_causal_prepositions(parse), phrases))


def _of(reader: "_Reader") -> list[Relation]:
    """Of two alike (subject, predicate, object) the surer."""
    best: dict[tuple[int, int, str], Relation] = {}
    if is_foreign(reader.parse):
        return []
    for read in reader.relations():
        if read.subject == read.object or reader.name(read.subject) == reader.name(read.object):
            continue
        seen = features(reader.parse, reader.phrases[read.subject], reader.phrases[read.object], read.predicate)
        share = confidence(read.family, read.denied, read.hedged, seen)
        relation = replace(read, confidence=share, candidate=is_candidate(share))
        key = (relation.subject, relation.object, relation.predicate)
        if key not in best or relation.confidence > best[key].confidence:
            best[key] = relation
    return _one_per_pair(best.values())


def _one_per_pair(found: Iterable[Relation]) -> list[Relation]:
    """The open verb's predicate gives way where the same pair has a named one."""
    relations = list(found)
    named = {frozenset((one.subject, one.object)) for one in relations if one.predicate != GENERAL}
    kept = [one for one in relations if one.predicate != GENERAL or frozenset((one.subject, one.object)) not in named]
    kept.sort(key=lambda one: (one.subject, one.object, one.predicate))
    return kept


def _plain(arguments: Iterable[Argument]) -> list[Argument]:
    """The same without their denials, for a preposition that denies by itself."""
    return [Argument(one.phrase) for one in arguments]


class _Reader:
    """One sentence while it is read."""

    def __init__(self, parse: Parse, phrases: Sequence[Phrase]) -> None:
        self.parse, self.phrases = parse, list(phrases)
        self.stance = Stance(parse)
        self.roles = Roles(parse, self.phrases, self.stance)

    def name(self, place: int) -> tuple[str, ...]:
        """The words of a phrase in small letters."""
        phrase = self.phrases[place]
        return self.parse.lower[phrase.first : phrase.last + 1]

    def relations(self) -> Iterator[Relation]:
        """All that is found, with repetitions."""
        parse = self.parse
        for at in range(len(parse)):
            if parse.relations[at] in ("aux", "aux:pass", "cop", "case", "mark", "det", "punct", "cc"):
                continue
            if (parse.is_verb(at) or self._acts(at)) and not self.roles.inside_phrase(at):
                yield from self._clause(at)
            if parse.first_below(at, "cop") is not None:
                yield from self._copula(at)
            if parse.is_noun(at):
                yield from self._noun(at)
        yield from self._examples_elsewhere()
        yield from self._compounds()

    def _states(
        self,
        subjects: list[Argument],
        reading: Reading,
        objects: list[Argument],
        anchor: int,
        words: str,
        family: str,
        denied: bool = False,
        doubted: int | None = None,
    ) -> Iterator[Relation]:
        if not subjects or not objects:
            return
        said_no, hedged = self.stance.of(anchor)
        hedged = hedged or (doubted is not None and self.stance.doubted(doubted))
        if reading.predicate in _CORRELATING and self._inverse(anchor):
            reading = Reading("inversely correlated with")
        for subject in subjects:
            for target in objects:
                if reading.predicate in (*MEASURING, "represents") and self._is_person(
                    subject if reading.turned else target
                ):
                    continue
                first, second = (target, subject) if reading.turned else (subject, target)
                no = (
                    (said_no or subject.denied or target.denied) != denied
                    if denied
                    else said_no or subject.denied or target.denied
                )
                yield Relation(first.phrase, second.phrase, reading.predicate, words, no, hedged, family)

    def _inverse(self, anchor: int) -> bool:
        """ "negatively correlated", "an inverse relationship"."""
        parse = self.parse
        return any(parse.lower[child] in _INVERSE for child in parse.below(anchor, "advmod", "amod"))

    def _is_person(self, argument: Argument) -> bool:
        phrase = self.phrases[argument.phrase]
        head = self.parse.lower[phrase.head]
        following = self.parse.lower[phrase.last + 1 : phrase.last + 3]
        return PEOPLE.match(head) is not None or following in (("and", "colleagues"), ("et", "al."), ("et", "al"))

    def _acts(self, at: int) -> bool:
        """A verb that was tagged as an adjective: it has a subject and an object."""
        parse = self.parse
        return (
            parse.tags[at] == "JJ"
            and parse.first_below(at, "obj") is not None
            and parse.first_below(at, "nsubj") is not None
            and parse.first_below(at, "cop") is None
            and LEXICON.lemma(parse.lower[at]) is not None
        )

    def _said(
        self, subjects: list[Argument], reading: Reading, verb: int, objects: list[Argument], words: str, family: str
    ) -> Iterator[Relation]:
        """What a verb says of its objects: "causes a rise in Y", "has a high modulus"."""
        target = self.parse.first_below(verb, "obj")
        if target is not None and reading.predicate in CHANGING:
            changed = self._changed(target)
            if changed is not None:
                words = f"{words} {self.parse.lower[target]}"
                yield from self._states(subjects, changed[0], changed[1], verb, words, family)
                return
        if reading.predicate == "contains" and self.parse.lower[verb] in _HAVING:
            inherent = [one for one in objects if PROPERTY.fullmatch(self._head(one))]
            yield from self._states(subjects, Reading("has property"), inherent, verb, words, family)
            objects = [one for one in objects if one not in inherent]
        yield from self._states(subjects, reading, objects, verb, words, family)

    def _head(self, argument: Argument) -> str:
        return self.parse.lower[self.phrases[argument.phrase].head]

    def _changed(self, noun: int) -> tuple[Reading, list[Argument]] | None:
        """ "a rise in Y", as what something causes: how it acts on Y. None for any other noun."""
        parse = self.parse
        if self.roles.owner[noun] >= 0:
            return None
        reading = CHANGES.get(parse.lower[noun])
        if reading is None:
            qualities = (CHANGED.get(parse.lower[child]) for child in parse.below(noun, "amod"))
            reading = next((one for one in qualities if one is not None), None)
        if reading is None:
            return None
        for child in parse.below(noun, "nmod", "obl"):
            if parse.preposition(child) in ("in", "of"):
                return reading, self.roles.arguments(child)
        return None

    def _is_procedure(self, noun: int) -> bool:
        return PROCEDURE.fullmatch(self.parse.lower[noun]) is not None

    def _clause(self, verb: int) -> Iterator[Relation]:
        parse = self.parse
        form = parse.lower[verb]
        if form in PREPOSITIONAL:
            return
        if form in PERFECT and verb + 1 < len(parse) and parse.tags[verb + 1] in ("VBN", "RB"):
            return
        lemma = LEXICON.lemma(form) or ""
        particle = self.roles.particle(verb)
        passive = self.roles.passive(verb)
        subjects = self.roles.subjects(verb)
        if passive:
            yield from self._passive_clause(verb, form, lemma, particle, subjects)
            return
        objects = self.roles.objects(verb)
        loose = _LOOSE.get(parse.relations[verb], CLAUSE)
        if form in LACKING:
            yield from self._states(subjects, Reading("has property"), objects, verb, form, loose, denied=True)
            return
        if form == "using" and parse.relations[verb] == "acl" and parse.relations[parse.heads[verb]] in _LOW:
            # "calculates the mass using a fit": the calculation uses it.
            return
        if form in WORKING_VERBS and form != "using":
            yield from self._states(subjects, Reading("uses"), objects, verb, form, TOOL)
            yield from self._tools(verb, form)
            return
        reading = self._active(lemma, particle, "", form)
        above = parse.heads[verb]
        used_to = above != verb and parse.lower[above] in WORKING_VERBS and parse.relations[verb] in ("xcomp", "advcl")
        if reading is None and used_to and form not in SPEAKING_VERBS:
            reading = Reading(GENERAL)
        if used_to and lemma == "account":
            return
        if reading is not None and reading.predicate == GENERAL:
            if used_to and (self.roles.passive(above) or not self.roles.subjects(above)):
                reading = Reading("used for")
                form = f"{parse.lower[above]} to {form}"
            elif loose != CLAUSE:
                reading = None
        if lemma == "determine" and (used_to or all(PROCEDURE.fullmatch(self._head(one)) for one in subjects)):
            reading = Reading("measured with", turned=True)
        if lemma in ("supply", "provide") and (given := self._given(verb, lemma)):
            yield from self._states(subjects, Reading("produces"), given, verb, f"{form} with", OBLIQUE)
            return
        target = parse.first_below(verb, "obj")
        changes = reading is not None and reading.predicate in CHANGING and target is not None
        said = objects or (changes and target is not None and self._changed(target) is not None)
        if reading is not None and subjects and said and not self._speaks(form, subjects) and not self._light(verb):
            family = loose if reading.predicate != GENERAL else OPEN
            words = " ".join(part for part in (form, particle) if part)
            yield from self._said(subjects, reading, verb, objects, words, family)
        yield from self._active_obliques(verb, form, lemma, particle, subjects, objects)

    def _given(self, verb: int, lemma: str) -> list[Argument]:
        """ "supplies its host with nutrients": the nutrients."""
        parse = self.parse
        target = parse.first_below(verb, "obj")
        below = () if target is None or lemma != "supply" else parse.below(target, "nmod")
        for noun in (*parse.below(verb, "obl"), *below):
            if parse.preposition(noun) == "with":
                return self.roles.arguments(noun)
        return []

    def _light(self, verb: int) -> bool:
        """ "has an effect on", "plays a role in", "gives rise to": the noun tells what is said, not the verb."""
        parse = self.parse
        target = parse.first_below(verb, "obj")
        return (
            target is not None
            and parse.lower[verb] in LIGHT_VERBS
            and (
                parse.lower[target] in EFFECT
                or parse.lower[target]
                in ("role", "roles", "part", "rise", "use", "evidence", "ability", "capacity", "potential")
                or parse.lower[target] in BETWEEN
            )
        )

    def _speaks(self, form: str, subjects: list[Argument]) -> bool:
        if form not in SPEAKING_VERBS:
            return False
        if form in ("showing", "demonstrating", "illustrating"):
            return True
        return all(
            self.parse.lower[self.phrases[one.phrase].head] in SPEAKERS or self._is_person(one) for one in subjects
        )

    def _active(self, lemma: str, particle: str, preposition: str, form: str) -> Reading | None:
        reading = LEXICON.active.get((lemma, particle, preposition))
        if reading is None and particle:
            reading = LEXICON.active.get((lemma, "", preposition))
        if reading is None and not preposition and form not in EMPTY_VERBS:
            return Reading(GENERAL)
        return reading

    def _active_obliques(
        self, verb: int, form: str, lemma: str, particle: str, subjects: list[Argument], objects: list[Argument]
    ) -> Iterator[Relation]:
        parse = self.parse
        for preposition, noun in (*self.roles.obliques(verb), *self._behind_object(verb, lemma)):
            targets = self.roles.arguments(noun)
            if preposition in ("rather than", "instead of", "without") and subjects and targets:
                targets = _plain(targets)
                open_reading = self._active(lemma, particle, "", form)
                if preposition == "without" and objects:
                    if parse.is_noun(noun) and ABSTRACT.search(parse.lower[noun]) is None:
                        yield from self._states(
                            subjects, Reading("uses"), targets, verb, f"{form} … {preposition}", WITHOUT, denied=True
                        )
                elif preposition == "without" and form in GOING_ON:
                    yield from self._states(
                        subjects, Reading("requires"), targets, verb, f"{form} … {preposition}", WITHOUT, denied=True
                    )
                elif open_reading is not None and objects:
                    yield from self._states(
                        subjects, open_reading, targets, verb, f"{form} … {preposition}", WITHOUT, denied=True
                    )
                continue
            if preposition in CAUSAL and not objects:
                undergone = _UNDERGOING.get(form) or LEXICON.active.get((lemma, particle, ""))
                if undergone is not None and undergone.predicate in UNDERGONE:
                    yield from self._states(
                        subjects,
                        Reading(undergone.predicate, True),
                        targets,
                        verb,
                        f"{form} {preposition}",
                        OBLIQUE,
                        doubted=noun,
                    )
                    continue
                if form in HAPPENING:
                    yield from self._states(
                        subjects, Reading("causes", True), targets, verb, f"{form} {preposition}", OBLIQUE, doubted=noun
                    )
                    continue
            reading = LEXICON.active.get((lemma, particle, preposition))
            if lemma == "account" and parse.lower[noun] in ("%", "percent", "half", "third", "most", "majority"):
                yield from self._states(subjects, Reading("part of"), targets, verb, f"{form} {preposition}", OBLIQUE)
                continue
            if reading is not None and reading.predicate in CHANGING and (changed := self._changed(noun)) is not None:
                words = f"{form} {preposition} {parse.lower[noun]}"
                yield from self._states(subjects, changed[0], changed[1], verb, words, OBLIQUE)
                continue
            if reading is not None and (
                not objects or lemma in SHIELDING or (lemma, particle, "") not in LEXICON.active
            ):
                yield from self._states(subjects, reading, targets, verb, f"{form} {preposition}", OBLIQUE)
                continue
            if objects and not subjects and (passive := LEXICON.passive_of(lemma, preposition)) is not None:
                yield from self._states(objects, passive, targets, verb, f"{form} {preposition}", OBLIQUE)
                continue
            if preposition in ("using", "with", "by means of") and objects and not subjects:
                active = LEXICON.active.get((lemma, particle, ""))
                if active is not None and active.predicate in MEASURING:
                    yield from self._states(
                        objects, Reading("measured with"), targets, verb, f"{form} {preposition}", OBLIQUE
                    )
                elif preposition == "using" and active is not None:
                    yield from self._states(targets, Reading("used for"), objects, verb, f"{form} {preposition}", TOOL)
            if preposition in ("through", "via", "by") and subjects and parse.is_noun(noun):
                # "by charge exclusion instead of size exclusion"
                set_aside = [one for one in targets if one.denied]
                set_aside += [
                    Argument(one.phrase, True) for alternative in self._alternatives(verb) for one in alternative
                ]
                yield from self._states(
                    subjects, Reading("requires"), set_aside, verb, f"{form} {preposition}", WITHOUT
                )
        target = parse.first_below(verb, "obj")
        if form in BEARERS and target is not None and parse.lower[target] in EFFECT | {"role", "roles", "part"}:
            predicate = "affects" if parse.lower[target] in EFFECT else "involved in"
            wanted = ("on", "upon", "over") if predicate == "affects" else ("in", "during", "for")
            for noun in (*parse.below(target, "nmod", "obl"), *parse.below(verb, "obl", "nmod")):
                if parse.preposition(noun) in wanted:
                    words = f"{form} {parse.lower[target]} {parse.preposition(noun)}"
                    yield from self._states(
                        subjects, Reading(predicate), self.roles.arguments(noun), target, words, CLAUSE
                    )
                    break
        if lemma == "give" and target is not None and parse.lower[target] == "rise":
            for noun in (*parse.below(target, "nmod"), *parse.below(verb, "obl")):
                if parse.preposition(noun) == "to":
                    yield from self._states(
                        subjects, Reading("causes"), self.roles.arguments(noun), verb, f"{form} rise to", CLAUSE
                    )

    def _behind_object(self, verb: int, lemma: str) -> Iterator[tuple[str, int]]:
        """ "protects the electrode against corrosion": the parser hangs "against" on either word."""
        parse = self.parse
        target = parse.first_below(verb, "obj")
        if lemma in SHIELDING and target is not None:
            for noun in parse.below(target, "nmod"):
                if parse.preposition(noun) in ("against", "from"):
                    yield parse.preposition(noun), noun
        elif target is not None and parse.first_below(verb, "nsubj", "aux:pass") is not None:
            for noun in parse.below(target, "nmod"):
                if parse.preposition(noun) in ("on", "using") and LEXICON.passive_of(lemma, parse.preposition(noun)):
                    yield parse.preposition(noun), noun

    def _alternatives(self, verb: int) -> Iterator[list[Argument]]:
        """Means that a verb's clause sets aside: "by charge rather than size"."""
        parse = self.parse
        for child in parse.below(verb, "obl", "obl:agent", "nmod"):
            for conjunct in parse.below(child, "conj"):
                if self.stance.denied_argument(conjunct):
                    yield self.roles.argument(conjunct, 0)
            for alternative in parse.below(child, "nmod", "obl"):
                if parse.preposition(alternative) in ALTERNATIVE:
                    yield self.roles.argument(alternative, 0)
            if parse.preposition(child) in ALTERNATIVE:
                yield self.roles.argument(child, 0)

    def _tools(self, verb: int, form: str) -> Iterator[Relation]:
        """ "we used X to measure Y", "we used X for Y"."""
        parse = self.parse
        target = parse.first_below(verb, "obj")
        if target is None:
            return
        for noun in (*parse.below(verb, "obl"), *parse.below(target, "nmod")):
            if parse.preposition(noun) in ("for", "as"):
                yield from self._states(
                    self.roles.arguments(target),
                    Reading("used for"),
                    self.roles.arguments(noun),
                    verb,
                    f"{form} {parse.preposition(noun)}",
                    TOOL,
                )

    def _passive_clause(
        self, verb: int, form: str, lemma: str, particle: str, subjects: list[Argument]
    ) -> Iterator[Relation]:
        last: tuple[Reading, str] | None = None
        for preposition, noun in self.roles.obliques(verb):
            targets = self.roles.arguments(noun)
            if preposition in ("rather than", "instead of") and last is not None:
                yield from self._states(subjects, last[0], _plain(targets), verb, last[1], WITHOUT, denied=True)
                continue
            if preposition == "without":
                if form in GOING_ON:
                    yield from self._states(
                        subjects, Reading("requires"), targets, verb, f"{form} without", WITHOUT, denied=True
                    )
                continue
            words = f"{form} {preposition}"
            if preposition in CAUSAL:
                undergone = LEXICON.active.get((lemma, particle, ""))
                if undergone is not None and undergone.predicate in UNDERGONE:
                    yield from self._states(
                        subjects,
                        Reading(undergone.predicate, True),
                        targets,
                        verb,
                        words,
                        PASSIVE_OBLIQUE,
                        doubted=noun,
                    )
                continue
            denying = DENYING_PASSIVE.get((form, preposition))
            if denying is not None:
                yield from self._states(subjects, denying, targets, verb, words, PASSIVE, denied=True)
                continue
            reading = LEXICON.passive.get((form, preposition))
            family = PASSIVE_OBLIQUE
            if preposition in _MEANS and form in OBSERVING and self._is_procedure(noun):
                reading = Reading("measured with")
            if reading is None and preposition == "by":
                active = self._active(lemma, particle, "", form)
                if (
                    active is not None
                    and active.predicate not in STATES
                    and not predicate_named(active.predicate).symmetric
                ):
                    reading = Reading(active.predicate, not active.turned)
                    family = PASSIVE if active.predicate != GENERAL else OPEN
                    if active.predicate == GENERAL and self.parse.relations[verb] != "ROOT" and not self._finite(verb):
                        reading = None
            elif reading is None and preposition in ("using", "with"):
                active = LEXICON.active.get((lemma, particle, ""))
                if active is not None and active.predicate in MEASURING:
                    reading = Reading("measured with")
                elif (
                    form not in EMPTY_VERBS
                    and preposition == "using"
                    and (active is None or active.predicate in MAKING)
                ):
                    reading = Reading("used for", turned=True)
                    family = TOOL
            if reading is not None:
                last = reading, words
                own = self.parse.first_below(verb, "nsubj:pass")
                if reading == Reading("causes", True) and own is not None:
                    # "A rise in Y is caused by X"
                    changed = self._changed(own)
                    if changed is not None:
                        turned = Reading(changed[0].predicate, True)
                        words = f"{self.parse.lower[own]} {words}"
                        yield from self._states(changed[1], turned, targets, verb, words, family)
                        continue
                yield from self._states(subjects, reading, targets, verb, words, family)
        yield from self._named(verb, form, lemma, subjects)

    def _finite(self, verb: int) -> bool:
        return self.parse.first_below(verb, "aux:pass") is not None

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
                            self.roles.arguments(child),
                            verb,
                            "made possible by",
                            PASSIVE,
                        )
            return
        reading = LEXICON.passive.get((form, ""))
        target = parse.first_below(verb, "xcomp", "obj")
        counted = target is not None and parse.first_below(target, "nummod") is not None
        if reading is not None and target is not None and parse.is_noun(target) and not counted:
            yield from self._states(subjects, reading, self.roles.arguments(target), verb, form, PASSIVE_OBLIQUE)

    def _copula(self, head: int) -> Iterator[Relation]:
        """ "X is essential for Y", "X is a regulator of Y", "X is a Y"."""
        parse = self.parse
        subjects = self.roles.subjects(head)
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
                yield from self._states(subjects, reading, self.roles.arguments(head), head, outer, COPULA)
            return
        handled = False
        for child in parse.below(head, "obl", "nmod", "advcl", "xcomp", "obl:agent"):
            preposition = parse.preposition(child)
            if not preposition:
                continue
            reading = LEXICON.passive.get((word, preposition))
            denying = DENYING_PASSIVE.get((word, preposition))
            if denying is not None:
                yield from self._states(
                    subjects, denying, self.roles.arguments(child), head, f"{word} {preposition}", COPULA, denied=True
                )
                handled = True
            elif reading is not None:
                yield from self._states(
                    subjects, reading, self.roles.arguments(child), head, f"{word} {preposition}", COPULA
                )
                handled = True
            elif parse.is_noun(head) and word in AGENTS and preposition in AGENT_PREPOSITIONS:
                reading = AGENTS[word]
                yield from self._states(
                    subjects, reading, self.roles.arguments(child), head, f"{word} {preposition}", COPULA
                )
                handled = True
        if parse.is_noun(head) and not handled:
            yield from self._kind(head, subjects)
        elif word == "one" and not handled:
            for child in parse.below(head, "nmod", "obl"):
                if parse.preposition(child) == "of":
                    yield from self._states(
                        subjects, Reading("is a"), self.roles.arguments(child), head, "is one of", KIND
                    )

    def _kind(self, head: int, subjects: list[Argument]) -> Iterator[Relation]:
        parse = self.parse
        own = parse.first_below(head, "nsubj")
        turned = own is not None and parse.lower[own] == "one"
        owner = self.roles.owner[head]
        if owner < 0 or self.phrases[owner].head != head or self.roles.owner[head] in {one.phrase for one in subjects}:
            return
        determiner = parse.first_below(head, "det")
        article = "" if determiner is None else parse.lower[determiner]
        plural = parse.tags[head] == "NNS"
        if own is not None and parse.lower[own] == parse.lower[head]:
            return
        if article not in ("a", "an", "no", "another") and not (plural and article == ""):
            return
        if plural and own is not None and parse.tags[own] == "NNS":
            # "The groups were Sordariales and Hypocreales"
            turned = turned or (parse.words[head][0].isupper() and parse.words[own].islower())
        yield from self._states(
            subjects, Reading("is a", turned), [Argument(owner)], head, "is a" if not plural else "are", KIND
        )

    def _noun(self, noun: int) -> Iterator[Relation]:
        yield from self._between(noun)
        yield from self._effect(noun)
        yield from self._places(noun)
        yield from self._such_as(noun)
        yield from self._apposition(noun)

    def _between(self, noun: int) -> Iterator[Relation]:
        parse = self.parse
        predicate = BETWEEN.get(parse.lower[noun])
        if predicate is None:
            return
        above = parse.heads[noun]
        places = list(parse.below(noun, "nmod", "obl"))
        if parse.is_verb(above) and parse.relations[noun] in ("nsubj", "nsubj:pass", "obj"):
            places += [child for child in parse.below(above, "obl") if child > noun]
        for child in places:
            if parse.preposition(child) in ("between", "among"):
                pair = self.roles.arguments(child)
                if len(pair) < 2:
                    pair = self._pair_around_and(child)
                if len(pair) >= 2:
                    yield from self._states(
                        pair[:1], Reading(predicate), pair[1:], noun, f"{parse.lower[noun]} between", BETWEEN_TWO
                    )
                return

    def _pair_around_and(self, last: int) -> list[Argument]:
        """ "between soil pH and earthworm abundance", where the first was taken for a part of the second."""
        parse = self.parse
        conjunction = next((at for at in range(last, 0, -1) if parse.lower[at] == "and"), None)
        if conjunction is None or self.roles.owner[conjunction - 1] < 0 or self.roles.owner[last] < 0:
            return []
        return [Argument(self.roles.owner[conjunction - 1]), Argument(self.roles.owner[last])]

    def _effect(self, noun: int) -> Iterator[Relation]:
        """ "the effect of X on Y"; the verb above may hold the "on Y"."""
        parse = self.parse
        word = parse.lower[noun]
        if word not in EFFECT:
            return
        above = parse.heads[noun]
        places = [*parse.below(noun, "nmod", "obl")]
        if above != noun and parse.relations[noun] in ("nsubj", "nsubj:pass", "obj"):
            places += [child for child in parse.below(above, "obl", "nmod") if child > noun]
        places += [below for child in parse.below(noun, "nmod") for below in parse.below(child, "nmod")]
        target = next((child for child in places if parse.preposition(child) in ("on", "upon", "over")), None)
        if target is None:
            return
        sources = [
            child
            for child in parse.below(noun, "nmod", "nmod:poss")
            if parse.preposition(child) in ("of", "'s", "from")
        ]
        subjects = [one for child in sources for one in self.roles.arguments(child)]
        if not subjects and parse.first_below(noun, "cop") is not None:
            subjects = self.roles.subjects(noun)
        if not subjects and parse.preposition(noun) == "without":
            governor = parse.heads[noun]
            subjects = self.roles.subjects(governor)
        yield from self._states(
            subjects, Reading("affects"), self.roles.arguments(target), noun, f"{word} of … on", NOMINAL
        )

    def _places(self, noun: int) -> Iterator[Relation]:
        parse = self.parse
        word = parse.lower[noun]
        if word not in TWO_PLACES:
            return
        first, second, predicate, turned = TWO_PLACES[word]
        children = list(parse.below(noun, "nmod", "obl"))
        above = parse.heads[noun]
        one = next((child for child in children if parse.preposition(child) in first), None)
        if one is None:
            yield from self._done_by(noun, children)
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
        if self.roles.owner[noun] >= 0 and self.roles.owner[noun] == self.roles.owner[one]:
            # The noun took its "of" along, and is itself what is spoken of.
            return
        words = f"{word} {parse.preposition(one)} … {parse.preposition(other)}"
        yield from self._states(
            self.roles.arguments(one), Reading(predicate, turned), self.roles.arguments(other), noun, words, NOMINAL
        )

    def _done_by(self, noun: int, children: list[int]) -> Iterator[Relation]:
        """ "lactate production by tumour cells"."""
        parse = self.parse
        _, second, predicate, turned = TWO_PLACES[parse.lower[noun]]
        if "by" not in second or not noun:
            return
        done = self.roles.owner[noun - 1]
        doer = next((child for child in children if parse.preposition(child) == "by"), None)
        if doer is not None and done >= 0 and done != self.roles.owner[noun] and parse.heads[noun - 1] == noun:
            yield from self._states(
                [Argument(done)],
                Reading(predicate, turned),
                self.roles.arguments(doer),
                noun,
                f"{parse.lower[noun]} by",
                NOMINAL,
            )

    def _such_as(self, noun: int) -> Iterator[Relation]:
        """ "Y such as X", "Y including X", "X and other Y"."""
        parse = self.parse
        whole = self.roles.argument(noun, 3)
        for child in parse.below(noun, "nmod", "obl", "acl", "advcl", "appos"):
            if child < noun:
                continue
            preposition = parse.preposition(child)
            if preposition in ("such as", "including") and parse.is_noun(child) and whole and self._close(noun, child):
                family = SUCH_AS if preposition == "such as" else INCLUDING
                if family == INCLUDING and parse.tags[noun] not in ("NNS", "NNPS"):
                    continue
                yield from self._kinds_of(self.roles.arguments(child), whole, preposition, family)
        others = [child for child in parse.below(noun, "amod") if parse.lower[child] == "other"]
        if others and parse.relations[noun] == "conj" and whole:
            first = parse.heads[noun]
            if parse.is_noun(first) and any(parse.lower[child] in ("and", "or") for child in parse.below(noun, "cc")):
                parts = [
                    one
                    for place in (first, *parse.below(first, "conj"))
                    if place < noun
                    for one in self.roles.argument(place, 3)
                ]
                yield from self._kinds_of(parts, whole, "and other", AND_OTHER)

    def _examples_elsewhere(self) -> Iterator[Relation]:
        """ "polymers such as lignin resist …", where the parser hung the example on the verb."""
        parse = self.parse
        for at in range(1, len(parse) - 2):
            if parse.lower[at] != "such" or parse.lower[at + 1] != "as":
                continue
            example = parse.heads[at]
            before = at - 1 - (parse.words[at - 1] == ",")
            owner = self.roles.owner[before] if before >= 0 else -1
            if owner < 0 or not parse.is_noun(example) or not parse.is_verb(parse.heads[example]):
                continue
            yield from self._kinds_of(self.roles.arguments(example), [Argument(owner)], "such as", SUCH_AS)

    def _close(self, noun: int, example: int) -> bool:
        """Whether nothing but the noun's own few words stands between it and its examples."""
        parse = self.parse
        marker = next((at for at in range(noun + 1, example) if parse.lower[at] in ("such", "including")), example)
        if parse.tags[marker - 1] in ("IN", "TO"):
            return False
        between = [at for at in range(noun + 1, marker) if parse.words[at] != ","]
        return len(between) <= 4 and not any(parse.is_verb(at) for at in between)

    def _kinds_of(self, parts: list[Argument], whole: list[Argument], words: str, family: str) -> Iterator[Relation]:
        for part in parts:
            for kind in whole:
                yield Relation(part.phrase, kind.phrase, "is a", words, False, False, family)

    def _apposition(self, noun: int) -> Iterator[Relation]:
        """ "X, a Y, …": Y with an indefinite article."""
        parse = self.parse
        for child in parse.below(noun, "appos"):
            determiner = parse.first_below(child, "det")
            if (
                child > noun
                and determiner is not None
                and parse.first_below(noun, "conj") is None
                and parse.first_below(child, "conj") is None
                and parse.lower[determiner] in ("a", "an")
                and parse.is_noun(child)
                and self._adjoins(noun, child)
            ):
                word = parse.lower[child]
                of = next(
                    (at for at in parse.below(child, "nmod") if parse.preposition(at) in AGENT_PREPOSITIONS), None
                )
                if word in AGENTS and of is not None:
                    yield from self._states(
                        self.roles.argument(noun, 3),
                        AGENTS[word],
                        self.roles.arguments(of),
                        child,
                        f"{word} of",
                        APPOSITION,
                    )
                elif self.roles.owner[child] >= 0 and self.phrases[self.roles.owner[child]].head == child:
                    yield from self._states(
                        self.roles.argument(noun, 3),
                        Reading("is a"),
                        [Argument(self.roles.owner[child])],
                        child,
                        "a",
                        APPOSITION,
                    )

    def _adjoins(self, noun: int, apposed: int) -> bool:
        """Whether no other phrase stands between a noun and what explains it: "a risk of rickets, a disease"."""
        own, other = self.roles.owner[noun], self.roles.owner[apposed]
        return all(self.roles.owner[at] in (own, other, -1) for at in range(noun, apposed))

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


def _relating_nouns(parse: Parse) -> Iterator[int]:
    """Nouns that a pattern below reads with two arguments: they leave their "of" phrase its own name."""
    for at in range(len(parse)):
        word = parse.lower[at]
        if word in TWO_PLACES and parse.is_noun(at):
            _, second, _, _ = TWO_PLACES[word]
            if any(parse.preposition(child) in second for child in parse.below(at, "nmod", "obl")):
                yield at
        elif word in AGENTS or word in EFFECT or (word in CHANGES and _caused(parse, at)):
            yield at


def _caused(parse: Parse, noun: int) -> bool:
    """Whether a noun is the object of a verb that causes or makes something."""
    above = parse.heads[noun]
    lemma = LEXICON.lemma(parse.lower[above])
    if lemma is None or not parse.is_verb(above):
        return False
    if parse.relations[noun] in ("obj", "nsubj:pass"):
        reading = LEXICON.active.get((lemma, "", ""))
    else:
        reading = LEXICON.active.get((lemma, "", parse.preposition(noun)))
    return reading is not None and reading.predicate in CHANGING
