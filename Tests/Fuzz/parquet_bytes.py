"""Parquet files with changed bytes.

The program must refuse such a file, or store it so that the ledger closes and the database verifies. Values that a flipped bit has
changed into other values of the same type cannot be told from true ones: Parquet has no checksum unless its writer added one.
"""

import os

from program import Defect
from role_values import CLEAN, clean_row, mapping, write_catalogue

ROLES = ["ra", "dec", "sigma", "pm_ra", "pm_dec", "mag:g"]
COMPRESSIONS = ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]
WORDS = [b"\x00" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\x01\x00\x00\x00", b"PAR1"]


def changed(data, random):
    """The bytes of a file after one to eight changes, half of them in the footer."""
    data = bytearray(data)
    footer = int.from_bytes(data[-8:-4], "little") + 8
    for _ in range(random.choice([1, 1, 1, 2, 4, 8])):
        if not data:
            break
        place = max(len(data) - random.randrange(1, footer + 1), 0) if random.random() < 0.5 else random.randrange(len(data))
        change = random.randrange(7)
        if change == 0:
            data[place] ^= 1 << random.randrange(8)
        elif change == 1:
            data[place] = random.randrange(256)
        elif change == 2:
            data[place:place + 4] = random.choice(WORDS)
        elif change == 3:
            del data[place:place + random.choice([1, 4, 100])]
        elif change == 4:
            data[place:place] = random.randbytes(random.choice([1, 4, 100]))
        elif change == 5:
            end = min(len(data), place + random.randrange(1, 200))
            data[place:place] = data[place:end]
        elif random.random() < 0.2:
            del data[place:]
    return bytes(data)


class ParquetBytes:
    """The cases of this kind."""

    name = "parquet"

    def __init__(self, program, host):
        import pyarrow
        import pyarrow.parquet
        self.program, self.pyarrow = program, pyarrow

    def perform(self, number, random, folder):
        """Runs one case in an empty folder. Returns how the ingest ended."""
        path = os.path.join(folder, "a.parquet")
        self.write_base(path, random)
        with open(path, "rb") as file:
            data = changed(file.read(), random)
        with open(path, "wb") as file:
            file.write(data)
        ingest = self.program.run("ingest", "a.parquet", *mapping(ROLES), "--quiet", folder=folder)
        if ingest.status != 0:
            left = self.program.run("sql", "--csv", "SELECT count(*) FROM xm_catalogues", folder=folder)
            if left.status == 0 and left.output.split()[-1] != b"0":
                raise Defect(f"a refused file left a catalogue: {ingest}")
            return f"refused {ingest.status}"
        verified = self.program.run("verify", "--quiet", folder=folder)
        if verified.status != 0:
            raise Defect(f"verify finds fault with what was just stored: {verified}")
        return "stored"

    def write_base(self, path, random):
        """A sound file of one of many layouts."""
        rows = [{"id": i, **clean_row(random)} for i in range(CLEAN)]
        write_catalogue(path, ROLES, rows, {}, self.pyarrow)
        table = self.pyarrow.parquet.read_table(path)
        names = [random.choice(["x", "éè", "a b"]) + str(i) for i in range(len(rows))]
        table = table.append_column("name", self.pyarrow.array(names).dictionary_encode() if random.random() < 0.5 else self.pyarrow.array(names))
        self.pyarrow.parquet.write_table(
            table, path, compression=random.choice(COMPRESSIONS), use_dictionary=random.random() < 0.5,
            row_group_size=random.choice([7, 30, 1000]), data_page_version=random.choice(["1.0", "2.0"]),
            write_page_index=random.random() < 0.5)
