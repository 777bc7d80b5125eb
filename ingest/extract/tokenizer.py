"""The tokeniser of kg_syn: spaCy's English rules, changed for science (hyphenated and bracketed names stay whole)."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer

# Their full stop is part of the word, wherever they stand.
_ABBREVIATIONS = (
    "al.",
    "Fig.",
    "Figs.",
    "fig.",
    "figs.",
    "Eq.",
    "Eqs.",
    "eq.",
    "eqs.",
    "Ref.",
    "Refs.",
    "ref.",
    "refs.",
    "Sect.",
    "Sec.",
    "Suppl.",
    "cf.",
    "etc.",
    "approx.",
    "ca.",
    "sp.",
    "spp.",
    "subsp.",
    "resp.",
    "viz.",
    "Nos.",
    "Dept.",
    "Univ.",
)
_BRACKETED_NAME = re.compile(r"^\w[^\s()]*\([^\s()]{1,8}\)[^\s(),.;:]*$")


def science_tokenizer(nlp: "Language") -> "Tokenizer":
    """The tokeniser for `nlp`. Its rules are saved with the pipeline, which then loads without this module."""
    from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, ALPHA_UPPER, CONCAT_QUOTES, LIST_ELLIPSES, LIST_ICONS
    from spacy.tokenizer import Tokenizer
    from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

    infixes = [
        *LIST_ELLIPSES,
        *LIST_ICONS,
        rf"(?<=[{ALPHA_LOWER}{CONCAT_QUOTES}])\.(?=[{ALPHA_UPPER}{CONCAT_QUOTES}])",
        rf"(?<=[{ALPHA}]),(?=[{ALPHA}])",
        rf"(?<=[{ALPHA}])(?:--|---|—)(?=[{ALPHA}])",
        rf"(?<=[{ALPHA}0-9])[:<>=](?=[{ALPHA}])",
        rf"(?<=[{ALPHA_LOWER}]{{3}})/(?=[{ALPHA_LOWER}]{{3}})",
        rf"(?<=[{ALPHA}\.])\[(?=[0-9])",
    ]
    suffixes = [suffix for suffix in nlp.Defaults.suffixes or () if suffix != r"(?<=[0-9])\+"]
    rules = dict(nlp.Defaults.tokenizer_exceptions or {})
    for word in _ABBREVIATIONS:
        rules[word] = [{"ORTH": word}]
    return Tokenizer(
        nlp.vocab,
        rules=rules,
        prefix_search=compile_prefix_regex(nlp.Defaults.prefixes or ()).search,
        suffix_search=compile_suffix_regex(suffixes).search,
        infix_finditer=compile_infix_regex(infixes).finditer,
        token_match=_BRACKETED_NAME.match,
        url_match=nlp.Defaults.url_match,
    )
