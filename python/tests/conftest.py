"""What several tests need: a sky database of the Hyades, and the two tables as Arrow has them."""

import subprocess
from pathlib import Path

import pytest
import xmdb

HYADES = Path(__file__).resolve().parents[2] / "examples" / "hyades"
GAIA, HIPPARCOS = HYADES / "gaia_hyades.parquet", HYADES / "hipparcos_hyades.parquet"
# What the tables do not say of themselves.
TOLD = {"epoch1": 2016.0, "epoch2": 1991.25, "map1": {"sigma": "30:mas"}}


@pytest.fixture(scope="session")
def gaia():
    parquet = pytest.importorskip("pyarrow.parquet")
    return parquet.read_table(GAIA)


@pytest.fixture(scope="session")
def hipparcos():
    parquet = pytest.importorskip("pyarrow.parquet")
    return parquet.read_table(HIPPARCOS)


def run(*arguments, **options):
    done = subprocess.run([xmdb.executable(), *map(str, arguments)], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def sky(tmp_path_factory):
    """A sky database with the two catalogues and a run, and the run as an ordinary file of SQLite."""
    folder = tmp_path_factory.mktemp("sky")
    database = folder / "sky.xmdb"
    run("--db", database, "ingest", GAIA, "--as", "gaia", "--epoch", "2016.0", "--map", "sigma=30:mas")
    run("--db", database, "ingest", HIPPARCOS, "--as", "hip", "--epoch", "1991.25")
    run("--db", database, "match", "gaia", "hip")
    run("--db", database, "publish", "1", "--to", folder / "run.sqlite")
    return database
