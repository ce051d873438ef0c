"""What the match reads of an LSDB catalogue, as the program tells."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import pyarrow
import pyarrow.parquet

from ._errors import UsageError, XMDBError
from ._match import Roles, _mapped
from ._partition_rows import row_keys, to_table
from ._run import run

KEY, PARTITION = "xmdb_key", "xmdb_partition"
# The order of the indices by which HATS sorts rows, and the rows by which the program tells which columns it reads.
ORDER, _SAMPLE_ROWS = 29, 1000


@dataclass(frozen=True)
class Side:
    """What the match reads of a catalogue."""

    name: str  # in the database
    argument: str  # by which a caller says what columns are
    columns: tuple[str, ...]  # of the catalogue
    position: tuple[str, str]  # those of right ascension and declination, by HATS
    schema: pyarrow.Schema  # of its files, for what it says of columns
    options: tuple[str, ...]  # of xmdb ingest


def side(catalog: Any, which: str, name: str, roles: Roles | None, epoch: float | None) -> Side:
    """Asks the program which columns of a catalogue it reads.

    Raises:
        UsageError: the catalogue has no rows, or lacks a column that a match needs.
    """
    argument = "map1" if which == "left" else "map2"
    options = tuple(_mapped("--map", roles)) + (() if epoch is None else ("--epoch", str(epoch)))
    flat = [column for column, kind in catalog.dtypes.items() if _is_flat(kind)]
    info = catalog.hc_structure.catalog_info
    position = (info.ra_column, info.dec_column)
    if missing := [column for column in position if column not in flat]:
        raise UsageError(f"{which}: {catalog.name} lacks {' and '.join(map(str, missing))}, its position by HATS; open it with these columns")
    schema = in_degrees(catalog.original_schema, position)
    sample = _sample(catalog[flat], which)
    told = _roles(to_table(sample, flat, schema), which, argument, options)
    read = {role["column"] for role in told["roles"]}.union(position)
    columns = [column for column in flat if column in read]
    # Where fewer columns would be understood in another way, such as those of a survey known by the names of others, all are kept.
    if _understood(_roles(keyed(sample, columns, schema, 0), which, argument, options)) != _understood(told):
        columns = flat
    return Side(name, argument, tuple(columns), position, schema, options)


def _sample(catalog: Any, which: str) -> Any:
    """The first rows of the first partition that has any."""
    import dask

    for part in catalog.map_partitions(_first, meta=catalog.meta).to_delayed():
        sample = dask.compute(part)[0]
        if len(sample):
            return sample
    raise UsageError(f"{which}: no partition of {catalog.name} has rows; nothing can be matched")


def _is_flat(kind: Any) -> bool:
    nested = getattr(kind, "pyarrow_dtype", None)
    return type(kind).__name__ != "NestedDtype" and not (nested is not None and pyarrow.types.is_nested(nested))


def _first(frame: Any) -> Any:
    return frame.head(_SAMPLE_ROWS)


def _roles(sample: pyarrow.Table, which: str, argument: str, options: Sequence[str]) -> dict[str, Any]:
    """What `xmdb ingest --dry-run` says of a sample, by a task.

    Raises:
        UsageError: in the words of the caller.
    """
    import dask

    try:
        output: str = dask.compute(dask.delayed(_dry_run, pure=False)(sample, tuple(options)))[0]
    except XMDBError as error:
        error.args = (f"{which}: {in_python(str(error), argument)}",)
        raise
    told: dict[str, Any] = json.loads(output)
    return told


def _dry_run(sample: pyarrow.Table, options: Sequence[str]) -> str:
    with tempfile.TemporaryDirectory(prefix="xmdb-") as folder:
        path = os.path.join(folder, "sample.parquet")
        pyarrow.parquet.write_table(sample, path)
        try:
            return run(["--db", os.path.join(folder, "none.xmdb"), "ingest", path, "--dry-run", "--json", *options])[0]
        except XMDBError as error:
            error.args = (str(error).replace(path, "its first rows"),)
            raise


def in_python(text: str, argument: str) -> str:
    """A message in the words of the caller: an argument instead of an option."""
    return re.sub(r"--map ([\w:]+=[\w:.]+)", rf'{argument}="\1"', text)


def in_degrees(schema: pyarrow.Schema, position: tuple[str, str]) -> pyarrow.Schema:
    """Says what HATS says of positions, where the columns do not."""
    for name in position:
        index = schema.get_field_index(name)
        if index >= 0:
            field = schema.field(index)
            schema = schema.set(index, field.with_metadata({b"unit": b"deg", **(field.metadata or {})}))
    return schema


def _understood(told: dict[str, Any]) -> Any:
    roles = sorted((role["role"], role["column"], role["constant"], role["unit"]) for role in told["roles"])
    return told.get("profile"), told.get("epoch_yr"), told.get("frame"), roles


def keyed(frame: Any, columns: Sequence[str], schema: pyarrow.Schema, start: int) -> pyarrow.Table:
    """The columns of a partition, with a key of each row and the partition's number."""
    table = to_table(frame, columns, schema)
    keys = row_keys(table)
    table = table.append_column(KEY, pyarrow.array(keys))
    return table.append_column(PARTITION, pyarrow.array(numpy.full(len(keys), start, dtype=numpy.int64)))


def start_of(order: int, pixel: int) -> int:
    """A partition's number: the first index of order 29 in its pixel."""
    return int(pixel) << (2 * (ORDER - int(order)))
