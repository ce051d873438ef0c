#!/usr/bin/env python3
"""Sets BayesianCrossmatch beside LSDB's nearest neighbour and beside `xmdb match-all`, on the same HATS catalogues with margins.

    XMDB_PROGRAM=bin/xmdb PYTHON Benchmarks/lsdb_crossmatch.py A.parquet B.parquet [--rows-a N] [--rows-b N] [--workers 2] [--rounds 3] [--work DIR]

PYTHON has xmdb and lsdb. Each is done in turn, round by round, by workers of Dask with one thread each, after a round that warms them; the
best of the rounds is shown. Ends with 1 unless pairs and probabilities are those of match-all.
"""

import argparse
import shutil
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

OPTIONS = {"suffix_method": "overlapping_columns", "log_changes": False}


def write_hats(file, name, rows, work):
    import lsdb
    import pandas

    frame = pandas.read_parquet(file)
    frame = frame.drop(columns=[c for c in frame if c == "_healpix_29"])
    catalogue = lsdb.from_dataframe(
        frame, ra_column="ra", dec_column="dec", catalog_name=name, lowest_order=2, highest_order=9, partition_rows=rows, margin_threshold=10
    )
    catalogue.write_catalog(work / name, progress_bar=False)


def xmdb(database, *arguments):
    import xmdb

    subprocess.run([xmdb.executable(), "--db", database, *map(str, arguments), "--quiet"], check=True)


def rounds(count, jobs):
    """Best times of jobs that are done in turn, and what they gave."""
    best, given = {}, {}
    for index in range(count + 1):
        for name, job in jobs.items():
            start = time.perf_counter()
            given[name] = job()
            if index:
                best[name] = min(best.get(name, 1e9), time.perf_counter() - start)
    return best, given


def main():
    import lsdb
    import numpy
    import pandas
    from dask.distributed import Client
    from xmdb.lsdb import BayesianCrossmatch

    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs=2)
    parser.add_argument("--rows-a", type=int, default=100_000)
    parser.add_argument("--rows-b", type=int, default=60_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work")
    given = parser.parse_args()
    work = Path(given.work or tempfile.mkdtemp(prefix="lsdb-crossmatch-"))
    for file, name, rows in zip(given.files, "ab", (given.rows_a, given.rows_b)):
        write_hats(file, name, rows, work)
    left, right = (lsdb.open_catalog(work / name) for name in "ab")
    made = {}

    def nearest():
        return left.crossmatch(right, radius_arcsec=1, **OPTIONS).compute(progress_bar=False)

    def make():
        shutil.rmtree(work / "match", ignore_errors=True)
        made["it"] = BayesianCrossmatch(left, right, work / "match")

    def crossmatch():
        return left.crossmatch(right, algorithm=made["it"], **OPTIONS).compute(progress_bar=False)

    def program():
        shutil.rmtree(work / "sky.xmdb", ignore_errors=True)
        for name in "ab":
            xmdb(work / "sky.xmdb", "ingest", work / name, "--as", name)
        xmdb(work / "sky.xmdb", "match-all", "a", "b")

    with Client(n_workers=given.workers, threads_per_worker=1, dashboard_address=None, local_directory=str(work / "dask")):
        jobs = {"nearest neighbour": nearest, "BayesianCrossmatch made": make, "its crossmatch": crossmatch, "xmdb ingest, match-all": program}
        times, results = rounds(given.rounds, jobs)
    for name, catalogue in (("a", left), ("b", right)):
        orders = sorted({int(pixel.order) for pixel in catalogue.get_healpix_pixels()})
        print(f"{name}: {catalogue.npartitions} partitions of orders {orders}")
    for name, seconds in times.items():
        rows = "" if results[name] is None else f"  {len(results[name]):,} pairs"
        print(f"{name:26} {seconds:7.1f} s{rows}")

    xmdb(work / "sky.xmdb", "export", "a", "b", "--out", work / "whole.parquet", "--columns", "a_id,b_id,pair_p,match_p", "--force")
    whole, both = pandas.read_parquet(work / "whole.parquet").to_numpy(dtype=object), results["its crossmatch"]
    names = [min((c for c in both if c in choices), key=choices.index) for choices in (["id_a", "source_id"], ["id_b", "cntr"])]
    found = both[[*names, "pair_p", "match_p"]].to_numpy(dtype=object)
    whole, found = (rows[numpy.lexsort((rows[:, 1].astype("int64"), rows[:, 0].astype("int64")))] for rows in (whole, found))
    same = len(whole) == len(found) and bool((whole[:, :2] == found[:, :2]).all())
    largest = float(numpy.abs((whole[:, 2:] - found[:, 2:]).astype(float)).max()) if same else float("nan")
    print(f"pairs of match-all: {'the same' if same else 'others'}; largest |dP| {largest:g}")
    if not given.work:
        shutil.rmtree(work, ignore_errors=True)
    raise SystemExit(not (same and largest <= 1e-9))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
