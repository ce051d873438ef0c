"""The pairs of a match in files, as tasks for partitions read them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import numpy
import pyarrow
import pyarrow.parquet

from ._lsdb_folder import replaced
from ._lsdb_side import ORDER
from ._partition_rows import Integers

# Pairs of a group that is read at a time.
_GROUP_ROWS = 16_384


def arrange(exported: str, stem: str, found: Sequence[str], orders: dict[int, int]) -> float:
    """Writes the pairs in groups that a worker finds, and those that cross the border of a partition of the right catalogue.

    Returns:
        The largest separation of a pair by the catalogued positions, arcsec.
    """
    from hats.pixel_math.spatial_index import compute_spatial_index

    starts = numpy.array(sorted(orders), dtype=numpy.int64)
    lengths = numpy.array([4 ** (ORDER - orders[start]) for start in starts.tolist()], dtype=numpy.int64)
    names = ["a_key", "b_key", "a_partition", "b_partition", "a_ra", "a_dec", "b_ra", "b_dec", *found]
    kept = ["a_key", "b_key", "a_partition", "b_partition", *found]
    widest, borders = 0.0, []
    with (
        replaced(stem + ".parquet") as path,
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
    with replaced(stem + "-borders.parquet") as path:
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
    return table["a_partition"].to_numpy(), table["a_index"].to_numpy(), table["width_arcsec"].to_numpy()
