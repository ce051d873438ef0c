#!/usr/bin/env python3
"""Exports matches as packages for a data access centre, and lets the programs that load them read and validate them.

    scripts/check-packages.py [--keep FOLDER]

Two small catalogues with texts that need escapes, 64-bit identifiers and missing values are matched and exported, with and without a header. Then

    felis          validate with all its checks, and create on SQLite (lsst-felis)
    MySQL's rules  each row loads into the types of the description, and no NULL becomes 0 or a text
    pandas         read_csv of a table written with --out, with defaults: numbers are numbers, missing values missing
    astropy        Table.read of the same
    hats_import    CsvReader as macauff's bridge to HATS calls it: no header, columns and types of a schema

What is missing is fetched by pip into a folder of its own; what cannot be had is skipped, with a word. Needs bin/xmdb. Ends with 1 when it finds fault.
"""

import argparse
import math
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
XMDB = ROOT / "bin/xmdb"
faults = []
FIELD = re.compile(r"((?:[^,\\]|\\.)*),")
ESCAPE = re.compile(r"\\(.)")
TABLES = ["matches", "nonmatches_a", "nonmatches_b"]
CHECKS = ["description", "redundant-datatypes", "tap-table-indexes", "tap-principal"]


def expect(what, holds, why=""):
    if not holds:
        faults.append(what)
    print(f"  {what:<70} {'ok' if holds else 'WRONG: ' + str(why or 'it is not so')[-600:]}", flush=True)


def available(module, package, folder):
    """Whether a module can be imported, after a try to fetch its package."""
    for attempt in range(2):
        try:
            __import__(module)
            return True
        except ImportError:
            if attempt:
                print(f"  {module} is not to be had: skipped")
                return False
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary=:all:", "--target",
                        str(folder), package], capture_output=True)
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))


def xmdb(work, *arguments):
    done = subprocess.run([XMDB, *map(str, arguments)], cwd=work, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"check-packages: xmdb {' '.join(map(str, arguments))} ends with {done.returncode}: {done.stderr}")
    return done.stdout


