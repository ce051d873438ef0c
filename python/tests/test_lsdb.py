"""An algorithm of LSDB, on a simulated sky in partitions of different orders, whose errors are so large that many pairs cross borders."""

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import warnings

import pytest
import xmdb
from conftest import run

numpy = pytest.importorskip("numpy")
pandas = pytest.importorskip("pandas")
parquet = pytest.importorskip("pyarrow.parquet")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    lsdb = pytest.importorskip("lsdb", reason="lsdb is not installed, or does not exist for this Python")
    from xmdb.lsdb import BayesianCandidates, BayesianCrossmatch

# What LSDB and Dask warn of is theirs.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.filterwarnings("error::xmdb.XMDBWarning")]
OPTIONS = {"suffix_method": "overlapping_columns", "log_changes": False}
MARGIN = 40
ROLES = {"map1": {"sigma": "sigma:arcsec"}, "map2": {"sigma": "sigma:arcsec"}}


def catalogue(frame, name, rows, margin=MARGIN):
    return lsdb.from_dataframe(
        frame, ra_column="ra", dec_column="dec", catalog_name=name, lowest_order=2, highest_order=8, partition_rows=rows,
        margin_threshold=margin,
    )  # fmt: skip


def crossmatched(left, right, algorithm, **options):
    return left.crossmatch(right, algorithm=algorithm, **OPTIONS, **options).compute(progress_bar=False)


def pairs_of(table, *columns):
    """Pairs of identifiers, with values."""
    ids = [table[name].astype("int64").tolist() for name in ("id_a", "id_b")]
    return dict(zip(zip(*ids, strict=True), zip(*(table[name].astype(float).tolist() for name in columns), strict=True), strict=True))


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sim")
    run("simulate", "--to", folder, "--sources", 6000, "--density", 1000, "--center", "45,0", "--sigma-a", 2, "--sigma-b", 3, "--quiet")
    return [parquet.read_table(folder / f"{name}.parquet").to_pandas() for name in "ab"]


@pytest.fixture(scope="module")
def hats(frames, tmp_path_factory):
    """Both catalogues on disk, with margins."""
    folder = tmp_path_factory.mktemp("hats")
    for frame, name, rows in zip(frames, "ab", (900, 400), strict=True):
        catalogue(frame, name, rows).write_catalog(folder / name, progress_bar=False)
    return folder


@pytest.fixture
def sky(hats):
    left, right = (lsdb.open_catalog(hats / name) for name in "ab")
    orders = [{int(pixel.order) for pixel in one.get_healpix_pixels()} for one in (left, right)]
    assert min(orders[0]) >= 2 and orders[0] != orders[1] and left.npartitions > 4
    return left, right


@pytest.fixture(scope="module")
def expected(hats, tmp_path_factory):
    """What `xmdb match-all` finds in the same files."""
    folder = tmp_path_factory.mktemp("expected")
    database = folder / "sky.xmdb"
    for name in "ab":
        run("--db", database, "ingest", hats / name, "--as", name, "--map", "sigma=sigma:arcsec", "--quiet")
    run("--db", database, "match-all", "a", "b", "--quiet")
    found = {}
    for find in ("best", "all"):
        run("--db", database, "export", "a", "b", "--find", find, "--out", folder / f"{find}.parquet", "--quiet")
        found[find] = parquet.read_table(folder / f"{find}.parquet").to_pandas().rename(columns={"a_id": "id_a", "b_id": "id_b"})
    return found


@pytest.fixture(scope="module")
def made(hats, tmp_path_factory):
    """The algorithm, made once."""
    left, right = (lsdb.open_catalog(hats / name) for name in "ab")
    return BayesianCrossmatch(left, right, tmp_path_factory.mktemp("match") / "here", **ROLES)


VALUES = ("pair_p", "separation_arcsec", "eta", "xi", "flags")


