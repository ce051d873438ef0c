#!/usr/bin/env python3
"""Export of the match of two simulated catalogues as CSV, beside Arrow's CSV writer on the same rows, one thread each.

    VENV/bin/python Benchmarks/export_speed.py [SOURCES [XMDB [FOLDER [ROUNDS]]]]   defaults: 1000000 bin/xmdb /tmp/xmdb-export-speed 3

Needs the Python package pyarrow. Prints the least processor time over the rounds, megabytes and rows per second of it for both, and
the ratio. Arrow writes from columns in memory; xmdb reads the rows of the match and of both catalogues from their files.
"""
import os
import resource
import subprocess
import sys
import time

import pyarrow
import pyarrow.csv

SOURCES = sys.argv[1] if len(sys.argv) > 1 else "1000000"
XMDB = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "bin/xmdb")
FOLDER = os.path.join(sys.argv[3] if len(sys.argv) > 3 else "/tmp/xmdb-export-speed", SOURCES)
ROUNDS = int(sys.argv[4]) if len(sys.argv) > 4 else 3
TABLES = ["matches", "nonmatches_a", "nonmatches_b"]


def xmdb(*arguments):
    """Runs the program on the database; its processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [XMDB, "--quiet", "--db", os.path.join(FOLDER, "sky.xmdb"), *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def arrow(table, path):
    """Processor seconds of Arrow's writer."""
    start = time.process_time()
    pyarrow.csv.write_csv(table, path, pyarrow.csv.WriteOptions(include_header=False))
    return time.process_time() - start


os.makedirs(FOLDER, exist_ok=True)
if not os.path.exists(os.path.join(FOLDER, "sky.xmdb")):
    xmdb("simulate", "--to", os.path.join(FOLDER, "sim"), "--sources", SOURCES)
    for name in "ab":
        xmdb("ingest", os.path.join(FOLDER, "sim", name + ".parquet"), "--as", name)
    xmdb("match", "a", "b")
pyarrow.set_cpu_count(1)
out = os.path.join(FOLDER, "out")
ours = min(xmdb("export", "a", "b", "--to", out, "--threads", "1") for _ in range(ROUNDS))
files = [os.path.join(out, name + ".csv") for name in TABLES]
megabytes = sum(os.path.getsize(file) for file in files) / 1e6
read = pyarrow.csv.ReadOptions(autogenerate_column_names=True, use_threads=False)
convert = pyarrow.csv.ConvertOptions(null_values=["\\N"])
rows, theirs, written = 0, 0, 0
for file in files:
    table = pyarrow.csv.read_csv(file, read_options=read, convert_options=convert)
    copy = os.path.join(FOLDER, "arrow.csv")
    theirs += min(arrow(table, copy) for _ in range(ROUNDS))
    written += os.path.getsize(copy) / 1e6
    rows += table.num_rows
print(f"rows={rows} xmdb_cpu_s={ours:.2f} xmdb_MB_per_s={megabytes / ours:.0f} xmdb_rows_per_s={rows / ours:.0f} "
      f"arrow_cpu_s={theirs:.2f} arrow_MB_per_s={written / theirs:.0f} ratio={ours / theirs:.2f}")
