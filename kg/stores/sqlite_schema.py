"""The tables of the embedded store, as numbered migrations: number n brings a library from version n - 1 to n.

Facts: records, record_keys, sources, decisions, passages, vectors, mentions, statements. Views: papers, forms,
key_records, concepts, concept_keys, concept_names, relations and the full text. A migration that stands in a release
is never edited; a change is a new one.
"""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE revision (sum TEXT NOT NULL);
    INSERT INTO revision VALUES ('00000000000000000000000000000000');

    CREATE TABLE records (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        digest TEXT NOT NULL,
        versions TEXT NOT NULL,
        corpus INTEGER NOT NULL,
        facts TEXT NOT NULL,
        fullness INTEGER NOT NULL,
        paper TEXT,
        leading INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX records_of_paper ON records (paper);
    CREATE TABLE record_keys (key TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (key, record)) WITHOUT ROWID;
    CREATE TABLE sources (origin TEXT PRIMARY KEY, record INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX sources_of_record ON sources (record);
    CREATE TABLE decisions (
        kind TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, PRIMARY KEY (kind, a, b)
    ) WITHOUT ROWID;

    CREATE TABLE passages (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        record INTEGER NOT NULL,
        place INTEGER NOT NULL,
        text TEXT NOT NULL,
        start INTEGER NOT NULL,
        section TEXT,
        kind TEXT,
        page INTEGER,
        boxes TEXT NOT NULL
    );
    CREATE INDEX passages_of_record ON passages (record, place);
    CREATE TABLE vectors (passage INTEGER PRIMARY KEY, embedder TEXT NOT NULL, vector BLOB NOT NULL);
    CREATE TABLE mentions (
        passage INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        key TEXT NOT NULL,
        label TEXT NOT NULL,
        name TEXT NOT NULL,
        confidence REAL NOT NULL,
        PRIMARY KEY (passage, start, "end", key)
    ) WITHOUT ROWID;
    CREATE TABLE statements (
        passage INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        subject TEXT NOT NULL,
        predicate TEXT NOT NULL,
        object TEXT NOT NULL,
        words TEXT NOT NULL,
        polarity TEXT NOT NULL,
        certainty TEXT NOT NULL,
        confidence REAL NOT NULL,
        extractors TEXT NOT NULL,
        PRIMARY KEY (passage, start, "end", subject, predicate, object)
    ) WITHOUT ROWID;
    CREATE INDEX statements_by_subject ON statements (subject, object, predicate);
    CREATE INDEX statements_by_object ON statements (object);

    CREATE TABLE papers (
        id TEXT PRIMARY KEY,
        key TEXT NOT NULL,
        title TEXT NOT NULL,
        year INTEGER,
        doi TEXT,
        authors TEXT NOT NULL,
        venue TEXT,
        status TEXT,
        records TEXT NOT NULL,
        leader INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX papers_by_key ON papers (key);
    CREATE INDEX papers_by_leader ON papers (leader);
    CREATE TABLE forms (
        key TEXT NOT NULL,
        name TEXT NOT NULL,
        text TEXT NOT NULL,
        label TEXT NOT NULL,
        mentions INTEGER NOT NULL,
        PRIMARY KEY (key, name, text, label)
    ) WITHOUT ROWID;
    CREATE TABLE key_records (key TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (key, record)) WITHOUT ROWID;
    CREATE TABLE concepts (
        id TEXT PRIMARY KEY,
        label TEXT NOT NULL,
        type TEXT NOT NULL,
        aliases TEXT NOT NULL,
        papers INTEGER NOT NULL,
        mentions INTEGER NOT NULL,
        keys TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX concepts_by_label ON concepts (label);
    CREATE TABLE concept_keys (key TEXT PRIMARY KEY, concept TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE concept_names (
        folded TEXT NOT NULL, concept TEXT NOT NULL, PRIMARY KEY (folded, concept)
    ) WITHOUT ROWID;
    CREATE INDEX names_of_concept ON concept_names (concept);
    CREATE TABLE relations (
        subject TEXT NOT NULL,
        predicate TEXT NOT NULL,
        object TEXT NOT NULL,
        papers INTEGER NOT NULL,
        supports INTEGER NOT NULL,
        denies INTEGER NOT NULL,
        hedges INTEGER NOT NULL,
        PRIMARY KEY (subject, predicate, object)
    ) WITHOUT ROWID;
    CREATE INDEX relations_by_object ON relations (object);
    CREATE VIRTUAL TABLE fulltext USING fts5 (
        title, text, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
    );
    """,
    """
    ALTER TABLE statements ADD COLUMN candidate INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE statements ADD COLUMN quantities TEXT NOT NULL DEFAULT '[]';
    """,
    """
    ALTER TABLE records ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
    UPDATE records SET counted = (
        SELECT count(*) FROM passages JOIN statements ON passage = passages.number
        WHERE record = records.number AND NOT candidate
    );
    """,
    """
    ALTER TABLE papers ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE papers ADD COLUMN ids TEXT NOT NULL DEFAULT '[]';
    UPDATE papers SET ids = (SELECT json_group_array(id) FROM (
        SELECT DISTINCT work_id(key) AS id FROM records JOIN record_keys ON record = number
        WHERE records.paper = papers.id ORDER BY id
    ));
    """,
)
