"""Which words make a name of a concept, and which only point, count or refer: lists for `noun_phrases`."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# They lead a phrase without being part of the name.
POINTING = _words("""
including using based so thus then a an the this that these those each every all both some any no another such same
other others several many most more few fewer less various different numerous multiple certain particular specific
additional further new novel present current previous recent above below following respective main major
important significant possible potential putative similar given key overall own total first second third last next
whole entire only observed reported proposed resulting corresponding so-called good better best well our their its his
her my your whose which what said aforementioned latter former remaining considerable substantial sufficient enough
typical usual common general main full complete great greater interesting simple actual real true
known unknown unique one two three four five six seven eight nine ten dozen hundred thousand half
distinct individual separate related relevant appropriate necessary available crucial critical essential vital pivotal
fundamental very much little least subsequent prior earlier later early late alternative likely unlikely strong weak
successful effective efficient direct indirect clear obvious apparent striking remarkable dramatic marked profound
slight modest nearly almost approximately about around roughly up over under
""")
# They point before most nouns, and belong to the name before these: "major depressive disorder", "essential oil".
BELONGING = {
    "major": _words("ampullate depressive depression histocompatibility groove grooves axis axes element oxides"),
    "essential": _words("oil oils amino fatty tremor hypertension gene genes element elements mineral minerals"),
    "total": _words("internal synthesis energy variation knee hip body phosphorus nitrogen carbon rna dna protein"),
    "general": _words("relativity anesthesia anaesthesia circulation"),
    "great": _words("apes ape tit tits basin"),
    "common": _words("cold bean beans carp variable"),
    "complete": _words("graph graphs remission blood"),
    "simple": _words("sugar sugars"),
    "strong": _words("acid acids base bases interaction force lensing"),
    "weak": _words("acid acids base bases interaction force lensing supervision"),
    "direct": _words("current"),
    "last": _words("glacial"),
    "first": _words("principles"),
    "second": _words("harmonic messenger messengers language"),
}
# Names of quantity or kind: the concept is what follows their "of".
TRANSPARENT = _words("""
% percent number numbers amount amounts quantity quantities majority minority variety range set sets series type types
kind kinds form forms sort sorts class classes group groups lot lots couple dozen dozens hundreds thousands percentage
fraction proportion portion part parts piece pieces presence use usage addition sample samples member members example
examples layer layers level levels none degree degrees extent subset subsets collection pair pairs family families array
one ones some all both each version versions instance instances case cases rest remainder application exposure
introduction administration choice copy copies fragment fragments most episode episodes burst bursts wave multitude
plethora existence
""")
# They name nothing by themselves, and little even with an adjective.
EMPTY = _words("""
orders red green blue grey gray black white yellow pink orange purple cyan magenta brown colour color colours colors
scale-bar magnitude account hand turn date dates note notes panel panels inset arrow arrows plot plots asterisk
asterisks histogram histograms column columns symbol symbols legend caption bar bars curve curves dot dots circle
circles square squares existence nature simplicity strength strengths instruction instructions difficulty difficulties
exception exceptions explanation explanations indicator indicators tendency inability access objective objectives help
rationale progress setting settings overview spite manner opportunity opportunities situation situations circumstance
circumstances concern concerns validity requirement requirements likelihood investigator investigators colleague
colleagues researcher researchers research clarity front frame frames answer answers barrier involvement inclusion
interpretation origin event events source sources maximum minimum limit limits bound bounds count counts scheme
combination estimate estimates support stage stages position positions distinction interplay rise fall promise message
messages match matches gap scale direction record records reality world history practice practices program programs
phenomenon phenomena characteristic characteristics category categories merit merits judgement judgment backwards
parallel hallmark hallmarks entry entries input inputs output outputs loss losses gain gains drop onset start course
mode rate rates yield yields effectiveness trouble effort implications implication future finding scenario scenarios
expert experts user users literature community communities society topic topics lot lots use majority basis background
  time times          capability capabilities
