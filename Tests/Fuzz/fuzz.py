#!/usr/bin/env python3
"""Feeds xmdb generated input of four kinds, and stops for nothing but a defect.

    Tests/Fuzz/fuzz.py                            a short run of every kind, with the program and the extension in bin/
    Tests/Fuzz/fuzz.py --seed 7 --parquet 20000 --roles 3000 --sql 80000 --damage 8000
    Tests/Fuzz/fuzz.py --only damage:1234 --seed 7 --keep /tmp/case    one case again, its files kept

Kinds: parquet (changed bytes of Parquet files), roles (absurd values in every role), sql (generated SQL in a host), damage (changed bytes
and cells of databases). A case depends on the seed, the kind and its number alone. A defect is a crash, a status that is not documented,
a run that takes longer or more memory than granted, or a wrong answer. Exit status: 0 none, 1 defects, 2 used wrongly.
"""

import argparse
import collections
import concurrent.futures
import os
import random
import shutil
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# pyarrow, out of the same wheel that ./setup takes Arrow C++ from.
sys.path.append(os.path.join(ROOT, ".deps", "python"))
sys.dont_write_bytecode = True

from damaged_files import DamagedFiles  # noqa: E402
from parquet_bytes import ParquetBytes  # noqa: E402
from program import Defect, Program  # noqa: E402
from role_values import RoleValues  # noqa: E402
from sql_arguments import Host, SQLArguments  # noqa: E402

KINDS = {"parquet": ParquetBytes, "roles": RoleValues, "sql": SQLArguments, "damage": DamagedFiles}
SHORT = {"parquet": 150, "roles": 25, "sql": 4000, "damage": 120}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    for kind, count in SHORT.items():
        parser.add_argument(f"--{kind}", type=int, metavar="N", help=f"cases of this kind (all: {count}; 0: none)")
    parser.add_argument("--only", metavar="KIND:NUMBER", help="one case")
    parser.add_argument("--keep", metavar="DIR", help="with --only: keep the files of the case here")
    parser.add_argument("--program", default=os.path.join(ROOT, "bin", "xmdb"))
    parser.add_argument("--extension", default=os.path.join(ROOT, "bin", "libxmdb.so"))
    parser.add_argument("--seconds", type=float, default=10, help="time that one command or query may take")
    parser.add_argument("--memory-mb", type=float, default=1500, help="memory that one process may take")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args()


class Fuzz:
    """One run of the driver."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.program = Program(options.program, options.seconds, options.memory_mb)
        self.host = Host(options.extension, options.seconds, options.memory_mb)
        self.kinds = {name: kind(self.program, self.host) for name, kind in KINDS.items()}
        self.defects = 0

    def prepare(self, wanted):
        """Makes the database that the kinds sql and damage share."""
        if {"sql", "damage"} & set(wanted):
            self.kinds["sql"].prepare(self.folder)
        if "damage" in wanted:
            self.kinds["damage"].prepare(self.folder, self.kinds["sql"].database)

    def one(self, kind, number, keep=None):
        """Runs one case in a folder of its own; returns how it ended."""
        folder = keep or os.path.join(self.folder, f"{kind}-{number}")
        os.makedirs(folder, exist_ok=True)
        try:
            return self.kinds[kind].perform(number, random.Random(f"{self.options.seed}/{kind}/{number}"), folder)
        except Defect as defect:
            self.tell(kind, number, defect)
            return "DEFECT"
        except Exception as error:  # a mistake of the driver itself must not pass for success
            self.tell(kind, number, f"the driver failed: {error!r}")
            return "DEFECT"
        finally:
            if not keep:
                shutil.rmtree(folder, ignore_errors=True)

    def tell(self, kind, number, text):
        self.defects += 1
        print(f"DEFECT {kind}:{number} seed {self.options.seed}: {text}", flush=True)

    def run(self, kind, count):
        """Runs the cases 0 ..< count of a kind and prints a line about them."""
        start, before = time.monotonic(), self.defects
        ends = collections.Counter()
        if kind == "sql":
            ends["run"] = self.run_sql(count)
        else:
            with concurrent.futures.ThreadPoolExecutor(self.options.threads) as pool:
                for end in pool.map(lambda number: self.one(kind, number), range(count)):
                    ends[end] += 1
        shown = ", ".join(f"{end} {n}" for end, n in sorted(ends.items()))
        print(f"{kind}: {count} cases, {self.defects - before} defects, {time.monotonic() - start:.0f} s ({shown})", flush=True)

    def run_sql(self, count):
        """Divides the cases among hosts."""
        share = 2000
        starts = range(0, count, share)

        def part(first):
            for number, text in self.kinds["sql"].run_cases(self.options.seed, first, min(share, count - first)):
                self.tell("sql", number, text)

        with concurrent.futures.ThreadPoolExecutor(self.options.threads) as pool:
            list(pool.map(part, starts))
        return count


def main():
    options = arguments()
    for path in (options.program, options.extension):
        if not os.path.exists(path):
            print(f"fuzz.py: there is no {path}; build it by ./setup", file=sys.stderr)
            return 2
    given = {kind: getattr(options, kind) for kind in KINDS}
    counts = {kind: count or 0 for kind, count in given.items()} if any(c is not None for c in given.values()) else dict(SHORT)
    with tempfile.TemporaryDirectory(prefix="xmdb-fuzz-") as folder:
        fuzz = Fuzz(options, folder)
        print(f"seed {options.seed}, {options.seconds:.0f} s and {options.memory_mb:.0f} MB a command", flush=True)
        if options.only:
            kind, number = options.only.split(":")
            fuzz.prepare([kind])
            if kind == "sql":
                for found, text in fuzz.kinds["sql"].run_cases(options.seed, int(number), 1):
                    fuzz.tell(kind, found, text)
            else:
                print(fuzz.one(kind, int(number), options.keep))
        else:
            wanted = [kind for kind, count in counts.items() if count > 0]
            fuzz.prepare(wanted)
            for kind in wanted:
                fuzz.run(kind, counts[kind])
        longest, largest = max(fuzz.program.longest, fuzz.host.longest), max(fuzz.program.largest, fuzz.host.largest)
        print(f"{fuzz.program.runs} commands; the longest took {longest:.1f} s, the largest {largest:.0f} MB")
        print("no defect" if not fuzz.defects else f"{fuzz.defects} defects")
        return 1 if fuzz.defects else 0


if __name__ == "__main__":
    sys.exit(main())
