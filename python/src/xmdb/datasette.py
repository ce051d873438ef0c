"""Datasette with xmdb's functions and tables; found by its entry point.

In Datasette's settings, for all databases or under one of them::

    plugins:
      xmdb:
        database: /data/sky.xmdb

Connections are pinned: visitors' SQL reads that sky database and no other, and without the setting none. The functions are there anyway.
In the tables that ``xmdb publish`` writes, an identifier leads to the explanation of its source.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from datasette import hookimpl
from markupsafe import Markup, escape

from ._connect import load, pin

# No database can be there.
_NONE = "/dev/null"
# The side of each column of identifiers.
_SIDES = {"a_id": 0, "b_id": 1}
# Of each server, the run that each database was published from: names of the catalogues and number, or None.
_runs: WeakKeyDictionary[Any, dict[str, tuple[str, str, int] | None]] = WeakKeyDictionary()


@hookimpl  # type: ignore[untyped-decorator, unused-ignore]
def prepare_connection(conn: Any, database: str, datasette: Any) -> None:
    """Called for each new connection."""
    load(conn)
    pin(conn, _sky(datasette, database) or _NONE)


@hookimpl  # type: ignore[untyped-decorator, unused-ignore]
def render_cell(value: Any, column: str, table: str | None, database: str, datasette: Any) -> Awaitable[Markup | None] | None:
    """Called for each value that is shown."""
    published = table == "matches" or (table or "").startswith("nonmatches_")
    if value is None or column not in _SIDES or not published or not _sky(datasette, database):
        return None
    return _explained(value, _SIDES[column], database, datasette)


def _sky(datasette: Any, database: str) -> str | None:
    return (datasette.plugin_config("xmdb", database=database) or {}).get("database")


async def _explained(value: Any, side: int, database: str, datasette: Any) -> Markup | None:
    known = _runs.setdefault(datasette, {})
    if database not in known:
        try:
            known[database] = await _published_run(datasette.get_database(database))
        except Exception:
            # A sky database that cannot be read is no reason not to show the page.
            return None
    run = known[database]
    if run is None:
        return None
    a, b, which = (_quoted(name) for name in (run[0], run[1], run[side]))
    sql = f"SELECT * FROM xm_explain({a}, {b}, :id, {which}, {run[2]})"
    url = datasette.urls.path(f"{datasette.urls.database(database)}?{urlencode({'sql': sql, 'id': value})}")
    return Markup(f'<a href="{escape(url)}" title="Why this answer?">{escape(value)}</a>')


async def _published_run(database: Any) -> tuple[str, str, int] | None:
    """The run of the sky database that a file was published from, by its fingerprint; None where there is none."""
    if not await database.table_exists("provenance"):
        return None
    told = dict(tuple(row) for row in await database.execute("SELECT name, value FROM provenance"))
    found = await database.execute("SELECT a, b, run FROM xm_runs WHERE fingerprint = ?", [told.get("run_fingerprint")])
    return tuple(found.rows[0]) if found.rows else None


def _quoted(text: Any) -> str:
    return "'" + str(text).replace("'", "''") + "'"