def test_two_workers_find_what_match_all_finds(sky, expected, tmp_path):
    from dask.distributed import Client

    left, right = sky
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path / "dask")):
        algorithm = BayesianCrossmatch(left, right, tmp_path / "match", **ROLES)
        both = crossmatched(left, right, algorithm)
        candidates = BayesianCandidates(left, right, tmp_path / "match", **ROLES)
        many = crossmatched(left, right, candidates)
    best = expected["best"]
    assert len(both) == len(best) == algorithm.facts["matches"] > 3000
    assert pairs_of(both, "match_p", *VALUES) == pairs_of(best, "match_p", *VALUES)
    assert pairs_of(many, "matched", *VALUES) == pairs_of(expected["all"], "matched", *VALUES)
    # Made in the same folder, it is the same run.
    assert candidates.facts["was_there"] and candidates.facts["run"] == algorithm.facts["run"]
    assert not [name for name in os.listdir(tmp_path / "match") if name.startswith("parts")]
    # Rows are those of the catalogues.
    assert ((both["truth_a"] == both["truth_b"]) & (both["pair_p"] > 0.9)).sum() > 1500


def test_result_is_lazy_and_as_said(sky, made):
    left, right = sky
    lazy = left.crossmatch(right, algorithm=pickle.loads(pickle.dumps(made)), **OPTIONS)
    assert isinstance(lazy, lsdb.Catalog)
    both = lazy.compute(progress_bar=False)
    assert both.dtypes.equals(lazy.dtypes)
    assert both.dtypes[list(made.extra_columns.columns)].equals(made.extra_columns.dtypes)
    sure = left.crossmatch(right, algorithm=made, suffixes=("_1", "_2"), suffix_method="all_columns").query("pair_p > 0.9")
    assert len(sure.compute(progress_bar=False)) == (both["pair_p"] > 0.9).sum()


def test_joins_have_every_source(sky, made, frames):
    left, right = sky
    matches = made.facts["matches"]
    all_left = crossmatched(left, right, made, how="left")
    assert len(all_left) == len(frames[0]) and all_left["pair_p"].notna().sum() == matches
    both = crossmatched(left, right, made, how="outer")
    assert len(both) == len(frames[0]) + len(frames[1]) - matches and both["pair_p"].notna().sum() == matches
    assert both["id_a"].dropna().is_unique and both["id_b"].dropna().is_unique
    nested = left.crossmatch_nested(right, algorithm=made, nested_column_name="b").compute(progress_bar=False)
    assert len(nested) == matches and set(made.extra_columns.columns) <= set(nested["b"].nest.columns)


def test_pairs_that_lsdb_cannot_bring_together_are_told(sky, made, frames, expected):
    left, _ = sky
    bare = catalogue(frames[1], "b", 400, margin=None)
    with pytest.raises(xmdb.UsageError, match=r"b has no margin: \d+ pairs are lost.*a margin of [\d.]+ arcsec would do"):
        left.crossmatch(bare, algorithm=made, **OPTIONS)
    lenient = pickle.loads(pickle.dumps(made))
    lenient._lost = "warn"
    with pytest.warns(xmdb.XMDBWarning, match="b has no margin") as told:
        lazy = left.crossmatch(bare, algorithm=lenient, **OPTIONS)
    both = lazy.compute(progress_bar=False)
    lost = int(str(told[0].message).split(": ")[1].split()[0])
    assert len(both) == len(expected["best"]) - lost and lost > 5
    # Pixels of a margin reach farther than it says; what is lost is certain only when it is looked for.
    with pytest.warns(xmdb.XMDBWarning, match=r"margin of 5 arcsec: of pairs across borders.*may be lost; a margin of"):
        left.crossmatch(catalogue(frames[1], "b", 400, margin=5), algorithm=made, **OPTIONS)
    with pytest.raises(TypeError, match="right is a DataFrame; allowed: a catalogue of LSDB"):
        BayesianCrossmatch(left, frames[1], made.folder)
    with pytest.raises(ValueError, match="'warn', 'allow'"):
        BayesianCrossmatch(left, left, made.folder, lost="maybe")


