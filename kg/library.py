"""One collection of papers: a graph store, a vector index and settings, behind the verbs that people use."""

from __future__ import annotations

import os
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import addresses, export
from kg.errors import LibraryError, NotFound, UsageError, not_found
from kg.model import Concept, Decision, Evidence, Hit, Paper, PaperPassage, Path, Relation
from kg.rows import Rows
from kg.stores import shelf
from kg.views import relations_of

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import networkx
    from pandas import DataFrame

    from kg.injections import Quarantined
    from kg.notes import Notes
    from kg.prediction import Score
    from kg.prediction.backtest import Backtest
    from kg.relation_graph import RelationGraphs
    from kg.scope import Scope
    from kg.search import Mode, Search
    from kg.settings import Effective, Settings
    from kg.stores.graph_store import GraphStore
    from kg.vectors.embedder import Embedder
    from kg.vectors.vector_index import VectorIndex
    from kg.verify import Verified

OnWait = Callable[[str], None]

MOST_OF_TAG = 100
"""Characters that a tag may have."""


@dataclass(frozen=True, slots=True)
class Info:
    """What is in a library. `revision` is a fingerprint of its facts: equal for equal facts."""

    papers: int
    passages: int
    concepts: int
    relations: int
    evidence: int
    revision: str
    store: str
    embedder: str
    extractors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """Which of the papers that were named are gone now, and which were not there."""

    removed: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A relation that some sentences state and others deny."""

    relation: Relation
    supporting: tuple[Evidence, ...]
    denying: tuple[Evidence, ...]

    def as_json(self) -> dict[str, Any]:
        """The relation's row with both lists of evidence."""
        return export.relation_json(self.relation, id=self.relation.id) | {
            "evidence_for": [export.evidence_json(one) for one in self.supporting],
            "evidence_against": [export.evidence_json(one) for one in self.denying],
        }

    def __repr__(self) -> str:
        one = self.relation
        return (
            f"<Disagreement {one.subject!r} {one.predicate} {one.object!r}: "
            f"{len(self.supporting)} for, {len(self.denying)} against>"
        )


