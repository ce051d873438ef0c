"""Crossmatches with probabilities in LSDB.

``BayesianCrossmatch`` and ``BayesianCandidates`` are algorithms for ``Catalog.crossmatch`` of LSDB 0.11::

    algorithm = BayesianCrossmatch(gaia, catwise, "/shared/gaia-catwise")
    both = gaia.crossmatch(catwise, algorithm=algorithm)

The match is made when the object is, by tasks of Dask, since densities of counterparts are measured over the sky before any pair can have a
probability. What ``crossmatch`` gives is lazy, as with any other algorithm: a task reads the pairs of its partitions.
"""

from __future__ import annotations

import functools
import json
import math
import os
import re
import warnings
from collections.abc import Sequence
from typing import Any, ClassVar

import lsdb
import numpy
import pandas
import pyarrow
from lsdb.core.crossmatch.abstract_crossmatch_algorithm import AbstractCrossmatchAlgorithm

from ._errors import UsageError, XMDBError, XMDBWarning
from ._lsdb_folder import new_parts, prepare_folder
from ._lsdb_match import Request, make
from ._lsdb_pairs import read_borders, read_pairs
from ._lsdb_side import side, start_of
from ._match import Roles, _option
from ._match import _warn as _warn_of_match
from ._partition_rows import positions, row_keys, to_table

__all__ = ["BayesianCandidates", "BayesianCrossmatch"]

_LOST = ("error", "warn", "allow")


def _described(columns: dict[str, Any]) -> pandas.DataFrame:
    return pandas.DataFrame({name: pandas.Series(dtype=pandas.ArrowDtype(kind)) for name, kind in columns.items()})


