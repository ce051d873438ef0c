-- What stages of a run have measured, one row for each piece: a stage that keeps its product here needs no table of its own.

CREATE TABLE run_product (
  run      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  product  TEXT NOT NULL,          -- the name of the stage
  position INTEGER NOT NULL,       -- of the piece among those of the stage
  "order"  INTEGER NOT NULL,
  pixel    INTEGER NOT NULL,
  inputs   TEXT NOT NULL,          -- a digest of all that the payload follows from; '' where there is none
  payload  BLOB NOT NULL,          -- in the stage's own form
  PRIMARY KEY (run, product, position)
) WITHOUT ROWID;
