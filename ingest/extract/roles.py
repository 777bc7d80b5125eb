"""Who does what in a clause: subjects, objects and prepositional phrases of a verb, as noun phrases.

They are found through conjunction, relative clauses, participles, control ("fails to …", "used to …") and quantities
("none of the …"), where the parse alone gives another word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.extract.causal_prepositions import CAUSAL
from ingest.extract.noun_phrases import Phrase
from ingest.extract.nouns import TRANSPARENT
from ingest.extract.parse import Parse
from ingest.extract.stance import Stance
from ingest.extract.verbs import PARTICLES


@dataclass(frozen=True, slots=True)
class Argument:
    """A phrase in a role. `denied`: the statement is denied for it ("nor salinity", "without platinum")."""

    phrase: int
    denied: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ABILITIES = _words("ability capacity capability potential power tendency propensity failure inability")
BEARERS = _words(
    "have has had having exert exerts exerted exerting show shows showed exhibit exhibits exhibited display displays "
    "displayed play plays played playing produce produced"
)
_OBJECT_CONTROL = _words("""
allow allows allowed enable enables enabled permit permits permitted cause causes caused force forces forced require
requires required lead leads led help helps helped make makes made let lets induce induces induced stimulate
stimulated encourage encouraged find found finds prompt prompted drive drives drove
""")
_ADDING = _words("adding incorporating introducing including applying using administering giving")
# A participle behind these has no subject that the sentence names: "when testing the drug".
_LOOSE_MARKS = _words("when while after before upon on in for since until once where whilst prior if")
_ABLE = _words("capable incapable")
_PRONOUN_TAGS = ("PRP", "WP", "WDT", "EX")
# Passives that leave their infinitive its subject: "is thought to reduce", "was used to measure".
_RAISING = _words("""
found shown known observed reported demonstrated seen proven proved thought believed suspected assumed hypothesized
hypothesised presumed expected predicted proposed suggested postulated speculated supposed considered said estimated
likely unlikely able unable used employed applied utilized utilised designed developed required needed sufficient
necessary intended claimed understood confirmed revealed indicated inferred determined anticipated conceived argued
ruled held
""")
# "in the presence of", "in terms of": prepositions in all but form.
_SET_NOUNS = _words("""
presence absence case context form course addition order terms view light spite response comparison contrast line
accordance agreement parallel combination conjunction collaboration front favor favour means basis fact cooperation
analogy consequence
""")
WORKING_VERBS = _words(
    "use uses used using employ employs employed utilize utilized utilise utilised apply applied applies "
    "exploit exploited leverage"
)


class Roles:
    """One sentence. `owner` gives the phrase of each word, by its place; -1 for a word in none."""

    def __init__(self, parse: Parse, phrases: Sequence[Phrase], stance: Stance) -> None:
        self.parse, self.phrases, self.stance = parse, phrases, stance
        self.owner = [-1] * len(parse)
        for number, phrase in enumerate(phrases):
            for at in range(phrase.first, phrase.last + 1):
                if self.owner[at] < 0:
                    self.owner[at] = number

    def inside_phrase(self, at: int) -> bool:
        owner = self.owner[at]
        return (
            owner >= 0
            and self.phrases[owner].head != at
            and self.parse.relations[at] in ("amod", "compound", "nmod", "dep")
        )

    def arguments(self, at: int, depth: int = 0) -> list[Argument]:
        """The phrases that a word stands for, its conjuncts included."""
        parse = self.parse
        found = self.argument(at, depth)
        if depth > 4:
            return found
        for conjunct in parse.below(at, "conj"):
            if parse.is_verb(conjunct) and parse.first_below(conjunct, "nsubj", "nsubj:pass", "obj") is not None:
                continue
            more = self.argument(conjunct, depth + 1)
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

    def argument(self, at: int, depth: int) -> list[Argument]:
        parse = self.parse
        if parse.tags[at].startswith(_PRONOUN_TAGS):
            return []
        denied = self.stance.denied_argument(at)
        owner = self.owner[at]
        if owner >= 0 and (self.phrases[owner].head == at or not parse.is_noun(at) or self.phrases[owner].last >= at):
            phrase = self.phrases[owner]
            if phrase.cut and phrase.head == at:
                return []
            examples = [
                one
                for child in parse.below(at, "nmod")
                if depth < 3 and parse.preposition(child) == "such as"
                for one in self.arguments(child, depth + 1)
            ]
            return [Argument(owner, denied), *(Argument(one.phrase, denied) for one in examples)]
        if depth > 3:
            return []
        word = parse.lower[at]
        if word == "none":
            denied = True
        if word in TRANSPARENT or parse.tags[at] in ("CD", "DT", "JJ", "JJR", "JJS"):
            wanted = ("of",) if word not in ("exposure", "treatment") else ("to", "with", "of")
            for child in parse.below(at, "nmod", "obl"):
                if parse.preposition(child) in wanted:
                    return [Argument(one.phrase, one.denied or denied) for one in self.arguments(child, depth + 1)]
        return []

    def subjects(self, verb: int, depth: int = 0) -> list[Argument]:
        """Grammatical subjects of a verb or predicate, found through conjunction, control and relative clauses."""
        parse = self.parse
        if depth > 4:
            return []
        own = parse.first_below(verb, "nsubj", "nsubj:pass", "csubj", "csubj:pass")
        if own is not None and self._to(verb) and parse.first_below(verb, "cop") is not None:
            # "Its task is to issue keys"
            return []
        if own is not None:
            if parse.tags[own] in ("WDT", "WP") or (
                parse.lower[own] in ("that", "which") and self._relative_verb(verb) is not None
            ):
                clause = self._relative_verb(verb)
                if clause is None or parse.lower[own] == "who":
                    return []
                return self._arguments_without_conjuncts(parse.heads[clause], verb)
            if parse.lower[own] in _ADDING and self.owner[own] < 0:
                # "Adding 2 % of fibres": the fibres.
                added = parse.first_below(own, "obj")
                return [] if added is None else self.arguments(added)
            return self.arguments(own)
        if (
            verb > 0
            and parse.is_noun(verb - 1)
            and parse.heads[verb - 1] == verb
            and parse.tags[verb] in ("VBZ", "VBP", "VBD")
        ):
            # "Bacteriophages attack …": a subject that was taken for a part of a compound. Behind a preposition it is
            # the end of a longer one: "the absence of oxygen prevents".
            return [] if parse.relations[verb] in ("nmod", "obl") else self.arguments(verb - 1)
        relation, above = parse.relations[verb], parse.heads[verb]
        if above == verb:
            return []
        if relation == "conj":
            return self.subjects(above, depth + 1)
        if relation == "xcomp":
            return self._controller(verb, above, depth)
        if relation == "acl":
            if parse.tags[verb] in ("VBG", "VBN", "VBD"):
                if parse.first_below(verb, "mark", "case") is not None:
                    # "excuses for allowing": nobody is named who does it.
                    return []
                return self._arguments_without_conjuncts(above, verb)
            if parse.lower[above] in _ABILITIES:
                return self._bearer(above, depth)
            if self._to(verb) and parse.first_below(above, "cop") is not None:
                # "X is a drug to treat Y"
                return self.subjects(above, depth + 1)
            return []
        if relation == "acl:relcl":
            return [] if parse.tags[verb] not in ("VBG", "VBN") else self.arguments(above)
        if relation == "advcl":
            if parse.tags[verb] == "VBG":
                mark = parse.first_below(verb, "mark", "case")
                if mark is not None and parse.lower[mark] == "of":
                    # "is capable of binding"; "far from binding"
                    return self.subjects(above, depth + 1) if parse.lower[above] in _ABLE else []
                if mark is not None and parse.lower[mark] == "from" and parse.lower[above] == "far":
                    return self.subjects(above, depth + 1)
                if mark is not None and parse.lower[mark] not in ("by", "thereby", "thus", "through", "without"):
                    return []
                if any(parse.lower[child] in _LOOSE_MARKS for child in parse.below(verb, "advmod", "mark")):
                    return []
                return [] if self.passive(above) else self.subjects(above, depth + 1)
            if self._to(verb) and parse.is_noun(above) and parse.first_below(above, "cop") is not None:
                return self.subjects(above, depth + 1)
            raised = self.passive(above) and parse.lower[above] in _RAISING
            if parse.tags[verb] == "VB" and (raised or parse.lower[above] in WORKING_VERBS):
                return self._controller(verb, above, depth)
        return []

    def _to(self, verb: int) -> bool:
        parse = self.parse
        return parse.tags[verb] == "VB" and any(parse.lower[child] == "to" for child in parse.below(verb, "mark"))

    def _arguments_without_conjuncts(self, noun: int, verb: int) -> list[Argument]:
        """The noun that a participle right behind it modifies."""
        owner = self.owner[noun]
        if self.parse.relations[verb] == "acl:relcl" and not self._agrees(noun, verb):
            # "approaches to measuring heterogeneity that require …": hung on the nearer noun.
            return []
        if verb < noun or (owner >= 0 and self.phrases[owner].head != noun):
            return []
        return self.argument(noun, 0)

    def _agrees(self, noun: int, verb: int) -> bool:
        """Whether noun and verb may agree in number."""
        parse = self.parse
        if parse.first_below(noun, "conj") is not None or parse.lower[noun] in ("data", "series", "species", "none"):
            return True
        first = next((at for at in (*parse.below(verb, "aux", "aux:pass", "cop"), verb)), verb)
        plural = parse.tags[noun] in ("NNS", "NNPS")
        return not ((parse.tags[first] == "VBZ" and plural) or (parse.tags[first] == "VBP" and not plural))

    def _bearer(self, noun: int, depth: int) -> list[Argument]:
        parse = self.parse
        verb = parse.heads[noun]
        if parse.relations[noun] == "obj" and parse.lower[verb] in BEARERS | {
            "lack",
            "lacks",
            "lacked",
            "retain",
            "retains",
        }:
            return self.subjects(verb, depth + 1)
        of = next((child for child in parse.below(noun, "nmod") if parse.preposition(child) == "of"), None)
        return [] if of is None else self.arguments(of)

    def _controller(self, verb: int, above: int, depth: int) -> list[Argument]:
        parse = self.parse
        word = parse.lower[above]
        target = parse.first_below(above, "obj")
        if word in WORKING_VERBS:
            if self.passive(above):
                return self.subjects(above, depth + 1)
            # "Sharks use their tails to stun prey"; "we used lidar to map trees".
            users = self.subjects(above, depth + 1)
            return users if users or target is None else self.arguments(target)
        if target is not None and not self.passive(above):
            return [] if word in _OBJECT_CONTROL else self._bearer_of(target, above, depth)
        if word in _OBJECT_CONTROL and not self.passive(above) and word not in ("help", "helps", "helped"):
            return []
        if self.passive(above) and word not in _RAISING:
            return []
        return self.subjects(above, depth + 1)

    def _bearer_of(self, target: int, above: int, depth: int) -> list[Argument]:
        return self.subjects(above, depth + 1) if self.parse.lower[target] in _ABILITIES else []

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

    def passive(self, verb: int) -> bool:
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
            and self.passive(parse.heads[verb])
        )

    def objects(self, verb: int) -> list[Argument]:
        parse = self.parse
        found: list[Argument] = []
        for child in parse.below(verb, "obj"):
            if parse.tags[child] in ("WDT", "WP"):
                clause = self._relative_verb(verb)
                if clause is not None:
                    found += self.arguments(parse.heads[clause])
            elif ":" not in parse.words[verb:child] and not self._compound_participle(verb, child):
                found += self.arguments(child)
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
                return [one for child in parse.below(conjunct, "obj") for one in self.arguments(child)]
        if parse.relations[verb] == "conj":
            target = parse.first_below(parse.heads[verb], "obj")
            if target is not None and target > verb and parse.first_below(verb, "nsubj", "nsubj:pass") is None:
                return self.arguments(target)
        return []

    def _compound_participle(self, verb: int, target: int) -> bool:
        """ "IL-10 producing Breg cells": the noun before the participle is its object, the one behind its subject."""
        parse = self.parse
        if parse.tags[verb] != "VBG" or parse.relations[verb] not in ("acl", "amod") or not verb:
            return False
        noun = parse.heads[verb]
        before = parse.tags[verb - 1] in ("NN", "NNP") and noun == verb - 1
        bare = parse.first_below(noun, "det", "nummod", "nmod") is None and parse.first_below(target, "det") is None
        return before and bare and parse.tags[target] == "NNS"

    def obliques(self, verb: int) -> Iterator[tuple[str, int]]:
        """Prepositional phrases of a verb: (preposition, noun). "using X" counts as one."""
        parse = self.parse
        for child in parse.children[verb]:
            relation = parse.relations[child]
            if relation not in ("obl", "obl:agent", "nmod", "advcl", "advmod", "xcomp", "dep"):
                continue
            if child > verb or parse.preposition(child) in CAUSAL:
                if parse.lower[child] in ("using", "employing", "utilizing") and parse.is_verb(child):
                    target = parse.first_below(child, "obj")
                    if target is not None:
                        yield "using", target
                    continue
                if parse.is_verb(child) and parse.tags[child] != "VBG":
                    continue
                preposition = parse.preposition(child)
                if preposition and not (
                    preposition in ("in", "with", "by", "on", "at") and parse.lower[child] in _SET_NOUNS
                ):
                    yield preposition, child

    def particle(self, verb: int) -> str:
        parse = self.parse
        child = parse.first_below(verb, "compound:prt")
        if child is not None:
            return parse.lower[child]
        following = verb + 1
        if following < len(parse) and parse.lower[following] in PARTICLES and parse.relations[following] == "advmod":
            return parse.lower[following]
        return ""