def make_catalogues(work):
    """1,000 and 750 sources, 700 of them the same; every seventh lacks a magnitude, every fifth a text."""
    texts = ["a,b", "tab\there", "back\\slash", '"quoted"', "größer", "1e5", "\\N", " blank "]
    for name, step in (("a", 1), ("b", 0)):
        lines = ["id,ra,dec,sigma,gmag,note"]
        for i in range(1000 if step else 750):
            note = "" if i % 5 == 0 else '"' + texts[i % len(texts)].replace('"', '""') + '"'
            magnitude = "" if i % 7 == 0 else f"{14 + i % 60 / 10}"
            far = 5 if not step and i >= 700 else 0
            lines.append(f"{(1 << 60) + i},{10 + far + i % 40 * 0.01:.7f},{-5 + i // 40 * 0.01:.7f},0.1,{magnitude},{note}")
        (work / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        xmdb(work, "ingest", f"{name}.csv", "--epoch", "2016", "--map", "ra=ra:deg", "--map", "dec=dec:deg", "--map", "sigma=sigma:arcsec")
    xmdb(work, "match", "a", "b", "--no-photometry")
    xmdb(work, "export", "a", "b", "--to", "plain", "--extra-a", "note", "--extra-b", "note")
    xmdb(work, "export", "a", "b", "--to", "headed", "--header")
    xmdb(work, "export", "a", "b", "--out", "table.csv", "--join", "all1", "--columns", "*,a.gmag,a.note")


def check_felis(work, folder):
    if not available("felis", "lsst-felis", folder):
        return
    run = [sys.executable, "-c", "import sys; sys.path.insert(0, sys.argv.pop(1)); from felis.cli import cli; cli()", str(folder)]
    for package in ("plain", "headed"):
        path = work / package / "matches.felis.yaml"
        done = subprocess.run([*run, "validate", *[f"--check-{check}" for check in CHECKS], path], capture_output=True, text=True)
        expect(f"{package}: felis validate, all checks", done.returncode == 0, done.stderr)
        database = work / f"{package}.db"
        done = subprocess.run([*run, "create", "--engine-url", f"sqlite:///{database}", path], capture_output=True, text=True)
        import sqlite3
        tables = {row[0] for row in sqlite3.connect(database).execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        expect(f"{package}: felis create on SQLite", done.returncode == 0 and tables == set(TABLES), done.stderr or tables)


def description(work, package):
    """Names and types of the columns of each table, from its Felis YAML."""
    import yaml

    schema = yaml.safe_load((work / package / "matches.felis.yaml").read_text(encoding="utf-8"))
    return {table["name"]: table["columns"] for table in schema["tables"]}


def read_rows(path):
    """Fields of a file by MySQL's rules; None for NULL."""
    return [[None if f == r"\N" else ESCAPE.sub(lambda m: {"n": "\n", "t": "\t", "r": "\r"}.get(m[1], m[1]), f)
             for f in FIELD.findall(line + ",")] for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def fits(value, column):
    if value is None:
        return True
    try:
        if column["datatype"] in ("long", "int", "short"):
            return -(1 << 63) <= int(value) < 1 << 63
        if column["datatype"] in ("double", "float"):
            return math.isfinite(float(value))
        return len(value.encode()) <= column["length"]
    except ValueError:
        return False


def check_rules(work):
    tables = description(work, "plain")
    nulls = 0
    for name, columns in tables.items():
        rows = read_rows(work / "plain" / f"{name}.csv")
        wrong = sum(len(row) != len(columns) or not all(map(fits, row, columns)) for row in rows)
        nulls += sum(row.count(None) for row in rows)
        expect(f"MySQL's rules: {len(rows)} rows of {name} load as described", rows and wrong == 0, f"{wrong} rows do not")
    matches = read_rows(work / "plain/matches.csv")
    names = [c["name"] for c in tables["matches"]]
    missing = {i for i in range(700) if i % 7 == 0}
    found = {int(r[names.index("a_id")]) - (1 << 60) for r in matches if r[names.index("a_gmag")] is None}
    expect("MySQL's rules: a magnitude is NULL where the catalogue has none, never 0", found == missing, found ^ missing)
    texts = {int(r[0]) - (1 << 60): r[names.index("a_note")] for r in matches}
    expect("MySQL's rules: texts come back", texts[1] == "tab\there" and texts[2] == "back\\slash" and texts[5] is None and texts[8] == "a,b",
           {k: texts[k] for k in (1, 2, 5, 8)})


def check_readers(work, folder):
    path = work / "table.csv"
    if available("pandas", "pandas", folder):
        import pandas

        table = pandas.read_csv(path)
        kinds = {name: table[name].dtype.kind for name in ("match_p", "separation_arcsec", "gmag", "a_ra_deg")}
        expect("pandas: numbers are numbers with its defaults", set(kinds.values()) == {"f"}, kinds)
        expect("pandas: missing magnitudes are missing", int(table["gmag"].isna().sum()) == sum(i % 7 == 0 for i in range(1000)))
        expect("pandas: identifiers keep their digits", set(table["a_id"].dropna().astype("int64")) <= set(range(1 << 60, (1 << 60) + 1000)))
    if available("astropy", "astropy", folder):
        from astropy.table import Table

        table = Table.read(path, format="ascii.csv")
        kinds = {name: table[name].dtype.kind for name in ("match_p", "separation_arcsec", "gmag", "a_ra_deg")}
        expect("astropy: numbers are numbers with its defaults", set(kinds.values()) == {"f"}, kinds)
        expect("astropy: missing magnitudes are masked", int(table["gmag"].mask.sum()) == sum(i % 7 == 0 for i in range(1000)))


def check_hats_import(work, folder):
    """The bridge reads headerless CSV by a schema that it makes of the description of the columns."""
    if not available("hats_import", "hats-import", folder):
        return
    import pyarrow as pa
    import pyarrow.parquet as pq
    from hats_import.catalog.file_readers import CsvReader

    kinds = {"a_id": pa.int64(), "b_id": pa.int64(), "match_p": pa.float64(), "separation_arcsec": pa.float64(), "eta": pa.float64(),
             "a.gmag": pa.float64(), "a.note": pa.string()}
    xmdb(work, "export", "a", "b", "--out", "bridge.csv", "--no-header", "--columns", ",".join(kinds))
    schema = pa.schema(list(kinds.items()))
    pq.write_table(schema.empty_table(), work / "schema.parquet")
    chunks = list(CsvReader(header=None, schema_file=str(work / "schema.parquet"), chunksize=300).read(str(work / "bridge.csv")))
    rows = sum(map(len, chunks))
    expect("hats_import: CsvReader reads every match", rows == len(read_rows(work / "plain/matches.csv")), rows)
    found = sum(int(chunk["a.gmag"].isna().sum()) for chunk in chunks)
    expect("hats_import: missing magnitudes are missing", found == 100, found)
    expect("hats_import: identifiers keep their digits", all(chunk["a_id"].dtype.kind == "i" for chunk in chunks))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep")
    keep = parser.parse_args().keep
    work = Path(keep or tempfile.mkdtemp(prefix="xmdb-packages-"))
    work.mkdir(parents=True, exist_ok=True)
    folder = work / "python"
    sys.path.append(str(ROOT / ".deps/python"))
    try:
        make_catalogues(work)
        check_felis(work, folder)
        if available("yaml", "pyyaml", folder):
            check_rules(work)
        check_hats_import(work, folder)
        check_readers(work, folder)
    finally:
        if not keep:
            shutil.rmtree(work, ignore_errors=True)
    print(f"{len(faults)} faults" if faults else "packages are read by every program that was there")
    sys.exit(1 if faults else 0)


main()
