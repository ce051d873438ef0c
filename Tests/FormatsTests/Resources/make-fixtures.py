#!/usr/bin/env python3
"""Writes the files in this folder with astropy and pyarrow: python3 make-fixtures.py

The same seven rows in every format. What they hold is written down in SmallTable.swift. Made with astropy 8.0.2 and
pyarrow 26.0.1; run it in a folder of its own and compare before replacing anything.
"""
import gzip
import pathlib
import sqlite3
import sys

import numpy as np
import pyarrow as pa
import pyarrow.feather
from astropy.io import fits
from astropy.io.votable import from_table
from astropy.io.votable.tree import CooSys
from astropy.table import MaskedColumn, Table

here = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)


def small():
    rows = 7
    last = [False] * (rows - 1) + [True]
    table = Table(masked=True)
    big = 5853498713190525696
    table["source_id"] = MaskedColumn([big + i for i in range(rows)], dtype="i8", description="identifier, 64 bits")
    table["ra"] = MaskedColumn([0.1 + 51 * i for i in range(rows)], dtype="f8", unit="deg", description="right ascension")
    table["dec"] = MaskedColumn([-89.9 + 29.7 * i for i in range(rows)], dtype="f8", unit="deg")
    table["err"] = MaskedColumn([0.1 * (i + 1) for i in range(rows)], dtype="f4", unit="arcsec", mask=last)
    table["count"] = MaskedColumn([i * i - 5 for i in range(rows)], dtype="i2", mask=last)
    table["seen"] = MaskedColumn([i % 2 == 0 for i in range(rows)], dtype=bool)
    table["mag"] = MaskedColumn([20.5, np.nan, 19.25, 18, 17, 16, 15], dtype="f8", unit="mag")
    table["name"] = MaskedColumn(["a", "two words", "comma, here", 'quote "q"', "", "f", "g"], dtype="U12")
    ucds = {"source_id": "meta.id;meta.main", "ra": "pos.eq.ra;meta.main", "dec": "pos.eq.dec;meta.main",
            "err": "stat.error;pos.eq", "mag": "phot.mag;em.opt.R"}
    for name, ucd in ucds.items():
        table[name].meta["ucd"] = ucd
    return table


def write_fits(table):
    hdu = fits.BinTableHDU(table, name="STARS")
    for i, name in enumerate(table.colnames, 1):
        if "ucd" in table[name].meta:
            hdu.header[f"TUCD{i}"] = table[name].meta["ucd"]
        if table[name].description:
            hdu.header[f"TCOMM{i}"] = table[name].description
    other = fits.BinTableHDU.from_columns([fits.Column("x", "J", array=np.arange(3))], name="OTHER")
    fits.HDUList([fits.PrimaryHDU(), hdu, other]).writeto(here / "small.fits", overwrite=True)
    with gzip.GzipFile(here / "small.fits.gz", "wb", mtime=0) as out:
        out.write((here / "small.fits").read_bytes())
    columns = [
        fits.Column("u64", "K", bzero=2**63, array=np.array([0, 2**63, 2**64 - 1], dtype="u8")),
        fits.Column("u32", "J", bzero=2**31, array=np.array([0, 2**31, 2**32 - 1], dtype="u4")),
        fits.Column("u16", "I", bzero=2**15, array=np.array([0, 32768, 65535], dtype="u2")),
        fits.Column("i8", "B", bzero=-128, array=np.array([-128, 0, 127], dtype="i1")),
        fits.Column("u8", "B", array=np.array([0, 128, 255], dtype="u1")),
        fits.Column("scaled", "I", array=np.array([-32768, 150, -1], dtype="i2")),
        fits.Column("null64", "K", null=-9223372036854775808,
                    array=np.array([-9223372036854775808, 9223372036854775807, 9007199254740993])),
        fits.Column("vector", "3E", array=np.arange(9, dtype="f4").reshape(3, 3)),
        fits.Column("bits", "3X", array=np.array([[1, 0, 1]] * 3, dtype=bool)),
        fits.Column("list", "PJ()", array=np.array([np.arange(1), np.arange(2), np.arange(3)], dtype=object)),
        fits.Column("wide", "10A", array=np.array(["abc", "", "0123456789"])),
    ]
    fits.BinTableHDU.from_columns(columns).writeto(here / "types.fits", overwrite=True)
    for key, value in {"TSCAL6": 0.01, "TZERO6": 5.0, "TNULL6": -32768}.items():
        fits.setval(here / "types.fits", key, value=value, ext=1)
    ascii_columns = [
        fits.Column("id", "I20", array=np.array([1, -2, 5853498713190525696])),
        fits.Column("ra", "D25.17", array=np.array([0.1, 359.99999999999994, 1e-300]), unit="deg"),
        fits.Column("f", "F10.4", array=np.array([1.5, -2.25, 3])),
        fits.Column("name", "A5", array=np.array(["a", "b c", "vwxyz"])),
    ]
    fits.TableHDU.from_columns(ascii_columns).writeto(here / "ascii.fits", overwrite=True)


