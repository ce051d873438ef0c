"""A process that has the extension loaded, as a user's Python has, and runs generated SQL in it.

host_worker.py LIBRARY SEED FIRST COUNT     runs the cases FIRST ... of a seed; $XMDB_DB names the database

Before each case it writes the case's number, so that whoever watches knows what a crash or a hang belongs to; a wrong answer is a line
`defect NUMBER TEXT`.
"""

import math
import random
import sqlite3
import sys

from values import any_integer, any_real, any_text

# Tables whose rows are also kept as ordinary tables: there SQLite alone decides which rows a condition selects.
COPIED = ["gaia", "catwise", "xmatch('gaia','catwise')", "xm_nonmatches('gaia','catwise','gaia')",
          "xm_nonmatches('gaia','catwise','catwise')", "xm_pairs('gaia','catwise')", "xm_cone('gaia',{ra},{dec},0.2)"]
OPERATORS = ["=", "<", "<=", ">", ">=", "<>", "IS", "IS NOT", "LIKE", "GLOB"]


def literal(value):
    """A value as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, float):
        if math.isnan(value):
            return "(9e999 - 9e999)"
        return repr(value) if math.isfinite(value) else ("9e999" if value > 0 else "-9e999")
    if isinstance(value, int):
        # The smallest integer has no literal of its own.
        return str(value) if value > -(2**63) else "(-9223372036854775807 - 1)"
    if isinstance(value, bytes):
        return "x'" + value.hex() + "'"
    return "'" + value.replace("\0", "").replace("'", "''") + "'"


def any_value(rng):
    """A value of any storage class."""
    kind = rng.random()
    if kind < 0.45:
        return any_real(rng)
    if kind < 0.75:
        return any_integer(rng)
    if kind < 0.9:
        return any_text(rng)
    return None if kind < 0.96 else rng.randbytes(rng.choice([0, 1, 8, 300]))


class Operators:
    """Every function and table of the extension, as the connection itself lists them."""

    def __init__(self, connection):
        # Those that switch the database would end the test of all others.
        skipped = {"xm_open", "xm_pin"}
        functions = connection.execute("SELECT name, narg, type FROM pragma_function_list WHERE name LIKE 'xm\\_%' ESCAPE '\\'")
        found = sorted({row for row in functions if row[0] not in skipped})
        self.scalars = [(name, count) for name, count, kind in found if kind == "s"]
        self.aggregates = [(name, count) for name, count, kind in found if kind != "s"]
        modules = [name for (name,) in connection.execute("SELECT name FROM pragma_module_list") if name.startswith("xm") and name != "xmdb"]
        self.tables = []
        for name in sorted(modules):
            columns = connection.execute(f'SELECT name, hidden FROM pragma_table_xinfo("{name}")').fetchall()
            if columns:
                self.tables.append((name, [c for c, hidden in columns if not hidden], [c for c, hidden in columns if hidden]))


class Cases:
    """Generates and runs cases on one connection."""

    def __init__(self, connection):
        self.connection = connection
        self.operators = Operators(connection)
        self.ids = [id for (id,) in connection.execute("SELECT id FROM gaia LIMIT 20")]
        self.centre = connection.execute("SELECT ra, dec FROM gaia LIMIT 1").fetchone()
        self.copies = [self.copied(number, table.format(ra=self.centre[0], dec=self.centre[1])) for number, table in enumerate(COPIED)]

    def copied(self, number, table):
        """A table, the name of its copy, and the columns of both."""
        self.connection.execute(f"CREATE TEMP TABLE copy{number} AS SELECT * FROM {table}")
        return table, f"copy{number}", [row[1] for row in self.connection.execute(f"PRAGMA temp.table_info(copy{number})")]

    def run(self, rng):
        """Runs one case; returns what is wrong, or None."""
        kind = rng.random()
        if kind < 0.4:
            return self.checked(self.scalar(rng))
        if kind < 0.5:
            return self.checked(self.aggregate(rng))
        if kind < 0.7:
            return self.checked(self.table(rng))
        return self.same_rows(rng)

    def argument(self, name, rng):
        """A value for a parameter: mostly one that its name asks for, so that the body is reached, too."""
        if rng.random() < 0.35:
            return any_value(rng)
        if name in ("a", "catalogue"):
            return "gaia"
        if name == "b":
            return "catwise"
        if name == "which":
            return rng.choice(["gaia", "catwise"])
        if name == "id":
            return rng.choice(self.ids)
        if name == "run":
            return 1
        if name.startswith("ra"):
            return self.centre[0] + rng.gauss(0, 0.1)
        if name.startswith("dec"):
            return self.centre[1] + rng.gauss(0, 0.1)
        return rng.choice([0, 1, rng.random(), rng.randrange(30), 10 ** rng.uniform(-3, 4)])

    def scalar(self, rng):
        name, count = rng.choice(self.operators.scalars)
        count = rng.randrange(6) if count < 0 else count
        easy = rng.random() < 0.6
        values = [literal(rng.choice([rng.random(), rng.randrange(30), rng.uniform(-90, 90)]) if easy and rng.random() < 0.8 else any_value(rng))
                  for _ in range(count)]
        return f"SELECT {name}({', '.join(values)})"

    def aggregate(self, rng):
        if not self.operators.aggregates:
            return "SELECT 1"
        name, count = rng.choice(self.operators.aggregates)
        rows = [", ".join(literal(rng.randrange(5) if rng.random() < 0.5 else any_value(rng)) for _ in range(count)) for _ in range(rng.randrange(1, 9))]
        columns = ", ".join(f"column{i + 1}" for i in range(count))
        return f"SELECT {name}({columns}) FROM (VALUES {', '.join(f'({row})' for row in rows)})"

    def table(self, rng):
        name, columns, parameters = rng.choice(self.operators.tables)
        given = rng.randrange(max(len(parameters) - 1, 0), len(parameters) + 1) if parameters else 0
        arguments = ", ".join(literal(self.argument(p, rng)) for p in parameters[:given])
        call = f'"{name}"({arguments})' if arguments else f'"{name}"'
        where = f' WHERE {self.condition(columns, rng)}' if rng.random() < 0.5 else ""
        order = f' ORDER BY "{rng.choice(columns)}"' if rng.random() < 0.2 else ""
        return f"SELECT * FROM {call}{where}{order} LIMIT {rng.choice([1, 10, 50])}"

    def condition(self, columns, rng, sample=None):
        """One to three comparisons; `sample` gives values that are in the table."""
        parts = []
        for _ in range(rng.choice([1, 1, 2, 3])):
            column = f'"{rng.choice(columns)}"'
            value = literal(sample(column) if sample and rng.random() < 0.6 else any_value(rng))
            form = rng.randrange(8)
            if form == 0:
                parts.append(f"{column} BETWEEN {value} AND {literal(sample(column) if sample else any_value(rng))}")
            elif form == 1:
                parts.append(f"{column} IN ({value}, {literal(any_value(rng))})")
            elif form == 2:
                parts.append(f"{column} IS {rng.choice(['', 'NOT '])}NULL")
            elif form == 3:
                parts.append(f"{column} = {value} COLLATE {rng.choice(['NOCASE', 'RTRIM', 'BINARY'])}")
            else:
                parts.append(f"{column} {rng.choice(OPERATORS)} {value}")
        return rng.choice([" AND ", " AND ", " OR "]).join(parts)

    def checked(self, sql):
        """Runs a statement: an error of SQLite is an answer; a number that is not finite is a defect."""
        try:
            for row in self.connection.execute(sql):
                for value in row:
                    if isinstance(value, float) and not math.isfinite(value):
                        return f"{sql} gives {value}"
                    if isinstance(value, str) and any(word in value for word in ("-nan", "nan,", "inf,", "[nan", "[inf")):
                        return f"{sql} gives {value[:200]}"
        except (sqlite3.Error, UnicodeEncodeError):
            pass
        return None

    def same_rows(self, rng):
        """A condition selects the same rows of a table and of its copy."""
        table, copy, columns = rng.choice(self.copies)

        def sample(column):
            row = self.connection.execute(f"SELECT {column} FROM {copy} LIMIT 1 OFFSET {rng.randrange(50)}").fetchone()
            return row[0] if row else None

        condition = self.condition(columns, rng, sample)
        column = rng.choice(columns)
        key = columns[-1]
        what, rest = rng.choice([
            (f'count(*), count("{column}"), min("{key}"), max("{key}")', ""),
            (f'"{key}"', f' ORDER BY "{column}", "{key}", "{columns[0]}"'),
            (f'"{column}", count(*)', " GROUP BY 1 ORDER BY 1")])
        answers = []
        for source in (table, copy):
            try:
                rows = self.connection.execute(f"SELECT {what} FROM {source} WHERE {condition}{rest}")
                answers.append([tuple(map(repr, row)) for row in rows])
            except sqlite3.Error as error:
                answers.append(str(error))
        if answers[0] == answers[1]:
            return None
        return f"SELECT {what} FROM {table} WHERE {condition}{rest} gives {answers[0]!s:.300}, of a copy {answers[1]!s:.300}"


def main():
    library, seed, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    connection = sqlite3.connect(":memory:")
    connection.enable_load_extension(True)
    connection.load_extension(library)
    cases = Cases(connection)
    for number in range(first, first + count):
        print(number, flush=True)
        defect = cases.run(random.Random(f"{seed}/sql/{number}"))
        if defect:
            print("defect", number, defect.encode("unicode_escape").decode(), flush=True)
    print("done", flush=True)


if __name__ == "__main__":
    main()
