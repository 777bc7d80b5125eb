"""The default extractor: kg_sci's concepts and relations, and patterns over kg_syn's parse, side by side.

kg_sci knows what kinds of things a field speaks of; the patterns know what verbs say. A concept that both find is one
mention, with kg_sci's type; names that kg_sci does not know stay as the parse has them. No language model, no network,
one thread.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.extract import kg_sci_model, quantities, syntax_pipeline
from ingest.extract.abbreviations import abbreviations, definitions_in
from ingest.extract.extractor import Extraction, FoundMention, FoundQuantity, FoundRelation
from ingest.extract.kg_sci_model import AUTO, Reading, SciMention, SciRelation, kg_sci
from ingest.extract.measured import found_quantities
from ingest.extract.noun_phrases import Phrase, phrase_at
from ingest.extract.parse import Parse
from ingest.extract.relations import Relation, relations_of
from ingest.extract.sci_vocabulary import JOINED, MEANINGS, MEASURED_PROPERTY, TYPES, Meaning, auto_label
from ingest.extract.stance import Stance
from ingest.extract.syntax_extractor import CODE_VERSION as SYNTAX_VERSION
from ingest.extract.syntax_extractor import in_full, mention_of, pattern_relation
from ingest.extract.syntax_pipeline import SyntaxPipeline

CODE_VERSION = "4"
"""Raise it with every change of what is found; the hashes of the weights stand beside it."""
SURE = 0.9
"""How well a text must fit a head for `auto` to list what the head marks and nothing else."""
LIKELY = 0.4
"""The least confidence of a mention of kg_sci that becomes a concept, or gives one its type."""
PAIR_HEAD = "kg_sci"
"""The name of kg_sci's relations in evidence."""
_LEADING = frozenset({"DT", "PDT", "PRP$", "WDT", "WP$", "IN", "TO", "CC", ",", "``", "''", "-LRB-", ":"})


class ScienceExtractor:
    """`docs/extraction.md` tells what is read and how well."""

    name = "science"

    @property
    def version(self) -> str:
        """ "science-CODES-WEIGHTS": of the parser, the network and the quantities."""
        digests = (syntax_pipeline.weights_digest(), kg_sci_model.weights_digest(), quantities.weights_digest())
        weights = "-".join(digests)
        return f"{self.name}-{CODE_VERSION}.{SYNTAX_VERSION}-{weights}"

    @cached_property
    def _pipeline(self) -> SyntaxPipeline:
        return SyntaxPipeline()

    def extract(self, texts: Sequence[str]) -> Extraction:
        """Mentions, relations and quantities of one paper's passages."""
        long_forms = abbreviations(texts)
        head = kg_sci().choose(texts)
        mentions: list[FoundMention] = []
        relations: list[FoundRelation] = []
        amounts: list[FoundQuantity] = []
        for place, text in enumerate(texts):
            passage = Passage(place, text, self._pipeline.parses(text), kg_sci().read(text, head), long_forms)
            found = passage.concepts(len(mentions))
            mentions += found.mentions
            relations += found.relations
            amounts += found.quantities
        return Extraction(tuple(mentions), tuple(relations), tuple(amounts))

    @property
    def heads(self) -> tuple[str, ...]:
        """The schemes of labels that `described` knows."""
        return (AUTO, *kg_sci().heads)

    def described(self, text: str, head: str = AUTO) -> tuple[str, Extraction]:
        """The head that was used for a text that stands alone, and what was found, in that head's labels.

        For `auto` labels and predicates are the project's own, and patterns find relations too. Where the text surely
        is of the head's kind, mentions are what the head marks; elsewhere noun phrases that something is said of, and
        quantities, are mentions as well. Mentions may be nested. Raises UsageError for a head there is not.
        """
        reading = kg_sci().read(text, head)
        passage = Passage(0, text, self._pipeline.parses(text), reading, abbreviations([text]))
        return passage.reading.head, passage.in_auto() if head == AUTO else passage.in_head()


@dataclass(frozen=True, slots=True)
class _Claim:
    """A stretch of the passage that may become a mention: a phrase of a parse, with a type where kg_sci gives one.

    `rank` orders claims to the same words, the least first. `source` and `mention` are what it came from: a phrase's
    (parse, place), and the place of kg_sci's mention.
    """

    rank: int
    parse: int
    phrase: Phrase
    label: str
    confidence: float | None
    source: tuple[int, int] | None = None
    mention: int | None = None


