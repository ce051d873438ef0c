"""Tables of other packages as Arrow tables, and back: values, 64-bit integers, missing values, units, UCDs and descriptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._errors import UsageError

# What becomes of an Arrow table: the kind of table that it stands for.
Restore = Callable[[Any, dict[str, Any]], Any]


def to_arrow(table: Any, which: str) -> tuple[Any, Restore]:
    """A table as an Arrow table, and how a result becomes a table of the same kind.

    Args:
        table: an astropy ``Table`` or ``QTable``, a pandas or polars ``DataFrame``, an Arrow table or record batch, or whatever has
            ``__arrow_c_stream__``.
        which: what messages call the table.
    """
    import pyarrow

    package = type(table).__module__.partition(".")[0]
    if isinstance(table, pyarrow.Table):
        return table, _arrow_result
    if isinstance(table, pyarrow.RecordBatch):
        return pyarrow.Table.from_batches([table]), _arrow_result
    # LSDB and others have kinds of their own.
    if any(base.__module__.partition(".")[0] == "pandas" for base in type(table).__mro__):
        return _from_pandas(table, which), _pandas_result
    if hasattr(table, "__arrow_c_stream__"):
        return pyarrow.table(table), _polars_result if package == "polars" else _arrow_result
    if hasattr(table, "colnames") and hasattr(table, "columns"):
        restore: Restore = lambda result, facts: _astropy_result(result, facts, type(table))  # noqa: E731
        return _from_astropy(table, which), restore
    raise TypeError(
        f"{which} is a {type(table).__module__}.{type(table).__qualname__}; allowed: the name of a file, an astropy Table, "
        "a pandas or polars DataFrame, an Arrow table, a catalogue of LSDB"
    )


def _arrow_result(result: Any, facts: dict[str, Any]) -> Any:
    import json

    return result.replace_schema_metadata({**(result.schema.metadata or {}), "xmdb": json.dumps(facts)})


def _polars_result(result: Any, facts: dict[str, Any]) -> Any:
    import polars

    return polars.from_arrow(result)


# pandas


def _from_pandas(table: Any, which: str) -> Any:
    import pyarrow

    named = [name for name in table.index.names if name is not None]
    try:
        return pyarrow.Table.from_pandas(table.reset_index() if named else table, preserve_index=False)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, ValueError) as error:
        raise UsageError(f"{which}: a column cannot become one of Arrow: {error}") from error


def _pandas_result(result: Any, facts: dict[str, Any]) -> Any:
    import pandas

    # Integers without a value somewhere would become floats, which hold no 64-bit number.
    columns = {}
    for name, column in zip(result.column_names, result.columns, strict=True):
        nullable = column.null_count > 0 and str(column.type) in _NULLABLE
        mapper = {column.type: getattr(pandas, _NULLABLE[str(column.type)])()}.get if nullable else None
        columns[name] = column.to_pandas(types_mapper=mapper)
    frame = pandas.DataFrame(columns, columns=result.column_names)
    frame.attrs["xmdb"] = facts
    return frame


_NULLABLE = {
    **{f"{sign}int{bits}": f"{sign.upper()}Int{bits}Dtype" for sign in ("", "u") for bits in (8, 16, 32, 64)},
    "bool": "BooleanDtype",
}


# astropy


def _from_astropy(table: Any, which: str) -> Any:
    import pyarrow

    fields, columns = [], []
    for name in table.colnames:
        column = table[name]
        values = _astropy_values(column, f"{which}: column {name!r}")
        fields.append(pyarrow.field(name, values.type, metadata=_described(column)))
        columns.append(values)
    return pyarrow.table(columns, schema=pyarrow.schema(fields))


def _astropy_values(column: Any, what: str) -> Any:
    import numpy
    import pyarrow

    if getattr(column, "ndim", None) != 1 or not hasattr(column, "dtype"):
        raise UsageError(f"{what} is a {type(column).__name__} of more than one value a row; split it into columns, or remove it")
    mask = getattr(column, "mask", None)
    values = numpy.asarray(getattr(column, "value", column))
    if values.dtype.kind == "c":
        raise UsageError(f"{what} has complex numbers; split it into columns, or remove it")
    if values.dtype.kind == "S":
        values = numpy.char.decode(values, "utf-8", "replace")
    # Arrow takes numbers of the machine's own byte order only; FITS has the other.
    values = values.astype(values.dtype.newbyteorder("="), copy=False)
    missing = None if mask is None else numpy.broadcast_to(numpy.asarray(mask, dtype=bool), values.shape)
    try:
        return pyarrow.array(values, mask=missing)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError) as error:
        raise UsageError(f"{what} cannot become one of Arrow: {error}") from error


def _described(column: Any) -> dict[str, str] | None:
    """What a field of Arrow says of itself, in the words that xmdb reads and writes."""
    info = getattr(column, "info", column)
    found = {}
    unit = getattr(column, "unit", None)
    if unit is not None and str(unit):
        try:
            found["unit"] = unit.to_string("vounit")
        except (AttributeError, ValueError):
            found["unit"] = str(unit)
    ucd = (getattr(info, "meta", None) or {}).get("ucd")
    if ucd:
        found["ucd"] = str(ucd)
    if getattr(info, "description", None):
        found["description"] = str(info.description)
    return found or None


def _astropy_result(result: Any, facts: dict[str, Any], kind: type) -> Any:
    import pyarrow
    from astropy.table import Column, MaskedColumn
    from astropy.units import Unit

    made = []
    for field, column in zip(result.schema, result.columns, strict=True):
        told = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
        unit = Unit(told["unit"], parse_strict="silent") if told.get("unit") else None
        missing = column.is_null().to_numpy() if column.null_count else None
        values = _numpy(column, pyarrow)
        arguments: dict[str, Any] = {"name": field.name, "unit": unit, "description": told.get("description")}
        if told.get("ucd"):
            arguments["meta"] = {"ucd": told["ucd"]}
        made.append(Column(values, **arguments) if missing is None else MaskedColumn(values, mask=missing, **arguments))
    return kind(made, meta={"xmdb": facts})


def _numpy(column: Any, pyarrow: Any) -> Any:
    """The values of a column as an array of their own type, with anything where there is none."""
    import numpy

    kind = column.type
    if pyarrow.types.is_floating(kind):
        return column.to_numpy()
    if pyarrow.types.is_boolean(kind):
        return column.fill_null(False).to_numpy()
    if pyarrow.types.is_integer(kind):
        return column.fill_null(0).to_numpy()
    if pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind):
        return numpy.array(column.fill_null("").to_pylist(), dtype=str)
    if pyarrow.types.is_temporal(kind):
        return column.to_numpy()
    return numpy.array(column.to_pylist(), dtype=object)
