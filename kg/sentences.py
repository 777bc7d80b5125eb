"""Where the sentences of a scientific text begin and end, by rules alone: fast, and the same every time."""

import re
from bisect import bisect_left
from collections.abc import Iterator

LONGEST = 1500
"""Code points. What has no full stop for longer (a table, a sequence) is cut at a line, a semicolon or a blank."""

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*|\n(?=[^\S\n]*[*•‣◦▪][^\S\n]+\S)|\n(?=[^\S\n]*[-–][^\S\n]+[^\W\d_])|\f|\u2029")
_STOP = re.compile(
    r"(?:[.…]+|[!?]+[.!?]*)[\"'”’»)\]}]*"
    r"(?:\[\d[\d,;–\- ]*\]|(?<=[^\W\d_]\.)\d{1,3}(?:[,–-]\d{1,3})*(?=\s+[^\W\d_a-z]))?(?=\s)"
)
_LISTED = re.compile(r"\s+\([a-z]\)\s")
_CITED = re.compile(r"\s?\[\d[\d,;–\- ]*\](?=\s+[^\W\d_a-z])")
_TOKEN = re.compile(r"[^\s(\[{\"“”‘«/]+$")
_NEXT = re.compile(r"\s+[\"'“‘«(\[{¿¡]*([^\s,;:.!?)\]}\"”’»]*)")
_WORD_BEFORE = re.compile(r"([^\s()\[\]{},;]+)[\s(\[]+$")
_LETTERS_WITH_STOPS = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]{1,2}$")
_ENUMERATOR = re.compile(r"\s*(?:\(?(?:\d{1,2}|[A-Za-z]|[ivxIVX]{1,4})(?:\.\d{1,2})*)$")
_MIXED_CASE = re.compile(r"[a-z]{1,3}(?:[A-Z]|\d|-[A-Z])|[a-zα-ω]-|[α-ωµ]|(?:van|von|de|di|da|la|le|del)$")

