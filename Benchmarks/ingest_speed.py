#!/usr/bin/env python3
"""Ingest of a simulated catalogue, beside DuckDB's sorted CREATE TABLE of the same file, one thread each.

    VENV/bin/python Benchmarks/ingest_speed.py [SOURCES [XMDB [FOLDER [ROUNDS]]]]   defaults: 1000000 bin/xmdb /tmp/xmdb-ingest-speed 3

Needs the Python package duckdb. Prints the least processor time of each over the rounds, and their ratio. DuckDB sorts by
declination, which is cheaper than a key on the sphere. The bare insert loop of SQLite: Benchmarks/.build/release/IngestSpeed FILE.
"""
import os
import resource
import shutil
import subprocess
import sys

SOURCES = sys.argv[1] if len(sys.argv) > 1 else "1000000"
XMDB = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "bin/xmdb")
FOLDER = os.path.join(sys.argv[3] if len(sys.argv) > 3 else "/tmp/xmdb-ingest-speed", SOURCES)
ROUNDS = int(sys.argv[4]) if len(sys.argv) > 4 else 3
DUCKDB = "import duckdb,sys; c=duckdb.connect(sys.argv[2]); c.execute('SET threads=1'); " \
    "c.execute(f\"CREATE TABLE t AS SELECT * FROM '{sys.argv[1]}' ORDER BY dec\"); c.close()"


def seconds(command):
    """Processor seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def fresh(path):
    """Removes what an earlier round left."""
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.exists(path):
        os.remove(path)
    return path


os.makedirs(FOLDER, exist_ok=True)
table = os.path.join(FOLDER, "sim", "a.parquet")
if not os.path.exists(table):
    subprocess.run([XMDB, "--quiet", "simulate", "--to", os.path.dirname(table), "--sources", SOURCES], check=True)
start = seconds([sys.executable, "-c", "import duckdb"])
ours, theirs = [], []
for _ in range(ROUNDS):
    database = fresh(os.path.join(FOLDER, "sky.xmdb"))
    ours.append(seconds([XMDB, "--quiet", "--db", database, "ingest", table, "--as", "a", "--threads", "1"]))
    theirs.append(seconds([sys.executable, "-c", DUCKDB, table, fresh(os.path.join(FOLDER, "duck.db"))]) - start)
print(f"sources={SOURCES} xmdb_cpu_s={min(ours):.2f} duckdb_cpu_s={min(theirs):.2f} ratio={min(ours) / min(theirs):.2f}")