class Passage:
    """One passage as the parse and kg_sci see it."""

    def __init__(
        self, place: int, text: str, parses: Sequence[Parse], reading: Reading, long_forms: dict[str, str]
    ) -> None:
        self.place, self.text, self.parses, self.long_forms = place, text, parses, long_forms
        self.amounts = quantities.quantities(text)
        self.reading = _within(reading, self.amounts) if reading.head == "materials" else reading
        defined = definitions_in(text, long_forms)
        self.patterns: list[tuple[list[Phrase], list[Relation]]] = [
            relations_of(parse, long_forms, defined) for parse in parses
        ]
        tokens = sorted(
            (start, number, at) for number, parse in enumerate(parses) for at, start in enumerate(parse.starts)
        )
        self._token_starts = [start for start, _, _ in tokens]
        self._tokens = tokens

    # As the graph needs it ------------------------------------------------------------------------------------------

    def concepts(self, offset: int) -> Extraction:
        """Mentions that name concepts, none over another, all relations between them that the vocabulary holds, and the
        quantities.

        `offset` is the place of the first mention among the paper's.
        """
        taken: list[tuple[int, int, _Claim]] = []
        # Nothing in "180 MJ/m3" names a concept.
        signed = [(one.start, one.end) for one in self.amounts if one.signed]
        for claim in sorted(self._claims(), key=self._order):
            start, end = self._span(claim)
            if any(low <= start and end <= high for low, high in signed):
                continue
            if all(end <= other or far <= start for other, far, _ in taken):
                taken.append((start, end, claim))
        taken.sort(key=lambda one: one[0])
        mentions = []
        for start, end, claim in taken:
            parse = self.parses[claim.parse]
            made = mention_of(self.place, self.text, parse, claim.phrase, start, end, self.long_forms)
            confidence = made.confidence if claim.confidence is None else claim.confidence
            mentions.append(FoundMention(self.place, start, end, claim.label, made.name, confidence))
        ends = _Ends(taken, offset, self)
        relations = [*self._from_patterns(ends), *self._from_pairs(ends)]
        relations.sort(key=lambda one: (one.start, one.subject, one.object, one.predicate, one.extractor))
        found = found_quantities(self.text, self.parses, mentions, self.place, offset, self.amounts)
        return Extraction(tuple(mentions), tuple(relations), tuple(found))

    def _claims(self) -> Iterator[_Claim]:
        typed: dict[tuple[int, int], tuple[int, Phrase]] = {}
        types = TYPES.get(self.reading.head, {})
        for place, mention in enumerate(self.reading.mentions):
            found = self.phrase(mention)
            if mention.label not in types or found is None or mention.confidence < LIKELY:
                continue
            parse, phrase = found
            # What the parse leaves out in front ("102 genes", "most analyses") is no part of a name.
            first = max((one.first for one in self.patterns[parse][0] if one.head == phrase.head), default=phrase.first)
            phrase = replace(phrase, first=max(phrase.first, first))
            if not self.parses[parse].is_noun(phrase.head) or self._lists(parse, phrase):
                continue
            typed.setdefault((parse, phrase.head), (place, phrase))
            # "spider" of "spider silk" is no name of its own.
            part = any(
                one.first <= phrase.first and phrase.last <= one.last and not phrase.first <= one.head <= phrase.last
                for one in self.patterns[parse][0]
            )
            yield _Claim(3 if part else 1, parse, phrase, types[mention.label], mention.confidence, mention=place)
        for parse, (phrases, relations) in enumerate(self.patterns):
            ends = {end for one in relations for end in (one.subject, one.object)}
            for place, phrase in enumerate(phrases):
                known = typed.get((parse, phrase.head))
                if known is None:
                    yield _Claim(0 if place in ends else 2, parse, phrase, "Concept", None, source=(parse, place))
                else:
                    # The words that the parse gives a name, with kg_sci's type; kg_sci's own extent where it is wider.
                    mention = self.reading.mentions[known[0]]
                    wider = known[1] if known[1].last - known[1].first >= phrase.last - phrase.first else phrase
                    # "silk" is a form, "spider silk" is not.
                    kind = "Concept" if wider is phrase and mention.label == "FORM" else types[mention.label]
                    rank = 0 if place in ends else 1
                    yield _Claim(rank, parse, wider, kind, mention.confidence, (parse, place), known[0])

    def _lists(self, parse: int, phrase: Phrase) -> bool:
        """Whether a stretch is several names in a row, or ends before its last one."""
        tags = self.parses[parse].tags[phrase.first : phrase.last + 1]
        return "," in tags or "CC" in tags or tags[-1] in _LEADING

    def _order(self, claim: _Claim) -> tuple[int, int, int, int]:
        start, end = self._span(claim)
        return claim.rank, start, -end, claim.parse

    def _span(self, claim: _Claim) -> tuple[int, int]:
        parse = self.parses[claim.parse]
        return parse.starts[claim.phrase.first], parse.ends[claim.phrase.last] - claim.phrase.cut

    def phrase(self, mention: SciMention) -> tuple[int, Phrase] | None:
        """The parse that a mention of kg_sci stands in and its words there, without articles and the like in front."""
        number = self._parse_at(mention.start)
        if number is None:
            return None
        parse = self.parses[number]
        phrase = phrase_at(parse, mention.start, mention.end)
        if phrase is None:
            return None
        first = phrase.first
        while first < phrase.head and parse.tags[first] in _LEADING:
            first += 1
        return number, Phrase(first, phrase.last, phrase.head, phrase.cut)

    def _parse_at(self, offset: int) -> int | None:
        at = bisect_right(self._token_starts, offset) - 1
        if at < 0:
            return None
        _, number, token = self._tokens[at]
        return number if offset < self.parses[number].ends[token] else None

    def _from_patterns(self, ends: _Ends) -> Iterator[FoundRelation]:
        for number, (phrases, relations) in enumerate(self.patterns):
            parse = self.parses[number]
            for one in relations:
                subject = ends.of_phrase(number, one.subject, phrases[one.subject])
                object_ = ends.of_phrase(number, one.object, phrases[one.object])
                if subject is not None and object_ is not None and subject != object_:
                    yield pattern_relation(self.place, parse, subject, object_, one)

    def _from_pairs(self, ends: _Ends) -> Iterator[FoundRelation]:
        for one, predicate in self.meant():
            subject, object_ = ends.of_mention(one.subject), ends.of_mention(one.object)
            if subject is None or object_ is None or subject == object_:
                continue
            yield _found(self.place, one, subject, object_, predicate, self.stance(one))

    # As `auto` and the heads give it --------------------------------------------------------------------------------

    def in_head(self) -> Extraction:
        """kg_sci's findings in its own labels and predicates; quantities where the head's scheme has them."""
        relations = [
            _found(0, one, one.subject, one.object, one.predicate, self.stance(one)) for one in self.reading.relations
        ]
        found = Extraction(tuple(self._mentions(lambda mention: mention.label)), tuple(relations))
        return self._with_quantities(found) if self.reading.head == "materials" else found

    def in_auto(self) -> Extraction:
        """The same in the project's types and predicates, with the relations that patterns find."""
        sure = self.reading.fit >= SURE
        mentions = self._mentions(lambda mention: auto_label(self.reading.head, mention.label))
        relations = [
            _found(0, one, one.subject, one.object, predicate, self.stance(one)) for one, predicate in self.meant()
        ]
        heads: dict[tuple[int, int], int] = {}
        inside: dict[tuple[int, int], int] = {}
        for place, mention in enumerate(self.reading.mentions):
            found = self.phrase(mention)
            if found is not None:
                heads.setdefault((found[0], found[1].head), place)
                # The innermost mention that a word stands in comes last.
                inside.update(((found[0], at), place) for at in range(found[1].first, found[1].last + 1))

        def end(number: int, phrase: Phrase) -> int | None:
            word = (number, phrase.head)
            known = heads.get(word, inside.get(word))
            if known is None and not sure:
                parse = self.parses[number]
                start, stop = parse.starts[phrase.first], parse.ends[phrase.last] - phrase.cut
                mentions.append(mention_of(0, self.text, parse, phrase, start, stop, self.long_forms))
                known = heads[word] = len(mentions) - 1
            return known

        for number, (phrases, stated) in enumerate(self.patterns):
            parse = self.parses[number]
            for relation in stated:
                subject, object_ = end(number, phrases[relation.subject]), end(number, phrases[relation.object])
                if subject is not None and object_ is not None and subject != object_:
                    relations.append(pattern_relation(0, parse, subject, object_, relation))
        whole = in_order(mentions, relations)
        return whole if sure and self.reading.head != "materials" else self._with_quantities(whole)

    def _mentions(self, label: Callable[[SciMention], str]) -> list[FoundMention]:
        def made(one: SciMention) -> FoundMention:
            name = in_full(self.text[one.start : one.end], self.long_forms)
            return FoundMention(0, one.start, one.end, label(one), name, one.confidence)

        return [made(one) for one in self.reading.mentions]

    def _with_quantities(self, found: Extraction) -> Extraction:
        return replace(
            found, quantities=tuple(found_quantities(self.text, self.parses, found.mentions, amounts=self.amounts))
        )

    def meant(self) -> Iterator[tuple[SciRelation, str]]:
        """kg_sci's relations in the project's predicates, turned round where those are."""
        meanings = MEANINGS.get(self.reading.head, {})
        for one in self.reading.relations:
            meaning = meanings.get(one.predicate)
            if meaning is not None:
                yield _turned(one, meaning), meaning.predicate
        if self.reading.head == "materials":
            yield from self._measurements()

    def _measurements(self) -> Iterator[tuple[SciRelation, str]]:
        """What MuLMS hangs on the verb of a measurement, as relations of the property that is measured."""
        for measured in self.reading.relations:
            if measured.predicate != MEASURED_PROPERTY:
                continue
            for other in self.reading.relations:
                meaning = JOINED.get(other.predicate)
                if meaning is None or other.subject != measured.subject or other.object == measured.object:
                    continue
                joined = SciRelation(
                    measured.object, other.object, other.predicate, other.start, other.end,
                    round(measured.confidence * other.confidence, 3), measured.counted and other.counted,
                )  # fmt: skip
                yield _turned(joined, meaning), meaning.predicate

    def stance(self, one: SciRelation) -> tuple[bool, bool, str]:
        """Whether a relation of kg_sci is denied and hedged, and the word that joins its ends, by the parse."""
        first, second = (self.phrase(self.reading.mentions[place]) for place in (one.subject, one.object))
        if first is None or second is None or first[0] != second[0]:
            return False, False, ""
        parse = self.parses[first[0]]
        above, below = _chain(parse, first[1].head), _chain(parse, second[1].head)
        anchor = next((at for at in above if at in below), None)
        if anchor is None:
            return False, False, ""
        stance = Stance(parse)
        denied, hedged = stance.of(anchor)
        for at in (first[1].head, second[1].head):
            denied |= at != anchor and stance.denied_argument(at)
        words = parse.lower[anchor] if anchor not in (first[1].head, second[1].head) else ""
        return denied, hedged, words


