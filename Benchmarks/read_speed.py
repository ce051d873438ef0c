#!/usr/bin/env python3
"""Reading the same tables in FITS, VOTable and CSV: this project's readers, astropy and STILTS, in one run.

    VENV/bin/python Benchmarks/read_speed.py [ROWS [FOLDER [ROUNDS [STILTS]]]]   defaults: 1000000 /tmp/xmdb-read-speed 3 stilts

Needs numpy and astropy; STILTS is left out where it is not (apt-get install stilts, or a command such as 'java -jar stilts.jar').
Every reader decodes every value: Benchmarks/.build/release/ReadSpeed, Table.read, `stilts tpipe omode=discard`. A line for each format:
the least processor seconds over the rounds, less what the program takes for a table of ten rows, and the ratio of ours to the faster peer.
`xmdb ingest` beside them judges, sorts and stores, too.
"""
import os
import resource
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
FOLDER = Path(sys.argv[2] if len(sys.argv) > 2 else "/tmp/xmdb-read-speed")
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 3
STILTS = shlex.split(sys.argv[4] if len(sys.argv) > 4 else "stilts")
READER = ROOT / "Benchmarks/.build/release/ReadSpeed"
XMDB = ROOT / "bin/xmdb"
FORMATS = {"fits": "fits", "binary2.vot": "votable", "tabledata.vot": "votable", "csv": "ascii.csv"}
ASTROPY = """
import sys, warnings
import numpy as np
from astropy.table import Table
warnings.simplefilter("ignore")
options = {"memmap": False} if sys.argv[2] == "fits" else {}
table = Table.read(sys.argv[1], format=sys.argv[2], **options)
for name in table.colnames:
    values = np.ma.getdata(table[name])
    if values.dtype.kind in "iufb":
        values.sum()
"""


def write_tables(rows):
    """The same columns in every format, with missing values. No truth values: STILTS 3.4.7 ends at those of astropy's BINARY2."""
    import numpy as np
    from astropy.table import MaskedColumn, Table

    random = np.random.default_rng(17)
    ra, dec = random.uniform(0, 360, rows), np.degrees(np.arcsin(random.uniform(-1, 1, rows)))
    table = Table({
        "source_id": random.integers(1 << 60, 1 << 62, rows), "ra": ra, "dec": dec,
        "ra_error": random.lognormal(-2, 0.3, rows), "dec_error": random.lognormal(-2, 0.3, rows),
        "pmra": random.normal(0, 10, rows), "pmdec": random.normal(0, 10, rows),
        "g": random.normal(18, 2, rows).astype(np.float32), "bp": random.normal(19, 2, rows).astype(np.float32),
        "n": random.integers(0, 500, rows).astype(np.int32), "flag": random.integers(0, 8, rows).astype(np.int16),
        "name": np.char.add("J", random.integers(10 ** 9, 10 ** 10, rows).astype(str)),
    })
    table["n"] = MaskedColumn(table["n"], mask=random.random(rows) < 0.05)
    for name, unit in (("ra", "deg"), ("dec", "deg"), ("ra_error", "mas"), ("dec_error", "mas"), ("pmra", "mas/yr"),
                       ("pmdec", "mas/yr")):
        table[name].unit = unit
    for ending, form in FORMATS.items():
        path = FOLDER / f"{rows}.{ending}"
        if path.exists():
            continue
        options = {"table_id": "t", "tabledata_format": ending.split(".")[0]} if form == "votable" else {}
        table.write(path, format=form, **options)


def seconds(command):
    """Processor seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def readers(ending, form):
    """The commands that read a file, by name."""
    stilts_format = {"ascii.csv": "csv"}.get(form, form)
    found = {"xmdb": lambda path: [READER, path], "astropy": lambda path: [sys.executable, "-c", ASTROPY, path, form]}
    if shutil.which(STILTS[0]):
        found["stilts"] = lambda path: [*STILTS, "tpipe", f"in={path}", f"ifmt={stilts_format}", "omode=discard"]
    return found


def ingest(path):
    database = FOLDER / "sky.xmdb"
    shutil.rmtree(database, ignore_errors=True)
    return seconds([XMDB, "--quiet", "--db", database, "ingest", path, "--as", "a", "--epoch", "2016", "--threads", "1",
                    "--map", "pm_ra=none", "--map", "pm_dec=none",
                    *[word for role, unit in (("ra", "deg"), ("dec", "deg")) for word in ("--map", f"{role}={role}:{unit}")],
                    "--map", "sigma_ra=ra_error:mas", "--map", "sigma_dec=dec_error:mas"])


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for rows in (10, ROWS):
        write_tables(rows)
    for ending, form in FORMATS.items():
        path, small = FOLDER / f"{ROWS}.{ending}", FOLDER / f"10.{ending}"
        commands = readers(ending, form)
        whole, start = ({name: [] for name in commands} for _ in range(2))
        # In turns, so that what else runs on the machine is shared.
        for _ in range(ROUNDS):
            for name, command in commands.items():
                whole[name].append(seconds(command(path)))
                start[name].append(seconds(command(small)))
        least = {name: max(0.01, min(whole[name]) - min(start[name])) for name in commands}
        peers = {name: value for name, value in least.items() if name != "xmdb"}
        figures = " ".join(f"{name}_cpu_s={value:.2f}" for name, value in least.items())
        print(f"format={ending} rows={ROWS} mb={path.stat().st_size / 1e6:.0f} {figures} "
              f"ratio={least['xmdb'] / min(peers.values()):.2f} ingest_cpu_s={ingest(path):.2f}", flush=True)


main()
