"""Whether a sentence states, denies or only supposes what a word of it says: cues of doubt with their scope.

The scope is read off the parse: a cue counts when it hangs on the word that carries the statement, or on a word that
governs it ("fails to …", "no evidence that …", "it is unclear whether …"). Cues that only look like it ("not only",
"cannot be overstated", the month of May) do not.
"""

from ingest.extract.causal_prepositions import CAUSAL
from ingest.extract.parse import Parse


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOT = _words("not n't never neither nor nowise hardly barely scarcely")
_MODALS = _words("may might")
_DOUBTFUL_ADVERBS = _words("""
possibly probably perhaps presumably potentially apparently likely seemingly tentatively conceivably supposedly
putatively maybe hypothetically allegedly reportedly ostensibly plausibly theoretically purportedly speculatively
""")
_DOUBTFUL_ADJECTIVES = _words("""
possible conceivable likely plausible probable unclear unknown uncertain tempting putative potential hypothetical
presumed suspected supposed alleged hypothesized hypothesised speculative proposed debatable questionable
controversial tentative presumptive imaginable doubtful unresolved unproven untested elusive undetermined
""")
_UNLIKELY = _words("unlikely improbable doubtful implausible")
_FALSE = _words("impossible false untrue wrong incorrect unable incapable")
# Denying these denies nothing of what is said under them.
_UNMOVED = _words("""
surprising unexpected unusual strange remarkable new uncommon novel coincidence coincidental accident accidental
wonder secret necessary enough sufficient obvious trivial easy
""")
_DOUBTING_VERBS = _words("""
suggest suggests suggested suggesting hypothesize hypothesizes hypothesized hypothesise hypothesises hypothesised
hypothesizing speculate speculates speculated propose proposes proposed proposing believe believes believed think
thinks thought assume assumes assumed assuming suspect suspects suspected predict predicts predicted expect expects
expected postulate postulates postulated imply implies implied wonder wondered conjecture conjectured posit posits
posited presume presumed guess supposed suppose hint hints hinted argue argues argued anticipate anticipated hope
hoped test tested ask asked investigate investigated examine examined doubt doubts doubted seem seems seemed appear
appears appeared appearing aim aims aimed try tries tried attempt attempts attempted seek seeks sought claim claims
claimed purported alleged rumoured rumored reckoned conceive conceived envisaged envisioned theorized theorised
intended intends intend considered
""")
# Above a noun ("we examined the effect of …") these leave open whether there is what it names.
_DOUBTING_OF_NOUNS = _words("""
suggest suggests suggested suggesting hypothesize hypothesized hypothesise hypothesised propose proposes proposed
postulate postulated posit posited suspect suspected imply implies implied speculate presume presumed hint assume
assumed hypothesizing test tested investigate investigated examine examined explore explored assess assessed study
studied evaluate evaluated determine address addressed analyze analyzed analyse analysed seem seems appear appears
expect expected predict predicted anticipate anticipated
""")
_FAILING = _words(
    "fail fails failed failing cease ceases ceased refuse refuses refused neglect neglected decline declined unable "
    "incapable stop stopped"
)
_EXCLUDING = _words("excluded exclude excludes ruled rule rules dismissed discounted discarded")
_BELITTLING = _words("""
overstated overemphasized overemphasised overestimated exaggerated neglected ignored overlooked underestimated denied
disregarded dismissed doubted questioned understated disputed discounted
""")
_DOUBTFUL_NOUNS = _words("""
possibility hypothesis idea notion assumption suggestion speculation likelihood conjecture proposal theory expectation
belief prediction hint hints chance suspicion claim supposition probability question prospect presumption view
""")
_EVIDENCE = _words(
    "evidence indication indications proof sign signs support data reason reasons basis hint trace sense"
)
_FINDING = _words("""
find found finds observe observed observes detect detected see seen saw have has had show showed shown shows reveal
revealed report reported identify identified establish established exist exists existed is are was were be been appear
appeared emerge emerged indicate indicated support supported confirm confirmed demonstrate demonstrated notice noticed
discover discovered exhibit exhibited display displayed play plays played exert exerted produce produced evident
apparent present significant detectable visible noted yield yielded document documented provide provided occur
occurred occurs seem seems reach reached prove proved
""")
_SPEAKING = _words("argue argues argued arguing speak speaks spoke militate militates evidence weigh weighs")
_LACK = _words("lack absence failure inability loss no-one none")
_LITTLE = _words("no neither nor little")
_UNFINISHED_MARKS = _words("if whether unless")


