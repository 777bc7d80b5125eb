"""What a question is made of: several questions in one, a comparison of two things, the wish for an overview."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WH = r"(?:what|which|who|whom|whose|when|where|why|how)"
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|can|could|may|might|should|will|would)"
_PREPOSITION = r"(?:by|in|on|at|of|for|from|to|with|through|under|into)"
_BEGINS = re.compile(rf"\s*(?:{_PREPOSITION}\s+)?(?:{_WH}|{_AUXILIARY})\b", re.IGNORECASE)
_NEXT_SENTENCE = re.compile(r"\?+\s+(?=[^\W_])")
_NEXT_CLAUSE = re.compile(
    rf"(?:\s*[,;]\s*(?:and|or|but)?\s*|\s+(?:and|but)\s+)(?:then\s+|also\s+)?"
    rf"(?=(?:{_PREPOSITION}\s+)?{_WH}\b(?!\s+(?:not|so)\b)|{_AUXILIARY}\s+(?:it|they|this|these|the|its|their|there|\w+s)\b)",
    re.IGNORECASE,
)
_LEAST_WORDS = 3  # of a part: fewer ask nothing by themselves


def parts(question: str) -> tuple[str, ...]:
    """The questions that are asked at once, each as it was written, with a question mark; one where it is one.

    They end with a question mark, or with "and", a comma or a semicolon before the word that another begins with.
    """
    found: list[str] = []
    for sentence in _NEXT_SENTENCE.split(question):
        found += _clauses(sentence) if _BEGINS.match(sentence) else [sentence]
    if len(found) == 1 or any(len(part.split()) < _LEAST_WORDS or _BEGINS.match(part) is None for part in found):
        return (question,)
    return tuple(_ended(part) for part in found)


def _clauses(sentence: str) -> list[str]:
    pieces, begin = [], 0
    for mark in _NEXT_CLAUSE.finditer(sentence):
        left, right = sentence[begin : mark.start()], sentence[mark.end() :]
        if len(left.split()) >= _LEAST_WORDS and len(right.split()) >= _LEAST_WORDS + 1:
            pieces.append(left)
            begin = mark.end()
    return [*pieces, sentence[begin:]]


def _ended(part: str) -> str:
    line = " ".join(part.split()).rstrip("?,;. ")
    return f"{line[:1].upper()}{line[1:]}?"


# Comparisons


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two things side by side, and for each a question about it alone."""

    sides: tuple[str, str]
    questions: tuple[str, str]


_BETWEEN = re.compile(
    r"\b(?:differences?|similarit(?:y|ies)|comparison|distinctions?|contrast)\s+(?:in\s+(?P<aspect>.+?)\s+)?"
    r"between\s+(?P<a>.+?)\s+and\s+(?P<b>.+?)(?:\s+(?:in|with\s+respect\s+to|regarding)\s+(?P<in>.+?))?\s*[?.]*$",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"^\s*(?:please\s+)?(?:compare|contrast)\s+(?P<a>.+?)\s+(?:with|to|and|against)\s+(?P<b>.+?)\s*[?.]*$",
    re.IGNORECASE,
)
_VERSUS = re.compile(
    r"^(?P<before>.*?)(?P<a>[^,:?]+?)\s+(?:versus|vs\.?|compared\s+(?:with|to))\s+(?:that\s+of\s+)?(?P<b>[^,:?]+?)\s*[?.]*$",
    re.IGNORECASE,
)
_HOW_DIFFER = re.compile(
    r"^\s*how\s+(?:much\s+)?(?:do|does|did)\s+(?P<a>.+?)\s+(?:differ\s+from|compare\s+(?:with|to)"
    r"|and(?=.+?\s(?:differ|compare)\s*[?.]*$))\s+(?P<b>.+?)(?:\s+differ|\s+compare)?\s*[?.]*$",
    re.IGNORECASE,
)
_THAN = re.compile(
    r"^\s*(?:is|are|was|were)\s+(?P<a>.+?)\s+(?P<degree>(?:more|less)\s+[\w-]+|[\w-]+(?:er|se))\s+than\s+(?P<b>.+?)\s*[?.]*$",
    re.IGNORECASE,
)
_WHICH_OR = re.compile(
    r"^\s*(?P<ask>which\b.+?|what\b.+?)[,:]\s*(?P<a>[^,?]+?)\s*,?\s+or\s+(?P<b>[^,?]+?)\s*[?.]*$", re.IGNORECASE
)
_OR_WHICH = re.compile(r"^\s*(?P<a>[^,:?]+?)\s+or\s+(?P<b>[^,:?]+?)\s*[:,]\s*(?P<ask>.+?)\s*[?.]*$", re.IGNORECASE)
_MOST_WORDS = 8  # of a side


