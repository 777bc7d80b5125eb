"""Words that tell relations, beside the verbs of the vocabulary: nouns that relate, frames that deny."""

import re

from ingest.extract.roles import BEARERS
from ingest.extract.verbs import Reading, inflections


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _forms(lemmas: str) -> frozenset[str]:
    """All forms of these verbs."""
    return frozenset(form for lemma in lemmas.split() for form in inflections(lemma))


# Open verbs that say nothing of their own about subject and object.
EMPTY_VERBS = _forms("""
be do see know consider mean want like say tell think believe note discuss mention publish present take get put
receive begin summarize list merit deserve await concern regard constitute go write read help call name argue claim
conclude hypothesize propose report illustrate depict outline describe emphasize add run turn leave bring start stop
expect try seem appear remain follow compare perform conduct carry obtain understand explore involve plot show
demonstrate suggest indicate reveal find observe highlight provide give offer have use make imply confirm support
allow assign assume choose select denote require specify vary correspond contain include refer share apply hear ask
answer welcome thank face prefer administer inject
""") | _words("found thought shown seen known given taken gotten")
# Subjects of these are documents and their authors' doings: "the results show X" says nothing of results and X.
SPEAKING_VERBS = _forms("""
show demonstrate suggest indicate reveal confirm report find observe describe examine imply support investigate discuss
present illustrate highlight provide offer
""") | {"shown", "found"}
# People do not make a measurement's instrument: "assessed by two pathologists".
PEOPLE = re.compile(
    r"(?:[^\W\d_]+(?:ologist|ician|entist|ysicist|hemist|conomist)|researcher|author|participant|clinician|doctor|investigator|expert"
    r"|annotator|judge|colleague|diver|farmer|patient|student|teacher|nurse|worker|user|subject|volunteer|observer|rater"
    r"|reviewer|consultant|women|men|child|people|person|surgeon|committee|group|team|council|agency)(?:s|ren)?$"
)
SPEAKERS = _words("""
analysis analyses experiment experiments data measurement measurements assay assays comparison comparisons inspection
simulation simulations test tests regression evidence review observation observations examination
""")
EFFECT = _words("effect effects influence influences impact impacts action bearing consequences repercussions")
LIGHT_VERBS = BEARERS | _words("""
give gives gave given provide provides provided find finds found make makes made retain lack observe observed report
""")
SHIELDING = frozenset({"protect", "shield", "guard", "defend", "insulate", "prevent", "buffer"})
# nouns of two partners: "a link between X and Y"
BETWEEN = {
    noun: predicate
    for predicate, nouns in {
        "associated with": "relationship relationships relation relations association associations link links "
        "connection connections",
        "correlated with": "correlation correlations covariation proportionality",
        "interacts with": "interaction interactions interplay crosstalk cross-talk cooperation synergy competition "
        "coupling reaction reactions antagonism",
        "differs from": "difference differences contrast discrepancy distinction",
        "similar to": "similarity similarities resemblance analogy homology",
    }.items()
    for noun in nouns.split()
}
# noun: (prepositions of the first, prepositions of the second, predicate, turned round)
TWO_PLACES: dict[str, tuple[frozenset[str], frozenset[str], str, bool]] = {}


def _two_places(nouns: str, first: str, second: str, predicate: str, turned: bool = False) -> None:
    for noun in nouns.split():
        TWO_PLACES[noun] = (frozenset(first.split(",")), frozenset(second.split(",")), predicate, turned)


_two_places("role roles function functions participation involvement", "of,for,by", "in,during", "involved in")
_two_places(
    "importance relevance contribution contributions significance benefit benefits",
    "of,from",
    "to,for,in",
    "contributes to",
)
_two_places("association correlation relationship interaction link similarity", "of", "with,to", "associated with")
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

AGENTS: dict[str, Reading] = {}


def _agents(nouns: str, predicate: str, turned: bool = False) -> None:
    for noun in nouns.split():
        AGENTS[noun] = Reading(predicate, turned)
        AGENTS[noun + "s"] = Reading(predicate, turned)


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
AGENT_PREPOSITIONS = frozenset({"of", "for", "to"})

