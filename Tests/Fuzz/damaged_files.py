"""Databases with changed bytes and cells.

After a change to any file of a database every command must end, with status 3 or with the answer that it gives for the sound
database. A change that `verify` does not see must not change any answer.
"""

import os
import shutil
import sqlite3

from program import Defect

CATALOGUES = ("gaia", "catwise")
# What a query or a command prints must not depend on the time or the place.
QUERIES = [
    "SELECT * FROM gaia",
    "SELECT count(*), min(ra), max(ra) FROM catwise WHERE dec > (SELECT avg(dec) FROM catwise)",
    "SELECT * FROM catwise WHERE id = (SELECT max(id) FROM catwise)",
    "SELECT * FROM xmatch('gaia','catwise')",
    "SELECT * FROM xm_nonmatches('gaia','catwise','gaia')",
    "SELECT * FROM xm_pairs('gaia','catwise')",
    "SELECT * FROM xm_priors('gaia','catwise')",
    "SELECT * FROM xm_photometry('gaia','catwise')",
    "SELECT * FROM xm_cone('gaia', (SELECT avg(ra) FROM gaia), (SELECT avg(dec) FROM gaia), 0.05)",
    "SELECT * FROM xmatch('catwise','gaia')",
    "SELECT * FROM xm_what_if('gaia','catwise',0)",
]
COMMANDS = [
    ["verify", "--quiet"],
    ["info", "--json"],
    ["info", "gaia", "--json"],
    ["explain", "gaia", "catwise", "{id}"],
    ["calibrate", "gaia", "catwise", "--json"],
    ["export", "gaia", "catwise", "--to", "out", "--quiet"],
    ["match", "gaia", "catwise", "--quiet"],
    ["match", "gaia", "catwise", "--redo", "--quiet"],
    ["match", "gaia", "catwise", "--f-max", "0.99", "--quiet"],
]
# A command that writes a run is followed by a query, so that what it wrote is compared.
AFTER_MATCH = "SELECT * FROM xmatch('gaia','catwise')"


