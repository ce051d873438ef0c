#!/usr/bin/env python3
"""Ingests one table in every format, compression and frame, with and without missing values, and prints what became of it.

    scripts/check-formats.py [--keep FOLDER]

astropy and pyarrow write the table; `xmdb ingest` reads it. A cell of the table that is printed is right (ok) where the catalogue has every row,
identifiers to the last digit, magnitudes to the bit and NULL where there are none, and positions in ICRS that are those of astropy to 0.03″ (0.1″ of an FK5 of another equinox, of which astropy has another precession). A dash stands for what
does not exist: a format that is compressed inside, or that has no word for a frame, which `--frame` then says.

astropy is fetched by pip into a folder of its own where it is missing; without it the check is skipped, with a word. Needs bin/xmdb. Ends with 1 when a cell is wrong.
"""

import argparse
import gzip
import bz2
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
XMDB = ROOT / "bin/xmdb"
FORMATS = ["fits", "text.fits", "tabledata.vot", "binary.vot", "binary2.vot", "csv", "tsv", "ecsv", "parquet", "arrow", "feather", "sqlite"]
COMPRESSIONS = {"": None, ".gz": gzip.compress, ".bz2": bz2.compress}
FRAMES = {"icrs": None, "fk5:J1975": ("fk5", "J1975"), "fk4": ("fk4", "B1950"), "galactic": ("galactic", None), "ecliptic": ("ecliptic", None)}
# astropy precesses FK5 by the rates of 2006, and FK5 is defined by those of 1976: 0.3" a century apart.
TOLERANCE_ARCSEC = {frame: 0.1 if frame == "fk5:J1975" else 0.03 for frame in FRAMES}
ROWS = 60
faults = 0


def require_packages(folder):
    sys.path.append(str(ROOT / ".deps/python"))
    missing = []
    for name in ("numpy", "astropy", "pyarrow"):
        try:
            __import__(name)
        except ImportError:
            missing.append(name)
    if not missing:
        return True
    done = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary=:all:", "--target",
                           str(folder), *missing], capture_output=True)
    sys.path.insert(0, str(folder))
    return done.returncode == 0


def sky():
    """Positions in ICRS, and the same in every frame, degrees."""
    import numpy as np
    from astropy import units as u
    from astropy.coordinates import FK4, FK5, BarycentricMeanEcliptic, Galactic, SkyCoord

    random = np.random.default_rng(12)
    icrs = SkyCoord(random.uniform(0, 360, ROWS) * u.deg, np.degrees(np.arcsin(random.uniform(-1, 1, ROWS))) * u.deg)
    frames = {"icrs": icrs, "fk5:J1975": icrs.transform_to(FK5(equinox="J1975")), "fk4": icrs.transform_to(FK4(equinox="B1950", obstime="J2000")),
              "galactic": icrs.transform_to(Galactic()), "ecliptic": icrs.transform_to(BarycentricMeanEcliptic(equinox="J2000"))}
    return icrs, {name: (place.spherical.lon.deg, place.spherical.lat.deg) for name, place in frames.items()}


def table(lon, lat, has_nulls):
    import numpy as np
    from astropy.table import MaskedColumn, Table

    made = Table({"id": np.arange(ROWS, dtype=np.int64) + (1 << 60), "lon": lon, "lat": lat, "err": np.full(ROWS, 0.1),
                  "gmag": np.linspace(12, 21, ROWS), "note": np.array([f"n {i}" for i in range(ROWS)])})
    if has_nulls:
        made["gmag"] = MaskedColumn(made["gmag"], mask=np.arange(ROWS) % 3 == 0)
    for name, unit in (("lon", "deg"), ("lat", "deg"), ("err", "arcsec"), ("gmag", "mag")):
        made[name].unit = unit
    return made


