"""The match of two LSDB catalogues: what is done by tasks of Dask, and who asks for them.

1. A task for each partition writes the columns that the match reads, and a key of each row, into a file.
2. One task gives these files to the program, which measures and matches, and arranges the pairs by partition.

Both leave results in a folder that all workers see. A match that is begun again with the same rows goes on where it was, since the
program compares what it is given with what it has.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import shutil
import socket
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import pyarrow
import pyarrow.parquet

from ._errors import UsageError, XMDBError
from ._match import Roles, _mapped
from ._partition_rows import Integers, row_keys, to_table
from ._run import run

KEY, PARTITION = "xmdb_key", "xmdb_partition"
_MARK = "xmdb-lsdb.json"
_ORDER = 29
# Rows of a sample by which the program tells which columns it reads, and of a group of pairs that is read at a time.
_SAMPLE_ROWS, _GROUP_ROWS = 1000, 16_384


@dataclass(frozen=True)
class Side:
    """What the match reads of a catalogue."""

    name: str  # in the database
    columns: tuple[str, ...]  # of the catalogue
    position: tuple[str, str]  # those of right ascension and declination, by HATS
    schema: pyarrow.Schema
    options: tuple[str, ...]  # of xmdb ingest


@dataclass(frozen=True)
class Order:
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


def side(catalog: Any, which: str, name: str, roles: Roles | None, epoch: float | None) -> Side:
    """Asks the program which columns of a catalogue it reads.

    Raises:
        UsageError: the catalogue has no rows, or no column that a match needs.
    """
    import dask

    schema = catalog.original_schema
    flat = [name for name, kind in catalog.dtypes.items() if _is_flat(kind)]
    sample = None
    for part in catalog[flat].map_partitions(_first, meta=catalog[flat].meta).to_delayed():
        sample = dask.compute(part)[0]
        if len(sample):
            break
    if sample is None or not len(sample):
        raise UsageError(f"{which}: no partition of {catalog.name} has rows; nothing can be matched")
    options = tuple(_mapped("--map", roles)) + (() if epoch is None else ("--epoch", str(epoch)))
    info = catalog.hc_structure.catalog_info
    position = (info.ra_column, info.dec_column)
    wide = to_table(sample, flat, schema)
    told = dask.compute(dask.delayed(_roles, pure=False)(wide, which, options))[0]
    units = {role["column"]: role["unit"] for role in told["roles"] if role["column"] is not None}
    columns = tuple(name for name in flat if name in units or name in position)
    schema = _with_units(to_table(sample, columns, schema).schema, units)
    narrow = keyed(sample, columns, schema, 0)
    # Where fewer columns would be understood in another way, such as those of a survey known by the names of others, all are kept.
    if _understood(dask.compute(dask.delayed(_roles, pure=False)(narrow, which, options))[0]) != _understood(told):
        columns, schema = tuple(flat), wide.schema
    return Side(name, columns, position, schema, options)


def _is_flat(kind: Any) -> bool:
    nested = getattr(kind, "pyarrow_dtype", None)
    return type(kind).__name__ != "NestedDtype" and not (nested is not None and pyarrow.types.is_nested(nested))


def _first(frame: Any) -> Any:
    return frame.head(_SAMPLE_ROWS)


def _roles(sample: pyarrow.Table, which: str, options: Sequence[str]) -> dict[str, Any]:
    """What `xmdb ingest --dry-run` says of a sample."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="xmdb-") as folder:
        path = os.path.join(folder, "sample.parquet")
        pyarrow.parquet.write_table(sample, path)
        try:
            output, _ = run(["--db", os.path.join(folder, "none.xmdb"), "ingest", path, "--dry-run", "--json", *options])
        except XMDBError as error:
            error.args = (f"{which}: {str(error).replace(path, 'its first rows')}",)
            raise
    told: dict[str, Any] = json.loads(output)
    return told


def _understood(told: dict[str, Any]) -> Any:
    roles = sorted((role["role"], role["column"], role["constant"], role["unit"]) for role in told["roles"])
    return told.get("profile"), told.get("epoch_yr"), told.get("frame"), roles


def _with_units(schema: pyarrow.Schema, units: dict[str, str]) -> pyarrow.Schema:
    """The units that the program took, for columns that say none themselves."""
    fields = []
    for field in schema:
        told = dict(field.metadata or {})
        if units.get(field.name):
            told.setdefault(b"unit", units[field.name].encode())
        fields.append(field.with_metadata(told or None))
    return pyarrow.schema(fields)


def keyed(frame: Any, columns: Sequence[str], schema: pyarrow.Schema, start: int) -> pyarrow.Table:
    """The columns of a partition, with a key of each row and the partition's number."""
    table = to_table(frame, columns, schema)
    keys = row_keys(table)
    table = table.append_column(KEY, pyarrow.array(keys))
    return table.append_column(PARTITION, pyarrow.array(numpy.full(len(keys), start, dtype=numpy.int64)))


