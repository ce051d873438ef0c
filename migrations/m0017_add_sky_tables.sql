-- What a user gave of the sky in place of built-in models: star counts, extinction. A run names in its configuration the digests of those
-- that it has used; those that no run names are removed with the last that did.
CREATE TABLE sky_table (
  digest   TEXT PRIMARY KEY,   -- of kind and payload
  kind     TEXT NOT NULL,      -- counts, extinction
  origin   TEXT NOT NULL,      -- the file or folder, as it was named last
  payload  BLOB NOT NULL,      -- in the form of the program that wrote it
  checksum TEXT NOT NULL       -- of digest and origin
) WITHOUT ROWID;