def write(made, path, kind):
    """Writes the table in a format."""
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.ipc
    import pyarrow.parquet

    if kind == "fits":
        made.write(path, format="fits")
    elif kind == "text.fits":
        from astropy.io import fits

        columns = [fits.Column(name="id", format="I20", array=made["id"])]
        filled = made.filled(float("nan"))
        columns += [fits.Column(name=n, format="E26.17" if n in ("err",) else "D26.17", unit=str(made[n].unit), array=filled[n]) for n in ("lon", "lat", "err", "gmag")]
        columns.append(fits.Column(name="note", format="A8", array=made["note"]))
        fits.TableHDU.from_columns(columns).writeto(path)
    elif kind.endswith(".vot"):
        made.write(path, format="votable", tabledata_format=kind.split(".")[0])
    elif kind == "csv":
        made.write(path, format="ascii.csv")
    elif kind == "tsv":
        made.write(path, format="ascii.tab")
    elif kind == "ecsv":
        made.write(path, format="ascii.ecsv")
    elif kind == "sqlite":
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE t (id INTEGER, lon REAL, lat REAL, err REAL, gmag REAL, note TEXT)")
            rows = [[None if getattr(v, "mask", False) is not False and v is __import__("numpy").ma.masked else v.item() for v in row] for row in made]
            database.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", rows)
        database.close()
    else:
        columns = [pa.array(made[n].tolist()) for n in made.colnames]
        fields = [pa.field(n, c.type, metadata={"unit": str(made[n].unit)} if made[n].unit else None) for n, c in zip(made.colnames, columns)]
        whole = pa.table(columns, schema=pa.schema(fields))
        if kind == "parquet":
            pyarrow.parquet.write_table(whole, path)
        elif kind == "feather":
            pyarrow.feather.write_feather(whole, path)
        else:
            with pyarrow.ipc.new_stream(path, whole.schema) as writer:
                writer.write_table(whole)


def judge(work, path, frame, icrs, has_nulls):
    """What is wrong with the catalogue that comes of a file; empty if nothing is."""
    from astropy import units as u
    from astropy.coordinates import SkyCoord

    database = work / "sky.xmdb"
    shutil.rmtree(database, ignore_errors=True)
    arguments = ["ingest", path, "--as", "t", "--epoch", "2000", "--map", "id=id", "--map", "ra=lon:deg", "--map", "dec=lat:deg",
                 "--map", "sigma=err:arcsec", "--map", "mag:G=gmag:mag", "--frame", frame]
    done = subprocess.run([XMDB, "--quiet", "--db", database, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip().split("\n")[-1]
    place = "lon, lat" if frame == "icrs" else "ra_icrs, dec_icrs"
    done = subprocess.run([XMDB, "--db", database, "sql", "--json", f"SELECT id, {place.split(', ')[0]} AS ra, {place.split(', ')[1]} AS dec, gmag, note FROM t ORDER BY id"],
                          capture_output=True, text=True)
    rows = json.loads(done.stdout)
    if [row["id"] for row in rows] != [(1 << 60) + i for i in range(ROWS)]:
        return "identifiers differ"
    found = SkyCoord([row["ra"] for row in rows] * u.deg, [row["dec"] for row in rows] * u.deg)
    worst = found.separation(icrs).arcsec.max()
    if not worst < TOLERANCE_ARCSEC[frame]:
        return f'{worst:.3f}" off'
    for i, row in enumerate(rows):
        expected = None if has_nulls and i % 3 == 0 else 12 + 9 * i / (ROWS - 1)
        if (row["gmag"] is None) != (expected is None) or (expected is not None and abs(row["gmag"] - expected) > 1e-12):
            return f"magnitude {row['gmag']} of row {i}"
        if row["note"] != f"n {i}":
            return f"text {row['note']!r}"
    return ""


def main():
    global faults
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep")
    keep = parser.parse_args().keep
    work = Path(keep or tempfile.mkdtemp(prefix="xmdb-formats-"))
    work.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    try:
        if not require_packages(work / "python"):
            return print("check-formats: astropy is not to be had: skipped")
        icrs, frames = sky()
        heads = [f"{frame}{' nulls' if nulls else ''}" for frame in FRAMES for nulls in (False, True)]
        print(f"{'':<17}" + "".join(f"{head:<17}" for head in heads))
        for kind in FORMATS:
            for ending, compress in COMPRESSIONS.items():
                if compress and kind == "sqlite":
                    print(f"{kind + ending:<17}" + f"{'-':<17}" * len(heads))
                    continue
                cells = []
                for frame in FRAMES:
                    for nulls in (False, True):
                        path = work / f"t.{kind}"
                        path.unlink(missing_ok=True)
                        write(table(*frames[frame], nulls), path, kind)
                        if compress:
                            packed = Path(f"{path}{ending}")
                            packed.write_bytes(compress(path.read_bytes()))
                            path = packed
                        wrong = judge(work, path, frame, icrs, nulls)
                        faults += wrong != ""
                        cells.append(wrong or "ok")
                print(f"{kind + ending:<17}" + "".join(f"{cell:<17}" for cell in cells), flush=True)
    finally:
        if not keep:
            shutil.rmtree(work, ignore_errors=True)
    print(f"{faults} cells are wrong" if faults else "every format, compression and frame is read")
    sys.exit(1 if faults else 0)


main()
