"""Where the program and the SQLite extension are."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from ._errors import XMDBError

_PACKAGED = Path(__file__).resolve().parent / "program"


def executable() -> str:
    """The path of the program ``xmdb``.

    That of this package; without one the file that ``$XMDB_PROGRAM`` names, else the first ``xmdb`` of ``$PATH``.

    Raises:
        XMDBError: there is none.
    """
    return str(_executable())


def _executable() -> Path:
    packaged = _PACKAGED / "bin" / "xmdb"
    if packaged.exists():
        return packaged
    named = os.environ.get("XMDB_PROGRAM")
    if named:
        return Path(named)
    for folder in os.get_exec_path():
        found = shutil.which("xmdb", path=folder)
        if found and _is_program(found):
            return Path(found)
    raise XMDBError(
        "there is no program xmdb: this package was built without it, and $PATH has none; install a wheel that has it, "
        "or xmdb itself (docs/install.md), or name its file in $XMDB_PROGRAM"
    )


def _is_program(path: str) -> bool:
    """Whether a file is the program, not the script of this package that starts it."""
    try:
        with open(path, "rb") as file:
            return file.read(4) == b"\x7fELF"
    except OSError:
        return False


def loadable_path() -> str:
    """The path of the SQLite extension, without ``.so``, as ``load_extension`` takes it.

    Raises:
        XMDBError: there is none.
    """
    program = _executable()
    # Installed, the library of a program lies in ../lib/xmdb; where it is built, beside the link to it.
    places = [program.resolve().parent.parent / "lib" / "xmdb", program.parent]
    for place in places:
        if (place / "libxmdb.so").exists():
            return str(place / "libxmdb")
    raise XMDBError(f"there is no libxmdb.so in {' or '.join(map(str, places))}; install xmdb anew")


def program_version() -> str:
    """The version of the program."""
    done = subprocess.run([executable(), "version"], capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[0].removeprefix("xmdb ")
