"""What is raised."""

from __future__ import annotations


class XMDBError(Exception):
    """The work failed; the text is the line with which the program says why.

    ``status`` is the exit status of the program (1: the work failed, 2: used wrongly, 3: damaged input or database), or None
    where no program was started.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class UsageError(XMDBError, ValueError):
    """Something was asked for that cannot be had: an unknown option, a column that is not there."""


class DamageError(XMDBError):
    """A database or a table is damaged."""


class ExtensionsNotAllowed(XMDBError):
    """This Python cannot load SQLite extensions."""


class XMDBWarning(UserWarning):
    """A result that should be looked at before it is used."""
