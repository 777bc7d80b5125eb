"""Where the amounts of a text could begin and end, and what speaks for each span: what `quantities` weighs.

A number with its unit is found by rules. How far an amount reaches from there ("about", "between … and", "patients") is
a choice among a few candidates, described by features; the weights of the features are learnt (training/quantities).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?|(?<![\w.)\]])\.\d+|[^\W\d_]+|\S")

MOST_MERGED = 7
"""Numbers in one amount ("1, 5, 10, 20 and 50 μg/L")."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NUMBER_WORDS = _set(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand "
    "thousands million millions billion billions trillion dozen dozens twice"
)
_VAGUE = _set("half quarter couple thrice once none several few")
_ORDINALS = _set("first second third fourth fifth sixth seventh eighth ninth tenth th st nd rd")
_DASHES = frozenset("-–−—‐‑")
_MONTHS = _set(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec"
)
_TIMES = _set(
    "year years yr yrs day days month months week weeks hour hours hr hrs h minute minutes min mins second seconds "
    "sec s ms decade decades century centuries"
)
_UNITS = _set(
    "% ‰ ° m mm cm km nm μm µm μ µ pm Å kg g mg ng pg t Mt Gt Mg L l ml mL μl µl dl μg µg K C °C F mol mmol M mM μM "
    "nM Pa kPa MPa GPa bar mbar nbar μbar Torr atm psi J kJ mJ MJ eV keV MeV GeV meV W mW kW MW GW V mV kV A mA μA "
    "nA Ω kΩ N mN kN Hz kHz MHz GHz THz T mT nT G rad mrad deg degree degrees percent wt vol at ppm ppb ppt ppmv ha "
    "bp kb Mb Gb kDa Da U IU dB Ma Ga ka Myr Gyr kyr yr AU pc kpc Mpc R Rp RS fold times rpm kcal cal OD MB GB TB "
    "Mbps px pixels metre metres meter meters kilometres point points item items people participants patients "
    "subjects samples individuals men women children orders magnitude kR oC oN"
)
_UNIT_WORDS = _set("wt vol at v w by mass volume weight latitude longitude old per")
_AROUND = _set(
    "about approximately around roughly nearly almost ca circa approx ∼ ~ ≈ ≃ estimated average mean some close near"
)
_COMPARING = _set(
    "< > ≥ ≤ ⩾ ⩽ ≳ ≲ ≫ ≪ less more fewer greater larger smaller higher lower least most up over under above below "
    "within between exceeding than only minimum maximum max min older younger longer shorter better to from"
)
_REFERRING = _set(
    "fig figs figure figures table tables section sections eq eqs equation equations ref refs reference supplement "
    "appendix chapter phase step group groups type class case sample model version no number scheme category line "
    "column panel stage level grade cluster clusters experiment exp study region zone site sites station"
)
_LEFT = _MONTHS | _set(
    "∼ ~ < > ≥ ≤ ⩾ ⩽ ≳ ≲ ≫ ≪ ≈ ≃ − - – + ± ( = ca circa . approximately approx about around roughly nearly almost "
    "near between from to up upto down over under above below within after before at least most less more fewer "
    "greater higher lower smaller larger better than as much many low high long short little few far every each a "
    "an the only past last top upper first next of range ranging ranges order in for since until during exactly "
    "precisely typically average mean median estimated several just by further additional another ad bc some well "
    "beyond exceeding minimum maximum max min increases decreases age even or total all per against on other late "
    "early mid"
)
_CONNECTING = _MONTHS | _set(
    "– - − — ‑ to and or , ± × * · / : ; ( ) ’ ” ′ ″ ' \" ° the even more than a about around ∼ ~ < > ≤ ≥ between x "
    "by + approximately ^ at up as many nearly th st nd rd b c n s e w = out of"
)
_ENDING = _set(
    ". , ; : ) ] ( [ and or of to in for at with from was were is are the a an that which on as by but than be been "
    "had has have , into between"
)
_OPEN_ENDS = _set("more less older higher fewer greater above below lower")

