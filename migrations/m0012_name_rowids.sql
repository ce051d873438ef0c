-- The position of a source in its catalogue's sky order is its rowid, as the columns of shards and results name it.
ALTER TABLE shard RENAME COLUMN first_rank TO first_rowid;

-- Sums of hashes of the rowids in the rows: the ledger closes only when every source is in exactly one.
ALTER TABLE run ADD COLUMN rowids_a INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN rowids_b INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run_unit ADD COLUMN rowids_a INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run_unit ADD COLUMN rowids_b INTEGER NOT NULL DEFAULT 0;
