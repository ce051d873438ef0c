-- The mark of a registry, and the folders whose files are to be removed.

PRAGMA application_id = 2020435042;   -- 0x786d6462, "xmdb"

ALTER TABLE generation ADD COLUMN folder TEXT;  -- below the database folder; it keeps its name when the catalogue is renamed
UPDATE generation SET folder = 'catalogues/' || catalogue || '/' || number;

CREATE TABLE leftover (   -- folders that nothing else names: not yet, or no longer. The next writer removes xmdb's files in them
  folder TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

INSERT INTO leftover SELECT folder FROM generation WHERE retired;

CREATE TRIGGER run_leaves_files AFTER DELETE ON run BEGIN
  INSERT OR IGNORE INTO leftover VALUES ('runs/' || OLD.id);
END;

CREATE TRIGGER generation_leaves_files AFTER DELETE ON generation WHEN OLD.folder IS NOT NULL BEGIN
  INSERT OR IGNORE INTO leftover VALUES (OLD.folder);
END;

CREATE TRIGGER retired_generation_leaves_files AFTER UPDATE OF retired ON generation
WHEN NEW.retired AND NEW.folder IS NOT NULL BEGIN
  INSERT OR IGNORE INTO leftover VALUES (NEW.folder);
END;
