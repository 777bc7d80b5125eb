"""Which characters of a file are kept: bytes to text, and text to text that is safe to store and to show."""

from __future__ import annotations

import codecs
import re
import unicodedata

from kg.errors import UnusableInput
from kg.injections import UNSEEN

LONGEST_TITLE = 1000
"""Code points of a title, name or heading that are kept."""

LEFT_OUT = "…"
"""What stands in a sentence for a formula that cannot be read as text."""

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Control characters, soft hyphens, zero-width spaces, marks of direction and language tags: none of them can be seen,
# and each can make a text something else than it looks. Joiners stay, since Persian and Indic words need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
# Runs that hide a text: language tags (but for the flags of emoji that are made of them), selectors of variants, and
# nothing but marks of no width.
_HIDDEN_RUN = re.compile(
    "(?<!\U0001f3f4)(?<![\U000e0020-\U000e007e])[\U000e0020-\U000e007e]{4,}"
    "|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}|[\u180e\u200b-\u200f\u2060-\u2064\ufeff]{16,}"
)
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_ODD_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")
_PLAIN = re.compile("[\n -~]*")
_EMPTY_BRACKETS = re.compile(r"\(\s*[,;…\s]*\)|\[\s*[,;…–\s-]*\]")
_STRAY_BLANK = re.compile(r"\s+([,.;:)\]])(?!\d)")
_REPEATED = re.compile(r"([,;])\1+|(?<=…)(?: …)+")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def clean(text: str) -> str:
    """`text` in NFC with `\\n` as its only line end and a blank as its only blank, and without what cannot be seen.

    Cleaning twice is cleaning once. Offsets in a library refer to cleaned text.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = _LINE_ENDS.sub("\n", _HALF_PAIR.sub("\ufffd", text))
    text = _HIDDEN_RUN.sub(lambda run: f" {UNSEEN}{_meant(run[0])}⟧", text)
    text = unicodedata.normalize("NFC", _ODD_BLANK.sub(" ", _UNSEEN.sub("", text)))
    return text


def _meant(run: str) -> str:
    """What characters that cannot be seen stand for, where they stand for text; else how many they are."""
    codes = [ord(letter) for letter in run]
    if 0xE0020 <= codes[0] <= 0xE007E:
        return "".join(chr(code - 0xE0000) for code in codes)
    if all(0xFE00 <= code <= 0xFE0F or code >= 0xE0100 for code in codes):
        held = bytes(code - 0xFE00 if code <= 0xFE0F else code - 0xE0100 + 16 for code in codes)
        text = held.decode("utf-8", "replace")
        if text.isprintable() and "\ufffd" not in text:
            return text
    return f"{len(codes)} characters"


def clean_line(text: str, longest: int = LONGEST_TITLE) -> str:
    """Cleaned, on one line, single blanks; what is longer is cut at a blank and ends in an ellipsis."""
    line = " ".join(clean(_HIDDEN_RUN.sub("", text)).split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0] + "…"


def tidy(text: str) -> str:
    """Cleaned, on one line, without empty brackets and stray blanks where citations were taken out."""
    line = _EMPTY_BRACKETS.sub("", " ".join(clean(text).split()))
    line = _REPEATED.sub(r"\1", _STRAY_BLANK.sub(r"\1", " ".join(line.split())))
    return line.strip()


def decode(content: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else Windows-1252. Raises UnusableInput for no text."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise UnusableInput(
                    f"it begins as {encoding.upper()} but goes wrong at byte {error.start}; save it as UTF-8"
                ) from None
    sample = content[:100_000]
    strange = sum(sample.count(byte) for byte in _NO_TEXT)
    if b"\0" in sample or strange > len(sample) / 100:
        raise UnusableInput("it is no text: it holds bytes that no text has; if it is UTF-16, save it as UTF-8")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


_NO_TEXT = bytes([*range(1, 9), *range(14, 27), *range(28, 32)])
