"""Two tables in, one table out."""

from __future__ import annotations

import json
import os
import re
import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ._errors import XMDBError, XMDBWarning
from ._lazy import batches, is_lazy
from ._run import Shown, run
from ._tables import Restore, to_arrow

Roles = Mapping[str, "str | float"] | Iterable[str]

# Rows in one batch of a file of Arrow: what the program reads at a time.
_ROWS = 65_536


def match(
    table1: Any,
    table2: Any,
    *,
    find: str = "best",
    join: str = "1and2",
    map1: Roles | None = None,
    map2: Roles | None = None,
    epoch1: float | None = None,
    epoch2: float | None = None,
    columns: Iterable[str] | str | None = None,
    scratch: str | os.PathLike[str] | None = None,
    progress: bool | Callable[[str], None] = False,
    **options: Any,
) -> Any:
    """Finds which sources of two tables are the same object, with probabilities.

    Columns are recognised by name, unit and UCD; what is not is said with ``map1`` and ``map2``. Every table needs position errors.

    Args:
        table1: an astropy ``Table``, a pandas or polars ``DataFrame``, an Arrow table, a catalogue of LSDB, or the name of a file. A catalogue
            is read partition by partition; ``xmdb.lsdb.BayesianCrossmatch`` is for those that are large.
        table2: the same; it may be of another kind.
        find: ``"best"`` counterparts, ``"all"`` candidates, or ``"each"``: a row for each source of ``table1``.
        join: ``"1and2"`` pairs only; ``"1or2"``, ``"all1"``, ``"all2"`` also sources without; ``"1not2"``, ``"2not1"`` those alone.
        map1: which column of ``table1`` plays a role, or which value holds for all rows: ``{"sigma": "pos_err:arcsec"}``,
            ``{"sigma": "0.1:arcsec"}``; or as texts, ``["sigma=0.1:arcsec"]``.
        map2: the same of ``table2``.
        epoch1: the epoch of the positions of ``table1``, a Julian year.
        epoch2: the same of ``table2``.
        columns: the columns of the result, such as ``["a.*", "pair_p", "b.w1mag"]``; None: all of both tables, then those of the match.
        scratch: a folder for temporary files; None: ``$TMPDIR``.
        progress: True shows in one line how far the match is; a function is told instead.
        options: options of ``xmdb match``: ``threads=4`` is ``--threads 4``, ``max_separation=10`` is ``--max-separation 10``,
            ``photometry=False`` is ``--no-photometry``, ``quiet=True`` is ``--quiet``.

    Returns:
        A table of the kind of ``table1`` (an Arrow table for a file, a ``DataFrame`` for a catalogue of LSDB), in the order of the sky. Integers keep their 64 bits, also where
        some have no value. What the match says of itself is in ``meta["xmdb"]`` of an astropy ``Table``, ``attrs["xmdb"]`` of a
        ``DataFrame`` of pandas, and, as JSON, in the metadata of an Arrow table.

    Raises:
        UsageError: an option or a column is not as it has to be; the message says what to do.
        XMDBError: the match failed.
        KeyboardInterrupt: after the program has been stopped and what it had begun was removed.

    Warns:
        XMDBWarning: the probabilities of this match cannot be trusted, or something was left out.
    """
    import pyarrow.ipc

    with tempfile.TemporaryDirectory(prefix="xmdb-", dir=scratch) as folder:
        first, restore = _file(table1, "table1", folder)
        second, _ = _file(table2, "table2", folder)
        out = os.path.join(folder, "match.arrow")
        arguments = ["match", first, second, "--out", out, "--format", "arrow", "--json", "--find", find, "--join", join]
        arguments += ["--scratch", folder]
        arguments += _mapped("--map1", map1) + _mapped("--map2", map2)
        given = {"epoch1": epoch1, "epoch2": epoch2, **options}
        if columns is not None:
            given["columns"] = columns if isinstance(columns, str) else ",".join(columns)
        arguments += [part for name, value in given.items() for part in _option(name, value)]
        shown = Shown()
        say = shown if progress is True else progress or None
        try:
            output, lines = run(arguments, (lambda text: say(_readable(text, folder))) if say else None)
        except XMDBError as error:
            error.args = (_readable(str(error), folder),)
            raise
        finally:
            shown.clear()
        facts = json.loads(output)
        _warn(facts, [_readable(line, folder) for line in lines])
        with pyarrow.OSFile(out) as source:
            result = pyarrow.ipc.open_file(source).read_all()
        return restore(result, facts)


def _file(table: Any, name: str, folder: str) -> tuple[str, Restore]:
    """The file of a table, written unless it is one."""
    import pyarrow.ipc

    if isinstance(table, (str, Path)):
        return os.path.abspath(table), to_arrow(pyarrow.table({}), name)[1]
    if is_lazy(table):
        schema, tables, restore = batches(table, name)
    else:
        arrow, restore = to_arrow(table, name)
        schema, tables = arrow.schema, iter([arrow])
    path = os.path.join(folder, f"{name}.arrow")
    with pyarrow.OSFile(path, "wb") as sink, pyarrow.ipc.new_file(sink, schema) as writer:
        for part in tables:
            writer.write_table(part, max_chunksize=_ROWS)
    return path, restore


def _mapped(option: str, roles: Roles | None) -> list[str]:
    if roles is None:
        return []
    if isinstance(roles, str):
        roles = [roles]
    given = [f"{role}={value}" for role, value in roles.items()] if isinstance(roles, Mapping) else list(roles)
    return [part for text in given for part in (option, text)]


def _option(name: str, value: Any) -> list[str]:
    words = name.replace("_", "-")
    if value is None:
        return []
    if value is True:
        return [f"--{words}"]
    if value is False:
        return [f"--no-{words}"]
    return [f"--{words}", str(value)]


def _readable(text: str, folder: str) -> str:
    """A message in the words of the caller: tables instead of their files, arguments instead of options."""
    for path in (os.path.realpath(folder), folder):
        text = text.replace(path + "/", "")
    text = re.sub(r"\b(table[12]|match)\.arrow\b", r"\1", text)
    return re.sub(r"--(map[12]) ([\w:]+=[\w:.]+)", r'\1="\2"', text)


def _warn(facts: dict[str, Any], lines: list[str]) -> None:
    for line in lines:
        if line.startswith("Warning: "):
            warnings.warn(line.removeprefix("Warning: "), XMDBWarning, stacklevel=3)
    verdict = facts["match"].get("calibration")
    # "few": too few pairs for a judgement.
    if facts["match"].get("is_trusted") is False and verdict != "few":
        warnings.warn(
            f"the probabilities of this match cannot be trusted (calibration: {verdict}); see docs/calibration.md",
            XMDBWarning,
            stacklevel=3,
        )
