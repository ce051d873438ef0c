"""The match of two LSDB catalogues: what is done by tasks of Dask, and who asks for them.

1. A task for each partition writes the columns that the match reads, and a key of each row, into a file.
2. One task gives these files to the program, which ingests them, and begins the match. Over a cluster of Dask each other worker has a task that
   joins it (`_lsdb_crew.py`), and all of them count, measure and pair chunks of the sky.
3. The first of these tasks arranges the pairs by partition.

All leave results in a folder that all workers see. A match that is begun again with the same rows goes on where it was, since the
program compares what it is given with what it has.
"""

from __future__ import annotations

import functools
import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import pyarrow.parquet

from ._errors import UsageError, XMDBError
from ._lsdb_crew import Place, current_client, lead_and_help, place_of_worker, tell_place
from ._lsdb_folder import remove_parts, replaced, see
from ._lsdb_pairs import arrange
from ._lsdb_side import KEY, PARTITION, Side, in_python, keyed, start_of
from ._run import Check, run


# How long another process may take to end that has been asked to.
_SECONDS_FOR_OTHERS = 60.0
Result = TypeVar("Result")


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
    helpers: dict[str, int] = field(default_factory=dict)  # what other workers did: pieces of the work, by their addresses


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
        client = None if request.launcher else current_client()
        if client is None:
            made: Made = dask.compute(dask.delayed(match_parts, pure=False)(request, counts, orders))[0]
            return made
        made, helpers = lead_and_help(client, match_parts, (request, counts, orders, True), request.parts, database_of(request), request.options)
        return replace(made, helpers=helpers)
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


def database_of(request: Request) -> str:
    return os.path.join(request.folder, "sky.xmdb")


def match_parts(request: Request, counts: list[dict[int, int]], orders: dict[int, int], shared: bool = False) -> Made:
    """Ingests the files of the partitions, matches, and writes the pairs for the workers.

    Args:
        shared: tasks on other workers join the match.
    """
    see(request.folder)
    check = going_on(request.parts)
    place = place_of_worker() if shared else None
    database = ["--db", database_of(request)]
    lines = []
    for one, letter in zip(request.sides, "ab", strict=True):
        ingest = functools.partial(_ingest, database, one, os.path.join(request.parts, letter), check)
        lines += [_of(one, line) for line in _alone(ingest, check)]
    names = [one.name for one in request.sides]
    command = [*database, "match-all", *names, "--json", *request.options]
    output, told = _alone(functools.partial(_match, command, request, place, check), check)
    facts = json.loads(output)[0]
    stem = f"pairs-{facts['run']}-{request.find}"
    exported = os.path.join(request.parts, "pairs.parquet")
    columns = [f"{letter}.{name}" for name in (KEY, PARTITION) for letter in "ab"]
    columns += [f"{letter}.{name}" for letter, one in zip("ab", request.sides, strict=True) for name in one.position]
    asked = [*database, "export", *names, "--run", str(facts["run"]), "--find", request.find]
    run([*asked, "--out", exported, "--columns", ",".join([*columns, *request.found])], check=check)
    widest = arrange(exported, os.path.join(request.folder, stem), request.found, orders)
    with replaced(os.path.join(request.folder, stem + ".json")) as path, open(path, "w", encoding="utf-8") as file:
        json.dump({"facts": facts, "rows": counts}, file)
    return Made(facts, lines + told, stem, widest)


def _of(one: Side, line: str) -> str:
    """A line of an ingest, with the catalogue that it is about."""
    return re.sub(r"^(Warning: )?", rf"\1{one.name}: ", in_python(line, one.argument), count=1)


def going_on(parts: str) -> Check:
    """Raises when the folder of this attempt is gone, which is how tasks are told to end."""

    def check() -> None:
        if not os.path.exists(parts):
            raise XMDBError("the match was stopped; the same call goes on with it")

    return check


def _alone(work: Callable[[], Result], check: Check) -> Result:
    """Does what one process at a time may do; that of a worker that was just lost has to end first."""
    end = time.monotonic() + _SECONDS_FOR_OTHERS
    while True:
        try:
            return work()
        except XMDBError as error:
            if "another xmdb process is writing" not in str(error) or time.monotonic() > end:
                raise
        check()
        time.sleep(0.5)


def _match(command: list[str], request: Request, place: Place | None, check: Check) -> tuple[str, list[str]]:
    """Runs the match, and lets others join where this worker can be reached."""
    if place is not None:
        tell_place(request.parts, place)
        try:
            return run([*command, *place.options(request.options), "--listen", place.host], check=check)
        except UsageError as error:
            if not str(error).startswith("--listen"):
                raise
            output, lines = run([*command, *place.options(request.options)], check=check)
            return output, [*lines, f"Warning: other workers could not join the match: {error}"]
    return run(command, launcher=request.launcher, check=check)


def _ingest(database: list[str], one: Side, folder: str, check: Check) -> list[str]:
    command = [*database, "ingest", folder, "--as", one.name, *one.options]
    try:
        return run(command, check=check)[1]
    except XMDBError as error:
        if "is there already, from other files" not in str(error):
            raise
    return run([*command, "--replace"], check=check)[1]
