"""Generated SQL in a host: any values as arguments of every function and table, and conditions whose answer is known."""

import os
import resource
import selectors
import subprocess
import time

from program import CRASH_WORDS, Defect, run_child

PYTHON = "/usr/bin/python3"  # Debian's: its sqlite3 loads extensions.
HERE = os.path.dirname(os.path.abspath(__file__))


class Host:
    """A Python with the extension loaded, in processes of its own."""

    def __init__(self, library, seconds=10.0, memory_mb=1500):
        self.library, self.seconds, self.memory_mb = os.path.abspath(library), seconds, memory_mb
        self.longest = self.largest = 0.0

    def check_database(self, database, catalogues):
        """Reads and matches two catalogues in a host; a crash or a hang is a defect, an error of SQL is not."""
        a, b = catalogues
        queries = [f"SELECT count(*) FROM {a}", f"SELECT count(*), sum(pair_p) FROM xmatch('{a}','{b}')",
                   f"SELECT count(*) FROM xm_nonmatches('{a}','{b}','{a}')", f"SELECT count(*) FROM xm_priors('{a}','{b}')"]
        script = ("import sqlite3, sys\nc = sqlite3.connect(':memory:')\nc.enable_load_extension(True)\nc.load_extension(sys.argv[1])\n"
                  "for q in sys.argv[2:]:\n  try: print(c.execute(q).fetchone())\n  except sqlite3.Error as e: print(e)\n")
        outcome = run_child([PYTHON, "-c", script, self.library, *queries], None, self.seconds, {"XMDB_DB": database})
        if outcome.status != 0 or outcome.seconds > self.seconds or outcome.peak_mb > self.memory_mb:
            raise Defect(f"a host failed: {outcome}")
        return outcome.output


class SQLArguments:
    """The cases of this kind. They run in long-lived hosts: a host that dies is followed by another."""

    name = "sql"

    def __init__(self, program, host):
        self.host = host
        self.program = program

    def prepare(self, folder):
        """Makes the database that all cases share: two small catalogues and a finished run."""
        self.database = os.path.join(folder, "sky.xmdb")
        names = {"a": "gaia", "b": "catwise"}
        self.program.run("simulate", "--to", "sim", "--sources", "1200", "--density", "20000", "--seed", "5",
                         "--motion", "20", "--motion-error-a", "1", "--quiet", folder=folder)
        for file, name in names.items():
            self.need("ingest", f"sim/{file}.parquet", "--as", name, "--shard-mb", "0.02", folder=folder)
        self.need("match", "gaia", "catwise", "--quiet", folder=folder)

    def need(self, *arguments, folder):
        outcome = self.program.run(*arguments, folder=folder)
        if outcome.status != 0:
            raise Defect(f"a sound command failed: {outcome}")

    def run_cases(self, seed, first, count):
        """Runs `count` cases; yields (number, defect text) for each defect."""
        end = first + count
        while first < end:
            watched = self.watch(seed, first, end - first)
            yield from ((number, text) for number, text in watched.defects)
            first = watched.last + 1 if watched.end else end
            if watched.end:
                yield watched.last, watched.end

    def watch(self, seed, first, count):
        """One host, until it is done, dies, or says nothing for too long."""
        error_path = self.database + f".host-{os.getpid()}-{first}.err"
        with open(error_path, "wb") as error:
            child = subprocess.Popen([PYTHON, os.path.join(HERE, "host_worker.py"), self.host.library, str(seed), str(first), str(count)],
                                     stdout=subprocess.PIPE, stderr=error, stdin=subprocess.DEVNULL,
                                     env={**os.environ, "XMDB_DB": self.database, "PYTHONHASHSEED": "0"})
        resource.prlimit(child.pid, resource.RLIMIT_AS, (24 << 30, 24 << 30))
        watched = Watched(first - 1)
        selector = selectors.DefaultSelector()
        selector.register(child.stdout, selectors.EVENT_READ)
        os.set_blocking(child.stdout.fileno(), False)
        heard, rest = time.monotonic(), b""
        # The first words come after the copies of the tables have been made.
        while True:
            if selector.select(timeout=0.2):
                data = child.stdout.read()
                if data == b"":
                    break
                self.host.longest = max(self.host.longest, time.monotonic() - heard if watched.last >= first else 0)
                heard = time.monotonic()
                *lines, rest = (rest + data).split(b"\n")
                watched.take(lines)
            elif time.monotonic() - heard > self.host.seconds * (1 if watched.last >= first else 6):
                child.kill()
                watched.end = f"case {watched.last} took over {self.host.seconds:.0f} s"
                break
        _, wait_status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(wait_status)
        child.stdout.close()
        self.host.largest = max(self.host.largest, usage.ru_maxrss / 1024)
        with open(error_path, "rb") as error:
            words = error.read()
        os.unlink(error_path)
        if not watched.done and not watched.end:
            watched.end = f"the host ended with {child.returncode}: {words[-600:].decode(errors='replace')}"
        elif any(word in words for word in CRASH_WORDS):
            watched.end = f"the host crashed: {words[-600:].decode(errors='replace')}"
        if usage.ru_maxrss / 1024 > self.host.memory_mb:
            watched.defects.append((watched.last, f"the host took {usage.ru_maxrss / 1024:.0f} MB"))
        return watched


class Watched:
    """What a host has said."""

    def __init__(self, last):
        self.last, self.defects, self.done, self.end = last, [], False, None

    def take(self, lines):
        for line in lines:
            if line == b"done":
                self.done = True
            elif line.startswith(b"defect "):
                _, number, text = line.decode().split(" ", 2)
                self.defects.append((int(number), text))
            else:
                self.last = int(line)
