import sqlite3
import subprocess
import sys

import pytest
import xmdb

CAN_LOAD = hasattr(sqlite3.Connection, "enable_load_extension")


@pytest.fixture
def driver():
    """The one SQLite of this process: an extension calls the first that loads it."""
    if CAN_LOAD:
        return "sqlite3"
    pytest.importorskip("apsw")
    return "apsw"


def one(connection, sql):
    return connection.cursor().execute(sql).fetchone()[0]


def message(connection, sql):
    with pytest.raises(Exception) as caught:
        connection.cursor().execute(sql).fetchall()
    return str(caught.value)


def test_a_connection_reads_the_database(driver, sky):
    connection = xmdb.connect(sky, driver=driver)
    assert one(connection, "SELECT count(*) FROM xmatch('gaia', 'hip')") == 1113
    # An identifier of Gaia, which no double holds.
    assert one(connection, "SELECT a_id FROM xmatch('gaia', 'hip') WHERE b_id = 20205") == 3312052249215275904
    assert one(connection, "SELECT xm_database()") == str(sky)


def test_nothing_else_can_be_loaded(driver):
    connection = xmdb.connect(driver=driver)
    assert message(connection, "SELECT load_extension('x')") in ("not authorized", "SQL logic error")


def test_a_pinned_connection_opens_no_other(driver, sky):
    connection = xmdb.connect(sky, driver=driver, pinned=True)
    assert one(connection, "SELECT count(*) FROM gaia") == 3872
    assert one(connection, "SELECT xm_database()") == "pinned"
    for function in ("xm_open", "xm_pin"):
        assert "this host has pinned its sky database" in message(connection, f"SELECT {function}('{sky}')")


def test_a_database_that_is_not_there_is_named(driver, tmp_path):
    with pytest.raises(Exception, match="no such.xmdb: there is no xmdb database here"):
        xmdb.connect(tmp_path / "no such.xmdb", driver=driver)


def test_without_a_database_the_functions_are_there(driver, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert one(xmdb.connect(driver=driver), "SELECT xm_separation(0, 0, 0, 1)") == 3600.0


def test_another_sqlite_in_the_same_process_is_refused():
    if not CAN_LOAD:
        pytest.skip("this Python's sqlite3 loads no extensions")
    pytest.importorskip("apsw")
    for first, second in [("sqlite3", "apsw"), ("apsw", "sqlite3")]:
        code = f"import xmdb\nc = xmdb.connect(driver={first!r})\ntry: xmdb.connect(driver={second!r})\nexcept Exception as e: print(e)\n"
        code += "print(c.cursor().execute('SELECT xm_separation(0, 0, 0, 1)').fetchone()[0])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        refusal, answer = done.stdout.splitlines()
        assert "xmdb is loaded in this process for another SQLite (3." in refusal and answer == "3600.0", done.stderr


@pytest.mark.skipif(not CAN_LOAD, reason="only apsw is there, which the other tests use")
def test_apsw_is_a_driver_too(sky):
    pytest.importorskip("apsw")
    code = "import sys, xmdb\nprint(xmdb.connect(sys.argv[1], driver='apsw').execute('SELECT count(*) FROM gaia').fetchone()[0])"
    done = subprocess.run([sys.executable, "-c", code, sky], capture_output=True, text=True)
    assert done.stdout == "3872\n", done.stderr


def test_a_python_without_extensions_says_how_to_go_on():
    class Connection:
        pass

    with pytest.raises(xmdb.ExtensionsNotAllowed, match="pip install apsw and use xmdb.connect"):
        xmdb.load(Connection())
    if not CAN_LOAD:
        with pytest.raises(xmdb.ExtensionsNotAllowed, match="pip install apsw"):
            xmdb.connect()


def test_an_unknown_driver_is_refused():
    with pytest.raises(ValueError, match="allowed: 'sqlite3', 'apsw'"):
        xmdb.connect(driver="duckdb")
