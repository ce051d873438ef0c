#!/usr/bin/env python3
"""Exports a match as HATS catalogues and as coverage maps, and lets the programs of the field open them.

    scripts/check-hats.py [--keep FOLDER]

The demonstration's stars, with simulated neighbours, are matched. Then

    hats      validates an association, a joined catalogue and a collection with a margin strictly; pixels, rows and properties are compared
    pyarrow   types, units and the VOTable in the footer; _metadata names every file
    LSDB      opens all; finds by the margin the neighbours that lie in other files; joins two catalogues through the association, and finds the pairs of the match
    mocpy     reads the coverage maps, FITS and JSON, compares them with one another and with the sources

The packages are fetched by pip into a folder of their own where they are missing; what cannot be had is skipped, with a word. Needs
bin/xmdb. Ends with 1 when a program finds fault.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
XMDB = ROOT / "bin/xmdb"
MARGIN = 300
faults = []


def say(what, outcome):
    print(f"  {what:<44} {outcome}")


def fault(what, why):
    faults.append(what)
    say(what, f"WRONG: {why}")


def expect(what, holds, why=""):
    if holds:
        say(what, "ok")
    else:
        fault(what, why or "it is not so")


def available(name, folder):
    """Whether a package can be imported, after a try to fetch it."""
    try:
        __import__(name)
        return True
    except ImportError:
        pass
    done = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check",
                           "--only-binary=:all:", "--target", str(folder), name], capture_output=True)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        __import__(name)
        return done.returncode == 0
    except ImportError:
        return False


def xmdb(work, *arguments):
    done = subprocess.run([XMDB, *map(str, arguments)], cwd=work, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"check-hats: xmdb {' '.join(map(str, arguments))} ends with {done.returncode}: {done.stderr}")
    return done.stdout


def make_catalogues(work):
    """A simulated sky of two catalogues, matched, exported in every way."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(14)
    count = 20_000
    ra = random.uniform(350, 380, count) % 360
    dec = np.degrees(np.arcsin(random.uniform(-0.3, 0.3, count)))
    shift = random.normal(0, 0.1 / 3600, (2, count))
    seen = random.random(count) < 0.8
    fields = {"ra": "deg", "dec": "deg", "sigma": "arcsec"}

    def write(name, ids, ra, dec):
        columns = {"id": ids, "ra": ra, "dec": dec, "sigma": np.full(len(ra), 0.1),
                   "note": [f"n{i}" if i % 3 else None for i in range(len(ra))]}
        table = pa.table(columns)
        schema = pa.schema([field.with_metadata({"unit": fields[field.name]}) if field.name in fields else field
                            for field in table.schema])
        pq.write_table(table.cast(schema), work / name)

    ids = np.arange(count, dtype=np.int64) + (1 << 60)
    write("a.parquet", ids, ra, dec)
    write("b.parquet", ids[seen] - (1 << 59), (ra + shift[0] / np.cos(np.radians(dec)))[seen] % 360,
          (dec + shift[1])[seen])
    for name in "ab":
        xmdb(work, "ingest", f"{name}.parquet", "--epoch", "2016")
    xmdb(work, "match", "a", "b", "--no-photometry")
    xmdb(work, "export", "a", "b", "--out", "m.parquet", "--columns", "a_id,b_id,a_ra_deg,a_dec_deg,separation_arcsec")
    xmdb(work, "export", "a", "b", "--out", "flags.parquet", "--join", "all1", "--columns", "a_ra_deg,a_dec_deg,flags")
    xmdb(work, "export", "a", "b", "--to", "assoc", "--format", "hats", "--pixel-rows", "3000")
    xmdb(work, "export", "a", "b", "--to", "joined", "--format", "hats", "--joined", "--join", "all1", "--pixel-rows",
         "3000")
    xmdb(work, "export", "a", "b", "--to", "collection", "--format", "hats", "--joined", "--join", "all1", "--pixel-rows", "3000",
         "--margin", MARGIN)
    for name in ("moc.fits", "moc.json"):
        xmdb(work, "export", "a", "b", "--moc", name)
        xmdb(work, "export", "a", "b", "--moc", f"flagged-{name}", "--flagged", "near_edge", "--moc-order", "9")


