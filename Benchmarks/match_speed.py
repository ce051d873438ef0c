#!/usr/bin/env python3
"""A match of two simulated catalogues with photometry, beside the nearest neighbours of scipy's cKDTree on the same files, one thread each.

    VENV/bin/python Benchmarks/match_speed.py [SOURCES [XMDB [FOLDER [ROUNDS]]]]   defaults: 1000000 bin/xmdb /tmp/xmdb-match-speed 3

Needs the Python packages numpy, scipy and pyarrow. Prints the least processor time of each over the rounds, their ratio, and sources of both
catalogues a second. xmdb reads shards and commits results; the tree reads two columns of Parquet and keeps the neighbours in memory. The time
to start Python and import its packages is taken off.
"""
import os
import resource
import subprocess
import sys

SOURCES = sys.argv[1] if len(sys.argv) > 1 else "1000000"
XMDB = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "bin/xmdb")
FOLDER = os.path.join(sys.argv[3] if len(sys.argv) > 3 else "/tmp/xmdb-match-speed", SOURCES)
ROUNDS = int(sys.argv[4]) if len(sys.argv) > 4 else 3
IMPORTS = "import sys, numpy as np, pyarrow.parquet as parquet\nfrom scipy.spatial import cKDTree\n"
TREE = IMPORTS + """
def vectors(path):
    table = parquet.read_table(path, columns=["ra", "dec"], use_threads=False)
    ra, dec = np.radians(table["ra"].to_numpy()), np.radians(table["dec"].to_numpy())
    return np.column_stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
a, b = vectors(sys.argv[1]), vectors(sys.argv[2])
cKDTree(b).query(a, k=1, workers=1)
"""


def seconds(command):
    """Processor seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


database = [XMDB, "--quiet", "--db", os.path.join(FOLDER, "sky.xmdb")]
files = [os.path.join(FOLDER, "sim", name + ".parquet") for name in "ab"]
os.makedirs(FOLDER, exist_ok=True)
if not os.path.exists(database[3]):
    subprocess.run([XMDB, "--quiet", "simulate", "--to", os.path.dirname(files[0]), "--sources", SOURCES], check=True)
    for name, file in zip("ab", files):
        subprocess.run([*database, "ingest", file, "--as", name], check=True)
start = min(seconds([sys.executable, "-c", IMPORTS]) for _ in range(2))
ours, theirs = [], []
for _ in range(ROUNDS):
    ours.append(seconds([*database, "match", "a", "b", "--threads", "1", "--redo"]))
    theirs.append(seconds([sys.executable, "-c", TREE, *files]) - start)
print(f"sources={SOURCES} xmdb_cpu_s={min(ours):.2f} ckdtree_cpu_s={min(theirs):.2f} ratio={min(ours) / min(theirs):.2f} "
      f"xmdb_sources_per_s={2 * int(SOURCES) / min(ours):.0f}")
