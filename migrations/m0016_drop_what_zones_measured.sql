-- What only the comparison of pairs with mean densities measured; there is no such method any more.
ALTER TABLE run_region DROP COLUMN chance_factor;
ALTER TABLE run_photometry DROP COLUMN unrelated;