def comparison(question: str) -> Comparison | None:
    """The comparison that a question asks for, None where it asks for none."""
    if (found := _BETWEEN.search(question)) is not None:
        aspect = found["aspect"] or found["in"]
        a, b = found["a"], found["b"]
        return _compared(
            a, b, *((f"What is {aspect} of {side}" for side in (a, b)) if aspect else map(_what_is, (a, b)))
        )
    if (found := _THAN.match(question)) is not None:
        base = _base(found["degree"])
        return _compared(found["a"], found["b"], *(f"How {base} is {side}" for side in (found["a"], found["b"])))
    for pattern in (_WHICH_OR, _OR_WHICH):
        if (found := pattern.match(question)) is not None:
            return _compared(
                found["a"], found["b"], *(f"{side} {_rest(found['ask'])}" for side in (found["a"], found["b"]))
            )
    for pattern in (_COMPARE, _HOW_DIFFER, _VERSUS):
        if (found := pattern.match(question)) is not None:
            a, b = _without_ask(found["a"]), found["b"]
            that = re.match(r"(?:that|those)\s+of\s+(.+)", b, re.IGNORECASE)
            if that is not None and " of " in a:
                b = f"{a.rpartition(' of ')[0]} of {that[1]}"
            return _compared(a, b, _what_is(a), _what_is(b))
    return None


def _compared(a: str, b: str, one: str, other: str) -> Comparison | None:
    if max(len(a.split()), len(b.split())) > _MOST_WORDS or not a.strip() or not b.strip():
        return None
    return Comparison((_bare(a), _bare(b)), (_ended(_bare(one)), _ended(_bare(other))))


def _bare(text: str) -> str:
    return re.sub(r"^(?:the|a|an)\s+", "", " ".join(text.split()), flags=re.IGNORECASE)


def _what_is(side: str) -> str:
    return side if _BEGINS.match(side) is not None else f"What is {side}"


def _without_ask(text: str) -> str:
    return re.sub(rf"^\s*{_WH}\s+{_AUXILIARY}\s+", "", text, flags=re.IGNORECASE)


def _rest(ask: str) -> str:
    """What is asked of either of two things, without the word that asks for a choice."""
    return re.sub(rf"^\s*(?:which|what)\s+(?:of\s+them\s+|one\s+)?(?:{_AUXILIARY}\s+)?", "", ask, flags=re.IGNORECASE)


def _base(degree: str) -> str:
    """An adjective without its degree: stiffer -> stiff, larger -> large, more brittle -> brittle."""
    more = re.fullmatch(r"(?:more|less)\s+(.+)", degree, re.IGNORECASE)
    if more is not None:
        return more[1]
    folded = degree.casefold()
    irregular = {"better": "good", "worse": "bad"}
    if folded in irregular:
        return irregular[folded]
    root = folded.removesuffix("er")
    if root.endswith("i"):
        return f"{root[:-1]}y"
    if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "fls":
        return root[:-1]
    return f"{root}e" if re.search(r"(?:[aeiou][gcs]|[bdt]l|[ai]v|nc|ns|rg)$", root) else root


# Overviews

_SURVEY = re.compile(
    r"^\s*(?:please\s+)?(?:what\s+(?:is|are)\s+(?:currently\s+)?known\s+(?:so\s+far\s+)?(?:about|of|on)"
    r"|what\s+do\s+(?:we|you|they|(?:my|the|these|your)\s+(?:papers|articles|studies|authors))\s+(?:know|say|report|write|tell(?:\s+us)?)\s+(?:about|of|on)"
    r"|what\s+does\s+the\s+literature\s+say\s+(?:about|on)"
    r"|(?:tell|teach)\s+me\s+(?:everything\s+|something\s+|more\s+)?about"
    r"|(?:give\s+(?:me\s+)?)?an?\s+(?:short\s+|brief\s+)?(?:overview|summary|survey|review)\s+of"
    r"|(?:summari[sz]e|survey|review|describe)(?:\s+what\s+is\s+known\s+(?:about|of|on))?)\s+(?:the\s+(?:role|topic|subject|importance)\s+of\s+)?(?P<topic>.+?)\s*[?.!]*\s*$",
    re.IGNORECASE,
)


def surveyed(question: str) -> str | None:
    """What a question wants an overview of, None where it wants none."""
    found = _SURVEY.match(question)
    return None if found is None else found["topic"]
