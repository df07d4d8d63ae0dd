-- The owner's file. One writer; WAL; synchronous=FULL. Times are microseconds since 1970 UTC,
-- transactions (tx) count up by one a batch. A row lives in [opened, closed) of tx;
-- closed = 4611686018427387904 (2^62) while it is live. Rows of one tx stand together in a table (keys
-- grow with tx), and few are closed, so what a tx changed is found without a table of changes.
--
-- Nodes of the graph: a profile (pid > 0) for resolved types, a value (node = -v) for the types
-- that are named by their value. A record's mentions, edges and lots live exactly while the record's
-- row does, so taking a record back closes one row.
-- Of meta, `store` names the store for good and `epoch` its owners, one after the other (graph.sqlite.feed).
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta VALUES ('store', lower(hex(randomblob(16)))), ('epoch', 1);
CREATE TABLE tx (tx INTEGER PRIMARY KEY, received INTEGER NOT NULL, origin TEXT, position INTEGER);
CREATE TABLE record (
    rec INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,          -- schemas.ids.hash64(name)
    name TEXT NOT NULL,             -- source/source_id
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    reported INTEGER NOT NULL,
    source TEXT NOT NULL,
    region TEXT NOT NULL,
    case_no TEXT,
    operation TEXT,
    line INTEGER,                   -- line of defence of an interception
    checkpoint TEXT,
    outcome TEXT,
    grade TEXT,                     -- Admiralty, like B2; what the text leaves of it
    doubts TEXT,                    -- hearsay, denied: how the text takes back what is told; else NULL
    lead INTEGER NOT NULL,          -- 1 when goods are named with someone who can be followed
    digest BLOB NOT NULL,
    opened INTEGER NOT NULL,        -- opened = closed: received but never live (an older revision)
    closed INTEGER NOT NULL
);
CREATE INDEX record_hash ON record (hash);
CREATE INDEX record_closed ON record (closed) WHERE closed < 4611686018427387904;
CREATE TABLE log (rec INTEGER PRIMARY KEY, received INTEGER NOT NULL, body BLOB NOT NULL,
    read BLOB,                                  -- JSON of schemas.claims.TextMention[], of the body's text
    flags TEXT                                  -- what is odd about it, see schemas.claims.Derived; else NULL
);
CREATE TABLE provenance (                        -- of records that came by a log: who prepared them, and where from
    rec INTEGER PRIMARY KEY, worker TEXT NOT NULL, topic TEXT NOT NULL, part INTEGER NOT NULL,
    position INTEGER NOT NULL                   -- offset in the partition
);
CREATE TABLE input (                             -- how far the log has been read, as of the last transaction
    topic TEXT NOT NULL, part INTEGER NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (topic, part)
) WITHOUT ROWID;
CREATE TABLE sketch (                            -- append-only: what is kept of tips' texts, of those that ever lived
    rec INTEGER PRIMARY KEY, channel TEXT NOT NULL, sketch BLOB NOT NULL   -- msgpack of streams.text.sketch.Sketch
);
CREATE TABLE copy (                              -- of which tips told first another is a copy, in that order
    c INTEGER PRIMARY KEY, rec INTEGER NOT NULL, first INTEGER NOT NULL,
    known_by INTEGER NOT NULL, alike REAL NOT NULL,   -- the tip whose text it was known by, and how alike (0 to 1)
    opened INTEGER NOT NULL, closed INTEGER NOT NULL
);
CREATE INDEX copy_rec ON copy (rec, closed);
CREATE INDEX copy_first ON copy (first, closed);
CREATE INDEX copy_closed ON copy (closed) WHERE closed < 4611686018427387904;
CREATE TABLE waiting_claim (                     -- append-only: what tips' texts tell that is drawn if it is confirmed
    rec INTEGER NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL,   -- schemas.ids.text_digest
    score REAL NOT NULL, claim BLOB NOT NULL,    -- JSON of schemas.claims.WaitingClaim
    PRIMARY KEY (rec, key)
) WITHOUT ROWID;
CREATE TABLE receipt (
    receipt INTEGER PRIMARY KEY, rec INTEGER NOT NULL, received INTEGER NOT NULL, outcome TEXT NOT NULL
);
CREATE TABLE withdrawal (
    n INTEGER PRIMARY KEY, hash INTEGER NOT NULL, name TEXT NOT NULL, reported INTEGER NOT NULL,
    reason TEXT, received INTEGER NOT NULL, digest BLOB NOT NULL, tx INTEGER NOT NULL
);
CREATE INDEX withdrawal_hash ON withdrawal (hash);
CREATE TABLE refusal (
    n INTEGER PRIMARY KEY, received INTEGER NOT NULL, record TEXT, reason TEXT NOT NULL, path TEXT,
    expected TEXT, origin TEXT NOT NULL, sha256 TEXT NOT NULL
);
CREATE INDEX refusal_sha256 ON refusal (sha256);
CREATE TABLE value (v INTEGER PRIMARY KEY, hash INTEGER NOT NULL, type TEXT NOT NULL,
    kind TEXT NOT NULL, value TEXT NOT NULL);   -- hash64(type, kind, value)
CREATE INDEX value_hash ON value (hash);
CREATE TABLE profile (pid INTEGER PRIMARY KEY, type TEXT NOT NULL, hash INTEGER NOT NULL,
    features BLOB NOT NULL);                    -- msgpack of schemas.claims.Features
