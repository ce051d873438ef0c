-- Candidate pairs that took no part in the pairing, and the sum of the bounds of their probabilities in units of 1e-12.

ALTER TABLE run ADD COLUMN negligible_pairs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN negligible_bound_pico INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run_unit ADD COLUMN negligible_pairs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run_unit ADD COLUMN negligible_bound_pico INTEGER NOT NULL DEFAULT 0;
