"""The folder in which a match of LSDB catalogues is kept."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

from ._errors import UsageError, XMDBError

_MARK = "xmdb-lsdb.json"


def prepare_folder(folder: str | os.PathLike[str]) -> str:
    """Makes the folder of a match, or checks that it is one.

    Raises:
        UsageError: there is something else in it.
    """
    path = Path(folder).absolute()
    path.mkdir(parents=True, exist_ok=True)
    mark = path / _MARK
    if not mark.exists():
        if any(path.iterdir()):
            raise UsageError(f"{path} holds other files; name a new or empty folder, or that of an earlier match")
        mark.write_text(json.dumps({"is": "folder of xmdb.lsdb", "version": 1}) + "\n")
    for left in path.glob("parts-*"):
        shutil.rmtree(left, ignore_errors=True)
    return str(path)


def see(folder: str) -> None:
    if not os.path.exists(os.path.join(folder, _MARK)):
        raise XMDBError(
            f"the worker on {socket.gethostname()} does not see {folder}; name a folder on a file system that all workers and the client share"
        )


def new_parts(folder: str) -> str:
    """A new folder in it, for the files of one attempt."""
    parts = os.path.join(folder, f"parts-{uuid.uuid4().hex[:12]}")
    os.mkdir(parts)
    return parts


def remove_parts(parts: str) -> None:
    """Removes such a folder; its name is gone at once, whatever is being written into it."""
    with contextlib.suppress(OSError):
        os.rename(parts, parts + "-gone")
    shutil.rmtree(parts + "-gone", ignore_errors=True)


@contextlib.contextmanager
def replaced(path: str) -> Iterator[str]:
    """A file that has its name when it is complete."""
    draft = f"{path}.{uuid.uuid4().hex[:12]}"
    try:
        yield draft
        os.replace(draft, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(draft)
