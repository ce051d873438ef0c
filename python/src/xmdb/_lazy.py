"""Uncomputed catalogues of LSDB as files: partition by partition, so that no catalogue has to fit into memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ._errors import UsageError
from ._tables import Restore, to_arrow

# Partitions that workers compute at a time.
_GROUP = 16


def is_lazy(table: Any) -> bool:
    """Whether it is a catalogue of LSDB, or a part of one, that has not been computed."""
    return type(table).__module__.partition(".")[0] == "lsdb" and hasattr(table, "to_delayed") and hasattr(table, "compute")


def batches(catalog: Any, which: str) -> tuple[Any, Iterator[Any], Restore]:
    """A catalogue as tables of Arrow, one for each partition that has rows.

    Args:
        catalog: of LSDB.
        which: what messages call it.

    Returns:
        The schema of all, the tables, and how a result becomes what the catalogue's own ``compute`` gives, a ``DataFrame``.

    Raises:
        UsageError: also by the iterator, when a partition is of other columns than the first.
    """
    described = _schema(catalog)
    empty, restore = to_arrow(catalog.meta, which)
    parts = _computed(catalog)
    first = next(parts, None)
    if first is None:
        return _described(empty, described).schema, iter(()), restore
    # What a DataFrame without rows says of its types may be less than one with rows does.
    table = _described(to_arrow(first, which)[0], described)
    return table.schema, _tables(table, parts, which), restore


def _tables(first: Any, parts: Iterator[Any], which: str) -> Iterator[Any]:
    import pyarrow

    yield first
    for part in parts:
        table, _ = to_arrow(part, which)
        try:
            yield table.select(first.column_names).cast(first.schema)
        except (KeyError, pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError) as error:
            raise UsageError(f"{which}: its partitions do not have the same columns: {error}") from error


def _computed(catalog: Any) -> Iterator[Any]:
    import dask

    parts = catalog.to_delayed()
    for start in range(0, len(parts), _GROUP):
        for frame in dask.compute(*parts[start : start + _GROUP]):
            if len(frame):
                yield frame


def _schema(catalog: Any) -> Any:
    """What the files of the catalogue say of its columns: units, UCDs, descriptions; and HATS, that positions are in degrees."""
    import pyarrow

    from ._lsdb_side import in_degrees

    described = getattr(catalog, "original_schema", None)
    if described is None:
        described = pyarrow.Schema.from_pandas(catalog.meta, preserve_index=False)
    info = catalog.hc_structure.catalog_info
    return in_degrees(described, (info.ra_column, info.dec_column))


def _described(table: Any, described: Any) -> Any:
    """A table that says of its columns what a schema does."""
    import pyarrow

    fields = [
        field.with_metadata(described.field(field.name).metadata) if field.name in described.names else field for field in table.schema
    ]
    return table.cast(pyarrow.schema(fields, metadata={key: text for key, text in (described.metadata or {}).items() if key != b"pandas"}))