def start_of(order: int, pixel: int) -> int:
    """A partition's number: the first index of order 29 in its pixel."""
    return int(pixel) << (2 * (_ORDER - int(order)))


# The folder


def prepare_folder(folder: str | os.PathLike[str]) -> str:
    """Makes the folder of a match, or checks that it is one.

    Raises:
        UsageError: there is something else in it.
    """
    path = Path(folder).absolute()
    path.mkdir(parents=True, exist_ok=True)
    mark = path / _MARK
    if not mark.exists():
        if any(path.iterdir()):
            raise UsageError(f"{path} holds other files; name a new or empty folder, or that of an earlier match")
        mark.write_text(json.dumps({"is": "folder of xmdb.lsdb", "version": 1}) + "\n")
    for left in path.glob("parts-*"):
        shutil.rmtree(left, ignore_errors=True)
    return str(path)


def _see(folder: str) -> None:
    if not os.path.exists(os.path.join(folder, _MARK)):
        raise XMDBError(
            f"the worker on {socket.gethostname()} does not see {folder}; name a folder on a file system that all workers and the client share"
        )


# Who asks


def make(left: Any, right: Any, order: Order) -> tuple[Made, list[dict[int, int]]]:
    """Has partitions written and matched by the workers.

    Returns:
        The match, and for each catalogue the rows of its partitions, by their numbers.
    """
    import dask

    stop = os.path.join(order.parts, "stop")
    try:
        tasks = []
        for catalog, one, letter in zip((left, right), order.sides, "ab", strict=True):
            into = os.path.join(order.parts, letter)
            os.makedirs(into)
            written = catalog[list(one.columns)].map_partitions(
                write_part, order.folder, into, one, include_pixel=True, meta={"start": "int64", "rows": "int64"}
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
        made: Made = dask.compute(dask.delayed(match_parts, pure=False)(order, counts, orders, stop))[0]
        return made, counts
    except BaseException:
        # A task that runs is not ended by Dask; it looks for this file.
        with contextlib.suppress(OSError):
            Path(stop).touch()
        raise
    finally:
        if not os.path.exists(stop):
            shutil.rmtree(order.parts, ignore_errors=True)


def new_parts(folder: str) -> str:
    parts = os.path.join(folder, f"parts-{uuid.uuid4().hex[:12]}")
    os.mkdir(parts)
    return parts


# What workers do


def write_part(frame: Any, pixel: Any, folder: str, into: str, one: Side) -> Any:
    """Writes one partition, and tells its number and rows."""
    import pandas

    _see(folder)
    start = start_of(pixel.order, pixel.pixel)
    if len(frame):
        table = keyed(frame, one.columns, one.schema, start)
        path = os.path.join(into, f"part-{pixel.order}-{pixel.pixel}.parquet")
        pyarrow.parquet.write_table(table, path + ".new")
        os.replace(path + ".new", path)
    return pandas.DataFrame({"start": [start], "rows": [len(frame)]})


def match_parts(order: Order, counts: list[dict[int, int]], orders: dict[int, int], stop: str) -> Made:
    """Ingests the files of the partitions, matches, and writes the pairs for the workers."""
    _see(order.folder)

    def say(_: str) -> None:
        if os.path.exists(stop):
            raise XMDBError("the match was stopped; the same call goes on with it")

    database = ["--db", os.path.join(order.folder, "sky.xmdb")]
    lines = []
    for one, letter in zip(order.sides, "ab", strict=True):
        lines += _ingest(database, one, os.path.join(order.parts, letter), say)
    names = [one.name for one in order.sides]
    output, told = run([*database, "match-all", *names, "--json", *order.options], say, order.launcher)
    facts = json.loads(output)[0]
    stem = f"pairs-{facts['run']}-{order.find}"
    exported = os.path.join(order.parts, "pairs.parquet")
    columns = [f"{letter}.{name}" for name in (KEY, PARTITION) for letter in "ab"]
    columns += [f"{letter}.{name}" for letter, one in zip("ab", order.sides, strict=True) for name in one.position]
    asked = [*database, "export", *names, "--run", str(facts["run"]), "--find", order.find]
    run([*asked, "--out", exported, "--columns", ",".join([*columns, *order.found])], say)
    widest = _arrange(exported, os.path.join(order.folder, stem), order.found, orders)
    with _replaced(os.path.join(order.folder, stem + ".json")) as path, open(path, "w", encoding="utf-8") as file:
        json.dump({"facts": facts, "rows": counts}, file)
    return Made(facts, lines + told, stem, widest)


def _ingest(database: list[str], one: Side, folder: str, say: Any) -> list[str]:
    files = sorted(glob.glob(os.path.join(glob.escape(folder), "*.parquet")))
    command = [*database, "ingest", *files, "--as", one.name, *one.options]
    if sum(map(len, files)) > 100_000:  # What a command line holds, with a margin.
        command[len(database) + 1 : len(database) + 1 + len(files)] = [folder]
    try:
        return run(command, say)[1]
    except XMDBError as error:
        if "is there already, from other files" not in str(error):
            raise
    return run([*command, "--replace"], say)[1]


@contextlib.contextmanager
def _replaced(path: str) -> Iterator[str]:
    """A file that has its name when it is complete."""
    draft = f"{path}.{uuid.uuid4().hex[:12]}"
    try:
        yield draft
        os.replace(draft, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(draft)


def _arrange(exported: str, stem: str, found: Sequence[str], orders: dict[int, int]) -> float:
    """Writes the pairs in groups that a worker finds, and those that cross the border of a partition of the right catalogue.

    Returns:
        The largest separation of a pair by the catalogued positions, arcsec.
    """
    from hats.pixel_math.spatial_index import compute_spatial_index

    starts = numpy.array(sorted(orders), dtype=numpy.int64)
    lengths = numpy.array([4 ** (_ORDER - orders[start]) for start in starts.tolist()], dtype=numpy.int64)
    names = ["a_key", "b_key", "a_partition", "b_partition", "a_ra", "a_dec", "b_ra", "b_dec", *found]
    kept = ["a_key", "b_key", "a_partition", "b_partition", *found]
    widest, borders = 0.0, []
    with (
        _replaced(stem + ".parquet") as path,
        contextlib.ExitStack() as files,
        pyarrow.parquet.ParquetFile(exported) as source,
    ):
        writer = None
        for batch in source.iter_batches(batch_size=_GROUP_ROWS):
            table = pyarrow.Table.from_batches([batch]).rename_columns(names)
            places = [table[name].cast(pyarrow.float64()).to_numpy() for name in names[4:8]]
            widths = separation_arcsec(*places)
            widest = max(widest, float(widths.max(initial=0.0)))
            indices = compute_spatial_index(places[0], places[1])
            partitions = table["b_partition"].to_numpy()
            into = indices - partitions
            crosses = (into < 0) | (into >= lengths[numpy.searchsorted(starts, partitions)])
            borders.append((table["a_partition"].to_numpy()[crosses], indices[crosses], widths[crosses]))
            table = table.select(kept).replace_schema_metadata(None)
            if writer is None:
                writer = files.enter_context(pyarrow.parquet.ParquetWriter(path, table.schema))
            writer.write_table(table)
        if writer is None:
            table = source.read().rename_columns(names).select(kept).replace_schema_metadata(None)
            files.enter_context(pyarrow.parquet.ParquetWriter(path, table.schema)).write_table(table)
        files.close()
    columns = zip(*borders, strict=True) if borders else [(numpy.zeros(0, numpy.int64),)] * 2 + [(numpy.zeros(0),)]
    a_partition, a_index, width = map(numpy.concatenate, columns)
    crossing = pyarrow.table({"a_partition": a_partition, "a_index": a_index, "width_arcsec": width})
    with _replaced(stem + "-borders.parquet") as path:
        pyarrow.parquet.write_table(crossing, path)
    return widest


def separation_arcsec(ra1: Any, dec1: Any, ra2: Any, dec2: Any) -> Any:
    """Separations of positions in degrees, by haversines."""
    ra1, dec1, ra2, dec2 = map(numpy.radians, (ra1, dec1, ra2, dec2))
    square = numpy.sin((dec2 - dec1) / 2) ** 2 + numpy.cos(dec1) * numpy.cos(dec2) * numpy.sin((ra2 - ra1) / 2) ** 2
    return numpy.degrees(2 * numpy.arcsin(numpy.minimum(numpy.sqrt(square), 1))) * 3600


def read_pairs(stem: str, a_partition: int | None, b_partition: int | None, columns: Sequence[str]) -> pyarrow.Table:
    """The pairs whose member in a or in b is in a partition."""
    wanted = [[(name, "==", start)] for name, start in (("a_partition", a_partition), ("b_partition", b_partition)) if start is not None]
    return pyarrow.parquet.read_table(stem + ".parquet", filters=wanted, columns=["a_key", "b_key", *columns])


def read_borders(stem: str) -> tuple[Integers, Integers, Any]:
    """Of each pair across the border of a partition of b: the partition and the index of its member in a, and its separation, arcsec."""
    table = pyarrow.parquet.read_table(stem + "-borders.parquet")
    return tuple(table[name].to_numpy() for name in ("a_partition", "a_index", "width_arcsec"))  # type: ignore[return-value]
