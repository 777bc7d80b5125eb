"""What the form of a sentence tells of it: an aim, a method, a finding, a caption, or nothing by itself.

Written after abstracts whose parts their authors have labelled; English only. A sentence may show several cues.
"""

from __future__ import annotations

import re

_AIM = re.compile(r"""
    \W* to \ (?:\w+ly\ )? (?!(?:date|our|my|this|these|that|the|what|some|a|an)\b)[a-z]+ \b
    | .* \b (?: (?:aim|objective|purpose|goal|hypothesis|hypotheses) (?:s|ed)?
      | sought \ to | set \ out \ to | hypothesi[sz]ed? | we \ (?:asked|wondered)
      | (?:study|trial|paper|work|review|article|we) \ (?:here\ )? (?:is\ |was\ |were\ |have\ |has\ )?
        (?: designed|intended|investigated?s?|examined?s?|assess(?:ed|es)?|evaluated?s?|explored?s?|compared?s?
          | described?s?|determined?s? )
      | (?:study|experiment|trial|analysis) \ \d+ \ (?: represented|tackled|addressed|involved|examined|tested|used|was
          |employed|aimed )
      | (?:little|not\ much) \ is \ known | open \ questions? | unclear | unknown | controversial | debated
      | (?:poorly|not\ (?:fully|well|yet)) \ \w+ ) \b
""", re.IGNORECASE | re.VERBOSE | re.DOTALL)

_METHOD = re.compile(r"""
    \b (?:were|was|been) \ (?:\w+ly\ )? (?: enrolled|included|excluded|eligible|recruited|randomi[sz]ed|assigned
      | allocated|asked|interviewed|invited|selected|reviewed|obtained|collected|recorded|performed|conducted
      | carried\ out|undertaken|used|analy[sz]ed|calculated|administered|measured|assessed|evaluated|examined|tested
      | compared|studied|followed|divided|extracted|purchased|incubated|stained|treated|given|defined|identified
      | approved|retrieved|estimated ) \b
    | \b (?:we|authors) \ (?: used|performed|conducted|collected|analy[sz]ed|measured|calculated|recruited|reviewed
      | applied ) \b
""", re.IGNORECASE | re.VERBOSE)

_FINDING = re.compile(r"""
    \b (?: we \ (?:found|find|show|showed|observed|conclude|demonstrated?|report\ that)
      | (?:results?|findings?|data|analys[ie]s|evidence) \ (?:\w+\ )?
        (?:show|indicate|suggest|demonstrate|reveal|support|confirm)(?:s|ed)?
      | significan(?:t|tly|ce) | associated \ with | correlat\w+ | predict(?:s|ed|ors?)
      | (?:no|not|without) \ (?:a\ )? (?:differ\w+|effect|evidence|associat\w+|correlat\w+|change)
      | (?:more|less|higher|lower|greater|fewer|better|worse|larger|smaller|longer|shorter|faster|slower|stronger
          |weaker) \b .* \b than
      | increase[sd]? | decrease[sd]? | reduce[sd]? | improve[sd]? | enhance[sd]? | inhibit(?:s|ed)? | cause[sd]?
      | lead(?:s)? \ to | led \ to | results? \ in | resulted \ in | depend(?:s|ed)? \ on | due \ to | because
      | in \ conclusion | therefore | thus | suggest(?:s|ing)? \ that | indicat(?:es?|ing) \ that ) \b
    | \b p \ ? [<=>≤] \ ? 0?\.\d | \d \ ? % | \b CI \b | \b (?:OR|RR|HR) \ ? =
""", re.IGNORECASE | re.VERBOSE)

_LEANING = re.compile(r"""
    (?: this|these|those|it|they|such|he|she|that|however|moreover|furthermore|in\ addition|also|both|neither ) \b
""", re.IGNORECASE | re.VERBOSE)

_CAPTION = re.compile(r"""
    \W* (?: distribution|comparison|proportion|overview|schematic|illustration|characteristics|list ) s?
    \ (?:\w+\ )? of \b
""", re.IGNORECASE | re.VERBOSE)

_POINTING = re.compile(r"""
    \W* (?: see|cf|figs?|figure|table|supplementary|copyright|keywords? ) \b
""", re.IGNORECASE | re.VERBOSE)

_AFTER_STOP = "\"'”’»)[]}0123456789,–- "  # quotation marks, brackets, and the numbers of references

_CITING = re.compile(
    r"\[\d[\d,;\s–-]*\]"
    r"|\((?:[A-Z][\w'’-]+(?: et al\.?| and [A-Z][\w'’-]+)?,? (?:19|20)\d\d[a-z]?[;, ]*)+\)"
)

_GUESSING = re.compile(r"""
    \b (?: could | might | may | perhaps | possibly | presumably | would | speculat\w+ | alleged\w*
      | it \ can \ be \ \w+ed | remains? \ to \ be | if \ confirmed | whether | alternative \ possibilit\w+
      | future \ (?:work|studies|research) ) \b
""", re.IGNORECASE | re.VERBOSE)

_LONG = 40  # words, from which on a longer sentence tells no more

_SECTIONS = tuple((re.compile(heading, re.IGNORECASE), value) for heading, value in (
    ("abstract|summary", 0.2),
    ("conclusion|concluding", 0.1),
    ("result|discussion|finding", 0.05),
    ("introduction|background", -0.1),
    ("method|material|protocol|procedure|statistic", -0.15),
    ("acknowledg|funding|contribution|competing|availability|supporting|reference", -0.6),
))


def telling(sentence: str, section: str | None) -> float:
    """How much a sentence is worth as part of an answer, by its form and its section's heading alone: -2.7…0.8.

    The weights of aims, methods, findings, guesses, of leaning on the sentence before and of length are about those of
    a logistic model of the sentences that judges chose as the evidence for a claim (SciFact, training part,
    doi:10.18653/v1/2020.emnlp-main.609; the last third of its claims apart: the first sentence is right for .64
    instead of .54, by words and vectors alone). The others were set by hand.
    """
    value = next((value for heading, value in _SECTIONS if heading.search(section or "")), 0.0)
    if _AIM.match(sentence):
        value -= 0.9
    elif _FINDING.search(sentence):
        value += 0.3
    if _METHOD.search(sentence):
        value -= 0.3
    if _CAPTION.match(sentence) or not sentence.rstrip(_AFTER_STOP).endswith((".", "!", "…")):
        value -= 0.4  # of a figure or a table; a heading
    if _LEANING.match(sentence):  # on the sentence before it
        value -= 0.15
    if _CITING.search(sentence):  # what others have found
        value -= 0.2
    if _GUESSING.search(sentence):
        value -= 0.2
    return value + 0.3 * min(len(sentence.split()), _LONG) / _LONG


def states(sentence: str) -> bool:
    """Whether it is a statement: neither a question, nor a pointer to a figure, nor mostly numbers."""
    letters = sum(letter.isalpha() for letter in sentence)
    return 2 * letters > len(sentence) and not sentence.endswith("?") and _POINTING.match(sentence) is None