class Stance:
    """Reads one sentence; the answers are (denied, hedged)."""

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._question = bool(parse.words) and parse.words[-1] == "?"

    def of(self, anchor: int) -> tuple[bool, bool]:
        """Whether what the word at `anchor` says is denied, and whether it is hedged."""
        parse = self._parse
        denied, hedged = self._own(anchor)
        hedged = hedged or self._question
        at = anchor
        for _ in range(8):
            above = parse.heads[at]
            relation = parse.relations[at]
            if above == at or relation in ("acl:relcl", "parataxis", "appos", "list", "discourse", "dislocated"):
                break
            governed = self._governed(at, above, relation)
            if governed is None:
                break
            denied ^= governed[0]
            hedged |= governed[1]
            at = above
        return denied, hedged

    def doubted(self, noun: int) -> bool:
        """Whether a noun's part in what is said is doubted by itself: "falls, possibly due to wear"."""
        return self._own(noun)[1]

    def denied_argument(self, at: int) -> bool:
        """Whether a noun stands under "no", "neither", "nor", "without", "rather than" and the like."""
        parse = self._parse
        if self._set_aside(at):
            return True
        for child in parse.children[at]:
            word, relation = parse.lower[child], parse.relations[child]
            if relation in ("det", "cc", "advmod", "amod", "case", "mark", "nummod") and (
                word in ("neither", "nor", "not", "without", "instead", "no")
                or (word == "rather" and self._than(child))
            ):
                if (
                    word == "no"
                    and child + 1 < len(parse)
                    and parse.lower[child + 1] in ("fewer", "less", "more", "doubt", ".")
                ):
                    continue
                if word == "not" and self._only(child):
                    continue
                return True
            if relation == "case" and word == "than" and child and parse.lower[child - 1] == "rather":
                return True
        return False

    def _set_aside(self, at: int) -> bool:
        """Whether "rather than", "instead of" or "but not" stands right before the noun's phrase."""
        parse = self._parse
        first = at
        while (
            first > 0
            and parse.relations[first - 1] in ("compound", "amod", "det", "nummod", "nmod:poss")
            and parse.heads[first - 1] <= at
        ):
            first -= 1
        if parse.lower[max(0, first - 2) : first] in (("rather", "than"), ("instead", "of")):
            return True
        # "but not X", "but probably not to X"
        while first > 0 and (parse.tags[first - 1] in ("IN", "TO") or parse.lower[first - 1] == "probably"):
            first -= 1
        if first < 2 or parse.lower[first - 1] != "not":
            return False
        before = first - 2 - (parse.tags[first - 2] == "RB")
        return before >= 0 and parse.lower[before] in ("but", "and", ",")

    def _than(self, rather: int) -> bool:
        return rather + 1 < len(self._parse) and self._parse.lower[rather + 1] == "than"

    def _only(self, negation: int) -> bool:
        following = self._parse.lower[negation + 1] if negation + 1 < len(self._parse) else ""
        return following in ("only", "merely", "just", "simply", "solely", "exclusively", "necessarily")

    def _negations(self, at: int) -> bool:
        parse = self._parse
        for child in parse.children[at]:
            word, relation = parse.lower[child], parse.relations[child]
            if (
                relation in ("advmod", "cc", "det", "aux", "discourse", "dep")
                and word in _NOT
                and not self._only(child)
            ):
                if word == "neither" and child > at:
                    continue
                return True
            if (
                word == "longer"
                and relation == "advmod"
                and any(parse.lower[below] == "no" for below in parse.children[child])
            ):
                return True
            if relation == "advmod" and word == "no" and child + 1 < len(parse) and parse.lower[child + 1] == "longer":
                return True
        return False

    def _own(self, at: int) -> tuple[bool, bool]:
        """Denied and hedged by what hangs on the word itself."""
        parse = self._parse
        denied = self._negations(at)
        hedged = False
        noun = parse.is_noun(at)
        for child in parse.children[at]:
            word, relation = parse.lower[child], parse.relations[child]
            if relation == "aux" and parse.tags[child] == "MD":
                hedged |= word in _MODALS or (word == "could" and not denied and not noun)
            elif relation in ("advmod", "discourse", "obl", "dep", "parataxis") and word in _DOUBTFUL_ADVERBS:
                hedged = True
            elif relation == "mark" and word in _UNFINISHED_MARKS and not self._either_way(child):
                hedged = True
            elif noun and relation == "det" and word in _LITTLE and not self._counting(child):
                denied = True
            elif noun and relation == "amod":
                hedged |= word in _DOUBTFUL_ADJECTIVES and word not in ("unknown", "potential")
                hedged |= word == "potential"
                denied ^= word in ("little", "negligible")
            elif noun and relation == "case" and word == "without":
                denied = True
            elif relation == "mark" and word == "without":
                denied = True
            elif relation in ("mark", "cc", "advmod") and word == "rather" and self._than(child):
                denied = True
            elif relation == "mark" and word == "instead":
                denied = True
        return denied, hedged

    def _counting(self, determiner: int) -> bool:
        following = self._parse.lower[determiner + 1] if determiner + 1 < len(self._parse) else ""
        return following in ("fewer", "less", "more", "later", ".")

    def _either_way(self, mark: int) -> bool:
        """ "whether or not": what is said holds either way (the "or not" itself is never shown to the parser)."""
        del mark
        return False

    def _governed(self, at: int, above: int, relation: str) -> tuple[bool, bool] | None:
        """What the word above adds to what is said below it; None where what is below stands on its own."""
        parse = self._parse
        word = parse.lower[above]
        if relation == "conj":
            return self._shared(at, above)
        if relation == "advcl":
            mark = parse.first_below(at, "mark")
            marked = "" if mark is None else parse.lower[mark]
            if marked in ("that", "whether", "to") or (marked == "" and parse.tags[at] == "VB"):
                return self._under_clause(above, word)
            if word in ("capable", "incapable") and marked == "of":
                return self._under_clause(above, word)
            if word == "far" and marked == "from":
                return True, self._own(above)[1]
            if parse.tags[at] == "VBG":
                return False, self._own(above)[1]
            return None
        if relation in ("xcomp", "ccomp", "csubj", "csubj:pass"):
            return self._under_clause(above, word)
        if relation == "acl":
            return (
                self._under_noun(above, word)
                if parse.first_below(at, "mark") is not None or word in _EVIDENCE
                else None
            )
        if parse.is_noun(at) or parse.tags[at] in ("VBG", "DT", "CD", "JJ"):
            return self._noun_under(at, above, relation, word)
        return None

    def _under_clause(self, above: int, word: str) -> tuple[bool, bool]:
        """A clause under a verb or an adjective: "suggest that …", "fails to …", "it is possible that …"."""
        parse = self._parse
        if parse.is_noun(above) and (word == "doubt" or parse.first_below(above, "cop") is None):
            return self._under_noun(above, word)
        denied, hedged = self._own(above)
        copula = parse.first_below(above, "cop") is not None or parse.tags[above].startswith("JJ")
        if word in _UNMOVED:
            return False, hedged
        if word in ("doubt", "doubts", "doubted") and (denied or self._by_nobody(above)):
            return False, hedged
        if word in _UNLIKELY:
            return not denied, True
        if word in _EXCLUDING:
            return (False, True) if denied or self._cannot(above) else (True, hedged)
        if word in ("has", "have", "had") and any(parse.lower[child] == "yet" for child in parse.children[above]):
            return denied, True
        if word in _DOUBTING_VERBS and self._by_nothing(above):
            return True, False
        if word in _FALSE or word in _FAILING:
            return not denied, hedged
        if word in _DOUBTFUL_ADJECTIVES and copula:
            return False if word in ("unclear", "unknown", "uncertain") else denied, True
        if word in _DOUBTING_VERBS:
            return denied and word not in ("think", "thought", "doubt"), True
        if copula and denied and word in ("clear", "certain", "known", "established", "understood", "evident", "sure"):
            return False, True
        if word in ("known", "clear", "understood", "established", "determined", "shown", "tested") and denied:
            return False, True
        if word in _BELITTLING and denied:
            return False, hedged
        for child in parse.below(above, "obj", "nsubj", "nsubj:pass"):
            # "found no evidence that …", "raises the possibility that …": the clause may hang on either word.
            if parse.lower[child] in _EVIDENCE and self._own(child)[0]:
                denied = not denied
            elif parse.lower[child] in _DOUBTFUL_NOUNS:
                hedged = True
            elif parse.lower[child] == "doubt":
                return False, hedged
        return denied, hedged

    def _by_nothing(self, verb: int) -> bool:
        subject = self._parse.first_below(verb, "nsubj")
        return subject is not None and self._parse.lower[subject] == "nothing"

    def _by_nobody(self, verb: int) -> bool:
        subject = self._parse.first_below(verb, "nsubj")
        return subject is not None and (
            self._parse.lower[subject] in ("nobody", "none", "few") or self.denied_argument(subject)
        )

    def _under_noun(self, above: int, word: str) -> tuple[bool, bool]:
        """A clause under a noun: "evidence that …", "the possibility that …", "the ability to …"."""
        denied, hedged = self._own(above)
        if word in ("doubt", "wonder", "surprise", "question") and denied:
            return False, hedged
        if word == "doubt":
            return False, True
        if word in ("failure", "inability", "lack"):
            return not denied, hedged
        if word == "potential":
            return denied, True
        if self._parse.preposition(above).startswith("contrary"):
            return not denied, hedged
        if word in _DOUBTFUL_NOUNS:
            return denied, True
        return denied, hedged

    def _noun_under(self, at: int, above: int, relation: str, word: str) -> tuple[bool, bool] | None:
        """A noun that carries the statement ("effect", "link", "role"), under a verb, an adjective or another noun."""
        parse = self._parse
        denied, hedged = self._own(above)
        if relation in ("nmod", "obl") and parse.is_noun(above):
            if word in _LACK:
                return not denied, hedged
            if word in _DOUBTFUL_NOUNS:
                return denied, True
            return (denied, hedged) if word in _EVIDENCE else None
        if parse.preposition(at) in CAUSAL:
            return None
        if parse.preposition(at) == "against" and word in _SPEAKING:
            return not denied, hedged
        if relation in ("obj", "nsubj", "nsubj:pass", "xcomp", "obl", "nmod", "dep"):
            if word in _BELITTLING:
                return (False, hedged) if denied else (word == "denied", hedged)
            if word in _EXCLUDING:
                return (False, True) if denied or self._cannot(above) else (True, hedged)
            if relation == "obl" and word not in ("found", "observed", "detected", "seen"):
                return None
            if word in _UNMOVED:
                return False, hedged
            if word in _UNLIKELY:
                return not denied, True
            if word in ("absent", "lacking", "missing", "lacked", "lack", "lacks", "impossible"):
                return not denied, hedged
            if word in _DOUBTFUL_ADJECTIVES and not parse.is_noun(above):
                return denied, True
            if word in _DOUBTING_OF_NOUNS:
                return denied, True
            # "did not change the link between …" takes the link for granted; "did not find a link" does not.
            return denied and (word in _FINDING or not parse.is_verb(above)), hedged
        return None

    def _cannot(self, at: int) -> bool:
        return any(self._parse.lower[child] in ("cannot", "can't") for child in self._parse.children[at])

    def _shared(self, at: int, above: int) -> tuple[bool, bool] | None:
        """What a later conjunct takes from the first: its "may" and, after "or" and "nor", its "not"."""
        parse = self._parse
        own_subject = parse.first_below(at, "nsubj", "nsubj:pass", "csubj") is not None
        if own_subject:
            return False, False
        denied, hedged = self._own(above)
        conjunction = next((parse.lower[child] for child in parse.below(at, "cc")), "")
        own_auxiliary = parse.first_below(at, "aux", "aux:pass", "cop") is not None
        shares_auxiliary = not own_auxiliary and parse.tags[at] in ("VB", "VBN", "NN", "NNS", "JJ", "VBG")
        if conjunction == "but":
            return False, hedged and shares_auxiliary
        return (
            denied and shares_auxiliary and conjunction == "or" and not self._own(at)[0],
            hedged and shares_auxiliary,
        )
