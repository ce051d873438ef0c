#!/usr/bin/env python3
"""Writes a Gaia-like Parquet file of any length, row group by row group, rows in no order.

    python3 Benchmarks/make_catalogue.py ROWS OUT.parquet        needs numpy and pyarrow from PyPI
"""
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

GROUP = 1_000_000


def group(rng, first, n):
    ra = rng.uniform(0, 360, n)
    dec = np.degrees(np.arcsin(rng.uniform(-1, 1, n)))
    known = rng.random(n) < 0.8
    motion = lambda scale: pa.array(rng.normal(0, scale, n), mask=~known)
    mags = {name: pa.array(rng.uniform(8, 21, n).astype(np.float32)) for name in
            ("phot_g_mean_mag", "phot_bp_mean_mag", "phot_rp_mean_mag")}
    ids = first + rng.permutation(n).astype(np.int64)
    return pa.table({
        "source_id": ids, "designation": pa.array([f"Gaia DR3 {i}" for i in ids]),
        "ra": ra, "dec": dec,
        "ra_error": rng.uniform(0.02, 2, n).astype(np.float32), "dec_error": rng.uniform(0.02, 2, n).astype(np.float32),
        "ra_dec_corr": rng.uniform(-0.5, 0.5, n).astype(np.float32),
        "parallax": motion(1), "pmra": motion(8), "pmdec": motion(8),
        "pmra_error": rng.uniform(0.02, 2, n).astype(np.float32), "pmdec_error": rng.uniform(0.02, 2, n).astype(np.float32),
        **mags,
    })


def main(rows, path):
    rng = np.random.default_rng(20261122)
    writer = None
    for first in range(0, rows, GROUP):
        table = group(rng, first, min(GROUP, rows - first))
        writer = writer or pq.ParquetWriter(path, table.schema, compression="snappy")
        writer.write_table(table)
    writer.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(int(sys.argv[1]), sys.argv[2])