class DamagedFiles:
    """The cases of this kind."""

    name = "damage"

    def __init__(self, program, host):
        self.program, self.host = program, host

    def prepare(self, folder, database):
        """Takes the sound database that `SQLArguments` made, and notes what each command says of it."""
        self.sound = database
        self.files = sorted(os.path.relpath(os.path.join(path, name), database)
                            for path, _, names in os.walk(database) for name in names if name != "writer.lock")
        id = self.program.run("sql", "--csv", "SELECT id FROM gaia LIMIT 1 OFFSET 7", folder=folder).output.split()[-1].decode()
        self.commands = [[part.format(id=id) for part in command] for command in COMMANDS]
        self.rows = [self.query([query], folder)[1] for query in QUERIES]
        self.answers = []
        for number in range(len(self.commands)):
            work = os.path.join(folder, f"sound-{number}")
            self.copy(work)
            self.answers.append(self.answer(number, work))
            shutil.rmtree(work)

    def copy(self, folder):
        """A private copy of the sound database."""
        shutil.copytree(self.sound, os.path.join(folder, "sky.xmdb"))

    def query(self, queries, folder):
        """The status and the output of some queries, one after the other."""
        outcome = self.program.run("sql", "--csv", "; ".join(queries), folder=folder)
        return outcome.status, outcome.output

    def answer(self, number, folder):
        """What a command says: its status and its output."""
        command = self.commands[number]
        outcome = self.program.run(*command, folder=folder)
        if outcome.status == 0 and command[0] == "export":
            out = os.path.join(folder, "out")
            return 0, b"".join(open(os.path.join(out, name), "rb").read() for name in sorted(os.listdir(out)) if name.endswith(".csv"))
        if outcome.status == 0 and command[0] == "match":
            return self.query([AFTER_MATCH], folder)
        return outcome.status, outcome.output

    def perform(self, number, random, folder):
        """Damages a copy in one place, then runs all queries and a command. Returns how they ended."""
        self.copy(folder)
        damage = random.choice([self.flip, self.flip, self.overwrite, self.truncate, self.swap, self.cell, self.cell, self.remove])
        what = damage(os.path.join(folder, "sky.xmdb"), random)
        if not what:
            return "nothing to damage"
        order = random.sample(range(len(QUERIES)), len(QUERIES))
        status, output = self.query([QUERIES[i] for i in order], folder)
        expected = b"".join(self.rows[i] for i in order)
        if output != expected if status == 0 else not expected.startswith(output):
            raise Defect(f"{what}: queries give other rows than of the sound database: {self.first_difference(output, order)}")
        command = random.randrange(len(self.commands))
        then, output = self.answer(command, folder)
        if then == 0 and (then, output) != self.answers[command]:
            raise Defect(f"{what}: {' '.join(self.commands[command])} gives another answer than of the sound database")
        worst = max(status, then)
        return f"refused {worst}" if worst else "same answers"

    def first_difference(self, output, order):
        """The query whose rows differ first."""
        for i in order:
            if not output.startswith(self.rows[i]):
                return f"{QUERIES[i]}: {output[:200]!r}"
            output = output[len(self.rows[i]):]
        return "more rows"

    def pick(self, database, random):
        """A file, every kind of file about equally often."""
        kinds = {}
        for file in self.files:
            kinds.setdefault((file.split(os.sep)[0], os.path.splitext(file)[1], "problems" in file), []).append(file)
        file = random.choice(kinds[random.choice(sorted(kinds))])
        return file, os.path.join(database, file)

    def flip(self, database, random):
        file, path = self.pick(database, random)
        with open(path, "r+b") as stream:
            data = bytearray(stream.read())
            if not data:
                return None
            place, bit = random.randrange(len(data)), random.randrange(8)
            data[place] ^= 1 << bit
            stream.seek(0)
            stream.write(data)
        return f"bit {bit} of byte {place} of {file} flipped"

    def overwrite(self, database, random):
        file, path = self.pick(database, random)
        size = os.path.getsize(path)
        if not size:
            return None
        place, length = random.randrange(size), random.choice([1, 8, 100, 4096])
        with open(path, "r+b") as stream:
            stream.seek(place)
            stream.write(random.choice([bytes(length), b"\xff" * length, random.randbytes(length)]))
        return f"{length} bytes from {place} of {file} written over"

    def truncate(self, database, random):
        file, path = self.pick(database, random)
        size = os.path.getsize(path)
        length = random.choice([0, size // 2, max(size - 1, 0), size // 4096 * 4096 // 2, random.randrange(size + 1)])
        os.truncate(path, length)
        return f"{file} cut from {size} to {length} bytes" if length != size else None

    def swap(self, database, random):
        first, first_path = self.pick(database, random)
        second, second_path = self.pick(database, random)
        if first == second or "registry" in (first, second):
            return None
        shutil.copyfile(second_path, first_path + ".new")
        os.replace(first_path + ".new", first_path)
        return f"{first} replaced by {second}"

    def remove(self, database, random):
        file, path = self.pick(database, random)
        os.unlink(path)
        return f"{file} removed"

    def cell(self, database, random):
        """One value of the registry or of another SQLite file, changed by SQL."""
        files = [file for file in self.files if file.endswith(".sqlite")]
        file = "registry.sqlite" if random.random() < 0.7 else random.choice(files)
        connection = sqlite3.connect(os.path.join(database, file), isolation_level=None)
        try:
            tables = [name for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
            table = random.choice(tables)
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
            count = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            if not count:
                return None
            column, place = random.choice(columns), random.randrange(count)
            keys = " AND ".join(f'"{name}" IS ?' for name in columns)
            row = connection.execute(f'SELECT * FROM "{table}" LIMIT 1 OFFSET {place}').fetchone()
            old = row[columns.index(column)]
            new = self.another(old, random)
            connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE {keys}', (new, *row))
        except (sqlite3.Error, OverflowError):
            return None
        finally:
            connection.close()
        return f"{table}.{column} of {file} changed from {old!r:.60} to {new!r:.60}" if new != old else None

    def another(self, value, random):
        """Another value, near or absurd."""
        if isinstance(value, int):
            return random.choice([value + 1, value - 1, 0, -1, 2**31, 2**62, -(2**63), value ^ 1 << random.randrange(40)])
        if isinstance(value, float):
            return random.choice([value * 1.5, -value, 0.0, 1e300, -1e300, float("inf"), None])
        if isinstance(value, bytes) and value:
            place = random.randrange(len(value))
            return random.choice([value[:place], value[:place] + bytes([value[place] ^ 1]) + value[place + 1:], b"", value * 2])
        if isinstance(value, str):
            return random.choice([value + "x", value[:-1], "", value.swapcase(), "../" + value, "gaia"])
        return random.choice([0, "x", None, 1.5])
