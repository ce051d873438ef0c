#!/usr/bin/env python3
"""Makes the figures of docs/method.md about simulated skies again: three ways to measure densities on the skies leak1 to leak3 of
docs/simulate.md, whole runs with F_max = 0.999, judged by the truth.

    scripts/method-figures.py [XMDB]

Prints a table with a row for each figure, the three skies separated by commas. Takes about four minutes.
"""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

COMMON = ("--region box:131,131.5,-0.25,0.25 --mag 12:18 --only-a-mag 12:19 --sigma-scatter-a 0 --sigma-scatter-b 0").split()
SKIES = [
    "--counterparts 20000 --only-a 12000 --only-b 24000 --sigma-a 0.1 --sigma-b 0.2",
    "--counterparts 20000 --only-a 12000 --only-b 120000 --sigma-a 0.3 --sigma-b 0.5",
    "--counterparts 40000 --only-a 40000 --only-b 240000 --sigma-a 0.5 --sigma-b 1.0",
]
WAYS = {
    "`survivors: report`": "method: survivors\nsurvivors: report\n",
    "`survivors: repaired`": "method: survivors\nsurvivors: repaired\n",
    "`mixture`": "method: mixture\n",
}
FIGURES = {
    "N_c against the truth, %": "{:+.1f}",
    "share of c where there are no counterparts": "{:.4f}",
    "cells of c that the data left empty, %": "{:.0f}",
    "true pairs put to death by such a cell": "{:.0f}",
    "purity": "{:.4f}",
    "completeness": "{:.4f}",
    "largest deviation of a decile of `pair_p`, σ": "{:.1f}",
}
# Beyond this magnitude no source of a has a counterpart: the limit of 18 and its errors.
FAINTEST = 18.1
TRUE_PAIRS = "JOIN a ON a.xm_rowid = p.a_rowid JOIN b ON b.xm_rowid = p.b_rowid WHERE a.truth = b.truth"


class Sky:
    def __init__(self, xmdb, folder, options):
        self.xmdb, self.folder = xmdb, folder
        self.run("simulate", "--to", ".", *COMMON, *options.split())
        for name in "ab":
            self.run("ingest", f"{name}.parquet")
        self.true = self.value("SELECT count(*) FROM a WHERE truth IN (SELECT truth FROM b)")

    def run(self, *arguments):
        return subprocess.run([self.xmdb, *arguments, "--quiet"], cwd=self.folder, check=True, text=True,
                              stdout=subprocess.PIPE).stdout

    def value(self, query):
        """None for NULL: a mixture has no cells of c."""
        rows = list(csv.reader(io.StringIO(self.run("sql", "--csv", query))))
        return float(rows[1][0]) if len(rows) > 1 and rows[1] and rows[1][0] else None

    def figures(self, way):
        with open(os.path.join(self.folder, "way.yaml"), "w", encoding="utf-8") as file:
            file.write(way)
        self.run("match", "a", "b", "--f-max", "0.999", "--config", "way.yaml", "--redo")
        n_c = self.value("SELECT max(n_c * area_deg2) FROM xm_priors('a', 'b') WHERE area_deg2 > 0")
        # Of band pairs the survivors' first, which has the most sources.
        cells = "FROM xm_photometry('a', 'b') WHERE kind = 'c' AND a_band = 'G' AND b_band = 'W1'"
        deciles = json.loads(self.run("calibrate", "a", "b", "--json"))["truth_reliability"]
        matched = self.value("SELECT count(*) FROM xmatch('a', 'b')")
        right = self.value(f"SELECT count(*) FROM xmatch('a', 'b') AS p {TRUE_PAIRS}")
        return [
            100 * (n_c / self.true - 1),
            self.value(f"SELECT total(share * (a_brightest >= {FAINTEST})) / sum(share) {cells}"),
            self.value(f"SELECT 100.0 * avg(share < 1e-9) {cells}"),
            self.value(f"SELECT count(*) FROM xm_pairs('a', 'b') AS p {TRUE_PAIRS} AND p.eta < -5"),
            right / matched,
            right / self.true,
            max(abs(d["z"]) for d in deciles if d["subject"] == "pairs" and d["verdict"] != "few"),
        ]


def main():
    xmdb = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "bin/xmdb"))
    columns = {way: [] for way in WAYS}
    for options in SKIES:
        with tempfile.TemporaryDirectory(prefix="xmdb-method-") as folder:
            sky = Sky(xmdb, folder, options)
            for way, text in WAYS.items():
                columns[way].append(sky.figures(text))
    print("| | " + " | ".join(WAYS) + " |\n| --- |" + " --- |" * len(WAYS))
    for index, (name, form) in enumerate(FIGURES.items()):
        cells = [", ".join("none" if sky[index] is None else form.format(sky[index]) for sky in skies) for skies in columns.values()]
        print(f"| {name} | " + " | ".join(cells).replace("-", "−") + " |")


if __name__ == "__main__":
    main()
