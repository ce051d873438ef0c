#!/usr/bin/env python3
"""Writes two catalogues of one field as Parquet: SOURCES each, 60 % of them counterparts, rows in no order.

    python3 Benchmarks/make_pair.py SOURCES A.parquet B.parquet [PER_DEG2]        needs numpy and pyarrow from PyPI

The density is 30,000 sources per square degree and catalogue unless given. Position errors are circles of 0.1 to 0.4
arcsec, and the offset of a counterpart follows them. A counterpart of b has a magnitude like that of a.
"""
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SHARE = 0.6
DEC0 = 30.0


def field(rng, n, side):
    low, high = np.sin(np.radians(DEC0 - side / 2)), np.sin(np.radians(DEC0 + side / 2))
    dec = np.degrees(np.arcsin(rng.uniform(low, high, n)))
    width = side * np.radians(side) / (high - low)
    return 150 + rng.uniform(0, 1, n) * width, dec


def magnitudes(rng, n):
    return 14 + 7 * np.sqrt(rng.uniform(0, 1, n))


def write(rng, path, ra, dec, sigma, bands):
    order = rng.permutation(len(ra))
    columns = {"source_id": 10**15 + 8 * rng.permutation(len(ra)).astype(np.int64), "ra": ra, "dec": dec, "sigma_arcsec": sigma}
    table = pa.table({name: values[order] for name, values in {**columns, **bands}.items()})
    pq.write_table(table, path, compression="snappy")


def main(n, path_a, path_b, density):
    rng = np.random.default_rng(20261122)
    side = np.sqrt(n / density)
    both = int(SHARE * n)
    ra, dec = field(rng, n, side)
    mag = magnitudes(rng, n)
    sigma_a, sigma_b = rng.uniform(0.1, 0.4, n), rng.uniform(0.1, 0.4, n)
    new_ra, new_dec = field(rng, n - both, side)
    spread = np.hypot(sigma_a[:both], sigma_b[:both]) / 3600
    ra_b = np.concatenate([ra[:both] + rng.normal(0, 1, both) * spread / np.cos(np.radians(dec[:both])), new_ra])
    dec_b = np.concatenate([dec[:both] + rng.normal(0, 1, both) * spread, new_dec])
    mag_b = np.concatenate([mag[:both] - 1 + rng.normal(0, 0.5, both), magnitudes(rng, n - both) - 1])
    colour = lambda m: m + rng.normal(0.5, 0.3, n)
    write(rng, path_a, ra, dec, sigma_a, {"mag_g": mag, "mag_bp": colour(mag), "mag_rp": mag - colour(mag - mag)})
    write(rng, path_b, ra_b, dec_b, sigma_b, {"mag_w1": mag_b, "mag_w2": colour(mag_b)})


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4]) if len(sys.argv) == 5 else 30_000)
