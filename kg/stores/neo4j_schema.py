"""Constraints and indexes of a library on a Neo4j server, as numbered migrations, and the names in its graph.

Number n brings a library from version n - 1 to n. Each command can be run twice, so that a migration that was cut off
is run again; one that stands in a release is never edited.

Facts: SourceRecord, SourcePassage, Origin, WorkKey, Decision. Views, which people look at: Paper, Passage (the label of
a SourcePassage whose record leads its paper), Concept, Evidence, Candidate, and between concepts one relationship type
a predicate. Library, Gate and Lock say what the database holds, when readers may read, and who writes. Apart from all
of them, what agents did, Run, and what people and agents wrote: Note, Hypothesis.
"""

from __future__ import annotations

import re

from kg.predicates import PREDICATES

OTHER = "OTHER_RELATION"
"""The type of relations whose predicate is not of the vocabulary; their property `predicate` has it."""

TYPES: dict[str, str] = {one.name: re.sub(r"\W+", "_", one.name).upper() for one in PREDICATES}
RELATIONS = "|".join(sorted({*TYPES.values(), OTHER}))
"""All types of relations between concepts, as a pattern takes them."""

PASSAGE_TEXT = "passage_text"
CONCEPT_NAMES = "concept_names"
PASSAGE_VECTORS = "passage_vectors"

_ENGLISH = "OPTIONS {indexConfig: {`fulltext.analyzer`: 'english'}}"
_COSINE = "OPTIONS {indexConfig: {`vector.similarity_function`: 'cosine'}}"

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE CONSTRAINT library_name IF NOT EXISTS FOR (n:Library) REQUIRE n.name IS UNIQUE",
        "CREATE CONSTRAINT gate_name IF NOT EXISTS FOR (n:Gate) REQUIRE n.name IS UNIQUE",
        "CREATE CONSTRAINT lock_name IF NOT EXISTS FOR (n:Lock) REQUIRE n.name IS UNIQUE",
        "CREATE CONSTRAINT source_record_id IF NOT EXISTS FOR (n:SourceRecord) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT source_passage_id IF NOT EXISTS FOR (n:SourcePassage) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT origin_origin IF NOT EXISTS FOR (n:Origin) REQUIRE n.origin IS UNIQUE",
        "CREATE CONSTRAINT work_key_key IF NOT EXISTS FOR (n:WorkKey) REQUIRE n.key IS UNIQUE",
        "CREATE CONSTRAINT decision_id IF NOT EXISTS FOR (n:Decision) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT paper_id IF NOT EXISTS FOR (n:Paper) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT passage_id IF NOT EXISTS FOR (n:Passage) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT concept_id IF NOT EXISTS FOR (n:Concept) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT evidence_id IF NOT EXISTS FOR (n:Evidence) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT candidate_id IF NOT EXISTS FOR (n:Candidate) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT run_id IF NOT EXISTS FOR (n:Run) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX paper_key IF NOT EXISTS FOR (n:Paper) ON (n.key)",
        "CREATE INDEX concept_label IF NOT EXISTS FOR (n:Concept) ON (n.label)",
        "CREATE INDEX evidence_relation IF NOT EXISTS FOR (n:Evidence) ON (n.relation)",
        "CREATE INDEX candidate_relation IF NOT EXISTS FOR (n:Candidate) ON (n.relation)",
        f"CREATE FULLTEXT INDEX {PASSAGE_TEXT} IF NOT EXISTS FOR (n:Passage) ON EACH [n.title, n.text] {_ENGLISH}",
        f"CREATE FULLTEXT INDEX {CONCEPT_NAMES} IF NOT EXISTS FOR (n:Concept) ON EACH [n.label, n.aliases] {_ENGLISH}",
        f"CREATE VECTOR INDEX {PASSAGE_VECTORS} IF NOT EXISTS FOR (n:Passage) ON (n.embedding) {_COSINE}",
    ),
    (
        "CREATE CONSTRAINT note_id IF NOT EXISTS FOR (n:Note) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT hypothesis_id IF NOT EXISTS FOR (n:Hypothesis) REQUIRE n.id IS UNIQUE",
    ),
)


def relation_type(predicate: str) -> str:
    """The relationship type of a predicate, of the controlled vocabulary or OTHER."""
    return TYPES.get(predicate, OTHER)
