#!/usr/bin/env python3
"""Exports a match for Qserv and holds the numbers of chunks against Rubin's own.

    scripts/check-qserv.py [--keep FOLDER]

Two catalogues of up to 150,000 sources, in patches all over the sky, at the poles, along RA 0 = 360 and on borders of chunks, are matched and exported for Qservs divided in several
ways, as directors and as tables that match two directors. Then

    lsst.sphgeom   Chunker: chunk and sub-chunk of every row; the chunks of the surroundings, each with its sub-chunks
    MySQL's rules  every row has the columns that its description registers, with values of their types, and none but \\N for NULL
    the whole      each source is stored once, a pair in each chunk of its objects, and metadata.json lists every file

lsst-sphgeom is fetched by pip where it is missing; without it the check is skipped, with a word. Needs bin/xmdb. Ends with 1 when it finds
fault.
"""

import argparse
import json
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
# What sphgeom puts around each box, and as much for the way from degrees to its vectors, degrees.
BORDER = 1e-9
FIELD = re.compile(r"((?:[^,\\]|\\.)*),")
ESCAPE = re.compile(r"\\(.)")


def expect(what, holds, why=""):
    if not holds:
        faults.append(what)
    print(f"  {what:<60} {'ok' if holds else 'WRONG: ' + str(why or 'it is not so')}", flush=True)


def available(module, package, folder):
    """Whether a module can be imported, after a try to fetch its package."""
    for attempt in range(2):
        try:
            __import__(module)
            return True
        except ImportError:
            if attempt:
                return False
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check",
                        "--only-binary=:all:", "--target", str(folder), package], capture_output=True)
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))


def xmdb(work, *arguments):
    done = subprocess.run([XMDB, *map(str, arguments)], cwd=work, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"check-qserv: xmdb {' '.join(map(str, arguments))} ends with {done.returncode}: {done.stderr}")
    return done.stdout


def positions(random, count):
    """Positions in patches all over the sky, many of them where a division goes wrong first."""
    import numpy as np

    # Patches of less than a degree, at the poles and along RA 0 too: whole skies have a file a source.
    patches = 300
    centre_ra = random.uniform(0, 360, patches)
    centre_dec = np.degrees(np.arcsin(random.uniform(-1, 1, patches)))
    centre_ra[:60] = 0
    centre_dec[60:80], centre_dec[80:100] = 90, -90
    patch = random.integers(0, patches, count)
    dec = centre_dec[patch] + random.uniform(-0.3, 0.3, count)
    dec = np.where(np.abs(dec) > 90, np.sign(dec) * 180 - dec, dec)
    ra = (centre_ra[patch] + random.uniform(-0.3, 0.3, count) / np.maximum(np.cos(np.radians(dec)), 1e-3)) % 360
    part = count // 10
    pole = np.abs(centre_dec[patch]) == 90
    dec[pole] = (np.sign(dec) * (90 - 10 ** random.uniform(-9, -0.5, count)))[pole]
    wrap = (centre_ra[patch] == 0) & (np.arange(count) % 2 == 0)
    ra[wrap] = ((10 ** random.uniform(-9, -1, count) * random.choice([-1, 1], count)) % 360)[wrap]
    height = 180 / (340 * 3)
    dec[:part] = np.clip(np.round(dec[:part] / height) * height + random.normal(0, 0.005, part), -90, 90)
    extreme = [(0, 90), (0, -90), (123, 90), (359.999999999, 0), (0, 0), (180, 0), (90, 45), (270, -45), (360, 10)]
    for place, (a, d) in enumerate(extreme):
        ra[-1 - place], dec[-1 - place] = a, d
    return ra, dec