class Library:
    """A library at an address (see `kg.open_library`). May be used from several threads, and opened by several
    processes at once.

    What a verb needs is made when it is first needed: opening costs nothing, and reading never makes a library. Store,
    index and embedder may be handed over instead, as tests do.
    """

    def __init__(
        self,
        address: str | os.PathLike[str] | None = None,
        *,
        store: GraphStore | None = None,
        index: VectorIndex | None = None,
        embedder: Embedder | None = None,
        **settings: Any,
    ) -> None:
        self.address = addresses.chosen(address) if store is None else addresses.of(store)
        self._given = settings
        self._store, self._index, self._embedder = store, index, embedder
        self._effective: Effective | None = None
        self._search: Search | None = None
        self._relation_graphs: RelationGraphs | None = None
        self._required: tuple[str, Scope] | None = None
        self._closed = False
        self._guard = threading.RLock()
        folder = self.address.settings_folder
        if settings or (store is None and folder is not None and (folder / "hypograph.toml").exists()):
            _ = self.settings  # what is wrong with them is said now, not in the middle of something

    def __repr__(self) -> str:
        return f"<Library {str(self.address)!r}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the files; a closed library cannot be used any more."""
        with self._guard:
            self._closed = True
            if self._store is not None:
                self._store.close()

    # What the verbs stand on

    @property
    def effective(self) -> Effective:
        """The settings that hold, and where each comes from."""
        with self._guard:
            if self._effective is None:
                from kg import settings

                self._effective = settings.read(self.address.settings_folder, self._given)
            return self._effective

    @property
    def settings(self) -> Settings:
        return self.effective.settings

    @property
    def store(self) -> GraphStore:
        """Its graph store; NoLibrary when nothing was ever added."""
        return self._opened(create=False)

    def _opened(self, create: bool) -> GraphStore:
        with self._guard:
            if self._closed:
                raise LibraryError(f"The library {self.address} was closed: open it again with kg.open_library(…).")
            if self._store is None:
                login: dict[str, Any] = {}
                if isinstance(self.address, addresses.Server):
                    secret = self.settings.neo4j_password
                    login["user"] = self.settings.neo4j_user
                    login["password"] = None if secret is None else secret.get_secret_value()
                    login["patience"] = self.settings.neo4j_patience
                self._store = addresses.open_store(self.address, create, **login)
            return self._store

    def made(self) -> GraphStore:
        """Its graph store, for adding to: a library that is not there yet is made."""
        return self._opened(create=True)

    @property
    def embedder(self) -> Embedder:
        """What turns questions into vectors; made at the first use."""
        with self._guard:
            if self._embedder is None:
                from kg.vectors.embedder import embedder_named

                self._embedder = embedder_named(self.settings.embedder)
            return self._embedder

    @property
    def index(self) -> VectorIndex:
        """Which passages are near a vector; made at the first use."""
        with self._guard:
            if self._index is None and self.settings.vector_index == "server":
                by_server = getattr(self.store, "vector_index", None)
                if by_server is None:
                    raise UsageError(
                        f"vector_index = 'server' (HYPOGRAPH_VECTOR_INDEX) is for libraries on a server, and this one "
                        f"is {self.address}: take 'faiss'."
                    )
                self._index = by_server(self.embedder.name)
            elif self._index is None:
                from kg.vectors.faiss_index import FaissIndex

                place = self.address.local_folder
                folder = None if place is None else place / "index"
                self._index = FaissIndex(self.store, self.embedder.name, self.embedder.dimensions, folder)
            index: VectorIndex = self._index
            return index

    @property
    def notes(self) -> Notes:
        """What was noted down about it, apart from all that papers state: see `kg.notes.Notes`."""
        from kg.notes import Notes

        return Notes(self)

    @property
    def hypotheses(self) -> Any:
        """What was thought of its hypotheses, and what has become of those that were kept: see
        `agents.judged.Judgements`."""
        from kg import notebook

        return notebook.judgements(self)

    # Looking

    def info(self) -> Info:
        """How much is in the library, and what made it."""
        with self.store.reading():
            counts = self.store.counts()
            made_by = sorted(self.store.embedders())
            return Info(
                counts.papers,
                counts.passages,
                counts.concepts,
                counts.relations,
                counts.evidence,
                self.store.revision(),
                self.store.address,
                ", ".join(made_by),
                tuple(self.store.extractors()),
            )

    def papers(self) -> Rows[Paper]:
        """All papers, by key."""
        return Rows(sorted(self.store.papers(), key=lambda paper: (paper.key, paper.id)))

    def paper(self, name: str) -> LibraryPaper:
        """The paper with that id or key. NotFound when there is none, UsageError when two papers share the key."""
        return LibraryPaper(self._paper(name), self)

    def _paper(self, name: str) -> Paper:
        found = self.store.papers_called(name)
        if not found:
            keys = [paper.key for paper in self.store.papers()]
            raise not_found("paper", name, keys, "Look keys up with `hypograph papers`.")
        return _the_one(name, found)

    def concepts(self, text: str | None = None, type: str | None = None) -> Rows[Concept]:
        """All concepts by label, or those with `text` in their label or an alias, or of a type (in any case of
        letters). NotFound, with the types that there are, where no concept has that type."""
        found = Rows(self.store.concepts(text))
        if type is None:
            return found
        types = self.types()
        wanted = {one for one in types if one.casefold() == type.casefold()}
        if types and not wanted:
            raise NotFound(f"No concept has the type {type!r}. There are: {', '.join(types)}.")
        return Rows(one for one in found if one.type in wanted)

    def types(self) -> dict[str, int]:
        """The types that concepts have, and how many have each: the most frequent first, ties by name."""
        counts = Counter(one.type for one in self.store.concepts())
        return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))

    def concept(self, name: str) -> LibraryConcept:
        """The concept that is meant best by that id, label or alias; NotFound, with the nearest labels, else."""
        from kg.paths import concept_named

        return LibraryConcept(concept_named(self.store, name), self)

    def relations(self, text: str | None = None, candidates: bool = False) -> Rows[Relation]:
        """All relations, or those with `text` in subject or object; by subject, predicate and object.

        With `candidates`, what is too doubtful to count, instead: what their sentences would state, and how many do.
        """
        return Rows(relations_of(self._candidates(text)) if candidates else self.store.relations(text))

    def _candidates(self, text: str | None) -> Iterator[Evidence]:
        if text is None:
            return self.store.candidates()
        folded = text.casefold()
        with self.store.reading():
            return self.store.candidates(
                concepts={one for one in self.store.concept_labels() if folded in one.casefold()}
            )

    def evidence(self, relation: Relation | None = None) -> Rows[Evidence]:
        """The sentences behind a relation, or all evidence."""
        return Rows(self.store.evidence(relations=_ends(relation)))

    def candidates(self, relation: Relation | None = None) -> Rows[Evidence]:
        """The sentences that may state a relation and are too doubtful to count, or all such."""
        return Rows(self.store.candidates(relations=_ends(relation)))

    def passage(self, id: str) -> PaperPassage:
        """The passage with that id, and its paper."""
        found = next(self.store.passages(ids=[id]), None)
        if found is None:
            raise NotFound(f"No passage {id!r} in {self.address}. Ids of passages stand in the hits of a search.")
        return found

    def passages(self, paper: str | None = None) -> Rows[PaperPassage]:
        """The passages of a paper (id or key) in the order of its text, or all by id."""
        return Rows(self.store.passages(paper=None if paper is None else self._paper(paper).id))

    def disagreements(self, concept: str | None = None) -> Iterator[Disagreement]:
        """Relations that have evidence for and against, of all concepts or of one; by subject, predicate, object."""
        label = None if concept is None else self.concept(concept).label
        for relation in self.store.relations(concept=label):
            if relation.supports and relation.denies:
                evidence = self.evidence(relation)
                yield Disagreement(
                    relation,
                    tuple(one for one in evidence if one.polarity == "supports"),
                    tuple(one for one in evidence if one.polarity == "denies"),
                )

    def quarantine(self, paper: str | None = None) -> Rows[Quarantined]:
        """The passages that look like instructions to a program, of all papers or of one (id or key), with reasons: by
        paper, in the order of their texts. They are never searched, counted or quoted."""
        from kg.injections import quarantined

        chosen = None if paper is None else self._paper(paper).id
        found = quarantined(self.store.passages(paper=chosen))
        return Rows(sorted(found, key=lambda one: (one.key, one.paper, one.start)))

    def scope(
        self,
        *,
        until: int | None = None,
        since: int | None = None,
        within: str | Sequence[str] = (),
        sections: str | Sequence[str] = (),
        venues: str | Sequence[str] = (),
    ) -> Scope:
        """A part of the library, for `search`, `ask` and `paths`: only papers of these years (both inclusive; one
        without a year fulfils no bound), of these ids, keys or tags, of these venues, and in them only these sections,
        by kind ("methods") or a part of their heading.

        NotFound, with the nearest names, for what names nothing; UsageError for years in the wrong order.
        """
        from kg.scope import Scope, as_names, require

        scope = Scope(since, until, as_names(within), as_names(sections), as_names(venues))
        if not scope.everywhere and (asked := (self.store.revision(), scope)) != self._required:
            require(self.store, scope)
            self._required = asked  # a batch asks with one scope again and again
        return scope

    def paths(
        self,
        a: str,
        b: str | None = None,
        n: int = 5,
        max_hops: int = 4,
        seed: int = 0,
        *,
        until: int | None = None,
        since: int | None = None,
        within: str | Sequence[str] = (),
        sections: str | Sequence[str] = (),
        venues: str | Sequence[str] = (),
        via: str | Sequence[str] = (),
    ) -> Rows[Path]:
        """How two concepts hang together in a `scope` of the library, over all of `via` in their order: see
        `kg.paths.paths`. Without `b`, the paths of two hops to what no relation joins with `a`: see
        `kg.open_links.open_paths`."""
        from kg.paths import paths
        from kg.scope import as_names

        scope = self.scope(until=until, since=since, within=within, sections=sections, venues=venues)
        graph = self.relation_graphs.current()
        if b is None:
            from kg.open_links import open_paths

            if via or max_hops < 2:
                raise UsageError("From one concept alone, paths have two hops and pass what they find: name a second "
                                 "concept to choose waypoints or fewer hops.")  # fmt: skip
            return Rows(open_paths(self.store, a, n, scope, graph=graph))
        return Rows(paths(self.store, a, b, n, max_hops, seed, scope, via=as_names(via), graph=graph))

    @property
    def relation_graphs(self) -> RelationGraphs:
        """The relations as arrays, one state a revision, to look for paths in."""
        with self._guard:
            if self._relation_graphs is None:
                from kg.relation_graph import RelationGraphs

                place = self.address.local_folder
                folder = None if place is None else place / "index"
                self._relation_graphs = RelationGraphs(lambda: self.store, folder)
            return self._relation_graphs

    def predict(
        self, pairs: Iterable[tuple[str, str]] | None = None, *, until: int | None = None, top: int = 30
    ) -> Rows[Score]:
        """How likely pairs of names are to meet in a paper next, judged by the papers up to a year (None: by all), in
        the order asked; without `pairs`, the `top` likeliest of those that no paper names together, the best first.

        A name is a concept's or any phrase of the papers. UsageError where there are too few papers to find the
        likeliest; of given pairs the scores are None then, and the reasons say so.
        """
        from kg.prediction import predictor
        from kg.prediction.candidates import unstated

        if top < 1:
            raise UsageError(f"top = {top}: at least one pair must be asked for.")
        found = predictor(self, until)
        return Rows(unstated(found, top) if pairs is None else found.scores(list(pairs)))

    def backtest(self, until: int, horizon: int = 3, top: int = 30) -> Backtest:
        """What predictions of the year `until` would have been worth in the `horizon` years after it: see
        `kg.prediction.backtest.backtest`."""
        from kg.prediction.backtest import backtest

        return backtest(self, until, horizon, top)

    def graph(self) -> networkx.MultiDiGraph[str]:
        """All concepts (nodes, by label, with type, papers, mentions) and relations (edges, with the predicate as
        their key, and their counts)."""
        import networkx

        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        with self.store.reading():
            for concept in self.store.concepts():
                graph.add_node(concept.label, type=concept.type, papers=concept.papers, mentions=concept.mentions)
            for one in self.store.relations():
                graph.add_edge(
                    one.subject,
                    one.object,
                    key=one.predicate,
                    predicate=one.predicate,
                    papers=one.papers,
                    supports=one.supports,
                    denies=one.denies,
                    hedges=one.hedges,
                )
        return graph

    def search(
        self,
        query: str,
        k: int = 10,
        mode: Mode = "hybrid",
        *,
        until: int | None = None,
        since: int | None = None,
        within: str | Sequence[str] = (),
        sections: str | Sequence[str] = (),
        venues: str | Sequence[str] = (),
    ) -> Rows[Hit]:
        """The `k` passages in a `scope` of the library that answer best, best first: see `kg.search.Search.hits`."""
        scope = self.scope(until=until, since=since, within=within, sections=sections, venues=venues)
        return Rows(self._searcher().hits(query, k, mode, scope))

    def _searcher(self) -> Search:
        with self._guard:
            if self._search is None:
                from kg.search import Search

                place = self.address.local_folder
                folder = None if place is None else place / "index"
                self._search = Search(self.store, lambda: self.index, lambda: self.embedder, folder)
            return self._search

    def show(self, name: str, candidates: bool = False) -> dict[str, Any]:
        """A passage, paper, concept, relation or run whole, by id; papers by key and concepts by name too.

        The form is that of `hypograph show --json`; with `candidates`, what is too doubtful to count stands in a list
        of its own. NotFound when nothing is called so.
        """
        if name.startswith("run-"):
            from kg import notebook

            if (run := notebook.shown_run(self, name)) is not None:
                return run
        if name.startswith("note-"):
            return self._shown_note(name)
        if name.startswith("h-"):
            return {"kind": "hypothesis", **self.hypotheses.whole(name)}
        with self.store.reading():
            for find in (self._shown_passage, self._shown_paper, self._shown_relation, self._shown_concept):
                if (shown := find(name, candidates)) is not None:
                    return shown
            names = [*self.store.concept_labels(), *(paper.key for paper in self.store.papers())]
        raise not_found(
            "paper, concept, passage, relation or run",
            name,
            names,
            "Look names up with `hypograph papers` and `hypograph concepts TEXT`.",
        )

    def _shown_note(self, name: str) -> dict[str, Any]:
        from kg.notes import history_json

        history = self.notes.history(name)
        (told,) = self.notes.told(history[-1:])
        return {"kind": "note", **told, "versions": history_json(history)}

    def _shown_passage(self, name: str, candidates: bool) -> dict[str, Any] | None:
        found = next(self.store.passages(ids=[name]), None) if name.startswith("p-") else None
        if found is None:
            return None
        mentions = [
            {"start": one.start, "end": one.end, "text": one.text, "label": one.label, "concept": concept}
            for one, concept in self.store.mentions(passages=[name])
        ]
        return export.passage_json(
            found,
            kind="passage",
            title=found.paper.title,
            year=found.paper.year,
            mentions=mentions,
            **_quarantine_json(found),
            **self._evidence_json(candidates, passages=[name]),
        )

    def _shown_paper(self, name: str, candidates: bool) -> dict[str, Any] | None:
        found = self.store.papers_called(name)
        if not found:
            return None
        paper = _the_one(name, found)
        passages = list(self.store.passages(paper=paper.id))
        ids = [one.passage.id for one in passages]
        return export.paper_json(paper, kind="paper") | {
            "passages": [export.passage_json(one) | _quarantine_json(one) for one in passages],
            **self._evidence_json(candidates, passages=ids),
        }

    def _shown_relation(self, name: str, candidates: bool) -> dict[str, Any] | None:
        if not name.startswith("l-"):
            return None
        one = next((one for one in self.store.relations() if one.id == name), None)
        if one is None and candidates:
            doubtful = next((one for one in relations_of(self.store.candidates()) if one.id == name), None)
            one = None if doubtful is None else Relation(doubtful.subject, doubtful.predicate, doubtful.object)
        if one is None:
            return None
        return export.relation_json(one, kind="relation", id=one.id) | self._evidence_json(
            candidates, relations=_ends(one)
        )

    def _shown_concept(self, name: str, candidates: bool) -> dict[str, Any] | None:
        found = self.store.concepts_called(name) if name.strip() else []
        if not found:
            return None
        one = LibraryConcept(found[0], self)
        shown = export.concept_json(one.concept, kind="concept") | {
            "relations": [export.relation_json(relation, id=relation.id) for relation in one.relations()],
            "in_papers": [
                {"id": paper.id, "key": paper.key, "title": paper.title, "year": paper.year} for paper in one.papers()
            ],
        }
        if candidates:
            shown["candidates"] = [export.evidence_json(piece) for piece in one.candidates()]
        return shown

    def _evidence_json(self, candidates: bool, **chosen: Any) -> dict[str, Any]:
        told = {"evidence": [export.evidence_json(one) for one in self.store.evidence(**chosen)]}
        if candidates:
            told["candidates"] = [export.evidence_json(one) for one in self.store.candidates(**chosen)]
        return told

    def cypher(self, query: str, /, **values: Any) -> DataFrame:
        """What a query of your own finds in a library on a server, as a pandas table: a column for each thing returned.

        `values` are its parameters: `library.cypher("MATCH (c:Concept) WHERE c.papers > $least RETURN c.label",
        least=3)`. It may read alone. UsageError when the server does not take it, or the library is in a folder.
        """
        return self._queried("cypher", "sql", "a library on a server", query, values)

    def sql(self, query: str, /, **values: Any) -> DataFrame:
        """What a query of your own finds in a library in a folder, as a pandas table: `library.sql("SELECT key, year
        FROM papers WHERE year > :since", since=2000)`. It may read alone. UsageError when SQLite does not take it, or
        the library is on a server."""
        return self._queried("sql", "cypher", "a library in a folder", query, values)

    def _queried(self, language: str, other: str, where: str, query: str, values: dict[str, Any]) -> DataFrame:
        ask = getattr(self.store, language, None)
        if ask is None:
            raise UsageError(f"library.{language} is for {where}, and this one is {self.address}: use library.{other}.")
        import pandas

        columns, rows = ask(query, values)
        return pandas.DataFrame.from_records(rows, columns=columns)

    # Changing

    def add(self, *paths: str | os.PathLike[str], **options: Any) -> Any:
        """Reads papers into the library and gives an `ingest.report.Report`: see `kg.notebook.add`."""
        from kg import notebook

        return notebook.add(self, paths, **options)

    def ask(
        self,
        question: str,
        k: int | None = None,
        *,
        until: int | None = None,
        since: int | None = None,
        within: str | Sequence[str] = (),
        sections: str | Sequence[str] = (),
        venues: str | Sequence[str] = (),
        seed: int = 0,
        **options: Any,
    ) -> Any:
        """An `agents.answer.Answer` made of quotes from the `k` best passages in a `scope`: see `kg.notebook.ask`."""
        from kg import notebook

        scope = self.scope(until=until, since=since, within=within, sections=sections, venues=venues)
        return notebook.ask(self, question, k, scope, seed, **options)

    def criticize(
        self,
        claim: Any,
        *,
        since: int | None = None,
        until: int | None = None,
        within: str | Sequence[str] = (),
        sections: str | Sequence[str] = (),
        venues: str | Sequence[str] = (),
        **options: Any,
    ) -> Any:
        """What the papers have for and against a statement in words, or a hypothesis (itself, or the id of a kept one):
        an `agents.critique.Criticised`. See `kg.notebook.criticize`."""
        from kg import notebook

        scope = self.scope(until=until, since=since, within=within, sections=sections, venues=venues)
        return notebook.criticize(self, claim, scope, **options)

    def hypothesize(
        self,
        start: str | None = None,
        goal: str | None = None,
        *,
        question: str | None = None,
        statement: str | None = None,
        n: int | None = None,
        seed: int = 0,
        until: int | None = None,
        since: int | None = None,
        within: str | Sequence[str] = (),
        sections: str | Sequence[str] = (),
        venues: str | Sequence[str] = (),
        **options: Any,
    ) -> Any:
        """Hypotheses, an `agents.hypothesis.Hypotheses`: between two concepts, from one, from a question, from the
        whole library, or your own statement, each with its path, facets, what would refute it and its critique. See
        `kg.notebook.hypothesize`."""
        from kg import notebook

        scope = self.scope(until=until, since=since, within=within, sections=sections, venues=venues)
        return notebook.hypothesize(self, start, goal, question, statement, n, scope, seed, **options)

    def table(
        self,
        questions: str | Sequence[str],
        *,
        until: int | None = None,
        since: int | None = None,
        within: str | Sequence[str] = (),
        sections: str | Sequence[str] = (),
        venues: str | Sequence[str] = (),
        **options: Any,
    ) -> Any:
        """A literature table, an `agents.table.Table`: papers by questions, each cell a quote or empty. It has
        `to_frame()`, `to_csv()`, `to_markdown()` and `sorted(…)`: see `kg.notebook.table`."""
        from kg import notebook

        scope = self.scope(until=until, since=since, within=within, sections=sections, venues=venues)
        return notebook.table(self, questions, scope, **options)

    def runs(self) -> list[dict[str, Any]]:
        """What was asked before, the latest first: see `kg.notebook.runs`."""
        from kg import notebook

        _ = self.store  # where there is no library, that is said
        return notebook.runs(self)

    def run(self, name: str) -> dict[str, Any]:
        """A kept run whole, as `hypograph show RUN --json` tells it. NotFound when none is called so."""
        from kg import notebook

        return notebook.run(self, name)

    def answer(self, run: str, text: str, **options: Any) -> Any:
        """Says something to the question that a run stopped with, and goes on with it: see `kg.notebook.answer`."""
        from kg import notebook

        return notebook.answer(self, run, text, **options)

    def resume(self, run: str, **options: Any) -> Any:
        """Goes on with a run that was cut off or cancelled, from where it stopped: see `kg.notebook.resume`."""
        from kg import notebook

        return notebook.resume(self, run, **options)

    def replay(self, run: str, **options: Any) -> Any:
        """Makes a run that is done again from its record: the same values, and nobody is asked. See
        `kg.notebook.replay`."""
        from kg import notebook

        return notebook.replay(self, run, **options)

    def cancel(self, run: str) -> None:
        """Wishes that a run, which another thread or process is making, stops at its next step."""
        from kg import notebook

        notebook.cancel(self, run)

    def follow(self) -> None:
        """Brings the vector index, the snapshot of names and the graph of relations up to date; what needs one does so
        too."""
        import numpy

        self.index.similarities(numpy.zeros(self.embedder.dimensions, numpy.float32), [])
        self._searcher().snapshots.current()
        self.relation_graphs.current()

    def remove(self, *papers: str, on_wait: OnWait | None = None) -> Removed:
        """Takes papers (ids or keys) out, the exact inverse of adding them. Those that are not there are told, and the
        others go; a key that two papers share is refused before anything is changed."""
        with self.store.writing(on_wait):
            ids: dict[str, str] = {}
            for name in dict.fromkeys(papers):
                if found := self.store.papers_called(name):
                    ids[name] = _the_one(name, found).id
            self.store.remove(set(ids.values()))
            self.store.optimize()
        return Removed(tuple(ids), tuple(name for name in dict.fromkeys(papers) if name not in ids))

    def tag(
        self,
        *papers: str,
        add: str | Sequence[str] = (),
        remove: str | Sequence[str] = (),
        on_wait: OnWait | None = None,
    ) -> Rows[Paper]:
        """Gives papers (ids or keys) tags in your own words, takes tags from them, and gives the papers as they are
        then. Tags are the same in any case of letters, and written as at their first use; one that a paper has, or has
        not, stays so.

        NotFound for a paper that is not there and UsageError for what is no tag, before anything is changed.
        """
        from kg.scope import as_names

        with self.store.writing(on_wait):
            named = list(dict.fromkeys(self._paper(name) for name in papers))
            made = [one for one in self.store.decisions() if one.kind == "tag"]
            known = {one.b.casefold(): one.b for one in reversed(made)}
            new = [known.setdefault(tag.casefold(), tag) for tag in map(self._a_tag, as_names(add))]
            gone = {_squeezed(tag).casefold() for tag in as_names(remove)}
            for paper in named:
                for one in made:
                    if one.a in paper.ids and one.b.casefold() in gone:
                        self.store.withdraw(one)
                for tag in new:
                    if tag not in paper.tags:
                        self.store.decide(Decision("tag", paper.id, tag))
            return Rows(self._paper(paper.id) for paper in named)

    def _a_tag(self, text: str) -> str:
        """A tag as it is kept; UsageError for what is none."""
        tag = _squeezed(text)
        if not tag or len(tag) > MOST_OF_TAG or not tag.isprintable():
            raise UsageError(f"{text[:60]!r} is no tag: a tag is 1 to {MOST_OF_TAG} letters, digits or signs.")
        if self.store.papers_called(tag):
            raise UsageError(f"{tag!r} is what a paper is called here, and no tag: choose another word.")
        return tag

    def tags(self) -> dict[str, int]:
        """The tags that papers have, and how many have each: the most frequent first, ties by name."""
        counts = Counter(tag for paper in self.store.papers() for tag in paper.tags)
        return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))

    # Care

    def verify(self, repair: bool = False, on_wait: OnWait | None = None) -> Verified:
        """Every quote, count and index against the facts; with `repair`, what is wrong and follows from the facts is
        made anew."""
        from kg.verify import verify

        with self.store.writing(on_wait) if repair else nullcontext():
            if repair and self._index_problems():
                self.index.rebuild()
                self._searcher().snapshots.rebuild()
                self.relation_graphs.forget()
            return verify(self.store, repair, self._index_problems)

    def _index_problems(self) -> list[str]:
        named = self._searcher().snapshots.check()
        try:
            return named + (self.index.check() if self.store.embedders() else [])
        except LibraryError as error:  # vectors by another embedder: all else can be looked at all the same
            return [*named, str(error)]

    def rebuild(self, on_wait: OnWait | None = None, on_progress: Callable[[int, int], None] | None = None) -> None:
        """Makes all views and the index anew from the facts, and vectors that are not by the embedder that is set.

        `on_progress` is told how many passages have such vectors, and how many there are.
        """
        from kg.vectors.embedding import reembed

        with self.store.writing(on_wait):
            reembed(self.store, self.embedder, on_progress)
            self.store.rebuild()
            self.index.rebuild()
            self._searcher().snapshots.rebuild()
            self.relation_graphs.forget()
            self.store.optimize()

    def copy_to(self, other: Library, on_wait: OnWait | None = None) -> Info:
        """Copies all facts into another library, which is made if need be, and all notes; the views follow from the
        facts. What is there already is left as it is, so an interrupted copy goes on.

        UsageError when both are one place, when the other holds papers that are not in this one, or when a note was
        changed in both.
        """
        if self.address == other.address:
            raise UsageError(f"{self.address} cannot be copied onto itself. Name another place.")
        source = self.store
        origins: dict[str, list[str]] = defaultdict(list)
        for met in source.sources():
            origins[met.record].append(met.origin)
        target = other.made()
        with target.writing(on_wait), source.reading():
            if strangers := {met.record for met in target.sources()} - origins.keys():
                raise UsageError(
                    f"{other.address} holds {len(strangers)} source records that are not in "
                    f"{self.address}, and a copy would mix them. Name a folder that holds no library."
                )
            shelves = [(source.shelf(kind), target.shelf(kind)) for kind in shelf.KINDS]
            shelved = [(there, shelf.new_to(here, there)) for here, there in shelves]
            for record in source.records():
                for origin in origins[record.id]:
                    if target.has(record.id, origin) is None:
                        target.add(record, origin)
            for decision in source.decisions():
                target.decide(decision)
            for place, versions in shelved:
                for version in versions:
                    place.append(version)
            target.optimize()
        return other.info()


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _quarantine_json(one: PaperPassage) -> dict[str, str]:
    """Why a passage is quarantined; nothing where it is not."""
    from kg.injections import quarantined

    reasons = [found.reason for found in quarantined([one])]
    return {"quarantined": reasons[0]} if reasons else {}


