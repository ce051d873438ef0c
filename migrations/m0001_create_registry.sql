-- The registry of a database: what is stored where. Shards and results are believed only when they are named here.

CREATE TABLE generation (          -- one version of one catalogue
  id                 INTEGER PRIMARY KEY,
  catalogue          TEXT NOT NULL,
  number             INTEGER NOT NULL,         -- 1, 2, … within the catalogue
  created            TEXT NOT NULL,            -- UTC
  program            TEXT NOT NULL,            -- xmdb version
  inputs_fingerprint TEXT NOT NULL,            -- of the input files and of every option that shapes the result
  options            TEXT NOT NULL,            -- those options, for people
  input_rows         INTEGER NOT NULL,
  rows               INTEGER NOT NULL,         -- sources
  problem_rows       INTEGER NOT NULL,         -- rows kept aside; input_rows = rows + problem_rows
  duplicate_ids      INTEGER NOT NULL,         -- rows whose id another row has too
  null_ids           INTEGER NOT NULL,
  frame              TEXT NOT NULL,
  epoch_yr           REAL,                     -- NULL: unknown, or per row (a column has the role epoch)
  earliest_epoch_yr  REAL,
  latest_epoch_yr    REAL,
  largest_sigma_arcsec    REAL NOT NULL,
  largest_pm_mas_yr       REAL NOT NULL,
  largest_sigma_pm_mas_yr REAL NOT NULL,
  known_motions      INTEGER NOT NULL,         -- sources with a proper motion
  layout             TEXT NOT NULL,            -- columns of the narrow form, in order
  UNIQUE (catalogue, number)
);

CREATE TABLE catalogue (           -- the current generation of each catalogue
  name       TEXT PRIMARY KEY,
  generation INTEGER NOT NULL REFERENCES generation (id)
) WITHOUT ROWID;

CREATE TABLE input_file (
  generation  INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  path        TEXT NOT NULL,
  bytes       INTEGER NOT NULL,
  rows        INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (generation, position)
) WITHOUT ROWID;

CREATE TABLE "column" (
  generation  INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  name        TEXT NOT NULL,                   -- in the shards
  source_name TEXT NOT NULL,                   -- in the input
  type        TEXT NOT NULL,                   -- of the input
  unit        TEXT,
  ucd         TEXT,
  description TEXT,
  PRIMARY KEY (generation, position)
) WITHOUT ROWID;

CREATE TABLE role (
  generation INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  role       TEXT NOT NULL,                    -- ra, dec, sigma, mag:G, …
  "column"   TEXT,                             -- name in the shards; NULL: a constant
  constant   REAL,
  unit       TEXT,
  reason     TEXT NOT NULL,
  PRIMARY KEY (generation, position)
) WITHOUT ROWID;

CREATE TABLE shard (
  generation  INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE,
  first_rank  INTEGER NOT NULL,
  rows        INTEGER NOT NULL,
  "order"     INTEGER NOT NULL,
  pixel       INTEGER NOT NULL,                -- HEALPix, NESTED
  path        TEXT NOT NULL,                   -- below the database folder
  bytes       INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,                   -- of the file
  smallest_id,                                 -- of the sources in it; NULL without an id column
  largest_id,
  PRIMARY KEY (generation, first_rank)
) WITHOUT ROWID;

CREATE TABLE problem (
  generation INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE,
  reason     TEXT NOT NULL,
  rows       INTEGER NOT NULL,
  PRIMARY KEY (generation, reason)
) WITHOUT ROWID;

CREATE TABLE coverage (            -- where the catalogue has sources, along the curve; see docs/format.md
  generation INTEGER PRIMARY KEY REFERENCES generation (id) ON DELETE CASCADE,
  area_deg2  REAL NOT NULL,
  nodes      BLOB NOT NULL
);

CREATE TABLE run (
  id             INTEGER PRIMARY KEY,
  catalogue_a    TEXT NOT NULL,
  catalogue_b    TEXT NOT NULL,
  generation_a   INTEGER NOT NULL REFERENCES generation (id),
  generation_b   INTEGER NOT NULL REFERENCES generation (id),
  fingerprint    TEXT NOT NULL,                -- of inputs and configuration
  configuration  TEXT NOT NULL,                -- YAML
  program        TEXT NOT NULL,
  started        TEXT NOT NULL,
  finished       TEXT,                         -- NULL: not finished, resumable, not visible
  matches        INTEGER,
  nonmatches_a   INTEGER,
  nonmatches_b   INTEGER,
  pairs          INTEGER,
  islands        INTEGER,
  summary        TEXT
);
CREATE INDEX run_by_pair ON run (catalogue_a, catalogue_b, fingerprint);

CREATE TABLE run_unit (
  run          INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  position     INTEGER NOT NULL,               -- along the curve
  "order"      INTEGER NOT NULL,
  pixel        INTEGER NOT NULL,
  path         TEXT NOT NULL,
  bytes        INTEGER NOT NULL,
  fingerprint  TEXT NOT NULL,
  matches      INTEGER NOT NULL,
  nonmatches_a INTEGER NOT NULL,
  nonmatches_b INTEGER NOT NULL,
  pairs        INTEGER NOT NULL,
  islands      INTEGER NOT NULL,
  seconds      REAL NOT NULL,
  PRIMARY KEY (run, position)
) WITHOUT ROWID;
