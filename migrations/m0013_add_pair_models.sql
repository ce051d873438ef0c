-- What the pairs of a part of the sky are judged by: how counterparts are spread, how many there are, what magnitudes and errors say.
CREATE TABLE run_pair_model (
  run     INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  "order" INTEGER NOT NULL,        -- of the pixel whose pairs were counted; -1: the whole sky
  pixel   INTEGER NOT NULL,
  model   BLOB NOT NULL,           -- in the form of the program that wrote it; read by `xm_auf` and by the match
  PRIMARY KEY (run, "order", pixel)
) WITHOUT ROWID;
