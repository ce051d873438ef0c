-- Digests of what the registry itself says, and of the files that it did not name so far.

ALTER TABLE generation ADD COLUMN problems_bytes INTEGER;      -- of problems.sqlite; NULL: no row was kept aside
ALTER TABLE generation ADD COLUMN problems_fingerprint TEXT;

CREATE TABLE seal (                -- one table's rows of one generation or run; see docs/format.md
  owner   TEXT NOT NULL,           -- generation, run
  id      INTEGER NOT NULL,        -- of the generation or run
  "table" TEXT NOT NULL,
  rows    INTEGER NOT NULL,
  digest  TEXT NOT NULL,           -- sum of the XXH3 (128 bits) of all rows, as 32 hexadecimal digits
  PRIMARY KEY (owner, id, "table")
) WITHOUT ROWID;
