#!/usr/bin/env python3
"""Crowded skies with the truth: completeness, purity and deviations of P, with hidden neighbours in the match and without.

    Benchmarks/crowded.py [--sources N] [--unknown-bands] [SEED...]      seeds 1 2 3 without any; needs bin/xmdb
"""
import argparse, csv, io, math, os, subprocess, tempfile

XMDB = os.environ.get("XMDB", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bin", "xmdb"))
TRUTH = "('a', 'b') p JOIN a ON a.id = p.a_id JOIN b ON b.id = p.b_id"


def run(folder, *words):
    return subprocess.run([XMDB, *words], cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def rows(folder, query):
    answer = list(csv.reader(io.StringIO(run(folder, "sql", "--csv", query))))[1:]
    return [[float(cell) if cell else math.nan for cell in row] for row in answer]


def judged(folder, name):
    real = rows(folder, "SELECT count(*) FROM b WHERE +truth IN (SELECT truth FROM a)")[0][0]
    chosen, right = rows(folder, f"SELECT count(*), sum(a.truth = b.truth) FROM xmatch{TRUTH} WHERE p.pair_p >= 0.5")[0]
    tenths = rows(folder, f"""SELECT count(*), sum(p.pair_p), sum(p.pair_p * (1 - p.pair_p)), sum(a.truth = b.truth)
        FROM xm_pairs{TRUTH} GROUP BY min(9, CAST(p.pair_p * 10 AS INT))""")
    worst = max(((t[3] - t[1]) / math.sqrt(t[2]) for t in tenths if t[0] >= 100), key=abs)
    said, true = rows(folder, f"SELECT avg(p.b_cont_f10), avg(b.truth_hidden_brightest > 0.1) FROM xmatch{TRUTH}")[0]
    print(f"{name:34} completeness {right / real:.4f}, purity {right / chosen:.4f}, worst tenth {worst:+.1f} sigma, "
          f"b_cont_f10 {said:.3f}, in truth {true:.3f}", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sources", type=int, default=30_000)
    options.add_argument("--unknown-bands", action="store_true", help="call the bands by names that no survey has")
    options.add_argument("seeds", nargs="*", type=int, metavar="SEED")
    given = options.parse_args()
    for seed in given.seeds or [1, 2, 3]:
        for preset in ("sparse", "middle", "dense"):
            with tempfile.TemporaryDirectory() as folder:
                run(folder, "simulate", "--to", "sky", "--crowded", "--preset", preset, "--sources", str(given.sources),
                    "--seed", str(seed), "--quiet")
                for side, band in (("a", "mag_G"), ("b", "mag_W1")):
                    bands = ("--map", f"mag:m={band}") if given.unknown_bands else ()
                    run(folder, "ingest", f"sky/{side}.parquet", "--quiet", *bands)
                for words in ((), ("--no-crowding",)):
                    run(folder, "match", "a", "b", "--redo", "--quiet", *words)
                    judged(folder, " ".join((preset, str(seed), *words)))


if __name__ == "__main__":
    main()