def make_catalogues(work):
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(1414)
    count = 150_000
    ra, dec = positions(random, count)
    seen = random.random(count) < 0.6
    # Some pairs are as wide as the overlap of one of the exports.
    move = random.normal(0, 0.1 / 3600, (2, count))
    dec_b = np.clip(dec + move[1], -90, 90)
    ra_b = (ra + move[0] / np.maximum(np.cos(np.radians(dec)), 1e-3)) % 360
    names = np.array([f"n, {i}\\" if i % 5 else "" for i in range(count)])
    fields = {"ra": "deg", "dec": "deg", "sigma": "arcsec"}

    def write(name, ids, ra, dec, extra):
        table = pa.table({"id": ids, "ra": ra, "dec": dec, "sigma": np.full(len(ra), 0.1), **extra})
        schema = pa.schema([f.with_metadata({"unit": fields[f.name]}) if f.name in fields else f for f in table.schema])
        pq.write_table(table.cast(schema), work / name)

    ids = np.arange(count, dtype=np.int64) + (1 << 60)
    write("a.parquet", ids, ra, dec, {"note": pa.array([n or None for n in names]), "flux": np.where(ids % 7, 1.5, np.inf)})
    write("b.parquet", ids[seen] - (1 << 59), ra_b[seen], dec_b[seen], {})
    for name in "ab":
        xmdb(work, "ingest", f"{name}.parquet", "--epoch", "2016")
    xmdb(work, "match", "a", "b", "--no-photometry", "--no-unknown-motions")
    return count, int(seen.sum())


# MARK: What a package holds