def write_votable(table):
    for form in ("tabledata", "binary", "binary2"):
        copy = table.copy()
        votable = from_table(copy)
        resource = votable.resources[0]
        resource.coordinate_systems.append(CooSys(ID="sys", system="ICRS", epoch="J2016.0"))
        for field in resource.tables[0].fields:
            if field.name in ("ra", "dec"):
                field.ref = "sys"
            if field.name == "count" and form == "binary":
                field.values.null = -32768
            if "ucd" in copy[field.name].meta:
                field.ucd = copy[field.name].meta["ucd"]
        votable.to_xml(str(here / f"small-{form}.vot"), tabledata_format=form)


def write_text(table):
    plain = table.copy()
    plain.write(here / "small.csv", format="csv", overwrite=True)
    for name, opener in {"gz": gzip.open}.items():
        with open(here / f"small.csv.{name}", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as out:
            out.write((here / "small.csv").read_bytes())
    for codec in ("zstd", "bz2", "lz4"):
        ending = {"zstd": "zst"}.get(codec, codec)
        with pa.CompressedOutputStream(str(here / f"small.csv.{ending}"), codec) as out:
            out.write((here / "small.csv").read_bytes())
    table.write(here / "small.ecsv", format="ascii.ecsv", overwrite=True)
    table.write(here / "small-comma.ecsv", format="ascii.ecsv", delimiter=",", overwrite=True)


def write_arrow(table):
    columns, fields = [], []
    types = {"U": pa.string(), "b": pa.bool_()}
    for name in table.colnames:
        column = table[name]
        values = [None if masked else value for value, masked in zip(column.tolist(), np.ma.getmaskarray(column))]
        kind = types.get(column.dtype.kind) or pa.from_numpy_dtype(column.dtype)
        notes = {"unit": str(column.unit or ""), "ucd": column.meta.get("ucd", ""), "description": column.description or ""}
        columns.append(pa.array(values, kind))
        fields.append(pa.field(name, kind, metadata={k: v for k, v in notes.items() if v}))
    data = pa.table(columns, schema=pa.schema(fields))
    with pa.ipc.new_file(str(here / "small.arrow"), data.schema) as out:
        out.write_table(data, max_chunksize=3)
    with pa.ipc.new_stream(str(here / "small.arrows"), data.schema) as out:
        out.write_table(data, max_chunksize=3)
    words = data.set_column(data.schema.get_field_index("name"), "name", data["name"].dictionary_encode())
    pa.feather.write_feather(words, str(here / "small.feather"), compression="zstd", chunksize=4)


def write_sqlite(table):
    path = here / "small.sqlite"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as database:
        kinds = {"i": "INTEGER", "f": "REAL", "b": "BOOLEAN", "U": "TEXT"}
        names = ", ".join(f'"{name}" {kinds[table[name].dtype.kind]}' for name in table.colnames)
        database.execute(f"CREATE TABLE stars ({names})")
        marks = ", ".join("?" * len(table.colnames))
        rows = zip(*[
            [None if masked or value != value else value
             for value, masked in zip(table[name].tolist(), np.ma.getmaskarray(table[name]))]
            for name in table.colnames])
        database.executemany(f"INSERT INTO stars VALUES ({marks})", rows)
        database.commit()
    database.close()


table = small()
write_fits(table)
write_votable(table)
write_text(table)
write_arrow(table)
write_sqlite(table)