CREATE TABLE mention (
    m INTEGER PRIMARY KEY, rec INTEGER NOT NULL, node INTEGER NOT NULL,
    ref TEXT, start INTEGER, stop INTEGER, role TEXT NOT NULL, suspect TEXT
);
CREATE INDEX mention_rec ON mention (rec);
CREATE INDEX mention_node ON mention (node);
CREATE TABLE assign (                            -- profile -> entity, where an entity is its earliest mention
    a INTEGER PRIMARY KEY, pid INTEGER NOT NULL, ent INTEGER NOT NULL,   -- ent = mention.m
    opened INTEGER NOT NULL, closed INTEGER NOT NULL
);
CREATE INDEX assign_pid ON assign (pid, closed);
CREATE INDEX assign_ent ON assign (ent, closed);
CREATE INDEX assign_closed ON assign (closed) WHERE closed < 4611686018427387904;
CREATE TABLE edge (
    e INTEGER PRIMARY KEY, rec INTEGER NOT NULL, key TEXT NOT NULL, type TEXT NOT NULL,
    src INTEGER NOT NULL, dst INTEGER NOT NULL,  -- nodes
    src_m INTEGER NOT NULL, dst_m INTEGER NOT NULL,
    earliest INTEGER, latest INTEGER,            -- of a delivery, latest is never NULL
    basis TEXT NOT NULL, substance TEXT, quantity REAL, unit TEXT, amount REAL, confidence REAL NOT NULL
);
CREATE INDEX edge_src ON edge (src, type, dst);  -- with the other end, who is tied to whom is read without edges
CREATE INDEX edge_dst ON edge (dst, type, src);
CREATE INDEX edge_rec ON edge (rec);
CREATE TABLE confirmed (                         -- the word by which an edge is drawn, of those that need one
    e INTEGER PRIMARY KEY, by TEXT NOT NULL, because TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE TABLE lot (
    l INTEGER PRIMARY KEY, rec INTEGER NOT NULL, key TEXT NOT NULL, holder INTEGER, found_in INTEGER,  -- nodes
    substance TEXT, quantity REAL, unit TEXT, grams REAL
);
CREATE INDEX lot_rec ON lot (rec);
CREATE INDEX lot_holder ON lot (holder) WHERE holder IS NOT NULL;
CREATE INDEX lot_found_in ON lot (found_in) WHERE found_in IS NOT NULL;
CREATE TABLE posting (tx INTEGER NOT NULL, hashes BLOB NOT NULL, pids BLOB NOT NULL);
CREATE TABLE pair (a INTEGER NOT NULL, b INTEGER NOT NULL, bits REAL NOT NULL, strong INTEGER NOT NULL,
    PRIMARY KEY (a, b)) WITHOUT ROWID;          -- live pairs above the review threshold, both directions
CREATE TABLE judgement (
    j INTEGER PRIMARY KEY, left TEXT NOT NULL, right TEXT NOT NULL, verdict TEXT NOT NULL,
    by TEXT NOT NULL, because TEXT NOT NULL, at INTEGER NOT NULL, tx INTEGER NOT NULL
);              -- append-only; rows of one tx are one act, and the last act that stands between two counts
CREATE TABLE verification (                      -- append-only: words about such claims; see streams.verified
    n INTEGER PRIMARY KEY, record TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, verdict TEXT NOT NULL,
    by TEXT NOT NULL, because TEXT NOT NULL, at INTEGER NOT NULL, tx INTEGER NOT NULL
);
CREATE TRIGGER verification_stands BEFORE UPDATE ON verification
    BEGIN SELECT RAISE(ABORT, 'verifications are append-only'); END;
CREATE TRIGGER verification_stays BEFORE DELETE ON verification
    BEGIN SELECT RAISE(ABORT, 'verifications are append-only'); END;
CREATE TABLE model (                             -- append-only: what the weights were taken to be; see streams.models
    n INTEGER PRIMARY KEY, bits TEXT,           -- JSON, by level; NULL takes back the last that stands
    by TEXT NOT NULL, because TEXT NOT NULL, at INTEGER NOT NULL, tx INTEGER NOT NULL
);
CREATE TRIGGER model_stands BEFORE UPDATE ON model BEGIN SELECT RAISE(ABORT, 'models are append-only'); END;
CREATE TRIGGER model_stays BEFORE DELETE ON model BEGIN SELECT RAISE(ABORT, 'models are append-only'); END;
CREATE TABLE alert (
    a INTEGER PRIMARY KEY, id TEXT NOT NULL, rule TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL,
    subject INTEGER NOT NULL,                    -- the present key of the entity it is about, while it is live
    opened INTEGER NOT NULL, closed INTEGER NOT NULL   -- body: JSON of schemas.alerts.Finding
);
CREATE INDEX alert_id ON alert (id, closed);
CREATE INDEX alert_closed ON alert (closed) WHERE closed < 4611686018427387904;
CREATE TABLE outbox (                            -- what is to be told and is not confirmed yet; see streams.serving
    seq INTEGER PRIMARY KEY AUTOINCREMENT,      -- never used again: receivers know by it what they had
    topic TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL
);
CREATE TABLE ledger (                            -- what people did by hand; see streams.ledger
    n INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, because TEXT NOT NULL,
    hash BLOB NOT NULL                           -- blake2b(previous hash, n, at, who, what, because)
);
CREATE TRIGGER ledger_stands BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
-- Our own tokens (graph.tokens), space separated; rowid = node (profiles and values).
CREATE VIRTUAL TABLE search USING fts5 (tokens, content='', detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0 tokenchars '#@:-_./*'");
