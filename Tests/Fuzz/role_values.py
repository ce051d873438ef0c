"""Absurd values in every role of a catalogue.

Each case ingests a clean patch of sky together with rows that have extreme values, matches it, and asks two things of
the answer. The ledger closes: every row is a source or is kept aside. And the rows that were kept aside changed nothing: without
them the export of the match has the same bytes.
"""

import json
import os
import random as randoms
import sqlite3
import struct

from program import Defect
from values import any_integer, any_real, any_text

CLEAN = 60
ROLES = ["ra", "dec", "sigma", "sigma_ra", "sigma_dec", "corr_ra_dec", "sigma_major", "sigma_minor", "sigma_pa", "pm_ra", "pm_dec",
         "sigma_pm_ra", "sigma_pm_dec", "parallax", "epoch", "mag:g", "mag_error:g", "snr:g"]
UNITS = {"ra": "deg", "dec": "deg", "sigma": "arcsec", "sigma_ra": "arcsec", "sigma_dec": "arcsec", "sigma_major": "arcsec",
         "sigma_minor": "arcsec", "sigma_pa": "deg", "pm_ra": "mas/yr", "pm_dec": "mas/yr", "sigma_pm_ra": "mas/yr",
         "sigma_pm_dec": "mas/yr", "parallax": "mas", "epoch": "yr", "mag:g": "mag", "mag_error:g": "mag"}
ERROR_FORMS = [["sigma"], ["sigma_ra", "sigma_dec"], ["sigma_ra", "sigma_dec", "corr_ra_dec"], ["sigma_major", "sigma_minor", "sigma_pa"]]


def clean_row(random):
    """The values of an ordinary source, by role."""
    return {"ra": 150 + random.uniform(-0.05, 0.05), "dec": 2 + random.uniform(-0.05, 0.05), "sigma": random.uniform(0.05, 0.3),
            "sigma_ra": random.uniform(0.05, 0.3), "sigma_dec": random.uniform(0.05, 0.3), "corr_ra_dec": random.uniform(-0.5, 0.5),
            "sigma_major": random.uniform(0.2, 0.3), "sigma_minor": random.uniform(0.05, 0.2), "sigma_pa": random.uniform(0, 180),
            "pm_ra": random.uniform(-20, 20), "pm_dec": random.uniform(-20, 20), "sigma_pm_ra": random.uniform(0.1, 2),
            "sigma_pm_dec": random.uniform(0.1, 2), "parallax": random.uniform(0, 5), "epoch": 2015 + random.uniform(0, 1),
            "mag:g": random.uniform(14, 20), "mag_error:g": random.uniform(0.01, 0.1), "snr:g": random.uniform(5, 100)}


def chosen_roles(random):
    """Positions, one form of position errors, and some of the rest."""
    roles = ["ra", "dec", *random.choice(ERROR_FORMS)]
    if random.random() < 0.6:
        roles += ["pm_ra", "pm_dec"] + (["sigma_pm_ra", "sigma_pm_dec"] if random.random() < 0.7 else [])
    for role in ["parallax", "epoch"]:
        if random.random() < 0.4:
            roles.append(role)
    if random.random() < 0.6:
        roles += ["mag:g", *(r for r in ["mag_error:g", "snr:g"] if random.random() < 0.4)]
    return roles


def spoiled(row, roles, random):
    """A row with one to three absurd values."""
    row = dict(row)
    for role in random.sample(roles, min(len(roles), random.choice([1, 1, 1, 2, 3]))):
        row[role] = None if random.random() < 0.1 else any_real(random)
    return row


def as_column(values, kind, pyarrow):
    """An Arrow column of a kind, with NULL where a value does not fit it."""
    def fits(value):
        try:
            return pyarrow.scalar(value, kind).as_py() is not None
        except (pyarrow.ArrowInvalid, OverflowError, struct.error, ValueError):
            return False

    if pyarrow.types.is_integer(kind):
        values = [int(v) if v is not None and abs(v) < 2**63 else None for v in values]
    return pyarrow.array([v if v is not None and fits(v) else None for v in values], kind)


def write_catalogue(path, roles, rows, kinds, pyarrow):
    """Writes rows as Parquet, a column for every role, and the number of the row as id."""
    import pyarrow.parquet as parquet
    columns = {"id": pyarrow.array([row["id"] for row in rows], pyarrow.int64())}
    for role in roles:
        columns[role.replace(":", "_")] = as_column([row[role] for row in rows], kinds.get(role, pyarrow.float64()), pyarrow)
    parquet.write_table(pyarrow.table(columns), path)


