#!/usr/bin/python3
"""Joins with a catalogue, in Python's sqlite3 with xmdb's extension, beside plain SQLite tables of the same rows with an index on the id.

    /usr/bin/python3 Benchmarks/joins.py [SOURCES [XMDB [FOLDER]]]      defaults: 1000000 bin/xmdb /tmp/xmdb-joins

Simulates two catalogues of so many sources, ingests and matches them (kept in FOLDER), copies the columns of the joins into
FOLDER/plain.sqlite, and prints processor time of each query in both and their ratio. A join is to give the same rows in both.
Needs a Python whose sqlite3 loads extensions: that of Debian does, that of pyenv does not.
"""
import os
import resource
import shutil
import sqlite3
import subprocess
import sys

SOURCES = sys.argv[1] if len(sys.argv) > 1 else "1000000"
XMDB = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "bin/xmdb")
FOLDER = os.path.join(sys.argv[3] if len(sys.argv) > 3 else "/tmp/xmdb-joins", SOURCES)
DATABASE, PLAIN = os.path.join(FOLDER, "sky.xmdb"), os.path.join(FOLDER, "plain.sqlite")
QUERIES = [
    "SELECT count(*), sum(m.pair_p) FROM {m} AS m JOIN {a} AS a ON a.id = m.a_id WHERE a.mag_G < 14",
    "SELECT count(*), sum(m.pair_p) FROM {m} AS m JOIN {a} AS a ON a.xm_rowid = m.a_rowid WHERE a.mag_G < 14",
    "SELECT count(*) FROM {a} AS a JOIN {b} AS b ON a.id = b.id",
    "SELECT count(*), sum(x.mag_G) FROM {a} AS a JOIN {a} AS x ON a.id = x.id",
    "SELECT count(*), sum(m.pair_p) FROM {m} AS m",
]
NAMES = {"m": "xmatch('a', 'b')", "a": "a", "b": "b"}


def host(path, database=None):
    """A connection with the extension, on the database."""
    connection = sqlite3.connect(path)
    if database:
        if not hasattr(connection, "enable_load_extension"):
            sys.exit(f"{sys.executable}: its sqlite3 loads no extensions; run this with /usr/bin/python3")
        connection.enable_load_extension(True)
        # Beside the program; its link in bin/ stands beside it, too.
        connection.load_extension(os.path.join(os.path.dirname(XMDB), "libxmdb"))
        connection.execute("SELECT xm_open(?)", [database])
    return connection


def prepare():
    if os.path.exists(PLAIN):
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)

    def xmdb(*arguments):
        subprocess.run([XMDB, *arguments, "--quiet"], check=True)
    xmdb("simulate", "--to", os.path.join(FOLDER, "sim"), "--sources", SOURCES, "--density", "30000", "--seed", "1")
    for name in "ab":
        xmdb("ingest", os.path.join(FOLDER, "sim", name + ".parquet"), "--db", DATABASE)
    xmdb("match", "a", "b", "--db", DATABASE, "--threads", "1")
    connection = host(PLAIN + ".draft", DATABASE)
    for name in "ab":
        connection.execute(f"CREATE TABLE plain_{name}(id INTEGER, mag_G REAL, xm_rowid INTEGER PRIMARY KEY)")
        magnitude = "mag_G" if name == "a" else "NULL"
        connection.execute(f"INSERT INTO plain_{name} SELECT id, {magnitude}, xm_rowid FROM {name}")
        connection.execute(f"CREATE INDEX id_{name} ON plain_{name}(id)")
    connection.execute("CREATE TABLE plain_m AS SELECT a_id, b_id, a_rowid, b_rowid, pair_p FROM xmatch('a', 'b')")
    connection.commit()
    connection.close()
    os.rename(PLAIN + ".draft", PLAIN)


def timed(connection, query):
    """The one row of a query, and the processor time it took."""
    def spent():
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime
    start = spent()
    row = connection.execute(query).fetchone()
    return row, spent() - start


def main():
    prepare()
    print(f"{SOURCES} sources of each; processor seconds\n  {'xmdb':>6} {'plain':>6} {'ratio':>6}  query")
    good = True
    for query in QUERIES:
        # Connections of their own: nothing is cached from the query before.
        row, seconds = timed(host(":memory:", DATABASE), query.format(**NAMES))
        plain_row, plain = timed(host(PLAIN), query.format(m="plain_m", a="plain_a", b="plain_b"))
        same = all(x == y or abs(x - y) < 1e-6 * abs(y) for x, y in zip(row, plain_row))
        good = good and same
        print(f"  {seconds:6.2f} {plain:6.2f} {seconds / plain:6.1f}  {query.format(**NAMES)}{'' if same else '  DIFFERS'}", flush=True)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