def _found(
    passage: int, one: SciRelation, subject: int, object_: int, predicate: str, stance: tuple[bool, bool, str]
) -> FoundRelation:
    denied, hedged, words = stance
    return FoundRelation(
        passage, one.start, one.end, subject, object_, predicate, words, "denies" if denied else "supports",
        "hedged" if hedged else "stated", one.confidence, PAIR_HEAD, candidate=not one.counted,
    )  # fmt: skip


def in_order(mentions: Sequence[FoundMention], relations: Iterable[FoundRelation]) -> Extraction:
    """Mentions by place, wider ones first, and the relations with their ends' new places."""
    order = sorted(range(len(mentions)), key=lambda at: (mentions[at].start, -mentions[at].end, at))
    place = {old: new for new, old in enumerate(order)}
    moved = [replace(one, subject=place[one.subject], object=place[one.object]) for one in relations]
    moved.sort(key=lambda one: (one.start, one.subject, one.object, one.predicate, one.extractor))
    return Extraction(tuple(mentions[at] for at in order), tuple(moved))


_AMOUNTS = frozenset({"NUM", "VALUE", "RANGE"})


def _within(reading: Reading, amounts: Sequence[quantities.Amount]) -> Reading:
    """A reading in MuLMS's scheme whose numbers are those of the quantities: what it marks elsewhere is left out,
    so that an amount has one extent."""
    place: dict[int, int] = {}
    mentions: list[SciMention] = []
    for number, one in enumerate(reading.mentions):
        inside = any(amount.start <= one.start and one.end <= amount.end for amount in amounts)
        if one.label not in _AMOUNTS or inside:
            place[number] = len(mentions)
            mentions.append(one)
    relations = tuple(
        replace(one, subject=place[one.subject], object=place[one.object])
        for one in reading.relations
        if one.subject in place and one.object in place
    )
    return replace(reading, mentions=tuple(mentions), relations=relations)


