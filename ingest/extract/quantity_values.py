"""What an amount says: its least and its greatest value, and its unit as written."""

import re
from dataclasses import dataclass
from math import isfinite

_PLAIN = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "⩽": "≤",
        "⩾": "≥",
        "≲": "<",
        "≳": ">",
        "≪": "<",
        "≫": ">",
        "∼": "~",
        "≈": "~",
        "≃": "~",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u2007": " ",
        "\n": " ",
        "\t": " ",
        "\r": " ",
    }
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"

_ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_TIMES = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_WHOLE = {"none": 0.0, "twice": 2.0, "thrice": 3.0, "half": 0.5}

_WORD = "|".join((*_ONES, *_TENS, *_TIMES, *_WHOLE))
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?: \d{3})+(?!\d)|\d+,\d{1,2}(?![\d,]|\.\d)|\d+(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(
    # An exponent of a unit is no number: "cm-3", "m2".
    rf"(?<![\w.])(?P<digits>{_DIGITS})(?:\s?\(\d+\)(?=\s|$))?"
    rf"(?P<power>\s?\)?\s?\(?[×xX*·]\s?10\s?\^?\s?(?P<exponent>-?\s?\d{{1,2}}|[{_RAISED}]{{1,4}})\)?)?"
    r"(?P<times>[\s-](?:hundred|thousand|million|billion|trillion|dozen)\b)?"
    rf"|\b(?P<words>(?:a\s+)?(?:{_WORD})(?:[\s-]+(?:and\s+)?(?:{_WORD}))*)\b",
    re.IGNORECASE,
)
_UNIT_EXPONENT = re.compile(r"(?<=[^\W\d_])-\s?\d(?![\d.,])")
_BARE_POWER = re.compile(
    rf"(?<![\w.])10(?:\^|(?=-)|(?=[{_RAISED}]))\s?(?P<exponent>-?\s?\d{{1,2}}|[{_RAISED}]{{1,4}})(?![\d.])"
)

_AT_MOST = re.compile(
    r"(?:[<≤]|(?<!no )(?<!not )\b(?:less|fewer|lower|smaller|younger|shorter) than|\bnot? more than"
    r"|\bup ?to|\bbelow|\bunder"
    r"|\bat (?:the )?most|\bwithin|\bas (?:much|many|high) as|\bdown to|\bmax(?:imum|\.)?)\W*$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:[>≥]|(?<!no )(?<!not )\b(?:more|greater|higher|larger|older|longer|better) than|\bat least|\babove|\bover"
    r"|\bexceed\w*|\b(?:no|not) (?:less|fewer) than|\bas (?:low|little|few) as|\bmin(?:imum|\.)?|\bbeyond)\W*$",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"\b(?:or|and) (?:more|higher|greater|above|older|over|longer)\b|^\s?\+", re.IGNORECASE)
_OR_LESS = re.compile(r"\b(?:or|and) (?:less|fewer|lower|below|younger|under|shorter)\b", re.IGNORECASE)
_DURATION = re.compile(r"\bover[^\w<>≤≥]*(?:an?\s+|the\s+)?$", re.IGNORECASE)
_TIME = re.compile(
    r"(?:years?|yrs?|days?|months?|weeks?|hours?|hrs?|h|minutes?|mins?|seconds?|s|decades?|centur(?:y|ies))\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug"
    r"|sept?|oct|nov|dec)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_NO_VALUE = re.compile(r"\d\s?[:/]\s?\d|\d\s?[×x]\s?\d|[°º]\s?\d+\s?[’′']|\b(?:few|several)\b")
_FRACTION = re.compile(r"\s?(\d+)\s?/\s?(\d+)(?:\s?th)?\s?$")
_CURRENCY = re.compile(r"(?:US\s?)?[$€£¥]")

_OUTSIDE_UNIT = re.compile(
    r"^(?:th|st|nd|rd)\b|\b(?:or|and) (?:more|higher|greater|above|older|over|longer)\b.*$"
    r"|\b(?:or|and) (?:less|fewer|lower|below|younger|under|shorter)\b.*$"
)


@dataclass(frozen=True, slots=True)
class _Value:
    value: float
    start: int
    end: int
    scaled: bool


def read(text: str) -> tuple[float | None, float | None, str]:
    """The least and the greatest value of an amount, and its unit.

    The values are equal for a single one; None where the amount is open on that side, and both None where it has no
    value on one line of numbers (a ratio, "3 × 4 mm", a time of day, "several"). A tolerance widens ("5 ± 1": 4, 6), a
    list goes from its least to its greatest. A date is its year. The unit is as written, empty without one.
    """
    plain = text.translate(_PLAIN)
    values = _values(plain)
    if not values:
        return None, None, ""
    units = _units(text, plain, values)
    currency = _CURRENCY.search(plain, 0, values[0].start)
    unit = next((unit for unit in reversed(units) if unit), currency.group() if currency is not None else "")
    if _MONTH.search(plain):
        years = [float(year) for year in _YEAR.findall(plain)]
        return (min(years), max(years), "") if years else (None, None, "")
    fraction = _FRACTION.fullmatch(plain)
    if fraction is not None and int(fraction[2]) > 0:
        part = int(fraction[1]) / int(fraction[2])
        return part, part, ""
    several = len({unit.removesuffix("s") for unit in units if unit}) > 1
    if several or _NO_VALUE.search(_without_powers(plain)):
        return None, None, unit
    low, high = _bounds(plain, values)
    return _rounded(low), _rounded(high), unit


def _rounded(value: float | None) -> float | None:
    """Without what binary arithmetic adds behind the digits that were written."""
    return None if value is None else float(f"{value:.12g}")


def _values(plain: str) -> list[_Value]:
    hidden = [match.span() for match in _UNIT_EXPONENT.finditer(plain)]
    powers = {match.start(): match for match in _BARE_POWER.finditer(plain)}
    found: list[_Value] = []
    at = 0
    while (match := _NUMBER.search(plain, at)) is not None:
        start, end = match.span()
        at = end
        if any(first <= start < last for first, last in hidden):
            continue
        power = powers.get(start)
        if match["words"] is not None:
            value: float | None = _of_words(match["words"])
            scaled = False
        elif power is not None and match["power"] is None and _is_power(power["exponent"]):
            value, end, scaled = _scaled(1.0, power["exponent"]), power.end(), True
            at = end
        else:
            value, scaled = _of_digits(match["digits"]), match["power"] is not None
            if match["exponent"] is not None:
                value = _scaled(value, match["exponent"])
            if match["times"] is not None:
                value *= _TIMES[match["times"][1:].lower()]
        if value is None or not isfinite(value):
            continue
        if _negative(plain, start, found):
            value = -value
        found.append(_Value(value, start, end, scaled))
    return found


def _is_power(exponent: str) -> bool:
    """Whether "10-4" is a power of ten and not a range: a range goes up."""
    number = int(exponent.translate(_SUPERSCRIPTS).replace(" ", ""))
    return exponent[0] in _RAISED or -10 < number < 0 or number > 0


def _of_digits(digits: str) -> float:
    if re.fullmatch(r"\d+,\d{1,2}", digits):
        return float(digits.replace(",", "."))
    return float(digits.replace(",", "").replace(" ", ""))


def _scaled(value: float, exponent: str) -> float:
    return value * 10.0 ** int(exponent.translate(_SUPERSCRIPTS).replace(" ", ""))


def _of_words(words: str) -> float | None:
    """ "two hundred and five" is 205; None for what is no number ("half million dozen")."""
    total, part = 0.0, 0.0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in _ONES:
            part += _ONES[word]
        elif word in _TENS:
            part += _TENS[word]
        elif word in _WHOLE:
            part += _WHOLE[word]
        elif word == "hundred":
            part = 100 * max(part, 1)
        elif word in _TIMES:
            total += max(part, 1) * _TIMES[word]
            part = 0.0
    return total + part


def _negative(plain: str, start: int, before: list[_Value]) -> bool:
    """Whether a minus stands before the number, and not a dash that joins it to the number (or unit) before."""
    at = start - 1
    if at >= 0 and plain[at] == " ":
        at -= 1
    if at < 0 or plain[at] != "-":
        return False
    return not before or plain[before[-1].end : at].strip() in ("to", "and", ",", ", and", "or", "-", "and ~", "to ~")


def _without_powers(plain: str) -> str:
    """The text with "× 10-4" left out: it is no product of amounts."""
    return re.sub(rf"[×x]\s?10\s?\^?\s?(?:-?\s?\d{{1,2}}|[{_RAISED}]{{1,4}})", " ", plain)


def _bounds(plain: str, values: list[_Value]) -> tuple[float | None, float | None]:
    first, last = values[0], values[-1]
    head, tail = plain[: first.start], plain[last.end :]
    joints = [plain[one.end : other.start] for one, other in zip(values, values[1:], strict=False)]
    numbers = [one.value for one in values]
    if last.scaled and not any(one.scaled for one in values[:-1]) and ")" in plain[last.start : last.end]:
        # "(3.5-6.1) × 10-4": the power is of both.
        written = _of_digits(_first_digits(plain, last))
        scale = abs(last.value / written) if written else 1.0
        numbers = [number * scale for number in numbers[:-1]] + [numbers[-1]]
    if len(values) == 2 and "±" in joints[0]:
        return numbers[0] - abs(numbers[1]), numbers[0] + abs(numbers[1])
    if len(values) == 3 and "±" in joints[1]:
        return min(numbers[:2]) - abs(numbers[2]), max(numbers[:2]) + abs(numbers[2])
    low, high = min(numbers), max(numbers)
    if len(values) > 1:
        return low, high
    if re.search(r"±\s*$", head):
        return -abs(low), abs(low)
    if _OR_MORE.search(tail):
        return low, None
    if _OR_LESS.search(tail):
        return None, high
    if _AT_MOST.search(head):
        return None, high
    if _AT_LEAST.search(head):
        lasting = _DURATION.search(head) and _TIME.match(tail.lstrip(" -"))
        return low, high if lasting else None
    return low, high


def _first_digits(plain: str, one: _Value) -> str:
    match = _NUMBER.match(plain, one.start)
    return match["digits"] if match is not None and match["digits"] is not None else "0"


def _units(text: str, plain: str, values: list[_Value]) -> list[str]:
    """What follows each number, as written; "" where nothing does."""
    units = []
    for at, one in enumerate(values):
        stop = values[at + 1].start if at + 1 < len(values) else len(plain)
        rest = plain[one.end : stop]
        if at + 1 < len(values):
            rest = re.split(r"\s(?:to|and|or)\b|[-±,;(×]|\s[~<>]", rest)[0]
        lead = len(rest) - len(rest.lstrip(" -)(,"))
        rest = _OUTSIDE_UNIT.sub("", rest[lead:])
        rest = re.sub(r"^(\w+)-old$", r"\1", rest).rstrip(" .,;)-")
        rest = re.sub(r" (?:higher|lower|range|more|less)$", "", rest)
        is_unit = re.search(r"[^\W\d_]|[%‰°×\"″”′’]", rest) is not None and rest[0] not in "/”’"
        units.append(text[one.end + lead : one.end + lead + len(rest)] if is_unit else "")
    return units