# Denying frames: the word itself says no.
DENYING_PASSIVE = {
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
PERFECT = _words("have has had having")
LACKING = _words("lack lacks lacked lacking miss misses missed missing")
# They stand like prepositions.
PREPOSITIONAL = _words("excluding including regarding following concerning considering given depending according")
MEASURING = frozenset({"measured with"})
# "was produced using X": what X is used for is what was made, read or found.
MAKING = frozenset({"produces", "detects", "predicts", "removes", "converts", "represents", "improves", "causes"})
GIVING = frozenset({"provide", "supply", "give", "offer", "deliver", "issue"})
# A passive with "by" does not turn these round: "was achieved by", "is included by".
STATES = frozenset({"has property", "contains", "located in", "is a", "part of"})
ALTERNATIVE = ("rather than", "instead of", "not")

# "causes a rise in Y" says that Y rises.
CHANGES = {
    noun: Reading(predicate)
    for predicate, nouns in {
        "increases": "increase increases rise rises elevation enhancement upregulation acceleration",
        "decreases": "decrease decreases reduction reductions decline declines drop drops fall loss downregulation",
        "improves": "improvement improvements",
        "worsens": "deterioration impairment worsening degradation",
        "affects": "change changes shift shifts alteration alterations variation variations modification modifications",
        "inhibits": "inhibition suppression",
        "promotes": "activation stimulation",
    }.items()
    for noun in nouns.split()
}
# "results in a reduced level of Y"
CHANGED = {
    word: Reading(predicate)
    for predicate, words in {
        "increases": "increased elevated enhanced higher greater raised larger",
        "decreases": "decreased reduced lower lowered diminished smaller",
        "affects": "altered changed modified abnormal aberrant",
        "improves": "improved better",
        "worsens": "impaired worse",
    }.items()
    for word in words.split()
}
CHANGING = frozenset({"causes", "produces"})
# Instruments and procedures: what is "determined by" them is measured.
PROCEDURE = re.compile(
    r"(?:.*(?:scop|metr|graph)(?:y|ies|e|es)|.*(?:blots?|blotting|staining|diffraction|sequencing|imaging|pcr|gram|analyzer"
    r"|sensor|sensors|chemistry|-seq)|(?:elisa|xrd|tem|sem|nmr|hplc|mri|ftir|xps|afm|anova|dls|edx|sds-page|lc-ms|gc-ms|ct|pet)"
    r"|(?:.*-)?(?:assay|analysis|analyse|test|method|technique|microscope|spectrum|spectra|regression|simulation|algorithm"
    r"|calculation|measurement|scan|titration|fit|fitting|procedure|questionnaire|survey|protocol|estimation))s?"
)
OBSERVING = _forms("""
determine detect identify confirm verify obtain find see reveal evaluate establish explore validate observe prove check
study estimate fit calibrate separate demonstrate show characterize characterise elucidate
""")
# These go on, or come about, without something: "the reaction proceeds without platinum".
GOING_ON = _forms("""
proceed occur work function form grow survive happen develop operate run polymerize live arise act move
crystallize germinate reproduce synthesize produce obtain achieve prepare fabricate
""")
PROPERTY = re.compile(
    r".*(?:ity|ities|ness|ance|ence|ability|modulus|moduli|strength|strengths|size|sizes|temperature|temperatures|point"
    r"|points|mass|shape|shapes|density|energy|energies|length|lengths|width|height|depth|volume|rate|rates|risk|risks"
    r"|tendency|potential|power|advantage|advantages|value|values|colou?rs?|behaviou?rs?|range|structure|structures"
    r"|symmetry|weight|weights|thickness|lifetime|gap|effect|effects|properties|property|geometry|prevalence|frequency|flux|fluxe|dimension|accuracy|score|error|precision)s?"
)

# Verbs that say of their subject what "X increases it" says with an object.
UNDERGONE = frozenset({"increases", "decreases", "affects", "improves", "worsens"})
HAPPENING = _forms("occur happen arise appear emerge take result die collapse fail disappear accumulate form develop")
