#!/usr/bin/env python3
"""Skies whose second catalogue quotes errors that are wrong in a known way: how often m and n are found within the errors that they are given.

    Benchmarks/correction_errors.py [--sources N] [--seeds N] [SKY...]      20 seeds of all skies without any; needs bin/xmdb, numpy and pyarrow

True errors are sqrt((m sigma)^2 + n^2) of those quoted. m^2 and n^2 are what is normal: pulls are of these, and 95 % of them lie within 2.
"""
import argparse, math, os, tempfile

import numpy as np

from corrected import spoil
from crowded import rows, run

KNEE = ("--sigma-knee-b", "15")
# Name, options of simulate, m, n in arcsec, options of correct; errors are spoiled after the sky was made.
SKIES = {
    "right": (KNEE, 1, 0),
    "m 2, n 0.05": (KNEE, 2, 0.05),
    "m 5": (KNEE, 5, 0),
    "m 7": (KNEE, 7, 0),
    "m 7, dense": (KNEE + ("--density", "100000"), 7, 0),
    "half matched": (KNEE + ("--matched", "0.4"), 2, 0.05),
    "ellipses": (KNEE + ("--axis-ratio-b", "3"), 2, 0.05),
    "known motions": (KNEE + ("--motion", "15", "--epoch-b", "1999", "--motion-error-a", "0.2"), 2, 0.05),
    "poor motions": (KNEE + ("--motion", "15", "--epoch-b", "1999", "--motion-error-a", "5"), 2, 0.05),
    "poor reference": (KNEE + ("--underestimate-a", "3"), 2, 0.05, "--reference-errors", "3,0"),
    "crowded, m 2, n 0.05": (("--crowded", "--preset", "middle"), 2, 0.05),
    "crowded, m 5": (("--crowded", "--preset", "middle"), 5, 0),
    "very crowded, m 2, n 0.05": (("--crowded", "--preset", "dense"), 2, 0.05),
    "very crowded, m 5": (("--crowded", "--preset", "dense"), 5, 0),
}


def variance(value, error):
    """Of the square, from the larger half of the range of 1 sigma of its root."""
    return value**2 - (value - error) ** 2 if error <= value else (value + error) ** 2 - value**2


def measured(folder, seed, sources, options, m, n, *words):
    run(folder, "simulate", "--to", "sky", "--sources", str(sources), "--seed", str(seed), "--quiet", *options)
    if (m, n) != (1, 0):
        spoil(os.path.join(folder, "sky/b.parquet"), m, n, seed + 1000)
    for side in "ab":
        run(folder, "ingest", f"sky/{side}.parquet", "--quiet")
    run(folder, "correct", "b", "--against", "a", "--quiet", *words)
    found = rows(folder, "SELECT m, m_error, n_arcsec, n_error_arcsec, reduced_chi2 FROM xm_corrections('b') WHERE m IS NOT NULL")
    return [((one[0] ** 2 - m * m) / variance(one[0], one[1]), (one[2] ** 2 - n * n) / variance(one[2], one[3]), *one) for one in found]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sources", type=int, default=10_000)
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("skies", nargs="*", metavar="SKY", help=", ".join(SKIES))
    given = options.parse_args()
    for name in given.skies or SKIES:
        found = []
        for seed in range(1, given.seeds + 1):
            with tempfile.TemporaryDirectory() as folder:
                found += measured(folder, seed, given.sources, *SKIES[name])
        values = np.array(found)
        inside = [(abs(values[:, place]) <= 2).sum() for place in (0, 1)]
        print("{:26} m {:.3f} +- {:.3f}, n {:.4f} +- {:.4f} in the median; pulls of m^2 {:+.2f} rms {:.2f}, {}/{} within 2; of n^2 {:+.2f} rms {:.2f}, {}/{}; chi2 {:.2f}".format(
            name, *np.median(values[:, 2:6], axis=0), values[:, 0].mean(), math.sqrt((values[:, 0] ** 2).mean()), inside[0], len(values),
            values[:, 1].mean(), math.sqrt((values[:, 1] ** 2).mean()), inside[1], len(values), np.median(values[:, 6])), flush=True)


if __name__ == "__main__":
    main()