def check_hats(work):
    import hats
    import pyarrow.parquet as pq
    from hats.io.validation import is_valid_catalog

    table = pq.read_table(work / "m.parquet")
    for name, rows in (("assoc", table.num_rows), ("joined", 20_000)):
        expect(f"hats validates {name}", is_valid_catalog(work / name, strict=True))
        catalogue = hats.read_hats(work / name)
        expect(f"hats counts the rows of {name}", catalogue.catalog_info.total_rows == rows,
               f"{catalogue.catalog_info.total_rows}, not {rows}")
        files = sorted((work / name / "dataset").glob("Norder=*/Dir=*/Npix=*.parquet"))
        expect(f"{name} is divided", len(files) > 2 and sum(pq.read_metadata(f).num_rows for f in files) == rows)
        metadata = pq.read_metadata(work / name / "dataset/_metadata")
        named = {metadata.row_group(i).column(0).file_path for i in range(metadata.num_row_groups)}
        expect(f"_metadata of {name} names every file",
               named == {str(f.relative_to(work / name / "dataset")) for f in files} and metadata.num_rows == rows)
        common = pq.read_schema(work / name / "dataset/_common_metadata")
        expect(f"_common_metadata of {name} is the schema",
               common.equals(pq.read_schema(files[0])) and common.names[0] == "_healpix_29")
        expect(f"{name} has its VOTable", b"IVOA.VOTable-Parquet.content" in (common.metadata or {}))
    expect("hats validates the collection", is_valid_catalog(work / "collection", strict=True))
    collection = hats.read_hats(work / "collection")
    margin = hats.read_hats(work / "collection/margin")
    expect("hats finds its margin", collection.default_margin == "margin" and margin.catalog_info.margin_threshold == MARGIN)
    schema = pq.read_schema(work / "joined/dataset/_common_metadata")
    expect("joined has units", schema.field("a_ra_deg").metadata.get(b"unit") == b"deg"
           and schema.field("separation_arcsec").metadata.get(b"unit") == b"arcsec")


