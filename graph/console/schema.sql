-- The workbench: accounts, sessions, and what people keep beside what is known. Times are microseconds.

CREATE TABLE account (
    user TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('investigator', 'lead', 'inspector', 'administrator')),
    hash TEXT NOT NULL,                -- argon2id, with its parameters and salt
    disabled INTEGER NOT NULL DEFAULT 0,
    must_change INTEGER NOT NULL,      -- the password was given by somebody else
    made INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE granted_region (
    user TEXT NOT NULL REFERENCES account,
    region TEXT NOT NULL,              -- prefix of GB/T 2260 codes; '' is everywhere
    PRIMARY KEY (user, region)
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
    case_no TEXT NOT NULL,
    user TEXT NOT NULL REFERENCES account,
    PRIMARY KEY (case_no, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_user ON member (user);

-- By name and not by account: a name that nobody has is locked like any other.
CREATE TABLE attempt (
    user TEXT PRIMARY KEY,
    recent TEXT NOT NULL,              -- JSON: times of the failures that still count
    locks INTEGER NOT NULL,            -- how often in a row it was locked
    locked_until INTEGER NOT NULL,
    last INTEGER NOT NULL              -- the last failure
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_last ON attempt (last);

CREATE TABLE session (
    digest BLOB PRIMARY KEY,           -- sha256 of the token, which is kept nowhere
    user TEXT NOT NULL REFERENCES account,
    csrf TEXT NOT NULL,
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('password', 'oidc'))  -- how it began
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user);

CREATE TABLE purpose (
    digest BLOB NOT NULL REFERENCES session ON DELETE CASCADE,
    case_no TEXT NOT NULL,             -- '' is work outside a case
    purpose TEXT NOT NULL,
    PRIMARY KEY (digest, case_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE view (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    case_no TEXT,
    shared INTEGER NOT NULL,
    by TEXT NOT NULL REFERENCES account,
    at INTEGER NOT NULL,
    body BLOB NOT NULL                 -- JSON
) STRICT;
CREATE INDEX view_by ON view (by);
CREATE INDEX view_case ON view (case_no) WHERE shared;

CREATE TABLE answer (
    alert TEXT NOT NULL,
    version INTEGER NOT NULL,          -- counts from 1 for each alert
    state TEXT NOT NULL CHECK (state IN ('acknowledged', 'in_work', 'escalated', 'confirmed', 'rejected')),
    by TEXT NOT NULL REFERENCES account,
    because TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (alert, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER answer_stands BEFORE UPDATE ON answer
BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END;
CREATE TRIGGER answer_stays BEFORE DELETE ON answer
BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END;

CREATE TABLE visit (
    user TEXT PRIMARY KEY REFERENCES account,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where the audit ends: one row.
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    n INTEGER NOT NULL,
    hash TEXT NOT NULL,
    size INTEGER NOT NULL              -- bytes of the file up to that line's end
) STRICT;
