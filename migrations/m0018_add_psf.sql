-- The PSF that the survey profile of a catalogue stated when it was ingested: a full width in arcsec, a band, or none.

ALTER TABLE generation ADD COLUMN psf TEXT;   -- NULL: no profile stated one
