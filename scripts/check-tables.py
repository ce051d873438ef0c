#!/usr/bin/env python3
"""Writes matches as tables in every format, and lets the programs of the field read and validate them.

    scripts/check-tables.py [--keep FOLDER]

Two catalogues with what formats stumble over (64-bit identifiers, single precision, truth values, texts of any language, rows
without a value, infinities) are written by astropy as FITS and VOTable and matched by `xmdb match --out` into each format. Then

    astropy      reads every file with warnings as errors: values, units and UCDs are compared with those of Arrow, bit by bit;
                 astropy.io.votable.validate and fits verify
    pyarrow      types, nulls, metadata of fields, and the VOTable in the footer of Parquet
    fitsverify   no error and no warning
    stilts       votlint says nothing

astropy is fetched by pip into a folder of its own where it is missing; what cannot be had is skipped, with a word. Needs bin/xmdb.
Ends with 1 when a program finds fault.
"""

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ["m.parquet", "m.arrow", "m.fits", "m.fits.gz", "m.vot", "m.vot.gz", "m.csv", "m.csv.zst"]
JOINS = ["1and2", "1or2", "1not2"]
faults = []


def say(what, outcome):
    print(f"  {what:<44} {outcome}")


def fault(what, why):
    faults.append(what)
    say(what, f"WRONG: {why}")


def require_packages(folder):
    """Makes astropy and pyarrow importable; False if that cannot be."""
    sys.path.append(str(ROOT / ".deps/python"))
    missing = []
    for name in ("numpy", "astropy", "pyarrow"):
        try:
            __import__(name)
        except ImportError:
            missing.append(name)
    if not missing:
        return True
    done = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check",
                           "--only-binary=:all:", "--target", str(folder), *missing], capture_output=True)
    sys.path.insert(0, str(folder))
    return done.returncode == 0


def write_inputs(folder):
    """Two catalogues of 3000 objects, of which each has most."""
    import numpy as np
    from astropy.table import MaskedColumn, Table
    rng = np.random.default_rng(20260101)
    count = 3000
    ra, dec = rng.uniform(359.5, 360.5, count) % 360, rng.uniform(-0.5, 0.5, count)
    for number, (name, sigma) in enumerate([("one.fits", 0.05), ("two.vot", 0.3)]):
        kept = rng.random(count) < 0.8
        seen = np.count_nonzero(kept)
        unknown = rng.random(seen) < 0.2
        table = Table()
        table["id"] = 5853498713190525696 + np.flatnonzero(kept).astype("i8")
        table["ra"] = (ra[kept] + rng.normal(0, sigma, seen) / 3600) % 360
        table["dec"] = dec[kept] + rng.normal(0, sigma, seen) / 3600
        table["pos_err"] = np.full(seen, sigma, "f4")
        table["g_mag"] = MaskedColumn(rng.uniform(12, 20, seen).astype("f4"), mask=unknown)
        table["count"] = MaskedColumn(rng.integers(-99, 99, seen), mask=unknown)
        table["ratio"] = np.where(rng.random(seen) < 0.1, -np.inf, rng.lognormal(0, 100, seen))
        table["seen"] = rng.random(seen) < 0.5
        words = np.array(["plain", "two words", 'comma, "quote"', "<&>", "x" * 60])
        table["word"] = words[rng.integers(0, len(words), seen)]
        if number == 1:
            table["name"] = np.array(["é", "日本", "a", "𝛼 Cen", "?"])[rng.integers(0, 5, seen)]
        for column, unit in [("ra", "deg"), ("dec", "deg"), ("pos_err", "arcsec"), ("g_mag", "mag")]:
            table[column].unit = unit
        for column, ucd in [("id", "meta.id;meta.main"), ("ra", "pos.eq.ra;meta.main"),
                            ("dec", "pos.eq.dec;meta.main"), ("g_mag", "phot.mag;em.opt.V")]:
            table[column].meta["ucd"] = ucd
            table[column].description = f"{column} < of & {name}"
        table.write(folder / name, format="votable" if number else "fits", overwrite=True,
                    **({"tabledata_format": "binary2"} if number else {}))