def read_rows(path):
    """Fields of a file by MySQL's rules; None for NULL."""
    return [[None if f == r"\N" else ESCAPE.sub(lambda m: m[1], f) for f in FIELD.findall(line + ",")]
            for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def fits(value, kind):
    """Whether MySQL takes a text for a value of a type without a warning."""
    if value is None:
        return "NOT NULL" not in kind
    name = kind.split()[0]
    try:
        if name in ("BIGINT", "INT", "BOOL"):
            number, bits = int(value), {"BIGINT": 63, "INT": 31, "BOOL": 7}[name]
            return -(1 << bits) <= number < (1 << bits) and not ("UNSIGNED" in kind and number < 0)
        if name == "DOUBLE":
            return math.isfinite(float(value))
        return len(value) <= int(name[name.index("(") + 1:-1])
    except ValueError:
        return False


class Package:
    """A package for Qserv, read by what its own descriptions say."""

    def __init__(self, folder):
        self.folder = folder
        self.database = json.loads((folder / "database.json").read_text())
        self.metadata = json.loads((folder / "metadata.json").read_text())
        self.tables = {}
        for entry in self.metadata["tables"]:
            table = json.loads((folder / entry["schema"]).read_text())
            self.tables[table["table"]] = (table, entry)

    def files(self, name):
        """(chunk, is overlap, rows) of every file of a table that metadata.json lists."""
        for data in self.tables[name][1]["data"]:
            for kind, suffix in (("chunks", ""), ("overlaps", "_overlap")):
                for chunk in data[kind]:
                    yield chunk, kind == "overlaps", read_rows(self.folder / data["directory"] / f"chunk_{chunk}{suffix}.txt")

    def check_form(self):
        names = {"manifest.json", "matches.felis.yaml", "database.json", "metadata.json"}
        for name, (table, entry) in self.tables.items():
            columns = [column["name"] for column in table["schema"]]
            wrong, rows = 0, 0
            for chunk, overlap, found in self.files(name):
                names.add(f"{name}/chunk_{chunk}{'_overlap' if overlap else ''}.txt")
                for row in found:
                    rows += 1
                    wrong += len(row) != len(columns) or not all(
                        fits(value, column["type"]) for value, column in zip(row, table["schema"]))
            expect(f"{self.folder.name}: {name}: {rows} rows are as described", wrong == 0 and rows > 0, f"{wrong} are not")
            keys = [table.get(k) for k in ("director_key", "director_key2", "latitude_key", "longitude_key", "flag")]
            expect(f"{self.folder.name}: {name} has its keys", all(k in columns for k in keys if k))
            names |= {entry["schema"], *entry["indexes"]}
            for index in entry["indexes"]:
                parts = json.loads((self.folder / index).read_text())["columns"]
                expect(f"{self.folder.name}: the index of {name} is on its columns", all(p["column"] in columns for p in parts))
        there = {str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_file()}
        there = {n for n in there if not n.endswith("_beyond_overlap.csv")}
        expect(f"{self.folder.name}: every file is listed", there == names, there ^ names)


# MARK: Against sphgeom


class Oracle:
    def __init__(self, database):
        import lsst.sphgeom as sphgeom

        self.sphgeom = sphgeom
        self.chunker = sphgeom.Chunker(database["num_stripes"], database["num_sub_stripes"])

    def around(self, ra, dec, radius):
        """The sub-chunks that have a point within a radius."""
        s = self.sphgeom
        centre = s.UnitVector3d(s.LonLat.fromDegrees(ra, dec))
        circle = s.Circle(centre, s.Angle.fromDegrees(radius))
        return {(chunk, sub) for chunk, subs in self.chunker.getSubChunksIntersecting(circle) for sub in subs}


def check_places(package, name, position, oracle):
    """Every row of a table is where sphgeom has its position."""
    table, _ = package.tables[name]
    columns = [column["name"] for column in table["schema"]]
    ra, dec, chunk, sub = (columns.index(c) for c in (*position, "chunkId", "subChunkId"))
    wrong, ties, rows, seen = [], 0, 0, set()
    for number, overlap, found in package.files(name):
        if overlap:
            continue
        for row in found:
            place = (int(row[chunk]), int(row[sub]))
            if place[0] != number:
                wrong.append(row)
            rows += 1
            own = oracle.around(float(row[ra]), float(row[dec]), 0)
            ties += len(own) > 1
            seen.add(place)
            if place not in own:
                wrong.append((row[ra], row[dec], place, own))
    expect(f"{package.folder.name}: {name}: {rows} rows in {len(seen)} sub-chunks, {ties} on borders", not wrong, wrong[:2])
    return rows


def check_overlaps(package, name, position, oracle, step):
    """The surroundings hold every position within the overlap, and none that is far."""
    table, _ = package.tables[name]
    columns = [column["name"] for column in table["schema"]]
    key, ra, dec, chunk, sub = (columns.index(c) for c in (table["director_key"], *position, "chunkId", "subChunkId"))
    homes, around, repeated, near = {}, {}, 0, package.database["overlap"]
    for _, overlap, found in package.files(name):
        for row in found:
            place = (int(row[chunk]), int(row[sub]))
            if overlap:
                places = around.setdefault(row[key], set())
                repeated += place in places
                places.add(place)
            else:
                homes[row[key]] = (float(row[ra]), float(row[dec]), place)
    missing, far, tried = 0, 0, list(homes)[::step]
    for ident in tried:
        a, d, home = homes[ident]
        stored = around.get(ident, set())
        missing += not (oracle.around(a, d, near - BORDER) <= stored | {home})
        # The corners of a box are farther than its sides, by the root of two where the sky is flat.
        if abs(d) < 85:
            far += not (stored <= oracle.around(a, d, 1.6 * near + BORDER))
        missing += home in stored
    expect(f"{package.folder.name}: {name}: surroundings of {len(tried)} rows",
           missing == 0 and far == 0 and repeated == 0 and set(around) <= set(homes),
           f"{missing} missing, {far} far, {repeated} repeated")


def check_directors(work, count_a, count_b):
    for name, options in (("rsp", ()), ("fine", ("--stripes", 85, "--sub-stripes", 14, "--overlap", 0.001)),
                          ("coarse", ("--stripes", 18, "--sub-stripes", 10, "--overlap", 0.5))):
        xmdb(work, "export", "a", "b", "--to", name, "--qserv", "--extra-a", "note,flux", *options)
        package = Package(work / name)
        oracle = Oracle(package.database)
        package.check_form()
        matched = check_places(package, "matches", ("a_ra", "a_dec"), oracle)
        alone_a = check_places(package, "nonmatches_a", ("a_ra", "a_dec"), oracle)
        alone_b = check_places(package, "nonmatches_b", ("b_ra", "b_dec"), oracle)
        expect(f"{name}: every source is stored once", (matched + alone_a, matched + alone_b) == (count_a, count_b),
               f"{matched} + {alone_a}, + {alone_b}")
        check_overlaps(package, "matches", ("a_ra", "a_dec"), oracle, 3)
        check_overlaps(package, "nonmatches_a", ("a_ra", "a_dec"), oracle, 3)


def check_matches(work):
    """Tables of two directors: pairs in the chunks of both, or aside."""
    directors = ("--qserv", "--director-a", "gaia.source", "--director-b", "b_source", "--pairs")
    xmdb(work, "export", "a", "b", "--to", "joined", *directors, "--overlap", 0.01667)
    xmdb(work, "export", "a", "b", "--to", "narrow", *directors, "--overlap", 0.00003, "--stripes", 340)
    plain = work / "plain"
    xmdb(work, "export", "a", "b", "--to", plain, "--pairs")
    for name in ("joined", "narrow"):
        package = Package(work / name)
        oracle = Oracle(package.database)
        package.check_form()
        columns = [column["name"] for column in package.tables["matches"][0]["schema"]]
        places = [columns.index(c) for c in ("a_ra", "a_dec", "b_ra", "b_dec", "partitioningFlags", "chunkId", "subChunkId")]
        pairs, wrong = {}, 0
        for _, _, rows in package.files("matches"):
            for row in rows:
                a_ra, a_dec, b_ra, b_dec, flags, chunk, sub = (float(row[p]) for p in places)
                own = oracle.around(a_ra, a_dec, 0), oracle.around(b_ra, b_dec, 0)
                place = (int(chunk), int(sub))
                wrong += place not in own[1 if flags == 2 else 0]
                pairs.setdefault((row[0], row[3]), []).append((int(flags), int(chunk)))
        for found in pairs.values():
            flags = sorted(f for f, _ in found)
            wrong += flags not in ([3], [1, 2]) or (flags == [1, 2]) != (len({c for _, c in found}) == 2)
        both = sum(len(found) == 2 for found in pairs.values())
        beyond = package.folder / "matches_beyond_overlap.csv"
        aside = len(read_rows(beyond)) if beyond.exists() else 0
        whole = len(read_rows(plain / "matches.csv"))
        expect(f"{name}: {len(pairs)} pairs, {both} in two chunks, {aside} wider than the overlap",
               wrong == 0 and len(pairs) + aside == whole and both > 0 and (aside > 0) == (name == "narrow"),
               f"{wrong} wrong; {whole} in all")
        match = package.tables["matches"][0]
        expect(f"{name}: matches join both directors",
               (match["director_table"], match["director_table2"], match["ang_sep"]) ==
               ("gaia.source", "b_source", package.database["overlap"]))
        child = package.tables["nonmatches_b"][0]
        expect(f"{name}: nonmatches_b belong to theirs", child["director_table"] == "b_source")
        stored = {(row[0], row[1], row[2], row[3]) for _, _, rows in package.files("pairs") for row in rows}
        aside = package.folder / "pairs_beyond_overlap.csv"
        stored |= {tuple(row) for row in read_rows(aside)} if aside.exists() else set()
        expect(f"{name}: {len(stored)} candidate pairs", stored == {tuple(row) for row in read_rows(plain / 'pairs.csv')})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", help="leave what is made in this folder")
    keep = parser.parse_args().keep
    work = Path(keep or tempfile.mkdtemp(prefix="check-qserv-")).resolve()
    work.mkdir(parents=True, exist_ok=True)
    sys.path.append(str(ROOT / ".deps/python"))
    try:
        if not all(available(module, package, work / "packages")
                   for module, package in (("numpy", "numpy"), ("pyarrow", "pyarrow"), ("lsst.sphgeom", "lsst-sphgeom"))):
            print("check-qserv: skipped: lsst-sphgeom is not here and pip cannot fetch it")
            return
        counts = make_catalogues(work)
        check_directors(work, *counts)
        check_matches(work)
    finally:
        if not keep:
            shutil.rmtree(work, ignore_errors=True)
    if faults:
        sys.exit(f"check-qserv: {len(faults)} faults")


if __name__ == "__main__":
    main()
