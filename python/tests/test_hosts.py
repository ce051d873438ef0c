import asyncio
import concurrent.futures
import html
import inspect
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
import xmdb

if not hasattr(sqlite3.Connection, "enable_load_extension"):
    pytest.skip("this Python's sqlite3 loads no extensions", allow_module_level=True)


@pytest.fixture
def ask(sky):
    """Asks Datasette, which serves the run and has found the plugin by its entry point."""
    app = pytest.importorskip("datasette.app")

    def asked(path, configured=sky, limit=1000, **query):
        settings = {"plugins": {"xmdb": {"database": str(configured)}}} if configured else {}

        async def get():
            # Plugins are set in the metadata until Datasette 1.0.
            known = inspect.signature(app.Datasette).parameters
            told = {"config" if "config" in known else "metadata": settings}
            datasette = app.Datasette([str(sky.parent / "run.sqlite")], settings={"sql_time_limit_ms": limit}, **told)
            return await datasette.client.get(path, params=query or None)

        return asyncio.run(get())

    return asked


def first(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"][0]


def test_datasette_shows_pages_of_a_run(ask):
    names = {table["name"] for table in ask("/run.json").json()["tables"]}
    assert "matches" in names
    page = ask("/run/matches")
    assert page.status_code == 200 and "pair_p" in page.text
    assert ask("/run/matches.json", _facet="flags").status_code == 200


def test_a_pair_leads_to_its_explanation(ask, sky):
    page = ask("/run/matches", a_id=36147204974506368, _shape="objects").text
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*xm_explain[^"]*)"', page)]
    assert len(links) == 2
    for link in links:
        answer = ask(link.replace("/run?", "/run.json?"))
        assert answer.status_code == 200 and len(answer.json()["rows"]) == 1
    for other in (None, sky.parent / "no such.xmdb"):
        page = ask("/run/matches", configured=other)
        assert page.status_code == 200 and "xm_explain" not in page.text


def test_datasette_answers_with_the_operators(ask):
    assert first(ask("/run.json", sql="select xm_separation(0, 0, 0, 1)")) == [3600.0]
    assert first(ask("/run.json", sql="select count(*) from xmatch('gaia', 'hip') where pair_p > 0.9")) == [1112]
    joined = "select count(*) from matches join gaia g on g.source_id = a_id"
    assert first(ask("/run.json", sql=joined)) == [1113]


def test_a_visitor_of_datasette_opens_nothing_else(ask, sky):
    for sql in (f"select xm_open('{sky}')", f"select xm_pin('{sky}')"):
        answer = ask("/run.json", sql=sql)
        assert answer.status_code == 400 and "has pinned its sky database" in answer.text and str(sky) not in answer.json()["error"]
    assert first(ask("/run.json", sql="select xm_database()")) == ["pinned"]
    assert ask("/run.json", sql="select load_extension('/lib/x')").status_code == 400
    assert ask("/run.json", sql=f"attach '{sky}/registry.sqlite' as r").status_code == 400


def test_without_the_setting_datasette_reads_no_sky(ask, sky, monkeypatch):
    monkeypatch.setenv("XMDB_DB", str(sky))
    assert first(ask("/run.json", configured=None, sql="select xm_separation(0, 0, 0, 1)")) == [3600.0]
    answer = ask("/run.json", configured=None, sql="select count(*) from xmatch('gaia', 'hip')")
    assert answer.status_code == 400 and "there is no xmdb database here" in answer.text
    assert ask("/run.json", configured=None, sql=f"select xm_open('{sky}')").status_code == 400


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from gaia a, gaia b, gaia c",
        "select sum(g.g_mag) from gaia g, xm_cone('gaia', g.ra, g.dec, 20)",
        "select count(*) from gaia g, xm_pairs('gaia', 'hip')",
    ],
)
def test_datasettes_time_limit_stops_a_long_query(ask, sql):
    answer = ask("/run.json", limit=60, sql=sql)
    assert answer.status_code == 400 and "SQL query took too long" in answer.text


def test_many_visitors_at_a_time_take_no_more_memory(sky, tmp_path):
    pytest.importorskip("datasette")
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"plugins": {"xmdb": {"database": str(sky)}}}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    version = subprocess.run([sys.executable, "-m", "datasette", "--version"], capture_output=True, text=True).stdout
    option = "-m" if "version 0." in version else "-c"
    command = [sys.executable, "-m", "datasette", "serve", str(sky.parent / "run.sqlite"), "-p", str(port), option, str(settings)]
    server = subprocess.Popen([*command, "--setting", "num_sql_threads", "8"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    queries = [
        ("select count(*) from xmatch('gaia', 'hip')", 200),
        ("select count(*) from xm_cone('gaia', 67, 15, 2)", 200),
        ("select * from matches limit 20", 200),
        ("select xm_open('/tmp')", 400),
    ]

    def visit(count):
        for i in range(count):
            sql, expected = queries[i % len(queries)]
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/run.json?{urllib.parse.urlencode({'sql': sql})}") as answer:
                    answer.read()
                    status = answer.status
            except urllib.error.HTTPError as error:
                status = error.code
                error.close()
            assert status == expected, sql

    def megabytes():
        with open(f"/proc/{server.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    try:
        for _ in range(100):
            try:
                visit(1)
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(visit, [30] * 8))
            before = megabytes()
            list(pool.map(visit, [100] * 8))
        assert megabytes() < before + 8
    finally:
        server.terminate()
        server.wait()


def test_sqlite_utils_has_the_functions():
    sqlite_utils = pytest.importorskip("sqlite_utils")
    database = sqlite_utils.Database(memory=True)
    assert list(database.query("select xm_separation(0, 0, 0, 1) as s")) == [{"s": 3600.0}]


def test_the_command_of_sqlite_utils_has_the_tables(sky):
    pytest.importorskip("sqlite_utils")
    done = subprocess.run(
        [sys.executable, "-m", "sqlite_utils", "memory", "select count(*) as n from xmatch('gaia', 'hip')"],
        capture_output=True, text=True, env={**os.environ, "XMDB_DB": str(sky)},
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, '[{"n": 1113}]'), done.stderr


def test_a_python_without_extensions_keeps_sqlite_utils(monkeypatch):
    pytest.importorskip("sqlite_utils")
    from xmdb import sqlite_utils as plugin

    with pytest.warns(xmdb.XMDBWarning, match="pip install apsw"):
        plugin.prepare_connection(object())
