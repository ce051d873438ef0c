#!/usr/bin/env python3
"""Crowded skies whose second catalogue quotes errors that are too small: m and n as `xmdb correct` finds them, and the match with and without.

    Benchmarks/corrected.py [--sources N] [SEED...]      seed 1 without any; needs bin/xmdb, numpy and pyarrow

Positions of b are moved once more, so that true errors are sqrt((m sigma)^2 + n^2) of those quoted.
"""
import argparse, os, tempfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from crowded import judged, rows, run

# Preset, m, n in arcsec.
SKIES = [("middle", 2, 0.05), ("middle", 5, 0), ("dense", 2, 0.05), ("dense", 5, 0)]


def spoil(path, m, n, seed):
    rng = np.random.default_rng(seed)
    table = pq.read_table(path)
    ra, dec = (table.column(name).to_numpy() for name in ("ra", "dec"))
    names = [name if name in table.column_names else "sigma" for name in ("sigma_ra", "sigma_dec")]
    x, y = (table.column(name).to_numpy().astype(float) for name in names)
    tilt = table.column("ra_dec_corr").to_numpy() if "ra_dec_corr" in table.column_names else 0
    # The covariance of (m^2 - 1) times that quoted, and n^2.
    first, second = rng.standard_normal((2, len(ra)))
    more, floor = np.sqrt(m * m - 1) / 3600, n / 3600
    east = more * x * first + floor * rng.standard_normal(len(ra))
    north = more * y * (tilt * first + np.sqrt(1 - tilt * tilt) * second) + floor * rng.standard_normal(len(ra))
    moved = {"ra": ra + east / np.cos(np.radians(dec)), "dec": dec + north}
    for name, values in moved.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), pa.array(values))
    pq.write_table(table, path)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sources", type=int, default=10_000)
    options.add_argument("seeds", nargs="*", type=int, metavar="SEED")
    given = options.parse_args()
    for seed in given.seeds or [1]:
        for preset, m, n in SKIES:
            with tempfile.TemporaryDirectory() as folder:
                run(folder, "simulate", "--to", "sky", "--crowded", "--preset", preset, "--sources", str(given.sources), "--seed", str(seed), "--quiet")
                spoil(os.path.join(folder, "sky/b.parquet"), m, n, seed)
                for side in "ab":
                    run(folder, "ingest", f"sky/{side}.parquet", "--quiet")
                run(folder, "correct", "b", "--against", "a", "--quiet")
                found = rows(folder, "SELECT m, m_error, n_arcsec, n_error_arcsec FROM xm_corrections('b')")[0]
                print("{} {}: m {} n {}, found m {:.3f} +- {:.3f}, n {:.4f} +- {:.4f} arcsec".format(preset, seed, m, n, *found), flush=True)
                for words in ((), ("--no-corrections",)):
                    run(folder, "match", "a", "b", "--redo", "--quiet", *words)
                    judged(folder, " ".join((preset, str(seed), *words)))


if __name__ == "__main__":
    main()
