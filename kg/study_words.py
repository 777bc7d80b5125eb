"""What every study speaks of, whatever it is about: its people and animals, its groups, its parts and its measures.
Such a concept joins any two others, and tells nothing of either."""

from __future__ import annotations

from kg.names import key_of

_NAMES = """
patient|subject|participant|volunteer|case|control|control subject|control group|placebo|placebo group|group|cohort
|population|sample|animal|rat|mouse|man|woman|male|female|child|adult|human|people|person|age|sex|gender|year|day|week
|month|hour|minute|time|degree|degree c|level|amount|dose|number|percentage|mean|ratio|range|value|rate|score
|sign|symptom|finding|result|outcome|effect|change|difference|increase|decrease|incidence|prevalence|frequency
|treatment|therapy|diagnosis|disease|disorder|study|trial|experiment|test|analysis|evaluation|observation|investigation
|method|approach|technique|procedure|system|model|algorithm|task|problem|application|performance|accuracy|baseline
|state of art|dataset|data|corpus|experimental result|paper|work|article|review|report|literature|author|researcher
|evidence|hypothesis|theory|example|factor|parameter|variable|condition|type|form|kind|part|role|use|addition|order
|side|lack|presence|absence|significance|importance|advantage|disadvantage|cost|quality
"""

KEYS = frozenset(" ".join(name.split()) for name in _NAMES.split("|"))


def is_of_any_study(label: str) -> bool:
    """Whether a concept is one that every study has, by its name alone.

    >>> is_of_any_study("Control groups"), is_of_any_study("platelets")
    (True, False)
    """
    return key_of(label) in KEYS