def test_a_partition_that_the_right_catalogue_lacks_is_told(frames, tmp_path):
    # A source of each on either side of a border, and others away from it: b has no partition where a is.
    def two(ra):
        return pandas.DataFrame({"id": numpy.arange(len(ra)), "ra": ra, "dec": [0.0] * len(ra), "sigma": [1.0] * len(ra)})

    border = 45.0
    one = catalogue(two([border - 1e-5, border - 30]), "a", 1)
    other = catalogue(two([border + 1e-5, border + 30]), "b", 1)
    algorithm = BayesianCrossmatch(one, other, tmp_path / "match", photometry=False, epoch1=2016.0, epoch2=2016.0, **ROLES)
    assert algorithm.facts["matches"] == 1
    with pytest.warns(xmdb.XMDBWarning, match="1 pair is lost: LSDB has no partition of b where their source of a is"):
        one.crossmatch(other, algorithm=algorithm, **OPTIONS)


def test_rows_filtered_afterwards_keep_the_probabilities_of_the_whole(sky, made, expected):
    left, right = sky
    whole = pairs_of(expected["best"], *VALUES)
    bright = left.query("mag_G < 17")
    part = pairs_of(crossmatched(bright, right, made), *VALUES)
    ids = set(bright.compute(progress_bar=False)["id"].astype("int64"))
    assert part == {pair: values for pair, values in whole.items() if pair[0] in ids} and part
    with pytest.raises(xmdb.XMDBError, match="If it was filtered after the match was made, give lost='allow'"):
        crossmatched(left, right.query("mag_W1 < 16"), made)
    lenient = pickle.loads(pickle.dumps(made))
    lenient._lost = "allow"
    part = pairs_of(crossmatched(left, right.query("mag_W1 < 16"), lenient), *VALUES)
    assert 0 < len(part) < len(whole) and part.items() <= whole.items()


def test_rows_filtered_before_are_matched_alone(sky, tmp_path):
    left, right = (one.cone_search(45, 0, 2000).query("dec < 0.2") for one in sky)
    algorithm = BayesianCrossmatch(left, right, tmp_path / "match", **ROLES)
    both = crossmatched(left, right, algorithm)
    rows = [one.compute(progress_bar=False).reset_index(drop=True) for one in (left, right)]
    roles = {"sigma": "sigma:arcsec", "ra": "ra:deg", "dec": "dec:deg"}
    alone = xmdb.match(*rows, map1=roles, map2=roles)
    alone = alone.rename(columns={"id_1": "id_a", "id_2": "id_b"})
    assert pairs_of(both, *VALUES) == pairs_of(alone, *VALUES) and len(both) > 100


def test_double_rows_and_identifiers(tmp_path):
    """Nothing rests on identifiers: all are 7, and some rows are there twice."""
    random = numpy.random.default_rng(3)
    ra, dec = 44 + 2 * random.random(400), random.random(400) - 0.5
    columns = {"id": 7, "ra": ra, "dec": dec, "sigma": 0.2, "pmra": None}
    one = pandas.DataFrame(columns)
    other = pandas.DataFrame({**columns, "ra": ra + random.normal(0, 5e-5, 400), "name": [f"n{i}" for i in range(400)]})
    other = pandas.concat([other, other[:50]])
    left, right = catalogue(one, "sky", 50), catalogue(other, "sky", 70)
    roles = {"map1": {"sigma": "sigma:arcsec"}, "map2": {"sigma": "sigma:arcsec"}, "epoch1": 2016.0, "epoch2": 2016.0}
    with pytest.warns(xmdb.XMDBWarning, match="cannot be trusted"):
        algorithm = BayesianCrossmatch(left, right, tmp_path / "match", photometry=False, **roles)
    assert algorithm.names == ("sky_1", "sky_2")
    both = crossmatched(left, right, algorithm, suffixes=("_1", "_2"))
    assert len(both) == algorithm.facts["matches"] and len(both) > 380
    assert (both["separation_arcsec"] < 2).all() and (both["dec_1"] == both["dec_2"]).all()


