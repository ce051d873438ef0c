"""sqlite-utils with xmdb's functions and tables, such as ``sqlite-utils query run.sqlite 'select xm_separation(…)'``; found by its
entry point.

The connections read the sky database of ``$XMDB_DB``, else ``./sky.xmdb``; a Python that loads no extensions goes without.
"""

from __future__ import annotations

import warnings
from typing import Any

from sqlite_utils import hookimpl

from ._connect import load
from ._errors import ExtensionsNotAllowed, XMDBWarning


@hookimpl  # type: ignore[untyped-decorator, unused-ignore]
def prepare_connection(conn: Any) -> None:
    """Called for each new connection."""
    try:
        load(conn)
    except ExtensionsNotAllowed as error:
        # sqlite-utils goes on being of use for other things.
        warnings.warn(str(error), XMDBWarning, stacklevel=2)