def write_hats(work, name):
    """A catalogue of one partition an order-1 pixel, as hats-import would write it."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq
    from hats.pixel_math.spatial_index import compute_spatial_index

    table = pq.read_table(work / f"{name}.parquet")
    index = compute_spatial_index(table["ra"].to_numpy(), table["dec"].to_numpy())
    table = table.add_column(0, "_healpix_29", pa.array(index)).sort_by("_healpix_29")
    index = np.sort(index)
    pixels = index >> (2 * 28)
    folder = work / f"hats-{name}"
    for pixel in np.unique(pixels):
        path = folder / f"dataset/Norder=1/Dir=0/Npix={pixel}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table.filter(pa.array(pixels == pixel)), path)
    pq.write_metadata(table.schema, folder / "dataset/_common_metadata")
    (folder / "partition_info.csv").write_text(
        "Norder,Npix\n" + "".join(f"1,{pixel}\n" for pixel in np.unique(pixels)))
    (folder / "hats.properties").write_text(
        f"obs_collection={name}\ndataproduct_type=object\nhats_nrows={table.num_rows}\nhats_col_ra=ra\nhats_col_dec=dec\n"
        "hats_col_healpix=_healpix_29\nhats_col_healpix_order=29\nhats_npix_suffix=.parquet\n")
    return folder


def check_lsdb(work):
    import lsdb
    import pyarrow.parquet as pq

    warnings.simplefilter("ignore")
    joined = lsdb.open_catalog(work / "joined").compute()
    expect("LSDB opens the joined catalogue", len(joined) == 20_000)
    cone = lsdb.open_catalog(work / "joined").cone_search(ra=0, dec=5, radius_arcsec=7200).compute()
    expect("LSDB searches a cone in it", 0 < len(cone) < 2000, f"{len(cone)} rows")
    collection = lsdb.open_catalog(work / "collection")
    expect("LSDB opens the collection with its margin",
           collection.margin is not None and len(collection.compute()) == 20_000 and len(collection.margin.compute()) > 0)
    check_neighbours(collection)
    a, b = (lsdb.open_catalog(write_hats(work, name)) for name in "ab")
    association = lsdb.read_hats(work / "assoc")
    found = a.join(b, through=association, suffixes=("_a", "_b"), suffix_method="all_columns").compute()
    pairs = set(zip(found["id_a"].astype("int64"), found["id_b"].astype("int64")))
    table = pq.read_table(work / "m.parquet")
    wanted = set(zip(table["a_id"].to_pylist(), table["b_id"].to_pylist()))
    # Without a margin LSDB does not find a pair across the border of two partitions of b.
    expect("LSDB joins through the association", pairs <= wanted and len(pairs) >= 0.999 * len(wanted),
           f"{len(pairs)} pairs of {len(wanted)}, {len(pairs - wanted)} of them wrong")


def check_neighbours(collection):
    """Every pair of neighbours nearer than the margin is found, by LSDB with the margin and by a search among all rows."""
    import numpy as np

    found = collection.crossmatch(collection, radius_arcsec=MARGIN, n_neighbors=50, suffixes=("_l", "_r"), suffix_method="all_columns").compute()
    rows = collection.compute()
    ra, dec = (np.radians(rows[name].to_numpy(float)) for name in ("a_ra_deg", "a_dec_deg"))
    points = np.column_stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    reach = 2 * np.sin(np.radians(MARGIN / 3600) / 2)
    count = sum(int((((points - point) ** 2).sum(axis=1) <= reach * reach).sum()) for point in points)
    expect("LSDB finds neighbours across borders by the margin", abs(len(found) - count) <= 2, f"{len(found)}, not {count}")


def check_mocpy(work):
    import astropy.units as u
    import pyarrow.parquet as pq
    from mocpy import MOC

    fits = MOC.load(work / "moc.fits", format="fits")
    json = MOC.load(work / "moc.json", format="json")
    expect("mocpy reads both maps alike", fits == json and not fits.empty())
    table = pq.read_table(work / "m.parquet")
    inside = fits.contains_lonlat(table["a_ra_deg"].to_numpy() * u.deg, table["a_dec_deg"].to_numpy() * u.deg)
    expect("the map holds the matched sources", inside.mean() > 0.999, f"{inside.mean():.4f} of them")
    flagged = MOC.load(work / "flagged-moc.fits", format="fits")
    expect("mocpy reads both maps of flags alike",
           flagged == MOC.load(work / "flagged-moc.json", format="json") and not flagged.empty()
           and flagged.max_order <= 9 and flagged.sky_fraction < fits.sky_fraction)
    rows = pq.read_table(work / "flags.parquet")
    inside = flagged.contains_lonlat(rows["a_ra_deg"].to_numpy() * u.deg, rows["a_dec_deg"].to_numpy() * u.deg)
    is_flagged = rows["flags"].to_numpy() & 1 == 1
    expect("it holds every flagged source, and not all others",
           is_flagged.any() and inside[is_flagged].all() and not inside.all(), f"{inside[is_flagged].mean():.4f}")
    expect("the map is no more than the sky of both", fits.sky_fraction < 0.06, f"{fits.sky_fraction}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", help="leave what is made in this folder")
    keep = parser.parse_args().keep
    work = Path(keep or tempfile.mkdtemp(prefix="check-hats-")).resolve()
    work.mkdir(parents=True, exist_ok=True)
    packages = work / "packages"
    sys.path.append(str(ROOT / ".deps/python"))
    try:
        if not all(available(name, packages) for name in ("numpy", "pyarrow", "hats")):
            print("check-hats: skipped: hats is not here and pip cannot fetch it")
            return
        make_catalogues(work)
        check_hats(work)
        for name, check in (("lsdb", check_lsdb), ("mocpy", check_mocpy)):
            if available(name, packages):
                check(work)
            else:
                say(name, "skipped: it is not here and pip cannot fetch it")
    finally:
        if not keep:
            shutil.rmtree(work, ignore_errors=True)
    if faults:
        sys.exit(f"check-hats: {len(faults)} faults")


if __name__ == "__main__":
    main()