def test_errors_have_the_text_of_the_program(sky, tmp_path):
    left, right = sky
    with pytest.raises(xmdb.UsageError, match=r'left: its first rows: no position error.*map1="sigma=0.1:arcsec"'):
        BayesianCrossmatch(left[["id", "ra", "dec"]], right, tmp_path / "match")
    with pytest.raises(xmdb.UsageError, match="nonsense"):
        BayesianCrossmatch(left, right, tmp_path / "match", nonsense=1, **ROLES)
    with pytest.raises(xmdb.UsageError, match="right: no partition of b has rows"):
        BayesianCrossmatch(left, right.query("dec > 80"), tmp_path / "match", **ROLES)
    with pytest.raises(xmdb.XMDBError, match="no-such-launcher cannot be started: No such file"):
        BayesianCrossmatch(left, right, tmp_path / "match", launcher=["no-such-launcher", "-n", "2"], **ROLES)
    assert not [name for name in os.listdir(tmp_path / "match") if name.startswith(("parts", "pairs"))]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").write_text("")
    with pytest.raises(xmdb.UsageError, match="holds other files"):
        BayesianCrossmatch(left, right, tmp_path / "other")
    with pytest.warns(xmdb.XMDBWarning, match='a: neither the file nor a profile gives the unit.*map1="sigma=sigma:UNIT"'):
        BayesianCrossmatch(left, right, tmp_path / "match", map2=ROLES["map2"])


def test_other_rows_than_those_matched_are_refused(sky, made, frames):
    left, right = sky
    with pytest.raises(xmdb.UsageError, match="a lacks .*sigma.*by which its rows are recognised"):
        left[["id", "ra", "dec"]].crossmatch(right, algorithm=made, **OPTIONS)
    with pytest.raises(xmdb.UsageError, match="when the match was made; make a new BayesianCrossmatch"):
        crossmatched(catalogue(frames[0], "a", 3000), right, made)


def test_match_takes_catalogues_that_are_not_computed(sky, frames):
    left, right = sky
    lazy = xmdb.match(left, right, **ROLES)
    assert isinstance(lazy, pandas.DataFrame) and lazy.attrs["xmdb"]["match"]["matches"] == len(lazy) > 3000
    # HATS says that positions are in degrees; DataFrames do not.
    said = {"sigma": "sigma:arcsec", "ra": "ra:deg", "dec": "dec:deg"}
    whole = xmdb.match(left.compute(progress_bar=False), right.compute(progress_bar=False), map1=said, map2=said)
    pandas.testing.assert_frame_equal(lazy, whole)
    # A part of one, beside a table of another kind.
    part = xmdb.match(left.query("mag_G < 17"), frames[1], map1=ROLES["map1"], map2=said)
    bright = left.query("mag_G < 17").compute(progress_bar=False)
    pandas.testing.assert_frame_equal(part, xmdb.match(bright, frames[1], map1=said, map2=said))
    assert len(xmdb.match(left.query("dec > 80"), right, **ROLES)) == 0


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """Catalogues whose match takes some seconds, what it finds, and its options."""
    folder = tmp_path_factory.mktemp("wide")
    run("simulate", "--to", folder, "--sources", 300_000, "--center", "45,0", "--quiet")
    for name in "ab":
        frame = parquet.read_table(folder / f"{name}.parquet").to_pandas()
        catalogue(frame, name, 100_000).write_catalog(folder / "hats" / name, progress_bar=False)
        run("--db", folder / "sky.xmdb", "ingest", folder / "hats" / name, "--as", name, "--map", "sigma=sigma:arcsec", "--quiet")
    run("--db", folder / "sky.xmdb", "match-all", "a", "b", "--quiet")
    run("--db", folder / "sky.xmdb", "export", "a", "b", "--out", folder / "best.parquet", "--quiet")
    best = parquet.read_table(folder / "best.parquet").to_pandas().rename(columns={"a_id": "id_a", "b_id": "id_b"})
    return folder / "hats", pairs_of(best, *VALUES), {"memory": "64MB", "threads": 1, **ROLES}


