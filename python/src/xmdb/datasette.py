"""Datasette with xmdb's functions and tables; found by its entry point.

In Datasette's configuration, for all databases or under one of them::

    plugins:
      xmdb:
        database: /data/sky.xmdb

Connections are pinned: visitors' SQL reads that sky database and no other, and without the setting none. The functions are there anyway.
"""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from ._connect import load, pin

# No database can be there.
_NONE = "/dev/null"


@hookimpl  # type: ignore[untyped-decorator, unused-ignore]
def prepare_connection(conn: Any, database: str, datasette: Any) -> None:
    """Called for each new connection."""
    settings = datasette.plugin_config("xmdb", database=database) or {}
    load(conn)
    pin(conn, settings.get("database") or _NONE)
