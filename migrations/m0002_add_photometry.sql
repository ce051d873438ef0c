-- Magnitudes of the catalogues, and what a run measured in every region of the sky.

CREATE TABLE magnitude_count (     -- how many sources of a generation have which magnitude
  generation INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE,
  band       INTEGER NOT NULL,     -- position in the narrow form's list of bands
  bin        INTEGER NOT NULL,     -- magnitudes from bin/10 up to (bin+1)/10
  sources    INTEGER NOT NULL,
  PRIMARY KEY (generation, band, bin)
) WITHOUT ROWID;

CREATE TABLE run_class (           -- the photometric classes of a run: ranges of magnitude in one band
  run       INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  side      TEXT NOT NULL,         -- a or b
  class     INTEGER NOT NULL,
  band      TEXT NOT NULL,
  brightest REAL NOT NULL,         -- mag, inclusive
  faintest  REAL NOT NULL,         -- mag, exclusive
  PRIMARY KEY (run, side, class)
) WITHOUT ROWID;

CREATE TABLE run_region (          -- the regions of a run along the curve, and their densities per deg²
  run            INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  position       INTEGER NOT NULL,
  "order"        INTEGER NOT NULL,
  pixel          INTEGER NOT NULL, -- HEALPix, NESTED
  area_deg2      REAL NOT NULL,    -- covered by both catalogues
  count_a        REAL NOT NULL,    -- sources of a in that area
  count_b        REAL NOT NULL,
  n_c            REAL NOT NULL,    -- counterparts
  n_c_error      REAL,             -- 1 sigma; NULL: not measured, from counts
  n_a            REAL NOT NULL,    -- sources of a without counterpart
  n_b            REAL NOT NULL,
  chance_factor  REAL,             -- chance pairs found over those expected
  measured_order INTEGER,          -- where it was measured; -1: over the whole sky; NULL: nowhere, from counts
  measured_pixel INTEGER,
  flags          INTEGER NOT NULL,
  PRIMARY KEY (run, position)
) WITHOUT ROWID;

CREATE TABLE run_photometry (      -- how magnitudes tell counterparts; see docs/format.md
  run       INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  "order"   INTEGER NOT NULL,      -- -1: the whole sky
  pixel     INTEGER NOT NULL,
  unrelated REAL NOT NULL,         -- share of counterparts with unrelated magnitudes
  shares    BLOB NOT NULL,         -- c by class of a, then of b; f of a; f of b: little-endian Float64
  PRIMARY KEY (run, "order", pixel)
) WITHOUT ROWID;
