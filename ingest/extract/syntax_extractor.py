"""The default extractor: concepts are noun phrases and relations are patterns over the project's own parse.

No language model, no network, one thread; the weights ship with the package.
"""

from collections.abc import Sequence
from functools import cached_property

from ingest.extract import quantities
from ingest.extract.abbreviations import abbreviations, definitions_in
from ingest.extract.extractor import Extraction, FoundMention, FoundQuantity, FoundRelation
from ingest.extract.measured import found_quantities
from ingest.extract.noun_phrases import Phrase
from ingest.extract.parse import Parse
from ingest.extract.relations import Relation, relations_of
from ingest.extract.syntax_pipeline import SyntaxPipeline, weights_digest

CODE_VERSION = "11"
"""Raise it with every change of what is found; the hash of the weights stands beside it."""

PHRASE_CONFIDENCE = 0.7
NAMED_CONFIDENCE = 0.8
"""Priors of a mention: of a common noun phrase, and of a name or an abbreviation that the paper defines."""


class SyntaxExtractor:
    """Noun phrases and syntactic patterns: `docs/extraction.md` tells what is read and how well."""

    name = "syntax"

    @property
    def version(self) -> str:
        """ "syntax-CODE-WEIGHTS-WEIGHTS": of the parser and of the quantities."""
        return f"{self.name}-{CODE_VERSION}-{weights_digest()}-{quantities.weights_digest()}"

    @cached_property
    def _pipeline(self) -> SyntaxPipeline:
        return SyntaxPipeline()

    def extract(self, texts: Sequence[str]) -> Extraction:
        """Mentions, relations and quantities of one paper's passages."""
        long_forms = abbreviations(texts)
        mentions: list[FoundMention] = []
        relations: list[FoundRelation] = []
        amounts: list[FoundQuantity] = []
        for passage, text in enumerate(texts):
            parses = self._pipeline.parses(text)
            written = quantities.quantities(text)
            found = _read(passage, text, parses, long_forms, len(mentions), written)
            amounts += found_quantities(text, parses, found.mentions, passage, len(mentions), written)
            mentions += found.mentions
            relations += found.relations
        return Extraction(tuple(mentions), tuple(relations), tuple(amounts))


def _read(
    passage: int,
    text: str,
    parses: Sequence[Parse],
    long_forms: dict[str, str],
    offset: int,
    amounts: Sequence[quantities.Amount],
) -> Extraction:
    """One passage. `offset` is the place of its first mention among the paper's."""
    placed: list[tuple[int, int, int, int]] = []
    read: list[tuple[Parse, list[Phrase], list[Relation]]] = []
    defined = definitions_in(text, long_forms)
    for number, parse in enumerate(parses):
        phrases, relations = relations_of(parse, long_forms, defined)
        read.append((parse, phrases, relations))
        for place, phrase in enumerate(phrases):
            placed.append((parse.starts[phrase.first], parse.ends[phrase.last] - phrase.cut, number, place))
    # A phrase that reaches over a bracket holds what the bracket names.
    placed.sort(key=lambda span: (span[0], -span[1], span[2]))
    mentions: list[FoundMention] = []
    index: dict[tuple[int, int], int] = {}
    # Nothing in "180 MJ/m3" names a concept.
    signed = [(one.start, one.end) for one in amounts if one.signed]
    last = -1
    for start, end, number, place in placed:
        if start < last or any(first <= start and end <= after for first, after in signed):
            continue
        last = end
        index[number, place] = offset + len(mentions)
        parse, phrases, _ = read[number]
        mentions.append(mention_of(passage, text, parse, phrases[place], start, end, long_forms))
    relations_found = [
        pattern_relation(passage, parse, index[number, one.subject], index[number, one.object], one)
        for number, (parse, _, relations) in enumerate(read)
        for one in relations
        if (number, one.subject) in index and (number, one.object) in index
    ]
    relations_found.sort(key=lambda one: (one.start, one.subject, one.object, one.predicate))
    return Extraction(tuple(mentions), tuple(relations_found))


def pattern_relation(passage: int, parse: Parse, subject: int, object_: int, relation: Relation) -> FoundRelation:
    """What a pattern found, between the mentions at these places."""
    return FoundRelation(
        passage,
        parse.start,
        parse.end,
        subject,
        object_,
        relation.predicate,
        relation.words,
        "denies" if relation.denied else "supports",
        "hedged" if relation.hedged else "stated",
        round(relation.confidence, 3),
        "pattern",
        relation.candidate,
    )


def mention_of(
    passage: int, text: str, parse: Parse, phrase: Phrase, start: int, end: int, long_forms: dict[str, str]
) -> FoundMention:
    """A phrase as a mention at `start`…`end`: its name without inner articles, with abbreviations in full."""
    name = ""
    previous_end = -1
    for at in range(phrase.first, phrase.last + 1):
        if parse.tags[at] == "DT" and phrase.first < at:
            continue
        word = text[parse.starts[at] : parse.ends[at] - (phrase.cut if at == phrase.last else 0)]
        name += ("" if parse.starts[at] == previous_end or not name else " ") + in_full(word, long_forms)
        previous_end = parse.ends[at]
    name = " ".join(in_full(name, long_forms).split())
    proper = parse.tags[phrase.head].startswith("NNP") or text[start:end] in long_forms
    return FoundMention(passage, start, end, "Concept", name, NAMED_CONFIDENCE if proper else PHRASE_CONFIDENCE)


def in_full(word: str, long_forms: dict[str, str]) -> str:
    """The long form of an abbreviation and of its plural; any other word as it is."""
    if word in long_forms:
        return long_forms[word]
    singular = word.removesuffix("s")
    return long_forms[singular] + "s" if singular in long_forms and singular.isupper() else word
