"""The match of two LSDB catalogues: what is done by tasks of Dask, and who asks for them.

1. A task for each partition writes the columns that the match reads, and a key of each row, into a file.
2. One task gives these files to the program, which measures and matches, and arranges the pairs by partition.

Both leave results in a folder that all workers see. A match that is begun again with the same rows goes on where it was, since the
program compares what it is given with what it has.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet

from ._errors import UsageError, XMDBError
from ._lsdb_folder import remove_parts, replaced, see
from ._lsdb_pairs import arrange
from ._lsdb_side import KEY, PARTITION, Side, in_python, keyed, start_of
from ._run import Say, run


@dataclass(frozen=True)
class Request:
    """What is to be matched, how, and what is to be told of the pairs."""

    folder: str
    parts: str  # the folder of this attempt's files
    sides: tuple[Side, Side]
    options: tuple[str, ...]  # of xmdb match-all
    launcher: tuple[str, ...]
    find: str
    found: tuple[str, ...]  # columns of the result


@dataclass(frozen=True)
class Made:
    """A match that was made."""

    facts: dict[str, Any]  # what the program says of it
    lines: list[str]  # of standard error
    stem: str  # of the names of its files in the folder
    widest_arcsec: float  # the largest separation of a pair, by the catalogued positions


# Who asks


def make(left: Any, right: Any, request: Request) -> Made:
    """Has partitions written and matched by the workers, and waits for it."""
    import dask

    try:
        tasks = []
        for catalog, one, letter in zip((left, right), request.sides, "ab", strict=True):
            into = os.path.join(request.parts, letter)
            os.makedirs(into)
            written = catalog[list(one.columns)].map_partitions(
                write_part, request.folder, into, one, include_pixel=True, meta={"start": "int64", "rows": "int64"}
            )
            tasks.append(written.to_delayed())
        counts = [
            {int(start): int(rows) for part in parts for start, rows in zip(part["start"], part["rows"], strict=True)}
            for parts in dask.compute(*tasks)
        ]
        for catalog, rows, which in zip((left, right), counts, ("left", "right"), strict=True):
            if not sum(rows.values()):
                raise UsageError(f"{which}: {catalog.name} has no rows; nothing can be matched")
        orders = {start_of(pixel.order, pixel.pixel): int(pixel.order) for pixel in right.get_healpix_pixels()}
        made: Made = dask.compute(dask.delayed(match_parts, pure=False)(request, counts, orders))[0]
        return made
    finally:
        # A task that runs is not ended by Dask: it ends when the folder is gone.
        remove_parts(request.parts)


# What workers do


def write_part(frame: Any, pixel: Any, folder: str, into: str, one: Side) -> Any:
    """Writes one partition, and tells its number and rows."""
    import pandas

    see(folder)
    start = start_of(pixel.order, pixel.pixel)
    if len(frame):
        table = keyed(frame, one.columns, one.schema, start)
        path = os.path.join(into, f"part-{pixel.order}-{pixel.pixel}.parquet")
        pyarrow.parquet.write_table(table, path + ".new")
        os.replace(path + ".new", path)
    return pandas.DataFrame({"start": [start], "rows": [len(frame)]})


def match_parts(request: Request, counts: list[dict[int, int]], orders: dict[int, int]) -> Made:
    """Ingests the files of the partitions, matches, and writes the pairs for the workers."""
    see(request.folder)

    def say(_: str) -> None:
        if not os.path.exists(request.parts):
            raise XMDBError("the match was stopped; the same call goes on with it")

    database = ["--db", os.path.join(request.folder, "sky.xmdb")]
    lines = []
    for one, letter in zip(request.sides, "ab", strict=True):
        told = _ingest(database, one, os.path.join(request.parts, letter), say)
        lines += [_of(one, line) for line in told]
    names = [one.name for one in request.sides]
    output, told = run([*database, "match-all", *names, "--json", *request.options], say, request.launcher)
    facts = json.loads(output)[0]
    stem = f"pairs-{facts['run']}-{request.find}"
    exported = os.path.join(request.parts, "pairs.parquet")
    columns = [f"{letter}.{name}" for name in (KEY, PARTITION) for letter in "ab"]
    columns += [f"{letter}.{name}" for letter, one in zip("ab", request.sides, strict=True) for name in one.position]
    asked = [*database, "export", *names, "--run", str(facts["run"]), "--find", request.find]
    run([*asked, "--out", exported, "--columns", ",".join([*columns, *request.found])], say)
    widest = arrange(exported, os.path.join(request.folder, stem), request.found, orders)
    with replaced(os.path.join(request.folder, stem + ".json")) as path, open(path, "w", encoding="utf-8") as file:
        json.dump({"facts": facts, "rows": counts}, file)
    return Made(facts, lines + told, stem, widest)


def _of(one: Side, line: str) -> str:
    """A line of an ingest, with the catalogue that it is about."""
    return re.sub(r"^(Warning: )?", rf"\1{one.name}: ", in_python(line, one.argument), count=1)


def _ingest(database: list[str], one: Side, folder: str, say: Say) -> list[str]:
    command = [*database, "ingest", folder, "--as", one.name, *one.options]
    try:
        return run(command, say)[1]
    except XMDBError as error:
        if "is there already, from other files" not in str(error):
            raise
    return run([*command, "--replace"], say)[1]
