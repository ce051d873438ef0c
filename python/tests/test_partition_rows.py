import datetime

import pytest

numpy = pytest.importorskip("numpy")
pandas = pytest.importorskip("pandas")
pyarrow = pytest.importorskip("pyarrow")
from xmdb._partition_rows import positions, row_keys, to_table  # noqa: E402


def a_table(rows=200):
    """Columns of every kind that a catalogue has, with and without values."""
    return pyarrow.table(
        {
            "id": pyarrow.array([2**63 - 1 - i for i in range(rows)]),
            "unsigned": pyarrow.array([2**64 - 1 - i for i in range(rows)], pyarrow.uint64()),
            "ra": [i / 7 for i in range(rows)],
            "single": pyarrow.array([i / 3 if i % 5 else None for i in range(rows)], pyarrow.float32()),
            "name": [f"Ä{i % 9}" if i % 4 else None for i in range(rows)],
            "band": pyarrow.array(["g", "r"] * (rows // 2)).dictionary_encode(),
            "good": [i % 2 == 0 if i % 3 else None for i in range(rows)],
            "seen": [datetime.datetime(2016, 1, 1 + i % 28) for i in range(rows)],
            "day": [datetime.date(2016, 1, 1 + i % 28) for i in range(rows)],
        }
    )


def test_rows_are_found_wherever_they_are():
    table = a_table()
    shuffled = numpy.random.default_rng(1).permutation(len(table))
    part = shuffled[:120]
    found = positions(row_keys(table.take(part)), row_keys(table))
    assert (found[part] == numpy.arange(120)).all() and (found[shuffled[120:]] == -1).all()
    assert (positions(row_keys(table.slice(0, 0)), row_keys(table)) == -1).all()


def test_every_column_counts():
    table = a_table()
    keys = row_keys(table)
    assert len(set(keys.tolist())) == len(table)
    for index, name in enumerate(table.column_names):
        other = table.set_column(index, name, table[name].take(numpy.arange(len(table))[::-1]))
        differs = numpy.array([a != b for a, b in zip(table[name].to_pylist(), other[name].to_pylist(), strict=True)])
        assert ((row_keys(other) != keys) == differs).all(), name


def test_equal_rows_are_numbered():
    table = pyarrow.table({"ra": [1.0, 2.0, 1.0, 1.0], "mag": [None, 3.0, float("nan"), None]})
    keys = row_keys(table)
    assert len(set(keys.tolist())) == 4
    # Which of them is where does not count.
    assert set(row_keys(table.take([3, 2, 1, 0])).tolist()) == set(keys.tolist())
    assert keys[:2].tolist() == row_keys(table.slice(0, 2)).tolist()


def test_frames_of_numpy_and_of_arrow_have_the_same_keys():
    table = a_table().drop_columns(["single", "name", "good"])
    frames = [table.to_pandas(), table.to_pandas(types_mapper=pandas.ArrowDtype)]
    first, second = (row_keys(to_table(frame, table.column_names)) for frame in frames)
    assert (first == second).all() and (first == row_keys(table)).all()


def test_what_files_say_of_columns_stays():
    field = pyarrow.field("ra", pyarrow.float64(), metadata={"unit": "rad"})
    schema = pyarrow.schema([field, pyarrow.field("gone", pyarrow.int64())], metadata={"note": "n", "pandas": "{}"})
    table = to_table(pandas.DataFrame({"ra": [1.0], "id": [2]}), ["id", "ra"], schema)
    assert table.schema.names == ["id", "ra"]
    assert table.schema.field("ra").metadata == {b"unit": b"rad"} and table.schema.metadata == {b"note": b"n"}
