CREATE TABLE object (
    environment TEXT NOT NULL,
    address TEXT NOT NULL,
    kind TEXT NOT NULL,
    identity TEXT NOT NULL,
    document TEXT NOT NULL,
    dependencies TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    PRIMARY KEY (environment, address)
) WITHOUT ROWID;

CREATE TABLE drift (
    environment TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (environment, address)
) WITHOUT ROWID;

CREATE TABLE apply (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    environment TEXT NOT NULL,
    is_ended INTEGER NOT NULL
);
CREATE INDEX apply_by_environment ON apply (environment, is_ended, number);

CREATE TABLE journal (
    apply INTEGER NOT NULL REFERENCES apply (number) ON DELETE CASCADE,
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    records TEXT NOT NULL
);
CREATE INDEX journal_by_apply ON journal (apply, sequence);

CREATE TABLE lease (
    environment TEXT PRIMARY KEY NOT NULL,
    holder TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    expires INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE revision (
    environment TEXT NOT NULL,
    number INTEGER NOT NULL,
    commit_id TEXT NOT NULL,
    author TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT,
    outcome TEXT NOT NULL,
    started INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    problem_code TEXT,
    problem_message TEXT,
    PRIMARY KEY (environment, number)
) WITHOUT ROWID;
CREATE INDEX revision_by_outcome ON revision (environment, outcome, number);

CREATE TABLE event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    environment TEXT NOT NULL,
    kind TEXT NOT NULL,
    time INTEGER NOT NULL,
    commit_id TEXT,
    message TEXT NOT NULL,
    problem_code TEXT,
    problem_message TEXT
);
CREATE INDEX event_by_environment ON event (environment, number);

CREATE TABLE hold (
    environment TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    commit_id TEXT,
    head TEXT,
    since INTEGER NOT NULL,
    reason TEXT NOT NULL
) WITHOUT ROWID;
ALTER TABLE apply ADD COLUMN target TEXT;

INSERT INTO object VALUES ('dev', 'RestApi/petstore', 'RestApi', '{"id":"a1b2c3","attributes":{"rootResourceId":"r00t"}}', '{"name":"petstore"}', '[]', 3);
INSERT INTO drift VALUES ('dev', 'Stage/petstore test', 'it was changed on the target');
INSERT INTO apply VALUES (1, '0000000000000000000000000000aaaa', 'dev', 1, '{"engine":{}}');
INSERT INTO lease VALUES ('dev', 'process 1 on build-7', 3, 0);
INSERT INTO revision VALUES ('dev', 1, 'cccccccccccccccccccccccccccccccccccccccc', 'Ann <ann@example.com>', 'Begin', 'sha256:x', 'applied', 1234, 56789, 7, NULL, NULL);
INSERT INTO revision VALUES ('dev', 2, 'dddddddddddddddddddddddddddddddddddddddd', 'Ann <ann@example.com>', 'More', 'sha256:y', 'refused', 2234, 56789, 7, 'provider.refused', 'no');
INSERT INTO event VALUES (1, 'dev', 'applied', 1234, 'cccccccccccccccccccccccccccccccccccccccc', 'revision 1 is applied', NULL, NULL);
INSERT INTO hold VALUES ('dev', 'rollback', 'cccccccccccccccccccccccccccccccccccccccc', 'dddddddddddddddddddddddddddddddddddddddd', 5, 'why');
PRAGMA user_version = 2;