solution solutions resource resources tool tools design designs improvement improvements consideration investigation
way ways fact facts order case cases example examples figure figures fig table tables section sections paper papers
study studies author authors work works year years day days week weeks month months hour hours minute minutes second
seconds time times result results finding findings reason reasons purpose purposes aim aims goal goals question
questions hypothesis hypotheses idea ideas notion thing things something anything nothing everything someone anyone
people everybody ones one others other evidence possibility conclusion conclusions observation observations report
reports review reviews reference references literature knowledge understanding insight insights interest
view views point points issue issues aspect aspects contrast addition comparison agreement accordance line terms term
basis respect regard sense means  absence presence lack doubt exception extent degree effort efforts attempt
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
field area areas place places position top bottom side sides left right end beginning performance  outcome
outcomes improvement improvements trend trends pattern patterns consequence consequences cause causes action actions
activity activities response responses form forms size rate rates ratio ratios concentration concentrations dose doses
total mean average median sum difference   name names word words list lists text sentence page pages line
lines copy copies version versions control controls treatment treatments comparison proportion fraction assumption
assumptions consideration considerations strategy strategies task tasks dataset datasets algorithm algorithms
framework application applications member members component components element elements item items object objects unit
units concept concepts definition definitions criterion criteria parameter parameters variable variables region
regions site sites location locations species specimen specimens animal animals cell cells gene genes protein proteins
molecule molecules compound compounds material materials structure structures
""")
# Of these, names of things in the world are kept when bare: they are general, but they are concepts.
BARE_CONCEPTS = _words("""
cell cells gene genes protein proteins animal animals patient patients species molecule molecules treatment
algorithm algorithms performance activity men women ratio
""")
EMPTY_ALONE = EMPTY - BARE_CONCEPTS
# Empty whatever stands before them ("recent years", "present study", "main reason").
EMPTY_ALWAYS = _words("""
way ways fact facts year years day days week weeks month months hour hours minute minutes second seconds study studies
author authors paper papers figure figures fig table tables section sections reason reasons purpose aim aims goal
question questions conclusion conclusions finding findings thing things something anything nothing everything evidence
possibility report reports literature insight insights interest view views point issue issues aspect aspects
contrast addition agreement accordance terms respect regard sense extent doubt exception lack absence presence
appendix chapter article articles manuscript supplement today century decade decades percent work works example
examples hypothesis hypotheses advantage advantages disadvantage limitation limitations consequence consequences
importance et al etc one ones others understanding knowledge observation observations result results total half
majority number numbers amount amounts relation relations relationship relationships arrow arrows asterisk
asterisks legend colleagues researchers investigators manner account
hand turn date dates spite january february march april june july august september october november december inc ltd
help note
""")
UNITS = _words("""
mm cm m km nm µm μm um mg g kg µg μg ug ng pg ml l dl µl μl ul s ms h hr hrs min d wk wt vol mol mmol µm mm nm pm m
kda bp kb mb gb hz khz mhz ghz ev kev mev gev k °c c °f pa kpa mpa gpa v mv kv w mw kw a ma j kj mj n mn rpm ppm ppb
psi db au iu u kcal cal fig p n t r z f sd sem se ci or hr rr df vs ie eg ii iii iv vi vii
""")
ABSTRACT = re.compile(
    r"(?:[tsx]ions?|ments?|it(?:y|ies)|ness|[ae]nc(?:e|y|ies)|ysis|yses|esis|eses|ings?|owth|eath|idth|ength|[iv]als?|ures?|ship|[pt]ake)$"
)
ABSTRACT_WORDS = _words("""
accuracy efficacy precision quality cost risk risks rate rates spread loss onset rise decline increase decrease
release course cost costs speed yield yields strength size shape age mass weight height depth volume temperature
colour color fate flow flux transport growth survival synthesis mode mixing level levels threshold phase peak start
end origin source uptake decay death birth life damage recovery design control choice return export import supply
demand spread turnover lack absence deficiency blockade knockdown knockout collapse shift change changes drop fall
gain cause causes content reversal dispersal withdrawal renewal
""")
# Not names of a process or property although they look so.
CONCRETE = _words("""
membrane structure culture mixture surface section fraction solution region station instrument element segment
filament environment ligament pigment sediment building buildings ring rings string king thing spring wing wings
coating coatings bearing housing receptor population populations animal animals mineral minerals crystal chemical
signal capital hospital terminal medication function functions equation equations organization
institution university community communities facility city cities entity figure feature picture ceiling
""")
