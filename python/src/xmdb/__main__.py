"""``python -m xmdb`` and the script ``xmdb``: the program itself."""

from __future__ import annotations

import os
import sys

from ._errors import XMDBError
from ._program import executable


def main() -> None:
    """Becomes the program."""
    try:
        path = executable()
        os.execv(path, ["xmdb", *sys.argv[1:]])
    except (XMDBError, OSError) as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