# Nothing ends after these, whatever follows.
_INSIDE = frozenset("""
e.g i.e eg ie cf vs fig figs eq eqs eqn eqns ref refs sect sects sec secs ch chap chaps tab app appx suppl supp dr
prof drs capt mr mrs ms mx st mt ft rev hon approx ca viz resp incl excl esp nr nos vol vols pp pg para ed eds edn
trans dept univ inst assoc mol wt avg conc ext freq thm lem subsp ssp cv aff nom comb phys chem biol jan feb apr jun
jul aug sept oct nov dist fl
""".split())
# After these a sentence ends only when the next word is one that opens sentences.
_PERHAPS = frozenset(
    "al etc sp spp inc ltd co corp jr sr bros esq ph.d m.d b.c a.d u.s u.k e.u n.b no var gen ex mar dec v art".split()
)
_OPENERS = frozenset("""
A An The This That These Those It Its We Our They Their He She His Her I You In On At By For From To Of With Without
Within As After Before During Since Until Although Though While Whereas When Where If Because Thus Therefore Hence
However Moreover Furthermore Additionally Also Finally First Second Third Firstly Secondly Next Then Here There Both
Each Every Some Many Most Several All Any No None Not Only Other Another One Two Three Four Five Such Similarly
Conversely Instead Nevertheless Nonetheless Overall Consequently Accordingly Indeed Interestingly Notably Importantly
Recently Previously Currently Despite Unlike Like Given Using Based Compared Let Note What Which Who Why How Whether
Is Are Was Were Has Have Had Do Does Did Can Could Should Would May Might Figure Table Results Data Under Over Between
Among Through Across Along Again Even Yet But And Or So Nor Upon Due Taken Together Specifically Surprisingly
Unfortunately Subsequently Meanwhile Besides According
""".split())
# Before a lone capital these say that it is a name's part ("vitamin C."), not somebody's initial.
_LETTERED = frozenset("""
vitamin hepatitis influenza type group panel panels appendix table class phase plan section part model strain form
case point step line condition protein factor region site zone series state cluster domain experiment figure level
grade stage variant gene genes exon allele subunit complex compound subject
method sample
""".split())


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of every sentence of `text`, in order: code points, end exclusive, no blanks at either side.

    Together they cover all that is not blank. A blank line always ends a sentence, a single line break never does by
    itself (except before a bullet), and no word is ever cut. Nothing depends on anything but `text`.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _paragraphs(text):
        begin = start
        for stop in _stops(text, start, end):
            _append(spans, text, begin, stop)
            begin = stop
        _append(spans, text, begin, end)
    return spans


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for blank in _PARAGRAPH.finditer(text):
        yield start, blank.start()
        start = blank.end()
    yield start, len(text)


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Adds text[start:end] without the blanks around it, in pieces where it is longer than LONGEST."""
    while True:
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if end <= start:
            return
        if end - start <= LONGEST:
            spans.append((start, end))
            return
        cut = _cut(text, start, end)
        if cut >= end:
            spans.append((start, end))
            return
        spans.append((start, start + len(text[start:cut].rstrip())))
        start = cut


def _cut(text: str, start: int, end: int) -> int:
    """A place between words near start + LONGEST; `end` where there is none."""
    window = text[start : start + LONGEST]
    for mark in ("\n", "; ", " | ", "\t"):
        at = window.rfind(mark)
        if at >= LONGEST // 3:
            return start + at + len(mark)
    for at in range(len(window) - 1, 0, -1):
        if window[at].isspace():
            return start + at + 1
    for at in range(start + LONGEST, end):
        if text[at].isspace():
            return at + 1
    return end


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    """The ends of the sentences of one paragraph, the last one left out."""
    closers: list[int] | None = None
    begin = start
    for mark in _STOP.finditer(text, start, end):
        if not _ends_sentence(text, begin, mark, end):
            continue
        stop = mark.end()
        if (cited := _CITED.match(text, stop, end)) is not None:
            stop = cited.end()
        if text.count("(", begin, stop) > text.count(")", begin, stop):
            if closers is None:
                closers = [at for at in range(start, end) if text[at] == ")"]
            nearest = bisect_left(closers, stop)
            if nearest < len(closers) and closers[nearest] - stop < 300 and "(" not in text[stop : closers[nearest]]:
                continue
        yield stop
        begin = stop


def _ends_sentence(text: str, begin: int, mark: re.Match[str], end: int) -> bool:
    follower = _NEXT.match(text, mark.end(), end)
    if follower is None:
        return True
    word = follower.group(1)
    opener = word in _OPENERS and not (len(word) == 1 and text[follower.end() : follower.end() + 1] == ".")
    if word[:1].islower() and not _MIXED_CASE.match(word) and not _LISTED.match(text, mark.end(), end):
        return False
    if text[mark.start()] != ".":
        return True
    if mark.group().startswith(".."):
        return word[:1].isupper()
    found = _TOKEN.search(text, max(begin, mark.start() - 40), mark.start())
    token = "" if found is None else found.group()
    closed = mark.group() != "."
    lower = token.lower()
    if closed and lower not in ("e.g", "i.e", "cf"):
        # "(Smith et al.)" ends where the bracket does; what stands in front of it says nothing more.
        return True
    if lower in _INSIDE:
        return False
    if lower == "no":
        return opener or not any(character.isdigit() for character in word)
    if lower in _PERHAPS or _LETTERS_WITH_STOPS.match(token):
        return opener or (lower == "etc" and word[:1].isupper())
    if _ENUMERATOR.fullmatch(text, begin, mark.start()):
        return False
    if len(token) == 1 and token.isupper():
        return opener or not (_is_initial(text, begin, mark.start() - 1) or _is_stopped_letter(text, follower))
    return True


def _is_stopped_letter(text: str, word: re.Match[str]) -> bool:
    """Whether the next word is one capital with a full stop ("U. S.")."""
    return len(word.group(1)) == 1 and word.group(1).isupper() and text[word.end() : word.end() + 1] == "."


def _is_initial(text: str, begin: int, at: int) -> bool:
    """Whether the lone capital at `at` shortens a name ("J. Smith", "E. Coli"), not a thing called by a letter."""
    before = _WORD_BEFORE.search(text, max(begin, at - 60), at)
    if before is None:
        return True
    word = before.group(1)
    return not (word.lower() in _LETTERED or word[-1:].isdigit() or word[-1:] in "°%=<>")
