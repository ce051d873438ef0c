#!/usr/bin/env python3
"""Fits the constants of MatchRun's CostModel to lines of UnitCost: chunk_cost.py FILE…

A source of the halo costs 0.4 microseconds at least (reading, search: the stages that MatchSpeed shows); small chunks alone would
put that into the constant.
"""
import sys

import numpy
from scipy.optimize import lsq_linear

FIELDS = "core_a core_b halo_a halo_b ring columns expected_pairs pairs counting_s matching_s bytes".split()
chunks, peaks, names = [], [], []
for path in sys.argv[1:]:
    for line in open(path):
        words = line.split()
        if words[0] == "peak_bytes":
            peaks.append([float(word) for word in words[1:]])
        elif words[0] != FIELDS[0]:
            chunks.append([float(word) for word in words])
            names.append(path.split("/")[-1].removesuffix(".txt"))
of = dict(zip(FIELDS, numpy.array(chunks).T))
names = numpy.array(names)
core = of["core_a"] + of["core_b"]
loaded = core + of["halo_a"] + of["halo_b"]
one = numpy.ones(len(core))


def fit(what, terms, values, least=None):
    """Terms with positive factors; errors count relative to the value, those of small chunks less."""
    weight = values**-0.6
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
terms = numpy.c_[one, counted, of["pairs"] * counted / core]
compare(fit("counting: constant, core + ring, pairs", terms, of["counting_s"]), of["counting_s"])
terms = numpy.c_[one, loaded, core, of["pairs"] ** 2 / core]
found = fit("pairing: constant, core + halo, core, pairs²/core", terms, of["matching_s"], [0, 0.4e-6, 0, 0])
compare(found, of["matching_s"])
compare(fit("disk: constant, core, pairs", numpy.c_[one, core, of["pairs"]], of["bytes"]), of["bytes"])
peak, largest, read, columns, pairs = numpy.array(peaks).T
model = 20e6 + 24 * columns * read + 250 * pairs + 450 * largest
print("memory: model / measured", " ".join(f"{ratio:.2f}" for ratio in model / peak))
print(f"pairs: expected / found {of['expected_pairs'].sum() / of['pairs'].sum():.2f}")
