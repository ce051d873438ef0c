"""Sky catalogues in SQLite, and which of their sources are the same object.

``match`` matches two tables in memory; ``connect`` opens a sky database for SQL; ``executable`` is the program that makes one.
"""

from importlib.metadata import version as _version

from ._connect import connect, load, pin
from ._errors import DamageError, ExtensionsNotAllowed, UsageError, XMDBError, XMDBWarning
from ._match import match
from ._program import executable, loadable_path, program_version

__version__ = _version("xmdb")

__all__ = [
    "DamageError",
    "ExtensionsNotAllowed",
    "UsageError",
    "XMDBError",
    "XMDBWarning",
    "connect",
    "executable",
    "load",
    "loadable_path",
    "match",
    "pin",
    "program_version",
]
