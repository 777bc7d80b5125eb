"""What was found for a question so far, and the steps that need it, without a language model and with one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

from agents.answer import Citation, Sentence
from agents.steps.asked_answer import Check, Written, written
from agents.steps.asked_finding import Finding, finding
from agents.steps.asked_gaps import Gap, gaps
from agents.steps.asked_passages import Judged, judged
from agents.steps.covering import holds, left_out
from agents.steps.fitting import Fit, enough, fit, fits, is_calibrated, sifted
from agents.steps.forms import WITHOUT, Forms, Taken
from agents.steps.graph_questions import Computation, computed, recognised
from agents.steps.outlining import SubQuestion
from agents.steps.phrases import names_in, phrases
from agents.steps.planning import Plan, plan
from agents.steps.premises import Weighed, claim, weighed
from agents.steps.quoting import CANDIDATES, MOST, Quote, candidates, chosen
from agents.steps.readings import Reading, readings, short_names
from agents.steps.supporting import unsupported
from agents.steps.wishes import wish
from kg.errors import NoReply
from kg.language_model import Ask
from kg.model import QUARANTINED, Evidence, Hit, Mention, Paper, PaperPassage
from kg.scope import EVERYWHERE, Scope
from kg.search import MOST_CHARACTERS, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from agents.asking import Step
    from agents.library import Library
    from agents.steps.outlining import Outline, Route

_AT_ONCE = 4  # questions that are searched side by side
_SURVEYED = 3  # times as many passages for an overview,
_MOST_SURVEYED = 8  # so many quotes,
_OF_ONE_PAPER = 2  # and of one paper no more than these
_OF_EACH = 3  # quotes for each of several questions
_OF_EVIDENCE = 2  # quotes for a claim, and as many against it
_LINES = 10  # things computed,
_OF_LINE = 3  # quotes for each of them,
_BESIDE_COMPUTED = 2  # and for the question as a whole
_ABSTRACTS = 2  # papers whose abstracts are read too
_ABSTRACT = "abstract"  # a kind of passage
_AGAIN = 2  # quotes that a second search may add
_OF_SEVERAL = 12  # sentences that are embedded for each of several questions,
_OF_REST = 8  # and for what is left out
_NEAR = 0.4  # least cosine to the question of such a quote, by the default embedder
_SENSES = 200  # passages that are looked at for what a short name means
_SHOWN = 24  # passages that a language model writes from


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one question, and which of it fits; `reused` where it had been found for another one. `own`
    is how well each passage (id) fits without a language model, `judged` what one says of it, if it was asked."""

    sub: SubQuestion
    plan: Plan
    hits: tuple[Hit, ...]
    fit: Fit
    vector: NDArray[np.float32]
    reused: bool = False
    own: Mapping[str, float] = field(default_factory=dict)
    judged: Judged | None = None
    taken: Taken = WITHOUT

    def search_json(self) -> dict[str, Any]:
        """What the event of the search tells."""
        return {
            "number": self.sub.number,
            "question": self.sub.question,
            "passages": [hit.passage for hit in self.hits],
            "papers": len({hit.paper for hit in self.hits}),
            "reused": self.reused,
        }

    def filter_json(self) -> dict[str, Any]:
        """What the event of the filter tells."""
        return {
            "number": self.sub.number,
            "words": dict(self.plan.weights),
            "unknown": round(self.plan.unknown, 3),
            "score": self.fit.score,
            "needed": self.fit.needed,
            "bar": self.fit.bar,
            "mean": self.fit.mean,
            "deviation": self.fit.deviation,
            "kept": [hit.passage for hit, _ in self.fit.kept],
            **self.taken.as_json(),
            **({} if self.judged is None else self.judged.as_json()),
        }


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences that answer one question, and what of it they do not cover."""

    sub: SubQuestion
    sentences: tuple[Sentence, ...]
    left_out: tuple[str, ...] = ()


class Findings:
    """Grows with each search of one run. Everything that may be cited is among its `hits`."""

    def __init__(self, library: Library, scope: Scope, k: int, steps: frozenset[Step], forms: Forms) -> None:
        self._library, self._scope, self._k, self._steps, self._forms = library, scope, k, steps, forms
        self._passages = library.store.passage_ids(scope)
        self._calibrated = is_calibrated(library.embedder.name)
        self._found: dict[int, Found] = {}
        self._hits: dict[str, Hit] = {}
        self._vectors: dict[str, NDArray[np.float32]] = {}

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All passages found in this run, in the order in which they were found."""
        return tuple(self._hits.values())

    # Checking the question

    def labels(self, keys: Sequence[str]) -> Mapping[str, str]:
        """The labels of those names (keys) that are concepts of the library."""
        return self._library.store.concept_keys(keys)

    def likeness(self, name: str, others: Sequence[str]) -> list[float]:
        """How alike a name is to each of others: cosines."""
        vectors = self._embedded([name, *others])
        return [float(one) for one in vectors[1:] @ vectors[0]]

    def weighed(self, question: str) -> Weighed | None:
        """The claim of a question with the evidence on either side, if it makes one that has any."""
        store = self._library.store
        found = phrases(question, self.labels(list(names_in(question))))
        claimed = claim(question, found)
        if claimed is None:
            return None
        ends = [
            (one.subject, one.predicate, one.object)
            for one in store.relations(concepts=[claimed.subject])
            if (one.subject, one.object) == (claimed.subject, claimed.object)
        ]
        there = None if self._scope == EVERYWHERE else frozenset(self._passages)
        evidence = store.evidence(relations=ends) if ends else ()
        result = weighed(claimed, (one for one in evidence if there is None or one.passage in there))
        return None if result.verdict == "unknown" else result

    def readings(self, question: str) -> tuple[Reading, ...]:
        """The senses of the first short name in a question that has several."""
        store = self._library.store
        for name in short_names(question):
            ids = [id for id, _ in store.lexical(words(name), _SENSES, self._scope)]
            mentions: dict[str, list[Mention]] = {}
            for mention, _ in store.mentions(passages=ids) if ids else ():
                mentions.setdefault(mention.passage, []).append(mention)
            there = store.passages(ids=ids) if ids else ()
            if senses := readings(question, name, ((one, mentions.get(one.passage.id, ())) for one in there)):
                return senses
        return ()

    def computed(self, question: str) -> Computation | None:
        """What the graph says to a question for it, where it is one and the graph says anything."""
        asked = recognised(question, self._library)
        found = None if asked is None else computed(asked, self._library, self._scope)
        return found if found is not None and any(line.evidence for line in found.lines) else None

    # Searching

    def searched(self, subs: Sequence[SubQuestion], route: Route) -> list[Found]:
        """What is found for each of some questions, side by side where there are several."""
        if len(subs) == 1:
            found = [self._searched(subs[0], route)]
        else:
            with ThreadPoolExecutor(min(_AT_ONCE, len(subs))) as threads:
                found = list(threads.map(lambda sub: self._searched(sub, route), subs))
        found = self._judged(found)
        for one in found:
            self._found[one.sub.number] = one
            self._note(one.hits)
        return found

    def _judged(self, every: Sequence[Found]) -> list[Found]:
        """The same with the passages graded by the language model, where there is one."""
        needed = enough(self._calibrated)

        def task(found: Found) -> tuple[Callable[[Ask], Judged | None], Callable[[], Judged | None]]:
            return lambda ask: judged(found.sub.question, found.hits, found.own, needed, ask), lambda: None

        return [
            replace(found, fit=found.fit if by_model is None else by_model.fit, judged=by_model, taken=taken)
            for found, (by_model, taken) in zip(every, self._forms.side_by_side(list(map(task, every))), strict=True)
        ]

    def answers(self, subs: Sequence[SubQuestion]) -> dict[int, Finding]:
        """The short answers that other questions wait for, by number, where a language model finds them."""

        def task(sub: SubQuestion) -> tuple[Callable[[Ask], Finding | str], Callable[[], Finding | str]]:
            hits = [hit for hit, _ in self._found[sub.number].fit.kept]
            return lambda ask: finding(sub.question, hits, ask), lambda: ""

        found = zip(subs, self._forms.side_by_side(list(map(task, subs))), strict=True)
        return {sub.number: short for sub, (short, _) in found if isinstance(short, Finding)}

    def _searched(self, sub: SubQuestion, route: Route) -> Found:
        with self._library.store.reading():
            return self._searched_in_one_state(sub, route)

    def _searched_in_one_state(self, sub: SubQuestion, route: Route) -> Found:
        if sub.role == "side" and wish(sub.question) != "amount":  # a figure has to be looked for
            hits = [hit for number in sub.needs for hit in self._found[number].hits]
            found = self._fitted(sub, hits, reused=True)
            if found.fit.kept:  # what was found for the comparison speaks of this side too
                return found
        k = self._k * (_SURVEYED if route == "survey" else 1)
        hits = [
            hit
            for hit in self._library.search(sub.question, k, **self._scope.arguments())
            if hit.paper not in sub.not_in
        ]
        for number in sub.needs:  # what answered the question that this one points back to speaks of the same
            known = {hit.passage for hit in hits}
            hits += [hit for hit, _ in self._found[number].fit.kept if hit.passage not in known]
        if "abstracts" in self._steps and route != "survey":
            hits += self._abstracts(hits)
        return self._fitted(sub, hits)

    def _fitted(self, sub: SubQuestion, hits: Sequence[Hit], reused: bool = False) -> Found:
        vector = self._library.embedder.queries([sub.question[:MOST_CHARACTERS]])[0]
        cosines = self._library.index.similarities(vector, [hit.passage for hit in hits])
        weights = self.plan(sub.question)
        own = fits(weights, hits, cosines if self._calibrated else None)
        fitting = sifted(hits, own, own, enough(self._calibrated))
        return Found(sub, weights, tuple(hits), fitting, vector, reused, own)

    def _abstracts(self, hits: Sequence[Hit]) -> list[Hit]:
        """The abstracts of the papers that were found first: what a paper says of itself in short."""
        known = {hit.passage for hit in hits}
        there = None if self._scope == EVERYWHERE else frozenset(self._passages)
        found = []
        for paper in list(dict.fromkeys(hit.paper for hit in hits))[:_ABSTRACTS]:
            found += [
                as_hit(one, "in the abstract of a paper that was found")
                for one in self._library.store.passages(paper=paper)
                if one.passage.kind == _ABSTRACT
                and one.passage.id not in known
                and (there is None or one.passage.id in there)
            ]
        return found

    def plan(self, question: str) -> Plan:
        """What the words of a question tell in this library."""
        telling = words(question)
        return plan(question, telling, self._library.store.frequencies(telling, self._scope), len(self._passages))

    def _note(self, hits: Iterable[Hit]) -> None:
        for hit in hits:
            self._hits.setdefault(hit.passage, hit)

    # Answering

    def told(self, outline: Outline, weighing: Weighed | None, computation: Computation | None) -> list[Told]:
        """The quotes for each question in order, none twice; what was computed, and else what speaks for and against a
        claim, comes first."""
        taken: set[str] = set()
        parts = []
        for sub in outline.questions:
            found = self._found[sub.number]
            sentences: list[Sentence] = []
            if computation is not None:
                sentences = self._of_computation(computation)
            elif weighing is not None and sub.number == 1:
                sentences = self._of_claim(weighing)
            taken |= {_folded(one.quote) for sentence in sentences for one in sentence.citations}
            most = _MOST_SURVEYED if outline.route == "survey" else MOST if len(outline.questions) == 1 else _OF_EACH
            left = _BESIDE_COMPUTED if computation is not None else most - len(sentences)
            quotes = self._quotes(
                found,
                [hit for hit, _ in found.fit.kept],
                left,
                _OF_ONE_PAPER if outline.route == "survey" else most,
                taken,
            )
            taken |= {_folded(quote.text) for quote in quotes}
            parts.append(Told(sub, (*sentences, *map(as_sentence, quotes))))
        if (
            outline.route == "comparison"
            and not self._found[1].fit.kept
            and not all(self._found[sub.number].fit.kept for sub in outline.questions[1:])
        ):
            return [replace(part, sentences=()) for part in parts]  # one side alone compares nothing
        if computation is not None:
            return parts  # its words ask for what to compute, and no quote need hold them
        return [self._covered(part) for part in parts]

    def _covered(self, part: Told) -> Told:
        if not part.sentences:
            return part
        cited = [self._hits[one.passage] for sentence in part.sentences for one in sentence.citations]
        texts = [*(sentence.text for sentence in part.sentences), *(hit.title for hit in cited)]
        return replace(part, left_out=left_out(self._found[part.sub.number].plan, texts))

    def _of_claim(self, weighing: Weighed) -> list[Sentence]:
        """The evidence that decides a claim: against it first where the question takes it for granted."""
        sides = [weighing.agreeing, weighing.against]
        if weighing.claim.assumed:
            sides.reverse()
        listed = [one for side in sides for one in _distinct(side)[:_OF_EVIDENCE]]
        self._found_as_evidence(listed)
        return [of_evidence(one.quote, [one]) for one in listed]

    def _of_computation(self, computation: Computation) -> list[Sentence]:
        """What was computed, a sentence a line; lines that rest on no evidence are told by the event alone."""
        lines = [(line.text, _distinct(line.evidence)[:_OF_LINE]) for line in computation.lines if line.evidence]
        self._found_as_evidence([one for _, evidence in lines[:_LINES] for one in evidence])
        return [of_evidence(text, evidence) for text, evidence in lines[:_LINES]]

    def _found_as_evidence(self, evidence: Sequence[Evidence]) -> None:
        ids = {one.passage for one in evidence}
        there = {one.passage.id: one for one in self._library.store.passages(ids=ids)} if ids else {}
        self._note(
            as_hit(there[one.passage], f"says: {one.subject} – {one.predicate} – {one.object}")
            for one in evidence
            if one.passage in there
        )

    def _quotes(
        self, found: Found, hits: Sequence[Hit], most: int, of_one_paper: int, taken: Collection[str]
    ) -> list[Quote]:
        embedded = CANDIDATES if len(self._found) == 1 else _OF_SEVERAL
        quotes = [quote for quote in candidates(found.plan, hits, embedded) if _folded(quote.text) not in taken]
        if not quotes or most <= 0:
            return []
        vectors = self._embedded([quote.text for quote in quotes])
        fits = {hit.passage: score for hit, score in found.fit.kept}
        return chosen(
            found.plan, quotes, [float(cosine) for cosine in vectors @ found.vector], vectors, fits, most, of_one_paper
        )

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        if new := [text for text in dict.fromkeys(texts) if text not in self._vectors]:
            self._vectors.update(zip(new, self._library.embedder.documents(new), strict=True))
        return np.stack([self._vectors[text] for text in texts])

    # Checking the answer

    def again(self, parts: Sequence[Told]) -> tuple[list[Told], list[dict[str, Any]]]:
        """Searches once more for what each answer leaves out of its question; what was done, for the event."""
        better, events = [], []
        taken = {_folded(one.quote) for part in parts for sentence in part.sentences for one in sentence.citations}
        for part in parts:
            missing = [word for word in part.left_out if self._known(word)]
            if not part.sentences or not missing:
                better.append(part)
                continue
            added = self._for_the_rest(part, missing, taken)
            taken |= {_folded(quote.text) for quote in added}
            more = self._covered(replace(part, sentences=(*part.sentences, *map(as_sentence, added))))
            better.append(more)
            events.append(
                {
                    "number": part.sub.number,
                    "left_out": missing,
                    "added": [quote.text for quote in added],
                    "still": list(more.left_out),
                }
            )
        return better, events

    def _known(self, word: str) -> bool:
        return self._library.store.frequencies([word], self._scope)[0] > 0

    def worth_saying(self, missing: Sequence[str]) -> tuple[str, ...]:
        """Of the words that no quote holds those that name something: concepts of the library, and words that it does
        not know."""
        named = self.labels(list(missing))
        return tuple(word for word in missing if word in named or not self._known(word))

    def _for_the_rest(self, part: Told, missing: Sequence[str], taken: Collection[str]) -> list[Quote]:
        """The sentences that hold most of what is missing: of passages that fit the question as well as those kept
        before, and near the question themselves."""
        found = self._found[part.sub.number]
        hits = [
            hit
            for hit in self._library.search(" ".join(missing), self._k, **self._scope.arguments())
            if hit.paper not in part.sub.not_in
        ]
        cosines = self._library.index.similarities(found.vector, [hit.passage for hit in hits])
        kept = fit(found.plan, hits, cosines if self._calibrated else None).kept
        fitting = [hit for hit, score in kept if score >= found.fit.bar]
        wanted = replace(found.plan, weights=tuple(one for one in found.plan.weights if one[0] in missing))
        quotes = [
            quote
            for quote in candidates(wanted, [*(hit for hit, _ in found.fit.kept), *fitting], _OF_REST)
            if _folded(quote.text) not in taken and any(holds(word, quote.text) for word in missing)
        ]
        if not quotes:
            return []
        vectors = self._embedded([quote.text for quote in quotes])
        nearness = [float(cosine) for cosine in vectors @ found.vector]
        near = [at for at, cosine in enumerate(nearness) if not self._calibrated or cosine >= _NEAR]
        fits = dict.fromkeys((quote.hit.passage for quote in quotes), 0.0)
        picked = chosen(wanted, [quotes[at] for at in near], [nearness[at] for at in near], vectors[near], fits, _AGAIN)
        self._note(quote.hit for quote in picked)
        return picked

    # With a language model

    def check(self, question: str) -> Check:
        """What tells why a sentence for a question does not rest on its quotes."""

        def why(sentence: str, quotes: Sequence[str], titles: Sequence[str]) -> str | None:
            return unsupported(sentence, quotes, titles, question, self.plan, self.labels)

        return why

    def written(
        self, question: str, outline: Outline, weighing: Weighed | None, computation: Computation | None, ask: Ask
    ) -> tuple[list[Told], Written]:
        """What the model writes from the passages that fit, after what was computed or speaks for and against a claim.

        Raises NoReply where it has written something, and nothing of that rests on quotes.
        """
        first: dict[int, list[Sentence]] = {sub.number: [] for sub in outline.questions}
        if computation is not None:
            first[outline.questions[0].number] = self._of_computation(computation)
        elif weighing is not None:
            first[outline.questions[0].number] = self._of_claim(weighing)
        hits = self._kept(outline.questions)
        if not hits:
            return [Told(sub, tuple(first[sub.number])) for sub in outline.questions], Written({})
        text = written(question, outline.questions, hits, self.check(question), ask)
        if text.unsupported and not any(text.sentences.values()):
            few = text.unsupported[0]
            raise NoReply(f"None of its {len(text.unsupported)} sentences rests on quotes ({few.why}).", "unsupported")
        parts = [Told(sub, (*first[sub.number], *text.sentences[sub.number])) for sub in outline.questions]
        return parts if computation is not None else [self._covered(part) for part in parts], text

    def _kept(self, subs: Sequence[SubQuestion]) -> list[Hit]:
        """The passages that fit some questions, the best of each before the second best of any."""
        ranked = [[hit for hit, _ in self._found[sub.number].fit.kept] for sub in subs]
        turns = chain.from_iterable(zip_longest(*ranked))
        return list({hit.passage: hit for hit in turns if hit is not None}.values())[:_SHOWN]

    def supplemented(self, question: str, parts: Sequence[Told], ask: Ask) -> tuple[list[Told], list[dict[str, Any]]]:
        """Searches once more for what an answer leaves out by the model's judgement, and has that written; what was
        done, for the event. What is added stands with the last question."""
        sentences = [sentence for part in parts for sentence in part.sentences]
        if not sentences:
            return list(parts), []
        events: list[dict[str, Any]] = []
        last = parts[-1]
        said = {sentence.text.casefold() for sentence in sentences}
        for gap in gaps(question, sentences, [part.sub.question for part in parts], ask):
            hits = self._for_gap(gap)
            more: tuple[Sentence, ...] = ()
            if hits:
                text = written(gap.what, [replace(last.sub, question=gap.what)], hits, self.check(gap.what), ask)
                more = tuple(one for one in text.sentences[last.sub.number] if one.text.casefold() not in said)
            said |= {one.text.casefold() for one in more}
            self._note(
                hit for hit in hits if any(hit.passage == one.passage for each in more for one in each.citations)
            )
            last = self._covered(replace(last, sentences=(*last.sentences, *more)))
            events.append(
                {
                    "number": last.sub.number,
                    "left_out": [gap.what],
                    "search": gap.search,
                    "added": [one.text for one in more],
                    "still": [] if more else [gap.what],
                }
            )
        return [*parts[:-1], last], events

    def _for_gap(self, gap: Gap) -> list[Hit]:
        """The passages that fit it best: whether any fits well enough is seen by what can be written from them."""
        hits = list(self._library.search(gap.search, self._k, **self._scope.arguments()))
        vector = self._library.embedder.queries([gap.what])[0]
        cosines = self._library.index.similarities(vector, [hit.passage for hit in hits])
        own = fits(self.plan(gap.what), hits, cosines if self._calibrated else None)
        return [hit for hit, _ in sifted(hits, own, own, 0.0).kept]

    # Citing

    def texts(self, sentences: Iterable[Sentence]) -> dict[str, str]:
        """The passages that sentences cite, as the library has them; those that are quarantined are none."""
        ids = {one.passage for sentence in sentences for one in sentence.citations}
        there = self._library.store.passages(ids=ids) if ids else ()
        return {one.passage.id: one.passage.text for one in there if one.passage.kind != QUARANTINED}

    def papers(self, sentences: Iterable[Sentence]) -> tuple[Paper, ...]:
        """The papers that sentences cite, in the order of their first citation."""
        ids = list(dict.fromkeys(one.paper for sentence in sentences for one in sentence.citations))
        there = {paper.id: paper for paper in self._library.store.papers(ids=ids)} if ids else {}
        return tuple(there[id] for id in ids if id in there)


def as_hit(one: PaperPassage, why: str) -> Hit:
    """A passage that another way than searching has led to."""
    return Hit(
        one.passage.id,
        one.paper.id,
        one.paper.key,
        one.paper.title,
        one.paper.year,
        one.passage.section,
        one.passage.page,
        0.0,
        one.passage.text,
        (why,),
    )


def as_sentence(quote: Quote) -> Sentence:
    """A quote as a sentence of an answer, which cites itself."""
    hit = quote.hit
    return Sentence(quote.text, (Citation(hit.paper, hit.key, hit.passage, quote.start, quote.end, quote.text),))


def of_evidence(text: str, evidence: Iterable[Evidence]) -> Sentence:
    """A sentence that rests on evidence."""
    return Sentence(
        text, tuple(Citation(one.paper, one.key, one.passage, one.start, one.end, one.quote) for one in evidence)
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _distinct(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The surest piece of evidence of each sentence, the surest first."""
    ranked = sorted(evidence, key=lambda one: (one.certainty == "hedged", -one.confidence, one.passage, one.start))
    return list({(one.passage, one.start): one for one in reversed(ranked)}.values())[::-1]
