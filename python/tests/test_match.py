import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
import xmdb
from conftest import GAIA, HIPPARCOS, TOLD, run

pyarrow = pytest.importorskip("pyarrow")
LARGE = 2**63 - 25


def tables(rows=300, kind=pyarrow.table):
    """Two small catalogues a tenth of an arcsecond apart; identifiers that no double holds, and columns of all sorts."""
    ra = [10 + 0.01 * i for i in range(rows)]
    first = {
        "ident": [LARGE - i for i in range(rows)],
        "ra": ra,
        "dec": [0.0] * rows,
        "good": [i % 3 == 0 if i % 5 else None for i in range(rows)],
        "name": [f"Ä {i}" if i % 7 else None for i in range(rows)],
        "count": [i if i % 2 else None for i in range(rows)],
    }
    second = {"number": [LARGE - 7 * i for i in range(rows)], "ra": ra, "dec": [0.1 / 3600] * rows}
    return kind(first), kind(second)


ROLES = {
    "map1": ["sigma=0.1:arcsec", "id=ident", "ra=ra:deg", "dec=dec:deg"],
    "map2": ["sigma=0.1:arcsec", "id=number", "ra=ra:deg", "dec=dec:deg"],
    "epoch1": 2016.0,
    "epoch2": 2016.0,
}


def test_arrow_tables_keep_values_types_and_units(gaia, hipparcos):
    result = xmdb.match(gaia, hipparcos, **TOLD)
    assert result.num_rows == 1113
    assert result.schema.field("ra_1").metadata[b"unit"] == b"deg"
    assert result.schema.field("source_id").type == pyarrow.int64()
    assert set(result["source_id"].to_pylist()) <= set(gaia["source_id"].to_pylist())
    assert json.loads(result.schema.metadata[b"xmdb"])["match"]["matches"] == 1113


def test_files_are_matched_as_the_command_does(gaia, hipparcos, tmp_path):
    out = tmp_path / "out.arrow"
    run("match", GAIA, HIPPARCOS, "--out", out, "--epoch1", 2016.0, "--epoch2", 1991.25, "--map1", "sigma=30:mas")
    with pyarrow.OSFile(str(out)) as source:
        expected = pyarrow.ipc.open_file(source).read_all()
    for first, second in [(str(GAIA), HIPPARCOS), (gaia, hipparcos)]:
        result = xmdb.match(first, second, **TOLD)
        assert result.column_names == expected.column_names and result.equals(expected)


def test_kinds_of_dataframes_of_other_packages_are_dataframes():
    pandas = pytest.importorskip("pandas")

    class Frame(pandas.DataFrame):
        pass

    first, second = tables()
    result = xmdb.match(Frame(first.to_pandas()), second, **ROLES)
    assert isinstance(result, pandas.DataFrame) and len(result) == 300


def test_pandas_keeps_64_bits_beside_missing_values():
    pandas = pytest.importorskip("pandas")
    first, second = tables()
    frame = first.to_pandas(types_mapper={pyarrow.int64(): pandas.Int64Dtype()}.get)
    result = xmdb.match(frame.iloc[:200], second, join="1or2", **ROLES)
    assert isinstance(result, pandas.DataFrame) and len(result) == 300
    assert result["ident"].dtype == "Int64" and result["number"].dtype == "int64"
    assert set(result["ident"].dropna()) == {LARGE - i for i in range(200)}
    assert result["ident"].isna().sum() == 100
    assert set(result["number"]) == {LARGE - 7 * i for i in range(300)}
    assert result.attrs["xmdb"]["match"]["matches"] == 200


def test_a_named_index_becomes_a_column():
    pytest.importorskip("pandas")
    first, second = (table.to_pandas() for table in tables())
    result = xmdb.match(first.set_index("ident"), second, **ROLES)
    assert set(result["ident"]) == {LARGE - i for i in range(300)}


def test_astropy_tables_keep_units_masks_and_descriptions():
    table = pytest.importorskip("astropy.table")
    units = pytest.importorskip("astropy.units")
    first, second = tables(kind=table.Table)
    first["good"] = table.MaskedColumn([value or False for value in first["good"]], mask=[v is None for v in first["good"]])
    first["name"] = table.MaskedColumn([value or "" for value in first["name"]], mask=[v is None for v in first["name"]])
    first["count"] = table.MaskedColumn([value or 0 for value in first["count"]], mask=[v is None for v in first["count"]])
    # As FITS gives them.
    first["ra"] = table.Column(first["ra"].astype(">f8"), unit="deg", description="Right ascension")
    first["dec"].unit = second["ra"].unit = second["dec"].unit = units.deg
    first["pm"] = table.Column([1.5] * 300, unit=units.mas / units.yr, meta={"ucd": "pos.pm"})
    result = xmdb.match(first, second, **ROLES)
    assert type(result) is table.Table and len(result) == 300
    assert result["ra_1"].unit == units.deg and result["ra_1"].description == "Right ascension"
    assert result["pm"].unit == units.mas / units.yr and result["pm"].meta["ucd"] == "pos.pm"
    assert result["separation_arcsec"].unit == units.arcsec
    by_id = {int(row["ident"]): row for row in result}
    assert set(by_id) == {LARGE - i for i in range(300)}
    assert int(by_id[LARGE - 3]["number"]) == LARGE - 21 and by_id[LARGE - 3]["name"] == "Ä 3"
    assert bool(result["name"].mask[list(result["ident"]).index(LARGE - 7)])
    assert int(result["count"].mask.sum()) == 150 and result["count"].dtype == "int64"
    assert result["good"].dtype == bool and int(result["good"].mask.sum()) == 60
    assert result.meta["xmdb"]["match"]["matches"] == 300