def mapping(roles):
    """The options that name every role."""
    options = ["--map", "id=id"]
    for role in roles:
        unit = UNITS.get(role)
        options += ["--map", f"{role}={role.replace(':', '_')}" + (f":{unit}" if unit else "")]
    return options if "epoch" in roles else [*options, "--epoch", "2015.5"]


class RoleValues:
    """The cases of this kind."""

    name = "roles"

    def __init__(self, program, host):
        import pyarrow
        self.program, self.host, self.pyarrow = program, host, pyarrow

    def perform(self, number, random, folder):
        """Runs one case in an empty folder. Returns how the ingest ended."""
        roles = chosen_roles(random)
        rows = [{"id": i, **clean_row(random)} for i in range(CLEAN)]
        bad = [{**spoiled(random.choice(rows), roles, random), "id": 1000 + i} for i in range(random.choice([1, 1, 2, 5, 20]))]
        kinds = {role: self.pyarrow.float32() for role in roles if random.random() < 0.15}
        everything = rows + bad
        random.shuffle(everything)
        self.write_partner(folder, rows, randoms.Random(number))
        ingest = self.ingest(folder, "all", roles, everything, kinds)
        if ingest.status != 0:
            return f"refused {ingest.status}"
        aside = self.kept_aside(folder, len(everything))
        self.ingest(folder, "rest", roles, [row for row in everything if row["id"] not in aside], kinds, needed=True)
        with_bad, without = self.matched(folder, "all"), self.matched(folder, "rest")
        if with_bad != without:
            raise Defect(f"rows that were kept aside changed the match: {sorted(aside)} in {folder}")
        if number % 20 == 0:
            self.host.check_database(os.path.join(folder, "all.xmdb"), ["a", "b"])
        return "stored, rows aside" if aside else "stored"

    def write_partner(self, folder, rows, random):
        """The other catalogue: most of the clean sources, seen again."""
        partner = [{"id": row["id"], "ra": row["ra"] + random.gauss(0, 4e-5), "dec": row["dec"] + random.gauss(0, 4e-5), "sigma": 0.15}
                   for row in rows if random.random() < 0.8]
        write_catalogue(os.path.join(folder, "b.parquet"), ["ra", "dec", "sigma"], partner, {}, self.pyarrow)

    def ingest(self, folder, name, roles, rows, kinds, needed=False):
        """Ingests `rows` as the catalogue a of a database of its own."""
        write_catalogue(os.path.join(folder, "a.parquet"), roles, rows, kinds, self.pyarrow)
        database = ["--db", f"{name}.xmdb"]
        outcome = self.program.run(*database, "ingest", "a.parquet", *mapping(roles), folder=folder)
        if needed and outcome.status != 0:
            raise Defect(f"refused what it had stored before: {outcome}")
        if outcome.status == 0:
            partner = self.program.run(*database, "ingest", "b.parquet", *mapping(["ra", "dec", "sigma"]), folder=folder)
            if partner.status != 0:
                raise Defect(f"refused a clean catalogue: {partner}")
        return outcome

    def kept_aside(self, folder, count):
        """The ids of the rows that are not sources; checks that the ledger closes."""
        facts = json.loads(self.program.run("--db", "all.xmdb", "sql", "--json",
                                            "SELECT xm_rowid, id FROM a", folder=folder).output)
        sources = {row["id"] for row in facts}
        aside = set()
        for path, _, files in os.walk(os.path.join(folder, "all.xmdb", "catalogues", "a")):
            if "problems.sqlite" in files:
                connection = sqlite3.connect(f"file:{path}/problems.sqlite?mode=ro", uri=True)
                aside |= {id for (id,) in connection.execute("SELECT id FROM problem")}
                connection.close()
        if len(sources) + len(aside) != count or sources & aside:
            raise Defect(f"of {count} rows {len(sources)} are sources and {len(aside)} are kept aside, in {folder}")
        return aside

    def matched(self, folder, name):
        """The bytes of the exported match, or the words of the refusal."""
        database = ["--db", f"{name}.xmdb"]
        match = self.program.run(*database, "match", "a", "b", "--quiet", folder=folder)
        if match.status != 0:
            return match.error.replace(name.encode(), b"")
        self.program.run(*database, "export", "a", "b", "--to", f"{name}.out", "--quiet", folder=folder)
        verified = self.program.run(*database, "verify", "--quiet", folder=folder)
        if verified.status != 0:
            raise Defect(f"verify finds fault with what was just made: {verified}")
        return {file: open(os.path.join(folder, f"{name}.out", file), "rb").read()
                for file in sorted(os.listdir(os.path.join(folder, f"{name}.out"))) if file.endswith(".csv")}
