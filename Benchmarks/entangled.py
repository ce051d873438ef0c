#!/usr/bin/env python3
"""Matches of skies in which nearly all sources hang together: what a plan says, and what the match then takes.

    python3 Benchmarks/entangled.py [SCALE [XMDB [FOLDER]]]      defaults: 1 bin/xmdb /tmp/xmdb-entangled

For each sky: pairs a source, seconds and memory as planned and as measured (processor time and peak of one thread), the share of pairs that
are approximate, and the memory at several grants, where "refused" is an answer and more than granted is a failure (status 1).
"""
import json
import os
import resource
import shutil
import subprocess
import sys

SCALE = float(sys.argv[1]) if len(sys.argv) > 1 else 1
XMDB = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "bin/xmdb")
FOLDER = sys.argv[3] if len(sys.argv) > 3 else "/tmp/xmdb-entangled"
# Sources per square degree, position error of both in arcsec, sources.
SKIES = [(3e5, 0.6, 6e4), (7e5, 0.6, 6e4), (8e5, 0.6, 6e4), (1e6, 0.6, 1e5), (1.1e6, 0.6, 6e4), (2e6, 0.6, 6e4), (1e6, 0.8, 6e4), (1.5e5, 1.5, 6e4)]
GRANTS = (100, 150, 200, 250, 300, 400)


def measured(*command):
    """Status, processor seconds and peak MB of a command: those of a process that has no other child."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        status = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(write, json.dumps([status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6]).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as pipe:
        return json.load(pipe)


def xmdb(*arguments):
    return subprocess.run([XMDB, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def main():
    good = True
    print(f"{'deg^-2':>8} {'arcsec':>6} {'sources':>8} {'pairs/source':>12} {'plan s':>7} {'s':>6} {'plan MB':>8} {'MB':>5} {'approximate':>11}  "
          f"MB at a grant of {', '.join(map(str, GRANTS))} MB")
    for density, sigma, sources in SKIES:
        shutil.rmtree(FOLDER, ignore_errors=True)
        files, database = os.path.join(FOLDER, "sim"), os.path.join(FOLDER, "sky.xmdb")
        xmdb("simulate", "--to", files, "--density", str(density), "--sigma-a", str(sigma), "--sigma-b", str(sigma),
             "--sources", str(int(sources * SCALE)), "--seed", "1", "--quiet")
        for name in "ab":
            xmdb("ingest", os.path.join(files, name + ".parquet"), "--db", database, "--quiet")
        match = ("match", "a", "b", "--db", database, "--threads", "1")
        plan = json.loads(xmdb(*match, "--plan", "--json"))
        chunks = plan["chunks"]
        core = sum(chunk["sources_a"] + chunk["sources_b"] for chunk in chunks)
        status, seconds, peak = measured(XMDB, *match, "--redo")
        good = good and status == 0
        pairs, approximate = xmdb(
            "sql", "--csv", "--db", database,
            "SELECT count(*), sum(xm_flags(flags) LIKE '%approximate%') FROM xm_pairs('a', 'b')").split()[-1].split(",")
        answers = []
        for grant in GRANTS:
            status, _, used = measured(XMDB, *match, "--redo", "--memory", f"{grant}MB")
            good = good and (status == 2 or status == 0 and used <= grant)
            answers.append("refused" if status == 2 else f"{used:.0f}" if status == 0 else f"status {status}")
        print(f"{density:8.3g} {sigma:6} {int(sources * SCALE):8,} {plan['pairs'] / core:12.2f} "
              f"{sum(chunk['counting_seconds'] + chunk['matching_seconds'] for chunk in chunks):7.2f} {seconds:6.2f} "
              f"{plan['memory_per_thread_bytes'] / 1e6:8.0f} {peak:5.0f} {100 * int(approximate) / max(1, int(pairs)):9.1f} %  {', '.join(answers)}",
              flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