def test_a_qtable_comes_back_as_one():
    table = pytest.importorskip("astropy.table")
    units = pytest.importorskip("astropy.units")
    first, second = tables(kind=table.Table)
    first = table.QTable(first["ident", "ra", "dec"])
    first["ra"], first["dec"] = first["ra"] * units.deg, first["dec"] * units.deg
    result = xmdb.match(first, second, join="1or2", **ROLES)
    assert type(result) is table.QTable and result["ra_1"][0].unit == units.deg


def test_polars_comes_back_as_polars():
    polars = pytest.importorskip("polars")
    first, second = tables()
    result = xmdb.match(polars.from_arrow(first), second, **ROLES)
    assert isinstance(result, polars.DataFrame) and result["ident"].dtype == polars.Int64 and result.height == 300


def test_options_are_those_of_the_command():
    first, second = tables()
    result = xmdb.match(
        first, second, columns=["a.ident", "pair_p", "b.number"], photometry=False, threads=1, max_separation=5, **ROLES
    )
    assert result.column_names == ["ident", "pair_p", "number"]
    assert xmdb.match(first, second, join="1not2", **ROLES).num_rows == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frob": 3}, "Unknown option '--frob'"),
        ({"find": "some"}, "The value 'some' is invalid for '--find"),
        ({"map1": None}, 'table1: no position error was recognised; name one with map1="sigma=COLUMN:arcsec"'),
        ({"threads": 0}, "--threads is 0; allowed: 1 or more"),
    ],
)
def test_what_is_wrong_is_an_error_with_the_programs_line(change, message):
    first, second = tables()
    with pytest.raises(xmdb.UsageError) as caught:
        xmdb.match(first, second, **{**ROLES, **change})
    assert message in str(caught.value) and caught.value.status == 2 and "/" not in str(caught.value).split(";")[0]


def test_a_damaged_file_is_an_error_of_its_own(tmp_path):
    damaged = tmp_path / "damaged.parquet"
    damaged.write_bytes(GAIA.read_bytes()[:5000])
    with pytest.raises(xmdb.DamageError, match=r"damaged\.parquet"):
        xmdb.match(damaged, HIPPARCOS, **TOLD)


def test_what_is_no_table_is_refused():
    with pytest.raises(TypeError, match=r"table1 is a builtins\.int; allowed: the name of a file, an astropy Table"):
        xmdb.match(3, tables()[1])


def test_columns_that_no_table_of_xmdb_has_are_named():
    table = pytest.importorskip("astropy.table")
    first, second = tables(kind=table.Table)
    for values, what in [([[1.0, 2.0]] * 300, "of more than one value a row"), ([1j] * 300, "complex numbers")]:
        first["odd"] = values
        with pytest.raises(xmdb.UsageError, match=f"table1: column 'odd' .*{what}"):
            xmdb.match(first, second, **ROLES)


def test_what_the_program_assumes_is_a_warning():
    first, second = tables()
    with pytest.warns(xmdb.XMDBWarning, match="the file gives no unit of 'ra'"):
        xmdb.match(first, second, **{**ROLES, "map1": ROLES["map1"][:2]})


def test_progress_is_told(gaia, hipparcos, capsys):
    said = []
    xmdb.match(gaia, hipparcos, progress=said.append, **TOLD)
    assert any(text.startswith("table1 × table2: ") for text in said) and not any("\x1b" in text or "/table" in text for text in said)
    xmdb.match(gaia, hipparcos, progress=True, **TOLD)
    shown = capsys.readouterr().err
    assert "table1 × table2" in shown and shown.endswith(" \r")


def test_an_exception_of_the_callers_stops_the_program_and_leaves_nothing(gaia, hipparcos, tmp_path):
    def stop(text):
        raise LookupError(text)

    with pytest.raises(LookupError):
        xmdb.match(gaia, hipparcos, progress=stop, scratch=tmp_path, **TOLD)
    assert os.listdir(tmp_path) == []


def test_ctrl_c_stops_the_program_and_leaves_nothing(tmp_path):
    run("simulate", "--to", tmp_path / "sim", "--sources", "300000", cwd=tmp_path)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    code = (
        "import xmdb, sys\ntry:\n"
        "  xmdb.match(sys.argv[1], sys.argv[2], scratch=sys.argv[3], progress=lambda text: print(text, flush=True))\n"
        "except KeyboardInterrupt: print('interrupted')"
    )
    a, b = sorted((tmp_path / "sim").glob("*.parquet"))[:2]
    child = subprocess.Popen([sys.executable, "-c", code, a, b, scratch], stdout=subprocess.PIPE, text=True)
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    output, _ = child.communicate(timeout=60)
    assert output.endswith("interrupted\n") and child.returncode == 0
    assert os.listdir(scratch) == []
    assert not _processes_named(str(scratch))


def _processes_named(text):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/cmdline") as file:
                    line = file.read()
            except OSError:
                continue
            if text in line and "xmdb" in line:
                found.append(line)
    return found


def test_matches_run_side_by_side():
    first, second = tables()
    rows = []
    threads = [threading.Thread(target=lambda: rows.append(xmdb.match(first, second, **ROLES).num_rows)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == [300] * 4


def test_a_program_that_is_killed_is_an_error(gaia, hipparcos, tmp_path):
    killed = threading.Event()

    def kill(text):
        if not killed.is_set():
            killed.set()
            for entry in os.listdir("/proc"):
                if entry.isdigit() and _parent(entry) == os.getpid():
                    os.kill(int(entry), signal.SIGKILL)
            time.sleep(0.1)

    with pytest.raises(xmdb.XMDBError, match="xmdb was ended by SIGKILL"):
        xmdb.match(gaia, hipparcos, progress=kill, scratch=tmp_path, **TOLD)


def _parent(entry):
    try:
        with open(f"/proc/{entry}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return 0