def _turned(one: SciRelation, meaning: Meaning) -> SciRelation:
    if not meaning.turned:
        return one
    return SciRelation(one.object, one.subject, one.predicate, one.start, one.end, one.confidence, one.counted)


def _chain(parse: Parse, at: int) -> list[int]:
    """A word and all that it hangs on, upwards."""
    chain = [at]
    while parse.heads[at] != at and len(chain) <= len(parse):
        at = parse.heads[at]
        chain.append(at)
    return chain


class _Ends:
    """Which mention stands for a phrase of a parse, and for a mention of kg_sci."""

    def __init__(self, taken: Iterable[tuple[int, int, _Claim]], offset: int, passage: Passage) -> None:
        self._passage = passage
        self._phrases: dict[tuple[int, int], int] = {}
        self._mentions: dict[int, int] = {}
        self._words: dict[tuple[int, int], int] = {}
        for place, (_, _, claim) in enumerate(taken, start=offset):
            if claim.source is not None:
                self._phrases[claim.source] = place
            if claim.mention is not None:
                self._mentions[claim.mention] = place
            for at in range(claim.phrase.first, claim.phrase.last + 1):
                self._words[claim.parse, at] = place

    def of_phrase(self, parse: int, place: int, phrase: Phrase) -> int | None:
        known = self._phrases.get((parse, place))
        return known if known is not None else self._words.get((parse, phrase.head))

    def of_mention(self, place: int) -> int | None:
        known = self._mentions.get(place)
        if known is not None:
            return known
        found = self._passage.phrase(self._passage.reading.mentions[place])
        return None if found is None else self._words.get((found[0], found[1].head))
