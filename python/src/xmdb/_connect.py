"""Connections of SQLite that have xmdb's functions and tables."""

from __future__ import annotations

import os
import sqlite3
from typing import Any

from ._errors import ExtensionsNotAllowed
from ._program import loadable_path


def connect(
    database: str | os.PathLike[str] | None = None, *, pinned: bool = False, driver: str = "sqlite3", **options: Any
) -> Any:
    """Opens a connection with xmdb's functions and tables that reads a sky database.

    Args:
        database: the folder of a sky database, such as ``sky.xmdb``; None: ``$XMDB_DB``, else ``./sky.xmdb``.
        pinned: SQL of this connection can open no other sky database (for statements of others).
        driver: ``"sqlite3"``, or ``"apsw"``, which brings a SQLite of its own.
        options: further arguments of ``sqlite3.connect`` or ``apsw.Connection``.

    Returns:
        A ``sqlite3.Connection``, or an ``apsw.Connection``, on an empty database in memory.

    Raises:
        ExtensionsNotAllowed: the driver cannot load extensions.
        sqlite3.OperationalError: there is no sky database of that name.
    """
    connection: Any
    if driver == "sqlite3":
        connection = sqlite3.connect(":memory:", **options)
    elif driver == "apsw":
        import apsw

        connection = apsw.Connection(":memory:", **options)
    else:
        raise ValueError(f"driver is {driver!r}; allowed: 'sqlite3', 'apsw'")
    try:
        load(connection)
        if database is not None:
            # Opened first, for an error where there is none.
            _call(connection, "xm_open", os.path.abspath(database))
        if pinned:
            pin(connection, database)
    except BaseException:
        connection.close()
        raise
    return connection


def load(connection: Any) -> None:
    """Loads the extension into a connection, and forbids it to load others.

    Args:
        connection: of ``sqlite3``, ``apsw``, or a module that has what they have.

    Raises:
        ExtensionsNotAllowed: with what to do, where the connection cannot load extensions.
    """
    if not hasattr(connection, "enable_load_extension"):
        raise ExtensionsNotAllowed(
            f"the {type(connection).__module__} of this Python (SQLite {sqlite3.sqlite_version}) was built without loadable extensions; "
            "pip install apsw and use xmdb.connect(…, driver='apsw'), or another Python, such as Debian's /usr/bin/python3"
        )
    path = loadable_path()
    connection.enable_load_extension(True)
    try:
        connection.load_extension(path)
    finally:
        connection.enable_load_extension(False)


def pin(connection: Any, database: str | os.PathLike[str] | None = None) -> None:
    """Binds a connection to one sky database for good: ``xm_open`` then refuses, and no message tells the path.

    Args:
        connection: one that has the extension.
        database: the folder of the sky database; None: the one that it reads now.
    """
    path = _call(connection, "xm_database") if database is None else os.path.abspath(database)
    if path != "pinned":
        _call(connection, "xm_pin", path)


def _call(connection: Any, function: str, *arguments: str) -> Any:
    marks = ", ".join("?" * len(arguments))
    return connection.cursor().execute(f"SELECT {function}({marks})", arguments).fetchone()[0]