class BayesianCrossmatch(AbstractCrossmatchAlgorithm):  # type: ignore[misc]
    """The counterparts of two catalogues: each source is in one pair at most.

    The pairs and probabilities are those of ``xmdb match-all`` for the rows of both catalogues, wherever partitions end. A catalogue
    that was filtered before is matched as if there were nothing else: densities are those of the rows that are left. A catalogue that is
    filtered afterwards and then given to ``crossmatch`` keeps the probabilities of the whole.

    Args:
        left: an LSDB catalogue; ``crossmatch`` is called on it, or on a part of it.
        right: the other. It needs a margin as wide as its pairs across borders of partitions are.
        folder: where the match is kept: new or empty, or that of an earlier match, seen by all workers under this path. With the same
            rows and options a finished match is used again, and an interrupted one goes on. One match at a time.
        map1: which column of ``left`` plays a role, as for ``xmdb.match``.
        map2: the same of ``right``.
        epoch1: the epoch of the positions of ``left``, a Julian year.
        epoch2: the same of ``right``.
        lost: what happens if LSDB does not bring both sources of a pair together: ``"error"``, ``"warn"`` or ``"allow"``.
        launcher: a command that starts several processes for the match, such as ``["mpirun", "-n", "8"]``; it is given in one task.
        options: options of ``xmdb match-all``: ``threads=4`` is ``--threads 4``, ``photometry=False`` is ``--no-photometry``.

    Attributes:
        facts: what the program says of the match.
        helpers: pieces of the work that other workers of a cluster did, by their addresses.
        folder: the folder; the sky database in it is ``sky.xmdb``.
        names: the names of both catalogues in that database.
        radius_arcsec: the largest separation of a pair, by the catalogued positions.

    Raises:
        UsageError: a column or an option is not as it has to be.
        XMDBError: the match failed; the text is that of the program.

    Warns:
        XMDBWarning: the probabilities cannot be trusted, or the program had to assume something.
    """

    _find: ClassVar[str] = "best"
    extra_columns = _described(
        {
            "match_p": pyarrow.float64(),
            "pair_p": pyarrow.float64(),
            "separation_arcsec": pyarrow.float64(),
            "eta": pyarrow.float64(),
            "xi": pyarrow.float64(),
            "island": pyarrow.int64(),
            "flags": pyarrow.int64(),
        }
    )

    def __init__(
        self,
        left: Any,
        right: Any,
        folder: str | os.PathLike[str],
        *,
        map1: Roles | None = None,
        map2: Roles | None = None,
        epoch1: float | None = None,
        epoch2: float | None = None,
        lost: str = "error",
        launcher: Sequence[str] = (),
        **options: Any,
    ) -> None:
        super().__init__()
        for catalog, which in ((left, "left"), (right, "right")):
            if not isinstance(catalog, lsdb.Catalog):
                raise TypeError(f"{which} is a {type(catalog).__qualname__}; allowed: a catalogue of LSDB, such as lsdb.from_dataframe makes")
        if lost not in _LOST:
            raise UsageError(f"lost is {lost!r}; allowed: {', '.join(map(repr, _LOST))}")
        self.folder = prepare_folder(folder)
        self.names = _names(left.name, right.name)
        sides = (
            side(left, "left", self.names[0], map1, epoch1),
            side(right, "right", self.names[1], map2, epoch2),
        )
        words = [part for name, value in options.items() for part in _option(name, value)]
        found = tuple(self.extra_columns.columns)
        request = Request(self.folder, new_parts(self.folder), sides, tuple(words), tuple(launcher), self._find, found)
        made = make(left, right, request)
        self.facts: dict[str, Any] = made.facts
        self.helpers: dict[str, int] = made.helpers
        self.radius_arcsec = made.widest_arcsec
        self._columns = (sides[0].columns, sides[1].columns)
        self._lost = lost
        self._stem = os.path.join(self.folder, made.stem)
        _warn_of_match({"match": made.facts}, made.lines)

    def validate(self, left: Any, right: Any) -> None:
        """Checks, before anything is computed, that LSDB can bring the sources of every pair together."""
        super().validate(left, right)
        for catalog, columns, which in zip((left, right), self._columns, ("left", "right"), strict=True):
            if missing := [name for name in columns if name not in catalog.columns]:
                raise UsageError(
                    f"{which}: {catalog.name} lacks {', '.join(missing)}, by which its rows are recognised; give crossmatch the catalogue "
                    "with the columns that were matched, and choose columns afterwards"
                )
            if double := [name for name in self.extra_columns.columns if name in catalog.columns]:
                warnings.warn(
                    f"{which}: {catalog.name} has {', '.join(double)}, as the result has; suffix_method='overlapping_columns' would give "
                    "two columns of that name",
                    XMDBWarning,
                    stacklevel=4,
                )
        if self._lost != "allow":
            self._check_margin(left, right)

    def _check_margin(self, left: Any, right: Any) -> None:
        partition, index, width = read_borders(self._stem)
        here = numpy.isin(partition, [start_of(pixel.order, pixel.pixel) for pixel in left.get_healpix_pixels()])
        index, width = index[here], width[here]
        pixels = sorted((start_of(pixel.order, pixel.pixel), 4 ** (29 - int(pixel.order))) for pixel in right.get_healpix_pixels())
        starts, lengths = (numpy.array(numbers, dtype=numpy.int64) for numbers in zip(*pixels, strict=True))
        place = numpy.searchsorted(starts, index, side="right") - 1
        covered = (place >= 0) & (index - starts[place] < lengths[place])
        if alone := int((~covered).sum()):
            warnings.warn(
                f"{_pairs(alone)} lost: LSDB has no partition of {right.name} where their source of {left.name} is; fewer, larger "
                "partitions would help",
                XMDBWarning,
                stacklevel=5,
            )
        width = width[covered]
        margin = None if right.margin is None else right.margin.hc_structure.catalog_info.margin_threshold
        if not len(width) or (margin is not None and width.max() <= margin):
            return
        needed = f"a margin of {_round_up(width.max())} arcsec would do"
        if margin is None:
            message = f"{right.name} has no margin: {_pairs(len(width))} lost across borders of its partitions; {needed}"
            if self._lost == "error":
                raise UsageError(message + ", or lost='warn'")
        else:
            message = (
                f"{right.name} has a margin of {margin:g} arcsec: of pairs across borders of its partitions {int((width > margin).sum())} are "
                f"wider, and may be lost; {needed}"
            )
        warnings.warn(message, XMDBWarning, stacklevel=5)

    def perform_crossmatch(self, crossmatch_args: Any) -> tuple[Any, Any, pandas.DataFrame]:
        """The pairs of a partition: their rows in both DataFrames, and what the match says of them."""
        given = crossmatch_args
        native = getattr(given, "left_native_len", None)
        left_start = None if given.left_order is None else start_of(given.left_order, given.left_pixel)
        # An outer join brings sources around the partition, too.
        right_start = None if native is None or given.right_order is None else start_of(given.right_order, given.right_pixel)
        if native is None:
            native = len(given.left_df)
        if left_start is not None:
            self._check_partition(left_start, given.left_order, given.left_pixel, native)
        pairs = read_pairs(self._stem, left_start, right_start, list(self.extra_columns.columns))
        left, right = (
            positions(row_keys(to_table(frame, columns)), pairs[key].to_numpy())
            for frame, columns, key in zip((given.left_df, given.right_df), self._columns, ("a_key", "b_key"), strict=True)
        )
        lost = int(((left >= 0) & (left < native) & (right < 0)).sum())
        if lost and self._lost == "error":
            raise XMDBError(
                f"{_pairs(lost)} lost in the partition of order {given.left_order} and pixel {given.left_pixel}: the right catalogue has their "
                "sources neither in its partition nor in its margin. If it was filtered after the match was made, give lost='allow'; else a margin "
                f"of {_round_up(self.radius_arcsec)} arcsec would do, or lost='warn'"
            )
        both = numpy.flatnonzero((left >= 0) & (right >= 0))
        both = both[numpy.lexsort((right[both], left[both]))]
        values = pairs.select(list(self.extra_columns.columns)).take(pyarrow.array(both))
        frame = pandas.DataFrame(
            {name: pandas.Series(values[name].combine_chunks(), dtype=kind) for name, kind in self.extra_columns.dtypes.items()}
        )
        return left[both], right[both], frame

    def _check_partition(self, start: int, order: int, pixel: int, rows: int) -> None:
        told = self._stem + ".json"
        known = _rows(told, os.stat(told).st_mtime_ns).get(start)
        if known is None or rows > known:
            has = "was not there" if known is None else f"had {known} rows, and has {rows}"
            raise UsageError(
                f"the partition of order {order} and pixel {pixel} of the left catalogue {has} when the match was made; make a new "
                f"{type(self).__name__} of the catalogues as they are"
            )


