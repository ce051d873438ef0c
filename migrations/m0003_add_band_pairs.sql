-- Densities of a region by band pair, where the method of a run tells them apart.

CREATE TABLE run_band_pair (       -- in the order of the bands of a, then of b
  run       INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  position  INTEGER NOT NULL,      -- of the region in run_region
  pair      INTEGER NOT NULL,      -- from 0
  band_a    TEXT NOT NULL,
  band_b    TEXT NOT NULL,
  n_c       REAL NOT NULL,         -- counterparts per deg2
  n_c_error REAL,                  -- 1 sigma; NULL: the fit failed, densities are those of the main bands
  n_a       REAL NOT NULL,         -- sources of a without counterpart
  n_b       REAL NOT NULL,
  PRIMARY KEY (run, position, pair)
) WITHOUT ROWID;
