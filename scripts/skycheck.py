"""What check-invariance.py and check-kills.py share: catalogues, databases, runs and their exports."""
import filecmp
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OMPI_MCA_rmaps_base_oversubscribe="1")


def program(path=None):
    """The program to check, as an absolute path."""
    path = os.path.abspath(path or os.path.join(ROOT, "bin/xmdb"))
    if not os.access(path, os.X_OK):
        sys.exit(f"{path}: is no program; build it with scripts/build-release.sh")
    return path


def run(command, **options):
    """Runs a command to its good end and gives its output."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}{done.stdout}")
    return done.stdout


class Sky:
    """Two catalogues in a database that is made once, and copied cheaply: shards never change, so links do."""

    def __init__(self, xmdb, folder, name, a, b, sources=(), shard_mb=64):
        self.xmdb, self.folder, self.a, self.b = xmdb, folder, a, b
        self.origin = os.path.join(folder, f"{name}-{shard_mb}.xmdb")
        if not os.path.exists(os.path.join(self.origin, "ready")):
            shutil.rmtree(self.origin, ignore_errors=True)
            for options in sources:
                run([xmdb, "ingest", *options, "--shard-mb", str(shard_mb), "--db", self.origin, "--quiet"])
            open(os.path.join(self.origin, "ready"), "w").close()

    def copy(self, name):
        """A database of its own with the same shards and no runs."""
        path = os.path.join(self.folder, name)
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.origin, path,
                        copy_function=lambda s, t: os.link(s, t) if "/catalogues/" in s else shutil.copy2(s, t))
        return path

    def match(self, verb="match", launch=(), threads=1, options=()):
        """The command that matches both, without its database."""
        return [*launch, self.xmdb, verb, self.a, self.b, "--threads", str(threads), *options]

    def export(self, database, name):
        """The folder of an export of the newest run."""
        path = os.path.join(self.folder, name)
        shutil.rmtree(path, ignore_errors=True)
        run([self.xmdb, "export", self.a, self.b, "--to", path, "--db", database, "--quiet"])
        return path


def all_sky(xmdb, folder, count, shard_mb=64):
    """The pair of the whole sky of scripts/simulate-all-sky.sh."""
    name = f"sky-{count:g}"
    files = os.path.join(folder, name)
    if not os.path.exists(os.path.join(files, "b.parquet")):
        run([os.path.join(ROOT, "scripts/simulate-all-sky.sh"), files, f"{count:g}", xmdb])
    return Sky(xmdb, folder, name, "a", "b", [[os.path.join(files, f"{n}.parquet")] for n in "ab"], shard_mb)


def real_cones(xmdb, folder, shard_mb=64):
    """Gaia and CatWISE in real cones, from ../shared; None where that is absent."""
    files = os.path.join(os.path.dirname(ROOT), "shared/real")
    if not os.path.isdir(files):
        return None
    return Sky(xmdb, folder, "cones", "gaia", "catwise",
               [[os.path.join(files, f"{n}.parquet"), "--as", n] for n in ("gaia", "catwise")], shard_mb)


def differences(left, right):
    """Files that are not the same bytes in both folders, or only in one."""
    names = sorted(set(os.listdir(left)) | set(os.listdir(right)))
    _, differ, missing = filecmp.cmpfiles(left, right, names, shallow=False)
    return differ + missing


def registry(database, query):
    """Rows of a query to the registry. After a kill in mid-commit the reader must be allowed to take the change back."""
    connection = sqlite3.connect(f"file:{database}/registry.sqlite?mode=rw", uri=True, timeout=60)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def timed(command):
    """Runs a command whose output is JSON: its facts, and the seconds it took."""
    start = time.monotonic()
    output = run(command)
    return json.loads(output), time.monotonic() - start
