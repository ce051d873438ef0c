-- The position of a source in its catalogue's sky order is its rowid, as the columns of shards and results name it.
ALTER TABLE shard RENAME COLUMN first_rank TO first_rowid;