# Kinds of words before a number, by which features generalise over them.
_SIGNS = _set("∼ ~ < > ≥ ≤ ⩾ ⩽ ≳ ≲ ≫ ≪ ≈ ≃ ± +")
_HEDGES = _set("ca circa approximately approx about around roughly nearly almost near close")
_BOUNDS = _set(
    "least most less more fewer greater higher lower smaller larger better up upto down many much low high long "
    "short little"
)
_PLACES = _set("within after before over for since until during under above below past last next beyond")
_RANGES = _set("range ranging ranges")
_ARTICLES = _set("a an the")

_SHAPE = re.compile(r"\d+(?:[.,]\d+)*|[A-Z][a-z]+|[A-Z]+|[a-z]+|[α-ωΑ-Ω]+")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as tokens first…after (exclusive). `units`: where its unit could end, in order; empty without one."""

    first: int
    after: int
    units: tuple[int, ...]

    @property
    def reach(self) -> int:
        """The end of the number with its whole unit."""
        return self.units[-1] if self.units else self.after


@dataclass(frozen=True, slots=True)
class Candidate:
    """Tokens first…after that could be one amount, from number `low` to number `high` (places among the numbers)."""

    first: int
    after: int
    low: int
    high: int


@lru_cache(maxsize=20000)
def _kind(word: str) -> str:
    lower = word.lower()
    first = word[0]
    if first.isdigit() or (first == "." and len(word) > 1):
        if "," in word:
            return "NT"
        if "." in word:
            return "ND"
        return "NY" if len(word) == 4 and word[:2] in ("17", "18", "19", "20") else f"N{min(len(word), 5)}"
    if lower == "one":
        return "W1"
    for words, kind in _KINDS:
        if lower in words:
            return kind
    if word in _DASHES:
        return "-"
    if lower in _TIMES:
        return "H"
    if word in _UNITS:
        return "U"
    for words, kind in _LATER_KINDS:
        if lower in words:
            return kind
    if not first.isalnum():
        return first
    if len(word) == 1:
        return "X" if first.isupper() else "x1"
    if word.isupper():
        return "XX"
    return "Xx" if first.isupper() else "x" if word.islower() else "xX"


_KINDS = ((NUMBER_WORDS | _VAGUE, "W"), (_ORDINALS, "O"), (_AROUND, "A"))
_LATER_KINDS = ((_COMPARING, "C"), (_MONTHS, "M"), (_REFERRING, "F"))


@lru_cache(maxsize=20000)
def _is_unit(word: str) -> bool:
    if word in _UNITS or word.lower() in _TIMES:
        return True
    return 2 <= len(word) <= 3 and word[0] in "μµnmkMGp" and word[-1] in "mgLlsVWAJNKCFMΩ%"


def _group(words: Sequence[str]) -> str:
    """What kinds of words these are, in order, each kind once; "0" for none."""
    kinds: dict[str, None] = {}
    for word in words:
        kinds[_group_of(word)] = None
    return "".join(kinds) if kinds else "0"


@lru_cache(maxsize=2000)
def _group_of(word: str) -> str:
    for words, kind in _GROUPS:
        if word in words:
            return kind
    return "w" if word[0].isalpha() else "?"


_GROUPS = (
    (_SIGNS, "s"),
    (_DASHES, "-"),
    (_HEDGES, "a"),
    (_BOUNDS, "c"),
    (_PLACES, "p"),
    (_RANGES, "r"),
    (frozenset({"between"}), "b"),
    (frozenset({"from"}), "f"),
    (frozenset("("), "("),
    (frozenset({"to"}), "t"),
    (_ARTICLES, "d"),
    (frozenset({"only"}), "o"),
)


def _joint(words: Sequence[str]) -> str:
    """What the words between two numbers make of them."""
    if len(words) == 1 and words[0] in "–-—−‐":
        return "dash"
    for word in ("±", "to", "and", "or", "×"):
        if word in words:
            return word
    joined = " ".join(words)
    if joined in ("*", "·", "x"):
        return "×"
    if joined in (",", ":", "/"):
        return joined
    if "(" in words:
        return "open"
    if ")" in words:
        return "close"
    return "other" if joined else "none"


@lru_cache(maxsize=5000)
def _shape(word: str) -> str:
    def kind(match: re.Match[str]) -> str:
        run = match.group()
        if run[0].isdigit():
            return "d"
        if run.isupper():
            return "X"
        return "Xx" if run[0].isupper() else "x" if "a" <= run[0] <= "z" else "g"

    return _SHAPE.sub(kind, word)[:14]


class Spans:
    """A text as tokens, its numbers, and the candidates for its amounts."""

    __slots__ = ("brackets", "ends", "glued", "kinds", "lower", "numbers", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(TOKEN.finditer(text))
        self.words = [match.group() for match in found]
        self.starts = [match.start() for match in found]
        self.ends = [match.end() for match in found]
        self.lower = [word.lower() for word in self.words]
        self.kinds = [_kind(word) for word in self.words]
        # Whether no blank stands before a token; one more for the end.
        self.glued = [False, *(end == start for end, start in zip(self.ends, self.starts[1:], strict=False)), False]
        self.numbers = self._numbers()
        self.brackets = self._brackets() if self.numbers else []

    def _numbers(self) -> list[Number]:
        lower, kinds, count = self.lower, self.kinds, len(self.words)
        numbers: list[Number] = []
        at = 0
        while at < count:
            if lower[at] in ("room", "ambient") and lower[at + 1 : at + 2] == ["temperature"]:
                kinds[at], kinds[at + 1] = "ND", "U"
                numbers.append(Number(at, at + 1, (at + 2,)))
                at += 2
                continue
            digits = kinds[at][0] == "N" and not (self.glued[at] and self.words[at - 1][-1].isalpha())
            if not digits and lower[at] not in NUMBER_WORDS:
                at += 1
                continue
            after = at + 1
            while after < count and lower[after] in NUMBER_WORDS and lower[after] != "one":
                after += 1
            number = Number(at, after, self._units(after))
            numbers.append(number)
            at = number.reach
        return numbers

    def _units(self, at: int) -> tuple[int, ...]:
        """The ends of what could be a unit from token `at` on: "m" and "m/s" of "m/s"."""
        words, lower, glued, kinds, count = self.words, self.lower, self.glued, self.kinds, len(self.words)
        ends: list[int] = []
        if at + 1 < count and words[at] in _DASHES and glued[at] and glued[at + 1] and _is_unit(words[at + 1]):
            at += 1
        while at < count and len(ends) < 6:
            word = lower[at]
            if words[at] == "." and ends and glued[at] and lower[at - 1] in ("wt", "vol", "at"):
                if words[at + 1 : at + 2] != ["%"]:
                    break
                at += 1
                continue
            if word == "per":
                if at + 1 == count or not words[at + 1][0].isalpha():
                    break
                at += 2
            elif words[at] in "/·⋅" and ends and glued[at] and at + 1 < count and words[at + 1][0].isalpha():
                at += 2
                at += at < count and glued[at] and kinds[at] == "N1"
            elif _is_unit(words[at]) or (word in _UNIT_WORDS and (ends or word in ("wt", "vol", "at"))):
                if word in ("at", "a") and not glued[at] and words[at + 1 : at + 2] != ["%"]:
                    break
                at += 1
                if at < count and glued[at] and kinds[at] == "N1":
                    at += 1
                elif at + 1 < count and glued[at] and words[at] in "−-–" and kinds[at + 1] == "N1":
                    at += 2
            else:
                break
            ends.append(at)
        return tuple(ends)

    def _brackets(self) -> list[tuple[int, int] | None]:
        """The innermost bracket that each token stands in, as the tokens of its marks."""
        inside: list[tuple[int, int] | None] = [None] * len(self.words)
        pairs: list[tuple[int, int]] = []
        opened: list[int] = []
        for at, word in enumerate(self.words):
            if word in "([":
                opened.append(at)
            elif word in ")]" and opened:
                pairs.append((opened.pop(), at))
        for first, last in sorted(pairs):
            for at in range(first + 1, last):
                inside[at] = (first, last)
        return inside

    def candidates(self) -> list[Candidate]:
        """By end, then by start; no two have the same span."""
        lefts = [self._lefts(number) for number in self.numbers]
        rights = [self._rights(number) for number in self.numbers]
        found: dict[tuple[int, int], Candidate] = {}
        for low in range(len(self.numbers)):
            for high in range(low, min(low + MOST_MERGED, len(self.numbers))):
                if high > low:
                    between = self._between(high)
                    if len(between) > 5 or not all(word in _CONNECTING for word in between):
                        break
                for first in lefts[low]:
                    for after in rights[high]:
                        if (first, after) not in found and not self._tears(first, low, high):
                            found[first, after] = Candidate(first, after, low, high)
        return sorted(found.values(), key=lambda one: (one.after, one.first))

    def _between(self, high: int) -> list[str]:
        """The words between a number's unit and the next number, by the place of the latter."""
        return self.lower[self.numbers[high - 1].reach : self.numbers[high].first]

    def _tears(self, first: int, low: int, high: int) -> bool:
        """Whether an amount from here would leave out half of a tolerance, or of "between … and"."""
        if low > 0 and "±" in self._between(low) and len(self._between(low)) <= 2:
            return True
        if high + 1 == len(self.numbers) or len(between := self._between(high + 1)) > 3:
            return False
        if "±" in between and len(between) <= 2:
            return True
        opening = self.lower[max(0, first - 2) : self.numbers[low].first]
        return low == high and "between" in opening and "and" in between

    def _lefts(self, number: Number) -> list[int]:
        lower = self.lower
        at = number.first
        lefts = [at]
        while at > 0 and len(lefts) < 5 and lower[at - 1] in _LEFT:
            at -= 1
            if lower[at] != ".":
                lefts.append(at)
            elif at == 0 or lower[at - 1] not in ("ca", "approx"):
                break
        return lefts

    def _rights(self, number: Number) -> list[int]:
        words, lower, glued, count = self.words, self.lower, self.glued, len(self.words)
        reach = number.reach
        rights = {number.after, *number.units}
        at = reach
        if at + 1 < count and words[at] in _DASHES and glued[at] and glued[at + 1] and words[at + 1][0].isalpha():
            at += 2
            rights.add(at)
            if at + 1 < count and words[at] in _DASHES and lower[at + 1] == "old":
                rights.add(at + 2)
            if at < count and words[at][0].isalpha() and lower[at] not in _ENDING:
                rights.add(at + 1)
        else:
            while at < count and at - reach < 3 and words[at][0].isalpha() and lower[at] not in _ENDING:
                at += 1
                rights.add(at)
            if reach < at < count - 1 and lower[at] == "of" and lower[at - 1] in ("orders", "lines"):
                rights.add(at + 2)
            if at + 1 < count and lower[at] == "or" and lower[at + 1] in _OPEN_ENDS:
                rights.add(at + 2)
        if reach < count and words[reach] in ").":
            rights.add(reach + 1)
        for at in (reach, reach + 1):
            if words[at : at + 1] == ["("] and words[at + 2 : at + 3] == ["/"] and words[at + 4 : at + 5] == [")"]:
                rights.add(at + 5)
        return sorted(rights)

    # Features: names of what is true of a candidate. The first letters tell the template.

    def _low(self, at: int) -> str:
        return self.lower[at] if 0 <= at < len(self.lower) else "^"

    def _what(self, at: int) -> str:
        return self.kinds[at] if 0 <= at < len(self.kinds) else "^"

    def _tie(self, at: int) -> str:
        return "_" if 0 <= at < len(self.words) and self.glued[at] else " "

    def start_features(self, first: int, low: int) -> list[str]:
        """What is true of every candidate that begins with this token for this number."""
        lower, kinds, low_of, what, tie = self.lower, self.kinds, self._low, self._what, self._tie
        at = self.numbers[low].first
        taken = " ".join(lower[first:at])
        before, earlier, earliest = low_of(first - 1), low_of(first - 2), low_of(first - 3)
        kind = kinds[at]
        bare = first == at
        value = self.words[at] if kind[0] != "N" or self.words[at] in ("0", "1") else kind
        edge = what(first - 1) + tie(first) + what(first)
        place = self._left_out(first)
        left = lower[place:first]
        inner, outer = _group(lower[first:at]), _group(left)
        features = [
            f"Sm={taken}",
            f"Sp={before}",
            f"Sp2={earlier} {before}",
            f"Sp3={earliest} {earlier} {before}",
            f"Spm={before}{tie(first)}|{taken}",
            f"Sc={edge}",
            f"Scc={what(first - 2)}{tie(first - 1)}{edge}",
            f"Sg={tie(first)}{what(first - 1)}",
            f"Sn={kind}{bare}",
            f"Snp={kind}{before}",
            f"Snc={kind}{what(first - 1)}{tie(first)}{bare}",
            f"Sv={value}",
            f"Svp={value}|{before}",
            f"Slen={at - first}",
            f"Sp2a={earlier}",
            f"Sp3a={earliest}",
            f"Spc={what(first - 4)}{what(first - 3)}{what(first - 2)}{what(first - 1)}",
            f"Sini={first == 0}",
            f"Si={inner}",
            f"Sx={outer}",
            f"Six={inner}|{outer}",
            f"Sin={inner}{kind}",
            f"Sixp={inner}|{outer}|{before}",
            f"Sxw={' '.join(left)}|{inner}",
            f"Ssh={_shape(self._chunk(at))}",
        ]
        bracket = self.brackets[at]
        if bracket is None:
            features.append(f"Sb0{kind}")
            return features
        opening, closing = bracket
        years = "NY" in kinds[opening + 1 : closing]
        features += [
            f"Sb={self.words[opening]}",
            f"Sbn={self.words[opening]}{kind}",
            f"Sby={years}{kind}",
            f"Sbp={at == opening + 1}",
            f"Sbl={min(closing - opening, 10)}",
            f"Sbpre={low_of(opening - 1)}",
            f"Sba={kind}{min(closing - at - 1, 4)}",
            f"Sbet={'al' in lower[opening:closing]}",
        ]
        if self.glued[opening]:
            features.append("Sbglue")
        return features

    def end_features(self, after: int, high: int) -> list[str]:
        """What is true of every candidate that ends before this token with this number."""
        low_of, what, tie = self._low, self._what, self._tie
        number = self.numbers[high]
        at = number.after
        unit = " ".join(self.lower[at:after])
        follower = low_of(after)
        way = self._way(after, number)
        name = {"b": "bare", "u": "unit", "o": "over" if after > number.reach else "?"}[way]
        edge = what(after - 1) + tie(after) + what(after)
        features = [
            f"Eu={unit}",
            f"Ek={name}",
            f"Ekx={name}{after == number.reach}",
            f"En={follower}",
            f"Ekn={name}{follower}",
            f"Eun={unit}|{follower}",
            f"Ec={edge}",
            f"Ecc={edge}{tie(after + 1)}{what(after + 1)}",
            f"El={low_of(after - 1)}{tie(after)}",
            f"Ekc={name}{what(after)}",
            f"En2={follower} {low_of(after + 1)}",
            f"En2a={low_of(after + 1)}",
            f"Elen={name}{after - number.reach if after > number.reach else after - at}",
            f"Esuf={name}{follower[-3:]}",
            f"Elsuf={name}{low_of(after - 1)[-2:]}",
            f"Ecls={name}{''.join(self.kinds[at:after])}/{what(after)}",
        ]
        last = what(at - 1)
        if name == "bare":
            features += [
                f"Eb={what(after)}{tie(after)}{what(after + 1)}",
                f"Ebv={last}{what(after)}",
                f"Ebn={last if last[0] == 'N' else low_of(at - 1)}|{follower}",
                f"Ebs={last}{follower[-1:]}",
                f"Ebm={bool(number.units)}",
            ]
        elif name == "over":
            plural = low_of(after - 1).endswith("s")
            features += [
                f"Ov={last}{bool(number.units)}",
                f"Ovn={plural}",
                f"Ovns={plural}{after - number.reach}{what(after)}",
            ]
        return features

    def span_features(self, one: Candidate) -> list[str]:
        """What is true of this candidate beyond its start and its end."""
        lower, words, what, low_of = self.lower, self.words, self._what, self._low
        numbers = self.numbers
        low, high = numbers[one.low], numbers[one.high]
        taken = lower[one.first : low.first]
        way = self._way(one.after, high)
        kind, group, joined = what(low.first), _group(taken), " ".join(taken)
        before, follower, ending = low_of(one.first - 1), low_of(one.after), what(one.after)
        features = [
            "b",
            f"na={one.high - one.low + 1}",
            f"io={before}_{follower}",
            f"ci={what(one.first - 1)}{way}{ending}",
            f"sn={joined}{way}",
            f"bal={_balanced(words[one.first : one.after])}",
            f"nk={kind}{way}{not taken}",
            f"nkp={kind}{way}{before}",
            f"knx={kind}{way}{ending}",
            f"gk={group}{way}{ending}",
            f"gl={group}|{follower}",
            f"gun={group}|{low_of(one.after - 1)}",
        ]
        if one.low == one.high:
            features += [f"u1={kind}|{' '.join(lower[high.after : one.after])}", f"mu={joined}|{follower}"]
        if one.high + 1 < len(numbers) and len(between := self._between(one.high + 1)) <= 3:
            coming, text = numbers[one.high + 1], " ".join(between)
            both = f"{bool(high.units)}{bool(coming.units)}"
            features += [
                f"nxg={_joint(between)}{group}{both}",
                f"nxg2={_joint(between)}{kind}{what(coming.first)}",
                f"nxt={text}|{what(coming.first)}{way}",
                f"nxu={text}{both}",
                f"nxo={_joint(between)}{self._outer(one.first)}{group}",
                f"nxr={_joint(between)}{both}{self._respectively(one.first)}",
            ]
        if one.low > 0 and len(between := self._between(one.low)) <= 3:
            gone, text = numbers[one.low - 1], " ".join(between)
            both = f"{bool(gone.units)}{bool(low.units)}"
            features += [
                f"prg={_joint(between)}{group}{both}",
                f"prv={text}|{what(gone.first)}",
                f"pru={text}{both}",
                f"prw={low_of(gone.first - 1)}",
                f"prl={_joint(between)}{_group(lower[max(0, gone.first - 2) : gone.first])}",
                f"prr={_joint(between)}{both}{self._respectively(one.first)}",
            ]
        if one.low < one.high:
            features += self._merging_features(one, group, joined, way, before)
        return features

    def _merging_features(self, one: Candidate, group: str, taken: str, way: str, before: str) -> list[str]:
        """What is true of a candidate with several numbers."""
        numbers = self.numbers[one.low : one.high + 1]
        betweens = [self._between(place) for place in range(one.low + 1, one.high + 1)]
        texts = [" ".join(words) for words in betweens]
        joints = [_joint(words) for words in betweens]
        units = [" ".join(self.lower[number.after : number.reach]) for number in numbers]
        having = "".join("1" if unit else "0" for unit in units)
        same = units[0] == units[-1]
        all_joints = " ".join(sorted(set(joints)))
        kinds = "|".join(self.kinds[number.first] for number in numbers[:3])
        text, joint = texts[0], joints[0]
        return [
            f"mids={' / '.join(texts)}",
            f"up={having}{way}",
            f"mu2={text}|{having}",
            f"mpre={text}|{before}",
            f"mpm={text}|{taken}",
            f"same={same}{text}",
            f"cl={kinds}{text}",
            f"uu={units[0]}|{text}|{units[-1]}",
            f"gg={' '.join(joints)}",
            f"g1={all_joints}",
            f"g1n={all_joints}{min(len(numbers), 4)}",
            f"gup={joint}{having}{way}",
            f"ggi={joint}|{group}",
            f"ggp={joint}|{group}|{before}",
            f"gx={joint}|{_group(self.lower[max(0, one.first - 1) : one.first])}",
            f"gsame={joint}{same}{having}",
            f"gr={joint}{having}{self._respectively(one.first)}",
            f"go={joint}{self._outer(one.first)}{group}",
            *(f"mid1={each}" for each in dict.fromkeys(texts)),
        ]

    def _left_out(self, first: int) -> int:
        """Where the words begin that could be part of an amount, but that a candidate from `first` on leaves out."""
        place = first
        while place > 0 and first - place < 4 and self.lower[place - 1] in _LEFT and self.lower[place - 1] not in "(.":
            place -= 1
        return place

    def _outer(self, first: int) -> str:
        return _group(self.lower[self._left_out(first) : first])

    def _respectively(self, first: int) -> bool:
        """Whether the amounts are told off one by one."""
        return "respectively" in self.lower[first : first + 25]

    @staticmethod
    def _way(after: int, number: Number) -> str:
        """How a candidate ends: b with the number, u with (a part of) its unit, o otherwise."""
        return "b" if after == number.after else "u" if after in number.units else "o"

    def _chunk(self, at: int) -> str:
        """The text from blank to blank around a token."""
        first, last = at, at
        while self.glued[first]:
            first -= 1
        while self.glued[last + 1]:
            last += 1
        return self.text[self.starts[first] : self.ends[last]]


def _balanced(words: Sequence[str]) -> bool:
    """Whether every bracket is closed, and none that was not opened."""
    depth = 0
    for word in words:
        if word in "([":
            depth += 1
        elif word in ")]":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0
