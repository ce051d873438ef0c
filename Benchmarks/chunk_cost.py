#!/usr/bin/env python3
"""Fits the constants of MatchRun's CostModel to lines of ChunkCost: chunk_cost.py FILE…

A source of the halo costs 0.4 microseconds at least (reading, search: the stages that MatchSpeed shows); small chunks alone would
put that into the constant.
"""
import sys

import numpy
from scipy.optimize import lsq_linear

FIELDS = "core_a core_b halo_a halo_b ring columns expected_pairs pairs counting_s matching_s bytes".split()
chunks, peaks, names, regions = [], [], [], []
for path in sys.argv[1:]:
    for line in open(path):
        words = line.split()
        if words[0] == "peak_bytes":
            peaks.append([float(word) for word in words[1:]])
        elif words[0] == "region_s":
            regions += [float(word) for word in words[1:]]
        elif words[0] != FIELDS[0]:
            chunks.append([float(word) for word in words])
            names.append(path.split("/")[-1].removesuffix(".txt"))
of = dict(zip(FIELDS, numpy.array(chunks).T))
names = numpy.array(names)
core = of["core_a"] + of["core_b"]
loaded = core + of["halo_a"] + of["halo_b"]
one = numpy.ones(len(core))


# Chunks that are mostly halo, as no plan has them, tell nothing.
usual = loaded < 6 * core
share = numpy.array([1 / numpy.sqrt((usual & (names == name)).sum() or 1) for name in names])


def fit(what, terms, values, least=None):
    """Terms with positive factors; errors count relative to the value, those of small chunks less, and all skies and sizes alike."""
    weight = share * values**-0.8 * usual
    bounds = (numpy.zeros(terms.shape[1]) if least is None else least, numpy.inf)
    factors = lsq_linear(terms * weight[:, None], values * weight, bounds).x
    print(what, " ".join(f"{factor:.3g}" for factor in factors))
    return terms @ factors


def compare(fitted, values):
    for name in dict.fromkeys(names):
        rows = names == name
        print(f"    {name:16} {rows.sum():4} chunks of {core[rows].mean():8.0f}, read {loaded[rows].sum() / core[rows].sum():.2f},"
              f" {of['pairs'][rows].sum() / core[rows].sum():.2f} pairs a source: {values[rows].sum() / core[rows].sum() * 1e6:8.2f} /M,"
              f" fit / measured {fitted[rows].sum() / values[rows].sum():.2f}")


counted = core + of["ring"]
expected = of["expected_pairs"]
terms = numpy.c_[one, counted, expected * counted / core]
compare(fit("counting: constant, core + ring, pairs", terms, of["counting_s"]), of["counting_s"])
terms = numpy.c_[one, loaded, core, expected * numpy.minimum(expected / core, 1.5)]
found = fit("pairing: constant, core + halo, core, pairs²/core", terms, of["matching_s"], [0, 0.4e-6, 0, 0])
compare(found, of["matching_s"])
print(f"region: {numpy.mean(regions):.3g} s on average, {numpy.min(regions):.2g} to {numpy.max(regions):.2g}, of {len(regions)}")
compare(fit("disk: constant, core, pairs", numpy.c_[one, core, of["pairs"]], of["bytes"]), of["bytes"])
peak, largest, read, columns, pairs = numpy.array(peaks).T
model = 20e6 + 24 * columns * read + 250 * pairs + 450 * largest
print("memory: model / measured", " ".join(f"{ratio:.2f}" for ratio in model / peak))
print(f"pairs: expected / found {of['expected_pairs'].sum() / of['pairs'].sum():.2f}")
