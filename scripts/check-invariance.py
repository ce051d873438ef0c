#!/usr/bin/env python3
"""Matches the same catalogues in every way a run can be cut and spread, and compares the exports byte by byte.

    scripts/check-invariance.py [--sources 2.4e6] [--folder /tmp/xmdb-invariance] [--xmdb bin/xmdb]

The catalogues: the whole sky of simulate-all-sky.sh, and the real cones of ../shared where they are there. The ways: one
process with one thread (what all others are compared with) and two; mpirun with 1, 2 and 4 processes of one thread, and 2 of two;
the least memory; small shards. Prints a table; status 1 if any byte differs. The databases stay in the folder and are used again.

No chunk can hold the whole sky. What the chunks gave is compared, row by row, with all sources in one piece without any cut by
    XMDB_UNCUT_DATABASE=/tmp/xmdb-invariance/work-sky.xmdb swift test --filter UncutSky
"""
import argparse
import os
import sys

import skycheck


def ways():
    """Name, verb, launcher, threads, options, size of the shards in MiB."""
    def processes(count):
        return ("mpirun", "-n", str(count), "--bind-to", "none")
    yield "one process, 1 thread", "match", (), 1, (), 64
    yield "one process, 2 threads", "match", (), 2, (), 64
    for count in (1, 2, 4):
        yield f"mpirun -n {count}, 1 thread", "match-all", processes(count), 1, (), 64
    yield "mpirun -n 2, 2 threads", "match-all", processes(2), 2, (), 64
    yield "least memory, 2 processes", "match-all", processes(2), 1, ("--memory", "64MB"), 64
    yield "small shards, 2 processes", "match-all", processes(2), 1, (), 1


def check(key, title, sky_of):
    """Tries all ways on one pair of catalogues; whether all gave the same bytes."""
    print(f"{title}\n  {'way':24} {'chunks':>6} {'seconds':>8} {'matches':>10} {'pairs':>10} {'islands':>10}  export", flush=True)
    expected, all_same = None, True
    for name, verb, launch, threads, options, shard_mb in ways():
        sky = sky_of(shard_mb)
        database = sky.copy(f"work-{key}.xmdb")
        facts, seconds = skycheck.timed(sky.match(verb, launch, threads, (*options, "--json", "--db", database)))
        if isinstance(facts, list):
            facts = facts[0]
        chunks, = skycheck.registry(database, "SELECT count(*) FROM run_chunk")[0]
        export = sky.export(database, "expected" if expected is None else "export")
        differ = skycheck.differences(export, expected) if expected else []
        expected = expected or export
        all_same = all_same and not differ
        print(f"  {name:24} {chunks:6,} {seconds:8.1f} {facts['matches']:10,} {facts['pairs']:10,} "
              f"{facts['islands']:10,}  {'differs: ' + ', '.join(differ) if differ else 'same bytes'}", flush=True)
    return all_same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=float, default=2.4e6, help="sources of a in the simulated sky")
    parser.add_argument("--folder", default="/tmp/xmdb-invariance")
    parser.add_argument("--xmdb")
    options = parser.parse_args()
    xmdb = skycheck.program(options.xmdb)

    os.makedirs(options.folder, exist_ok=True)
    good = check("sky", f"All sky, {options.sources:g} sources of a", lambda mb: skycheck.all_sky(xmdb, options.folder, options.sources, mb))
    if skycheck.real_cones(xmdb, options.folder):
        good = check("cones", "Real cones", lambda mb: skycheck.real_cones(xmdb, options.folder, mb)) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