class BayesianCandidates(BayesianCrossmatch):
    """All candidate pairs that take part in the pairing, with their probabilities: a source may be in several.

    Arguments and attributes are those of ``BayesianCrossmatch``; made in the same folder, it uses the same match.
    """

    _find: ClassVar[str] = "all"
    extra_columns = _described(
        {
            "pair_p": pyarrow.float64(),
            "matched": pyarrow.int64(),
            "separation_arcsec": pyarrow.float64(),
            "eta": pyarrow.float64(),
            "xi": pyarrow.float64(),
            "island": pyarrow.int64(),
            "flags": pyarrow.int64(),
        }
    )


@functools.lru_cache(maxsize=4)
def _rows(path: str, time: int) -> dict[int, int]:
    """How many rows each partition of the left catalogue had, by its number; of a file that was written at a time."""
    with open(path, encoding="utf-8") as file:
        return {int(start): rows for start, rows in json.load(file)["rows"][0].items()}


def _names(left: str, right: str) -> tuple[str, str]:
    """Names for the database: those of the catalogues, as far as it takes them."""
    one, two = (re.sub(r"[^A-Za-z0-9_.+-]", "_", name)[:40] or "catalogue" for name in (left, right))
    return (one, two) if one.lower() != two.lower() else (f"{one}_1", f"{two}_2")


def _pairs(count: int) -> str:
    return "1 pair is" if count == 1 else f"{count} pairs are"


def _round_up(arcsec: float) -> str:
    return f"{math.ceil(arcsec * 10) / 10:g}"
