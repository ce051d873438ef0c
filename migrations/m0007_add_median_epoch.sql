-- The epoch that a match takes from a catalogue whose rows have epochs of their own: no single row moves a median.

ALTER TABLE generation ADD COLUMN median_epoch_yr REAL;   -- NULL: unknown, or one epoch for all rows
