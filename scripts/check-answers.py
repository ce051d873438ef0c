#!/usr/bin/env python3
"""Asks two programs for the same matches on many skies, and compares all that they answer, byte by byte.

    scripts/check-answers.py BEFORE AFTER [--only SKY] [--folder /tmp/xmdb-answers]

For a change that is to change no answer: BEFORE is the program without it, AFTER the one with it. Each ingests every sky into a
database of its own and matches it in several configurations. Compared are the files of the export, and in SQL the priors, the
photometry, the pairs, matches, non-matches and explanations. The skies: simulated ones, sparse, uneven, clustered, dense and
moving, and the real cones of ../shared where they are there. Prints a table; status 1 if any byte differs.
"""
import argparse
import hashlib
import os
import shutil
import sys

import skycheck

SKIES = {
    "sparse": ["--sources", "20000", "--density", "3000"],
    "field": ["--sources", "60000", "--density", "30000"],
    "galaxy": ["--region", "sky", "--sources", "100000", "--plane-height", "5"],
    "clusters": ["--sources", "30000", "--density", "20000", "--clustered", "0.3", "--cluster-radius", "8"],
    "dense": ["--sources", "20000", "--density", "400000", "--sigma-a", "0.5", "--sigma-b", "0.5"],
    "entangled": ["--sources", "20000", "--density", "1000000", "--sigma-a", "0.6", "--sigma-b", "0.6"],
    "moving": ["--sources", "20000", "--density", "20000", "--epoch-a", "2016", "--epoch-b", "2000", "--motion", "30"],
    "pole": ["--sources", "20000", "--density", "20000", "--center", "0,90"],
}
CONFIGURATIONS = {
    "default": "",
    "positions": "photometry: false\n",
    "counts": "photometry: false\npriors: counts\n",
    "all pairs": "negligible_probability: 0\n",
    "survivors": "method: survivors\n",
}
TABLES = {
    "priors": "SELECT * FROM xm_priors('{a}', '{b}')",
    "photometry": "SELECT * FROM xm_photometry('{a}', '{b}')",
    "pairs": "SELECT * FROM xm_pairs('{a}', '{b}')",
    "matches": "SELECT * FROM xmatch('{a}', '{b}')",
    "nonmatches": "SELECT * FROM xm_nonmatches('{a}', '{b}', '{b}')",
    "explanation": "SELECT x.* FROM (SELECT a_id FROM xm_pairs('{a}', '{b}') WHERE pair_p BETWEEN 0.3 AND 0.7 LIMIT 1) AS p "
                   "JOIN xm_explain('{a}', '{b}', p.a_id) AS x",
}


def simulated(xmdb, folder, name):
    """Files of a simulated sky, made by one program for both."""
    files = os.path.join(folder, f"sky-{name}")
    if not os.path.exists(os.path.join(files, "b.parquet")):
        skycheck.run([xmdb, "simulate", "--to", files, *SKIES[name], "--seed", "7", "--quiet"])
    return [[os.path.join(files, "a.parquet"), "--as", "a"], [os.path.join(files, "b.parquet"), "--as", "b"]]


def skies(xmdb, folder):
    """Name and ingest commands of every sky."""
    for name in SKIES:
        yield name, simulated(xmdb, folder, name)
    real = os.path.join(os.path.dirname(skycheck.ROOT), "shared/real")
    if os.path.isdir(real):
        yield "cones", [[f"{real}/{n}.parquet", "--as", n] for n in ("gaia", "catwise")]
    else:
        print(f"{real}: is not there; the real cones are left out")


def digest(data):
    return hashlib.sha256(data).hexdigest()


def answers(xmdb, database, names, configuration, folder):
    """What a program answers: the digest of every file and table, by name."""
    a, b = names
    settings = os.path.join(folder, "match.yaml")
    with open(settings, "w") as file:
        file.write(configuration or "photometry: true\n")
    skycheck.run([xmdb, "match", a, b, "--db", database, "--config", settings, "--threads", "1", "--quiet", "--redo"])
    export = os.path.join(folder, "export")
    shutil.rmtree(export, ignore_errors=True)
    skycheck.run([xmdb, "export", a, b, "--to", export, "--db", database, "--quiet"])
    found = {}
    for name in sorted(os.listdir(export)):
        if name.endswith(".csv"):
            with open(os.path.join(export, name), "rb") as file:
                found[name] = digest(file.read())
    for name, query in TABLES.items():
        text = skycheck.run([xmdb, "sql", "--csv", "--db", database, query.format(a=a, b=b)])
        found[name] = digest(text.encode())
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--folder", default="/tmp/xmdb-answers")
    parser.add_argument("--only", help="one sky")
    options = parser.parse_args()
    programs = [skycheck.program(options.before), skycheck.program(options.after)]
    os.makedirs(options.folder, exist_ok=True)
    good = True
    for sky, sources in skies(programs[0], options.folder):
        if options.only not in (None, sky):
            continue
        databases = [os.path.join(options.folder, f"{which}.xmdb") for which in ("before", "after")]
        for xmdb, database in zip(programs, databases):
            shutil.rmtree(database, ignore_errors=True)
            for source in sources:
                skycheck.run([xmdb, "ingest", *source, "--db", database, "--quiet"])
        for name, configuration in CONFIGURATIONS.items():
            found = [answers(xmdb, database, [s[2] for s in sources], configuration, options.folder)
                     for xmdb, database in zip(programs, databases)]
            differ = sorted(k for k in found[0].keys() | found[1].keys() if found[0].get(k) != found[1].get(k))
            good = good and not differ
            print(f"{sky:10} {name:10} {len(found[0])} answers: "
                  f"{'differ: ' + ', '.join(differ) if differ else 'same bytes'}", flush=True)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
