-- A run is a match of two catalogues, or the corrections of the errors of a catalogue (a) by a better one (b): then what was found is in
-- `run_product`, one row for each sightline.
ALTER TABLE run ADD COLUMN kind TEXT NOT NULL DEFAULT 'match';   -- match, corrections
