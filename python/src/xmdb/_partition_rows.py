"""Rows of a partition of a HATS catalogue: as an Arrow table, and recognised by their values.

A partition and the margins around it are different files, and a filter leaves rows out, so that no position in a table says which row is
which. The values do: a row's key is a hash of all that the match reads of it. Rows that are equal in all of that cannot be told apart by
anyone; they are numbered, and any of them is as good as another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy
import pyarrow

# Arrays of numpy: of uint64, and of int64.
Words: TypeAlias = Any
Integers: TypeAlias = Any

_NOTHING = numpy.uint64(0x9E3779B97F4A7C15)
_ODD = (numpy.uint64(0xBF58476D1CE4E5B9), numpy.uint64(0x94D049BB133111EB))


def to_table(frame: Any, columns: Iterable[str], schema: pyarrow.Schema | None = None) -> pyarrow.Table:
    """Columns of a DataFrame as an Arrow table.

    Args:
        frame: of pandas, whatever it holds its columns in.
        columns: their names.
        schema: says of columns what a DataFrame does not: units, UCDs, descriptions. Types are those of the frame.
    """
    fields, arrays = [], []
    for name in columns:
        values = pyarrow.chunked_array([_array(frame[name])])
        described = schema.field(name).metadata if schema is not None and name in schema.names else None
        fields.append(pyarrow.field(name, values.type, metadata=described))
        arrays.append(values)
    # What pandas says of itself there is of another frame.
    told = {key: text for key, text in ((schema and schema.metadata) or {}).items() if key != b"pandas"}
    return pyarrow.table(arrays, schema=pyarrow.schema(fields, metadata=told or None))


def _array(series: Any) -> pyarrow.Array:
    array = pyarrow.Array.from_pandas(series)
    return array.combine_chunks() if isinstance(array, pyarrow.ChunkedArray) else array


def row_keys(table: pyarrow.Table) -> Integers:
    """A key of each row: equal values give equal keys; the same values again, in a row further down, the next of a series.

    Keys of 64 bits: in a partition of a million rows two different rows have the same key with a probability of 3e-8.

    Args:
        table: of numbers, texts, truth values and times. The order of its columns counts, and that of equal rows does not.
    """
    mixed = numpy.zeros(table.num_rows, dtype=numpy.uint64)
    for column in table.columns:
        mixed = _mix(mixed ^ _words(column))
    return (mixed + _copies(mixed) * _NOTHING).view(numpy.int64)


def _copies(keys: Words) -> Words:
    """How many times each key has come before."""
    order = numpy.argsort(keys, kind="stable")
    ordered = keys[order]
    numbers = numpy.arange(len(keys))
    first = numpy.concatenate([[True], ordered[1:] != ordered[:-1]]) if len(keys) else numpy.zeros(0, dtype=bool)
    copies: Words = numpy.zeros(len(keys), dtype=numpy.uint64)
    copies[order] = numbers - numpy.maximum.accumulate(numpy.where(first, numbers, 0))
    return copies


def _mix(words: Words) -> Words:
    """The finisher of splitmix64: each bit of the input changes half of the output."""
    words = (words + _NOTHING) ^ ((words + _NOTHING) >> numpy.uint64(30))
    words = words * _ODD[0]
    words = (words ^ (words >> numpy.uint64(27))) * _ODD[1]
    return words ^ (words >> numpy.uint64(31))


def _words(column: pyarrow.ChunkedArray) -> Words:
    """The values of a column as words of 64 bits; no value and NaN are one word."""
    kind = column.type
    if pyarrow.types.is_dictionary(kind):
        return _words(column.cast(kind.value_type))
    if pyarrow.types.is_floating(kind):
        reals = column.cast(pyarrow.float64()).to_numpy()
        return numpy.where(numpy.isnan(reals), _NOTHING, reals.view(numpy.uint64))
    missing = column.is_null().to_numpy()
    if pyarrow.types.is_boolean(kind):
        words = column.fill_null(False).to_numpy().astype(numpy.uint64)
    elif pyarrow.types.is_integer(kind):
        integers = column.fill_null(0).to_numpy()
        words = integers.astype(numpy.int64 if integers.dtype.kind == "i" else numpy.uint64).view(numpy.uint64)
    elif pyarrow.types.is_temporal(kind):
        wide = pyarrow.int64() if kind.bit_width == 64 else pyarrow.int32()
        words = column.cast(wide).fill_null(0).cast(pyarrow.int64()).to_numpy().view(numpy.uint64)
    else:
        from pandas.util import hash_array

        texts = column.to_pylist()
        words = hash_array(numpy.array(["" if text is None else str(text) for text in texts], dtype=object))
    return numpy.where(missing, _NOTHING, words)


def positions(keys: Integers, wanted: Integers) -> Integers:
    """Where each of the wanted keys is among keys; -1: nowhere."""
    if not len(keys):
        return numpy.full(len(wanted), -1, dtype=numpy.int64)
    order = numpy.argsort(keys, kind="stable")
    places = numpy.minimum(numpy.searchsorted(keys, wanted, sorter=order), len(keys) - 1)
    found: Integers = order[places].astype(numpy.int64)
    return numpy.where(keys[found] == wanted, found, -1)