def _ends(relation: Relation | None) -> list[tuple[str, str, str]] | None:
    return None if relation is None else [(relation.subject, relation.predicate, relation.object)]


def _the_one(name: str, found: Sequence[Paper]) -> Paper:
    """The paper that is meant: an id counts more than a key."""
    exact = [paper for paper in found if paper.id == name]
    if len(exact or found) > 1:
        raise UsageError(
            f"{len(found)} papers have the key {name!r}. Name the one that is meant by its id: "
            f"{', '.join(sorted(paper.id for paper in found))}."
        )
    return (exact or found)[0]


@dataclass(frozen=True)
class LibraryConcept:
    """A concept, and what its library says of it."""

    concept: Concept
    library: Library

    def __repr__(self) -> str:
        return repr(self.concept)

    @property
    def id(self) -> str:
        return self.concept.id

    @property
    def label(self) -> str:
        return self.concept.label

    @property
    def type(self) -> str:
        return self.concept.type

    @property
    def aliases(self) -> tuple[str, ...]:
        return self.concept.aliases

    def relations(self) -> Rows[Relation]:
        """Its relations to other concepts, in either direction."""
        return Rows(self.library.store.relations(concept=self.label))

    def evidence(self) -> Rows[Evidence]:
        """The sentences behind its relations."""
        ends = [(one.subject, one.predicate, one.object) for one in self.relations()]
        return Rows(self.library.store.evidence(relations=ends)) if ends else Rows()

    def candidates(self) -> Rows[Evidence]:
        """The sentences that may relate it to another concept and are too doubtful to count."""
        return Rows(self.library.store.candidates(concepts=[self.label]))

    def papers(self) -> Rows[Paper]:
        """The papers that speak of it, by key."""
        return Rows(sorted(self.library.store.papers(concept=self.id), key=lambda paper: (paper.key, paper.id)))


@dataclass(frozen=True)
class LibraryPaper:
    """A paper, and what stands in it."""

    paper: Paper
    library: Library

    def __repr__(self) -> str:
        return repr(self.paper)

    @property
    def id(self) -> str:
        return self.paper.id

    @property
    def key(self) -> str:
        return self.paper.key

    @property
    def title(self) -> str:
        return self.paper.title

    @property
    def tags(self) -> tuple[str, ...]:
        return self.paper.tags

    def passages(self) -> Rows[PaperPassage]:
        """Its passages in the order of its text."""
        return Rows(self.library.store.passages(paper=self.id))

    def evidence(self) -> Rows[Evidence]:
        """What its sentences state or deny."""
        return Rows(self.library.store.evidence(passages=[one.passage.id for one in self.passages()]))

    def candidates(self) -> Rows[Evidence]:
        """What its sentences may state or deny, too doubtful to count."""
        return Rows(self.library.store.candidates(passages=[one.passage.id for one in self.passages()]))