@pytest.mark.parametrize("lost", ["nobody", "another", "first"])
def test_workers_share_the_match_and_may_be_lost(wide, tmp_path, lost):
    from dask.distributed import Client

    hats, expected, options = wide
    left, right = (lsdb.open_catalog(hats / name) for name in "ab")
    with Client(n_workers=3, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path / "dask")) as client:
        pids = client.run(os.getpid)
        killed = []

        def kill():
            until(lambda: list(tmp_path.glob("match/sky.xmdb/runs/1/counts/*/*")))
            (told,) = tmp_path.glob("match/parts-*/lead.json")
            first = json.loads(told.read_text())["address"]
            others = [address for address in pids if address != first]
            killed.append(first if lost == "first" else others[0])
            os.kill(pids[killed[0]], signal.SIGKILL)

        killer = threading.Thread(target=kill, daemon=True)
        if lost != "nobody":
            killer.start()
        algorithm = BayesianCrossmatch(left, right, tmp_path / "match", **options)
        if lost == "nobody":
            # Two others, and each did something.
            assert len(algorithm.helpers) == 2 and min(algorithm.helpers.values()) > 0
        else:
            killer.join()
            assert killed[0] not in algorithm.helpers
        both = crossmatched(left, right, algorithm)
    assert algorithm.facts["complete"]
    assert pairs_of(both, *VALUES) == expected
    until(lambda: not processes_named(str(tmp_path)), 20)


def test_a_match_of_one_machine_needs_no_others(sky, expected, tmp_path):
    """Without a cluster, or where threads of one process are its workers."""
    from dask.distributed import Client

    left, right = sky
    with Client(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None, local_directory=str(tmp_path / "dask")):
        algorithm = BayesianCrossmatch(left, right, tmp_path / "match", **ROLES)
    assert algorithm.helpers == {} and algorithm.facts["matches"] == len(expected["best"])


INTERRUPTED = """
import sys
from dask.distributed import Client
import lsdb
from xmdb.lsdb import BayesianCrossmatch
if __name__ == "__main__":
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=sys.argv[3]):
        try:
            BayesianCrossmatch(lsdb.open_catalog(sys.argv[1] + "/a"), lsdb.open_catalog(sys.argv[1] + "/b"), sys.argv[2], threads=1)
        except KeyboardInterrupt:
            print("interrupted")
"""


def test_an_interrupted_match_stops_and_goes_on(tmp_path):
    run("simulate", "--to", tmp_path, "--sources", 300_000, "--center", "45,0", "--quiet")
    for name in "ab":
        frame = parquet.read_table(tmp_path / f"{name}.parquet").to_pandas()
        catalogue(frame, name, 200_000).write_catalog(tmp_path / "hats" / name, progress_bar=False)
    (tmp_path / "script.py").write_text(INTERRUPTED)
    folder = tmp_path / "match"
    command = [sys.executable, "-W", "ignore", tmp_path / "script.py", tmp_path / "hats", folder, tmp_path / "dask"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until(lambda: (folder / "sky.xmdb" / "runs" / "1").exists() or child.poll() is not None)
    child.send_signal(signal.SIGINT)
    output, lines = child.communicate(timeout=60)
    assert output == "interrupted\n", lines
    until(lambda: not processes_named(str(folder)), 10)
    left, right = (lsdb.open_catalog(tmp_path / "hats" / name) for name in "ab")
    with pytest.warns(xmdb.XMDBWarning, match="arcsec is assumed"):
        algorithm = BayesianCrossmatch(left, right, folder)
    assert algorithm.facts["run"] == 1 and not algorithm.facts["was_there"] and algorithm.facts["complete"]


def until(holds, seconds=90):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def processes_named(text):
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/cmdline") as file:
                line = file.read()
        except OSError:
            continue
        if text in line and ("match-all" in line or "\0join\0" in line):
            found.append(line)
    return found
