#!/usr/bin/env python3
"""Skies of unknown motions with the truth: completeness, purity and deviations of P, with the motions in the match and without.

    Benchmarks/moving.py [--sources N] [SEED...]      seeds 1 2 3 without any; needs bin/xmdb, numpy and pyarrow

Two thirds of a and half of b are counterparts; errors of 0.15" and 0.4" a coordinate, quoted rightly; 126,000 / N square degrees.
"""
import argparse, math, os, tempfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from crowded import TRUTH, rows, run

MAS = 1 / 3.6e6


def rest(rng, n):
    return np.zeros((2, n))


def gaussian(rng, n):
    return 15 * rng.standard_normal((2, n))


def tailed(rng, n):
    """Half at rest, half between 10 and 500 mas/yr with a density that falls as v^-2."""
    u, angle = rng.random(n), 2 * np.pi * rng.random(n)
    speed = np.where(rng.random(n) < 0.5, 0, 1 / ((1 - u) / 10 + u / 500))
    return speed * np.cos(angle), speed * np.sin(angle)


# Name, motions, years from a to b, years over which the epochs of both are spread.
SKIES = [("15 mas/yr, 17 years", gaussian, 17, 0), ("15 mas/yr, spread epochs", gaussian, 8, 16), ("at rest, 17 years", rest, 17, 0),
         ("to 500 mas/yr, 25 years", tailed, 25, 0)]


def write(folder, seed, motions, years, spread, sources):
    rng = np.random.default_rng(seed)
    both, only_a, only_b = 2 * sources // 7, sources // 7, 2 * sources // 7
    n = both + only_a + only_b
    side = math.sqrt(sources / 126_000)
    ra, dec = 180 + side * rng.random(n), side * (rng.random(n) - 0.5)
    magnitude = 14 + np.log10(1 + rng.random(n) * (10**1.8 - 1)) / 0.3
    east, north = motions(rng, n)
    for name, seen, sigma, passed in (("a", np.arange(n) < both + only_a, 0.15, 0), ("b", (np.arange(n) < both) | (np.arange(n) >= both + only_a), 0.4, years)):
        index = np.flatnonzero(seen)
        quoted = sigma * 10 ** (0.1 * rng.standard_normal(len(index)))
        time = passed + spread * (rng.random(len(index)) - 0.5)
        offset = quoted / 3600 * rng.standard_normal((2, len(index)))
        colour = 0 if name == "a" else 0.3 * rng.standard_normal(len(index)) - 1
        pq.write_table(pa.table({
            "id": np.arange(len(index)), "ra": ra[index] + (offset[0] + east[index] * time * MAS) / np.cos(np.radians(dec[index])),
            "dec": dec[index] + offset[1] + north[index] * time * MAS, "sigma": quoted, "epoch": 2000 + time,
            "m": magnitude[index] + colour, "truth": index}), os.path.join(folder, f"{name}.parquet"))


def judged(folder, name):
    real = rows(folder, "SELECT count(*) FROM b WHERE +truth IN (SELECT truth FROM a)")[0][0]
    chosen, right = rows(folder, f"SELECT count(*), sum(a.truth = b.truth) FROM xmatch{TRUTH} WHERE p.pair_p >= 0.5")[0]
    tenths = rows(folder, f"""SELECT count(*), sum(p.pair_p), sum(p.pair_p * (1 - p.pair_p)), sum(a.truth = b.truth)
        FROM xm_pairs{TRUTH} GROUP BY min(9, CAST(p.pair_p * 10 AS INT)) ORDER BY min(9, CAST(p.pair_p * 10 AS INT))""")
    deviations = [(t[3] - t[1]) / math.sqrt(t[2]) if t[0] >= 100 else 0 for t in tenths]
    print(f"{name:46} completeness {right / real:.4f}, purity {right / chosen:.4f}, lowest tenth {deviations[0]:+.1f} sigma, "
          f"worst of the others {max(deviations[1:], key=abs):+.1f} sigma", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sources", type=int, default=126_000, help="of both catalogues together")
    options.add_argument("seeds", nargs="*", type=int, metavar="SEED")
    given = options.parse_args()
    for seed in given.seeds or [1, 2, 3]:
        for name, motions, years, spread in SKIES:
            with tempfile.TemporaryDirectory() as folder:
                write(folder, seed, motions, years, spread, given.sources)
                for side, band in (("a", "g"), ("b", "w")):
                    run(folder, "ingest", f"{side}.parquet", "--quiet", "--map", "ra=ra:deg", "--map", "dec=dec:deg",
                        "--map", "sigma=sigma:arcsec", "--map", f"mag:{band}=m", "--map", "epoch=epoch")
                for words in ((), ("--no-unknown-motions",)):
                    run(folder, "match", "a", "b", "--redo", "--quiet", *words)
                    judged(folder, " ".join((name + ",", str(seed), *words)))


if __name__ == "__main__":
    main()
