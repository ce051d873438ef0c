-- How runs are carried out: the units they were cut into, what each took, what could not be done, and what they may take
-- over from a run before a catalogue was replaced.

ALTER TABLE generation ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;  -- 1: replaced; only runs to take over from need it

CREATE TABLE run_plan_unit (       -- all units of a run along the curve, fixed when it begins
  run      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  "order"  INTEGER NOT NULL,
  pixel    INTEGER NOT NULL,       -- HEALPix, NESTED
  PRIMARY KEY (run, position)
) WITHOUT ROWID;

CREATE TABLE run_problem (         -- pieces of work that failed for good in the last attempt
  run      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  stage    TEXT NOT NULL,          -- counting, estimating, matching
  position INTEGER NOT NULL,       -- of the unit or, when estimating, of the region
  "order"  INTEGER NOT NULL,
  pixel    INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  code     TEXT NOT NULL,          -- damaged, system, …
  reason   TEXT NOT NULL,
  PRIMARY KEY (run, stage, position)
) WITHOUT ROWID;

ALTER TABLE run_unit ADD COLUMN cpu_seconds REAL;              -- processor time; NULL in runs of older programs
ALTER TABLE run_unit ADD COLUMN peak_bytes INTEGER;            -- most memory of the process meanwhile
ALTER TABLE run_unit ADD COLUMN host TEXT;                     -- where it was done
ALTER TABLE run_unit ADD COLUMN reused INTEGER NOT NULL DEFAULT 0;  -- 1: taken over from the run before
ALTER TABLE run_unit ADD COLUMN inputs BLOB;                   -- what it was computed from; see docs/format.md
