#!/usr/bin/env python3
"""Counts the counterparts of the two catalogues without xmdb: the numbers in README.md come from here.

    /tmp/hyades/bin/pip install pyarrow==26.0.1 numpy scipy
    /tmp/hyades/bin/python examples/hyades/check.py

The method is chosen to share nothing with xmdb: a k-d tree over unit vectors and a local tangent plane.
"""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from scipy.spatial import cKDTree

YEARS = 2016.0 - 1991.25
ARCSEC = np.degrees(1) * 3600
GAIA_SIGMA_MAS = [0.02, 30.0]
FRACTIONS = [0.99, 0.9999, 0.999999]


def main():
    folder = Path(__file__).resolve().parent
    gaia = columns(folder / "gaia_hyades.parquet")
    hip = columns(folder / "hipparcos_hyades.parquet")
    g = unit_vectors(gaia)
    given, moved = unit_vectors(hip), moved_vectors(hip, YEARS)
    hyads = (np.abs(hip["plx"] - 21.5) < 4) & (hip["pm_ra"] > 50)
    tree = cKDTree(g)

    print(f"Gaia {len(g)} stars, Hipparcos {len(given)}, of which likely Hyades members {hyads.sum()}")
    motion = np.hypot(hip["pm_ra"], hip["pm_dec"]) * YEARS / 1000
    print(f"median motion in {YEARS} yr: all {np.median(motion):.2f} arcsec, Hyades {np.median(motion[hyads]):.2f} arcsec")
    for name, vectors in [("as given", given), ("moved to 2016.0", moved)]:
        print(f"\nHipparcos {name}")
        for radius in [0.1, 1.0, 5.0]:
            pairs = sum(map(len, tree.query_ball_point(vectors, chord(radius))))
            nearest = tree.query(vectors)[0] <= chord(radius)
            print(f"  within {radius:3.1f} arcsec: pairs {pairs}, stars {nearest.sum()}, Hyades {(nearest & hyads).sum()}")
        report_ellipses(hip, g, vectors, tree, YEARS if vectors is moved else 0.0, hyads)


def report_ellipses(hip, g, vectors, tree, years, hyads):
    """Stars whose nearest Gaia star lies inside the error ellipse that holds a fraction F of true counterparts."""
    distance, nearest = tree.query(vectors)
    east, north = tangent_axes(vectors)
    offset = g[nearest] - vectors
    x, y = ((offset * axis).sum(axis=1) * ARCSEC * 1000 for axis in (east, north))
    close = distance <= chord(1.0)
    for sigma in GAIA_SIGMA_MAS:
        xx = hip["e_ra"] ** 2 + (years * hip["e_pm_ra"]) ** 2 + sigma**2
        yy = hip["e_dec"] ** 2 + (years * hip["e_pm_dec"]) ** 2 + sigma**2
        chi2 = x**2 / xx + y**2 / yy
        counts = ", ".join(f"F={F}: {(chi2 <= limit).sum()} (Hyades {((chi2 <= limit) & hyads).sum()})"
                           for F, limit in ((F, -2 * np.log1p(-F)) for F in FRACTIONS))
        median = np.median(chi2[close])
        print(f"  Gaia sigma {sigma} mas: {counts}; median chi2 of the pairs within 1 arcsec {median:.2f} (expected 1.39)")


def columns(path):
    table = pq.read_table(path)
    return {name: table[name].to_numpy() for name in table.column_names}


def unit_vectors(rows):
    ra, dec = np.radians(rows["ra"]), np.radians(rows["dec"])
    return np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)


def tangent_axes(p):
    """Unit vectors east and north at each position."""
    east = np.stack([-p[:, 1], p[:, 0], np.zeros(len(p))], axis=1)
    east /= np.linalg.norm(east, axis=1)[:, None]
    return east, np.cross(p, east)


def moved_vectors(rows, years):
    """Linear motion on the sphere: q = p + (mu_ra east + mu_dec north) t, scaled back to the unit sphere."""
    p = unit_vectors(rows)
    east, north = tangent_axes(p)
    mu_ra, mu_dec = (np.radians(rows[name] / 3.6e6)[:, None] for name in ("pm_ra", "pm_dec"))
    q = p + (mu_ra * east + mu_dec * north) * years
    return q / np.linalg.norm(q, axis=1)[:, None]


def chord(arcsec):
    return 2 * np.sin(arcsec / ARCSEC / 2)


if __name__ == "__main__":
    main()