def match(folder, name, join):
    command = [str(ROOT / "bin/xmdb"), "match", "one.fits", "two.vot", "--out", name, "--join", join, "--force", "-q",
               "--map1", "id=id", "--map2", "id=id", "--epoch1", "2016", "--epoch2", "2016"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        fault(f"{name} {join}", done.stderr.strip())
    return done.returncode == 0


def read(path):
    """A table by astropy, with every warning an error."""
    import pyarrow.feather
    import pyarrow.parquet
    from astropy.io.votable import parse
    from astropy.table import Table
    name = path.name
    if name.endswith(".arrow"):
        return pyarrow.feather.read_table(path)
    if name == "m.parquet":
        return pyarrow.parquet.read_table(path)
    if ".vot" in name:
        return parse(path, verify="exception").get_first_table().to_table()
    if ".csv" in name:
        text = path
        if name.endswith(".zst"):
            import pyarrow as pa
            text = pa.CompressedInputStream(pa.OSFile(str(path)), "zstd").read().decode()
        return Table.read(text, format="ascii.csv", guess=False, fill_values=[("", "0")], encoding="utf-8")
    return read_fits(path)


def read_fits(path):
    """astropy reads a truth value that is missing as False, with a warning; its bytes tell."""
    from astropy.io import fits
    from astropy.table import MaskedColumn, Table
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Column .* contains NULL")
        table = Table.read(path)
    with fits.open(path, logical_as_bytes=True) as file:
        for name in [name for name in table.colnames if table[name].dtype.kind == "b"]:
            table[name] = MaskedColumn(table[name], mask=file[1].data[name] == b"\x00")
    return table


def column(table, name):
    """Values and which are missing, as numpy arrays."""
    import numpy as np
    import pyarrow as pa
    if isinstance(table, pa.Table):
        data = table[name].combine_chunks()
        missing = np.array(data.is_null())
        blank = {"string": "", "bool": False}.get(str(data.type), 0)
        return np.array([blank if value is None else value for value in data.to_pylist()]), missing, str(data.type)
    data = np.ma.asarray(table[name])
    missing = np.array(np.ma.getmaskarray(data))
    values = np.ma.getdata(data)
    if values.dtype.kind == "f":
        missing = missing | np.isnan(values)
    if values.dtype.kind == "O":
        values = values.astype(str)
    return values, missing, str(values.dtype)


def compare(path, join, table, reference):
    import numpy as np
    what = f"{path.name} {join}"
    isTyped = ".csv" not in path.name
    if len(table) != len(reference):
        return fault(what, f"{len(table)} rows, not {len(reference)}")
    for name in reference.column_names:
        expected, unknown, kind = column(reference, name)
        own = name if ".fits" not in path.name else name.encode("ascii", "replace").decode()
        values, missing, found = column(table, own)
        if kind == "string" or not isTyped and kind == "bool":
            if ".fits" in path.name:
                expected = np.array([str(v).encode("ascii", "replace").decode() for v in expected])
            values, expected = (np.array([str(v) for v in list]) for list in (values, expected))
            if kind == "bool":
                values, expected = np.char.lower(values), np.char.lower(expected)
            missing = missing | (values == "") if kind == "string" else missing
        elif not isTyped and kind == "float":
            values = values.astype("f4")
        if not (missing == unknown).all():
            return fault(what, f"{name}: {np.count_nonzero(missing != unknown)} values are missing, or are not")
        same = values[~unknown] == expected[~unknown].astype(values.dtype)
        if not same.all():
            return fault(what, f"{name}: {np.count_nonzero(~same)} values differ ({found}, {kind})")
        sizes = {"int64": "i8", "double": "f8", "float": "f4", "bool": "b1"}
        if isTyped and kind in sizes and not hasattr(table, "schema"):
            if np.dtype(found).newbyteorder("=") != np.dtype(sizes[kind]):
                return fault(what, f"{name} is {found}, not {kind}")
    say(what, f"{len(table)} rows, {len(reference.column_names)} columns: the same")


def check_notes(folder):
    """Units, UCDs and descriptions in every format that has them."""
    import pyarrow.parquet
    from astropy.io import fits
    from astropy.io.votable import parse
    expected = [("ra_1", "deg", "pos.eq.ra;meta.main"), ("ra_2", "deg", "pos.eq.ra"), ("g_mag_1", "mag", "phot.mag;em.opt.V"),
                ("separation_arcsec", "arcsec", "pos.angDistance")]
    found = {"m.vot": {}, "m.fits": {}, "m.parquet": {}, "m.parquet as VOParquet": {}}
    table = read(folder / "m.vot")
    fields = pyarrow.parquet.read_table(folder / "m.parquet").schema
    # astropy reads no VOParquet with texts of variable length; what the footer says it does.
    footer = parse(io.BytesIO(fields.metadata[b"IVOA.VOTable-Parquet.content"]), verify="exception").get_first_table()
    described = {field.name: field for field in footer.fields}
    if list(described) != fields.names:
        fault("m.parquet", f"its VOTable has {list(described)}")
    with fits.open(folder / "m.fits") as file:
        header = file[1].header
        numbers = {header[f"TTYPE{n}"]: n for n in range(1, header["TFIELDS"] + 1)}
        for name, unit, ucd in expected:
            n = numbers[name]
            found["m.fits"][name] = (header[f"TUNIT{n}"], header.get(f"TUCD{n}"))
            found["m.vot"][name] = (str(table[name].unit), table[name].meta.get("ucd"))
            notes = fields.field(name).metadata
            found["m.parquet"][name] = (notes[b"unit"].decode(), notes.get(b"ucd", b"").decode() or None)
            found["m.parquet as VOParquet"][name] = (str(described[name].unit), described[name].ucd)
    for file, notes in found.items():
        # A FITS file of astropy has no UCDs.
        wrong = [name for name, unit, ucd in expected
                 if notes[name][0] != unit or (name in ("ra_2", "separation_arcsec") and notes[name][1] != ucd)]
        fault(file, f"units or UCDs of {wrong}: {notes}") if wrong else say(file, "units and UCDs as they should be")


def validate(folder):
    from astropy.io import fits
    from astropy.io.votable import validate as votable_validate
    for name in ("m.vot", "m.vot.gz"):
        report = io.StringIO()
        good = votable_validate(str(folder / name), output=report)
        say(f"astropy validates {name}", "no violations") if good else fault(name, report.getvalue())
    for name in ("m.fits", "m.fits.gz"):
        with fits.open(folder / name) as file:
            file.verify("exception")
        say(f"astropy verifies {name}", "sound")
    outside("fitsverify", ["fitsverify", "-q", "m.fits"], folder, lambda text: "verification OK" in text)
    for name in ("m.vot", "m.vot.gz"):
        outside("stilts", ["stilts", "votlint", name], folder, lambda text: text.strip() == "")


def outside(program, command, folder, isGood):
    what = " ".join(command)
    if not shutil.which(program):
        return say(what, f"skipped: no {program} here (apt-get install {program})")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    text = done.stdout + done.stderr
    say(what, "no fault") if done.returncode == 0 and isGood(text) else fault(what, text[:2000])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="work in this folder and leave its files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not require_packages(Path(temporary) / "packages"):
            print("tables: skipped: astropy is not here, and pip could not fetch it")
            return 0
        warnings.simplefilter("ignore")
        write_inputs(folder)
        warnings.simplefilter("error")
        for join in JOINS:
            written = [name for name in FORMATS if match(folder, name, join)]
            if len(written) < len(FORMATS):
                continue
            reference = read(folder / "m.arrow")
            for name in written:
                try:
                    compare(folder / name, join, read(folder / name), reference)
                except Exception as error:  # Whatever a reader says is a finding.
                    fault(f"{name} {join}", f"{type(error).__name__}: {error}")
        # Of pairs: all columns are there.
        for name in FORMATS:
            match(folder, name, "1and2")
        check_notes(folder)
        validate(folder)
    print(f"tables: {len(faults)} wrong" if faults else "tables: all formats are read as they were written")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
