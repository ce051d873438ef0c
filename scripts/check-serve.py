#!/usr/bin/env python3
"""Lets the clients of the Virtual Observatory use `xmdb serve`, and others misuse it.

    scripts/check-serve.py [--keep FOLDER] [--stilts COMMAND]

A server of the catalogues and the match of examples/hyades is asked by

    pyvo         tables, queries with an upload, cone searches and jobs; values are compared with those of `xmdb sql`
    stilts       taplint, tapquery (also with an upload), cone and coneskymatch
    100 clients  at the same time; each has the right answer
    hostile ones endless queries, statements that write, 1,000 generated requests and broken connections: the server goes on,
                 stops what is endless, gives no file away and keeps its memory
    signals      SIGTERM and SIGINT end it with 143 and 130, also in the middle of a query

pyvo is fetched by pip into a folder of its own where it is missing; what cannot be had is skipped, with a word. Needs bin/xmdb.
Ends with 1 when something is wrong.
"""

import argparse
import concurrent.futures
import http.client
import random
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
XMDB = ROOT / "bin/xmdb"
SEED = 15
faults = []


def say(what, outcome):
    print(f"  {what:<52} {outcome}", flush=True)


def fault(what, why):
    faults.append(what)
    say(what, f"WRONG: {why}")


def expect(what, is_good, why=""):
    say(what, "as it should be") if is_good else fault(what, str(why)[:1500])


# MARK: The server

class Server:
    def __init__(self, database, *options):
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([XMDB, "--db", database, "serve", "--port", "0", *options], text=True,
                                        stdout=subprocess.PIPE, stderr=self.errors)
        self.address = self.process.stdout.readline().strip().rstrip("/")

    def get(self, path, timeout=30, **parameters):
        """Status and text."""
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        try:
            with urllib.request.urlopen(self.address + path + query, timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def query(self, text, lang="ADQL", **parameters):
        return self.get("/tap/sync", LANG=lang, FORMAT="csv", QUERY=text, **parameters)

    def memory(self):
        """Resident memory, bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) << 10

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


def make_database(folder):
    database = folder / "sky.xmdb"
    hyades = ROOT / "examples/hyades"
    for command in (
            ["ingest", hyades / "gaia_hyades.parquet", "--as", "gaia", "--epoch", "2016.0", "--map", "sigma=0.02:mas"],
            ["ingest", hyades / "hipparcos_hyades.parquet", "--as", "hip", "--epoch", "1991.25", "--map", "id=HIP",
             "--map", "sigma_ra=e_ra", "--map", "sigma_dec=e_dec"],
            ["match", "gaia", "hip", "--epoch", "none"]):
        subprocess.run([XMDB, "--db", database, *command, "--quiet"], check=True, capture_output=True)
    return database


def sql(database, query):
    done = subprocess.run([XMDB, "--db", database, "sql", "--csv", query], check=True, capture_output=True, text=True)
    return done.stdout.replace("\r", "").splitlines()


# MARK: pyvo

def require_pyvo(folder):
    try:
        import pyvo  # noqa: F401
        return True
    except ImportError:
        pass
    done = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check",
                           "--only-binary=:all:", "--target", str(folder), "pyvo"], capture_output=True)
    sys.path.insert(0, str(folder))
    return done.returncode == 0


def check_pyvo(server, database):
    import numpy
    import pyvo
    from astropy.table import Table

    warnings.simplefilter("ignore")
    tap = pyvo.dal.TAPService(server.address + "/tap")
    expect("pyvo: available", tap.available and tap.hardlimit == 100_000, tap.hardlimit)
    tables = {name: {column.name: column for column in table.columns} for name, table in tap.tables.items()}
    gaia = tables["catalogues.gaia"]
    expect("pyvo: tables", {"matches.matches_gaia_hip", "matches.pairs_gaia_hip", "TAP_SCHEMA.columns"} <= set(tables)
           and gaia["ra"].unit == "deg" and gaia["source_id"].ucd == "meta.id;meta.main", list(tables))

    answer = tap.run_sync("SELECT * FROM gaia ORDER BY source_id").to_table()
    expected = sql(database, "SELECT source_id, ra, g_mag FROM gaia ORDER BY source_id")[1:]
    found = [f"{int(row['source_id'])},{float(row['ra'])!r}" for row in answer]
    expect("pyvo: every row, to the bit", found == [",".join(line.split(",")[:2]) for line in expected])
    for form in ("votable/td", "votable/b2"):
        other = tap.run_sync("SELECT * FROM gaia ORDER BY source_id", format=form).to_table()
        same = all(numpy.ma.allequal(numpy.ma.asarray(answer[name]), numpy.ma.asarray(other[name]))
                   for name in answer.colnames)
        expect(f"pyvo: the same as {form}", same)

    upload = Table({"name": ["a", "b", "ü"], "ra": [66.75, 67.0, 65.0], "dec": [16.0, 16.1, 15.0]})
    near = tap.run_sync(
        "SELECT u.name, COUNT(*) AS n FROM TAP_UPLOAD.mine AS u JOIN gaia AS g "
        "ON 1 = CONTAINS(POINT(g.ra, g.dec), CIRCLE(u.ra, u.dec, 1)) GROUP BY u.name ORDER BY 1", uploads={"mine": upload}).to_table()
    counts = [int(sql(database, f"SELECT count(*) FROM xm_cone('gaia', {row['ra']}, {row['dec']}, 1)")[1]) for row in upload]
    expect("pyvo: upload", list(near["name"]) == ["a", "b", "ü"] and list(near["n"]) == counts, near)
    limited = tap.search("SELECT * FROM gaia", maxrec=5)
    expect("pyvo: overflow", len(limited) == 5 and limited.query_status == "OVERFLOW", limited.query_status)
    try:
        tap.search("SELECT raa FROM gaia")
        fault("pyvo: error", "none")
    except pyvo.dal.DALQueryError as error:
        expect("pyvo: error", "did you mean ra?" in str(error) and "column 8" in str(error), error)

    cone = pyvo.dal.SCSService(server.address + "/scs/gaia?")
    rows = cone.search(pos=(66.75, 16), radius=1, verbosity=3).to_table()
    ids = sql(database, "SELECT id FROM xm_cone('gaia', 66.75, 16, 1)")[1:]
    expect("pyvo: cone search", sorted(rows["source_id"]) == sorted(ids) and len(ids) > 10, len(rows))
    expect("pyvo: examples", len(tap.examples) >= 3)
    for example in tap.examples:
        tap.run_sync(example["QUERY"])

    job = tap.submit_job("SELECT COUNT(*) AS n FROM hip", maxrec=10)
    job.run().wait(timeout=20)
    expect("pyvo: a job", job.phase == "COMPLETED"
           and [str(row["n"]) for row in job.fetch_result()] == sql(database, "SELECT count(*) FROM hip")[1:], job.phase)
    job.delete()


# MARK: STILTS

# What STILTS asks for and the server leaves out, on purpose (docs/serve.md).
TAPLINT_KNOWN = {
    "E-CAP-MUPM": "uploads from addresses are refused: the server asks no other one",
    "E-CAP-KEYX": "a feature of ADQL 2.1 that STILTS of before does not know",
    "F-LOC-NOTP": "no ObsLocTAP",
    "F-OBS-NOTP": "no ObsCore",
}


def check_stilts(server, folder, command):
    def stilts(*arguments):
        done = subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True)
        return done.stdout + (done.stderr if done.returncode else "")

    report = stilts("taplint", f"tapurl={server.address}/tap")
    wrong = [line for line in report.splitlines() if re.match(r"[EWF]-", line) and line[:10] not in TAPLINT_KNOWN]
    expect("stilts taplint", "Totals:" in report and not wrong, "\n".join(wrong) or report[-500:])
    count = stilts("tapquery", f"tapurl={server.address}/tap", "adql=SELECT * FROM gaia WHERE g_mag < 6", "ocmd=keepcols 'source_id'",
                   "ofmt=csv", "sync=true").split()
    expect("stilts tapquery", count[0] == "source_id" and len(count) > 10, count[:20])
    (folder / "mine.csv").write_text("ra,dec\n66.75,16\n67,16.1\n")
    joined = stilts("tapquery", f"tapurl={server.address}/tap", "nupload=1", "upload1=mine.csv", "ufmt1=csv", "upname1=mine",
                    "adql=SELECT u.ra, g.source_id FROM TAP_UPLOAD.mine AS u, gaia AS g "
                    "WHERE 1 = CONTAINS(POINT('ICRS', g.ra, g.dec), CIRCLE('ICRS', u.ra, u.dec, 0.5))", "ofmt=csv", "sync=false")
    expect("stilts tapquery, upload, as a job", joined.startswith("ra,source_id") and len(joined.split()) > 2, joined)
    cone = stilts("cone", f"serviceurl={server.address}/scs/gaia?", "lon=66.75", "lat=16", "radius=1", "ofmt=csv")
    expect("stilts cone", len(cone.split()) > 10, cone)
    matched = stilts("coneskymatch", f"serviceurl={server.address}/scs/gaia?", "in=mine.csv", "ifmt=csv", "sr=0.5", "ra=ra", "dec=dec",
                     "parallel=2", "ofmt=csv")
    expect("stilts coneskymatch", len(matched.split()) == len(joined.split()), matched)


# MARK: Many, and hostile ones

def check_many(server, database):
    expected = sql(database, "SELECT count(*), sum(source_id % 1000) FROM gaia WHERE g_mag < 12")[1]
    start = time.time()
    with concurrent.futures.ThreadPoolExecutor(100) as clients:
        answers = list(clients.map(
            lambda _: server.query("SELECT COUNT(*), SUM(MOD(source_id, 1000)) FROM gaia WHERE g_mag < 12"), range(400)))
    good = [answer for answer in answers if answer[0] == 200 and answer[1].split()[1] == expected]
    expect("100 clients, 4 queries each", len(good) == 400, [answer for answer in answers if answer not in good][:3])
    say("", f"{400 / (time.time() - start):.0f} queries a second")


def check_hostile(server):
    endless = "SELECT COUNT(*) FROM gaia a, gaia b, gaia c WHERE DISTANCE(a.ra, b.dec, c.ra, a.dec) > 500"
    start = time.time()
    status, text = server.query(endless)
    expect("an endless query is stopped", status == 400 and "stopped" in text and time.time() - start < 6, text)
    # SQLite's JSON grows beyond the longest value.
    status, text = server.query("SELECT json_group_array(printf('%.*c', 100000, 'x')) FROM gaia", lang="XMDB-SQL")
    expect("a query that takes all memory is refused", status == 503 and "memory" in text, (status, text))
    for query in ("ATTACH '/tmp/x' AS x", "SELECT * FROM sqlite_master", "SELECT xm_open('/')", "DELETE FROM tap_schema.tables",
                  "SELECT load_extension('x')", "PRAGMA database_list", "VACUUM INTO '/tmp/xmdb-check-serve'"):
        status, text = server.query(query, lang="XMDB-SQL")
        if status != 400:
            fault(query, (status, text))
    expect("statements that read or write elsewhere", not Path("/tmp/xmdb-check-serve").exists())
    # Clients that go away take their queries with them: else these would hold all places for half a minute.
    place = urllib.parse.urlparse(server.address)
    for _ in range(10):
        with socket.create_connection((place.hostname, place.port)) as connection:
            query = urllib.parse.urlencode({"LANG": "ADQL", "QUERY": endless})
            connection.sendall(f"GET /tap/sync?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.02)
    time.sleep(0.3)
    start = time.time()
    status, _ = server.query("SELECT COUNT(*) FROM hip")
    expect("who is gone is not waited for", status == 200 and time.time() - start < 1.5, (status, time.time() - start))
    status, _ = server.get("/scs/gaia", RA="x", DEC="1", SR="1")
    expect("a large body is refused", post(server, "/tap/sync", b"a" * (3 << 20))[0] in (413, None))


def post(server, path, body, content_type="application/x-www-form-urlencoded"):
    place = urllib.parse.urlparse(server.address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    try:
        connection.request("POST", path, body, {"Content-Type": content_type})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return None, b""
    finally:
        connection.close()


WORDS = ["SELECT", "*", "FROM", "gaia", "hip", "matches_gaia_hip", "WHERE", "ra", "dec", "(", ")", ",", "=", "<", "1", "'x'", "\"y\"", "NULL",
         "CONTAINS", "POINT", "CIRCLE", "DISTANCE", "COUNT(*)", "GROUP BY", "ORDER BY", "JOIN", "ON", "TOP 3", "UNION", "xm_cone", "xmatch",
         "1e400", "--", ";", "\0", "ü", "%", "../../etc/passwd", "TAP_UPLOAD.t", "sqlite_master", "AS", "x", "AND", "OR", "NOT"]


def request(rng):
    """A path, parameters and a body, more or less broken."""
    query = " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 25)))
    if rng.random() < 0.5:
        query = "SELECT " + query
    parameters = {"LANG": rng.choice(["ADQL", "ADQL", "XMDB-SQL", "PQL", ""]), "QUERY": query,
                  "FORMAT": rng.choice(["csv", "votable", "votable/td", "json", "tsv", "fits", "\0"]),
                  "MAXREC": rng.choice(["5", "0", "-1", "x", "9" * 30]), "RA": rng.choice(["66", "x", "1e400", "nan"]),
                  "DEC": rng.choice(["16", "91", ""]), "SR": rng.choice(["1", "-1", "1e-320", "181"]), "VERB": rng.choice("12390"),
                  "UPLOAD": rng.choice(["t,param:t", "t,http://127.0.0.1/", ",", "t", "../x,param:t"]), "PHASE": rng.choice(["RUN", "ABORT"])}
    kept = {name: value for name, value in parameters.items() if rng.random() < 0.7}
    path = rng.choice(["/tap/sync", "/tap/sync", "/tap/sync", "/scs/gaia", "/scs/hip", "/scs/%2e%2e/x", "/tap/async", "/tap/async/x/phase",
                       "/tap/tables", "/", "/../../etc/passwd", "/tap/" + query.replace(" ", "/")])
    return path, kept


def check_generated(server):
    rng = random.Random(SEED)
    place = urllib.parse.urlparse(server.address)
    statuses = {}
    before = server.memory()
    for number in range(1000):
        path, parameters = request(rng)
        body, head = b"", {}
        text = urllib.parse.urlencode(parameters, errors="replace")
        if rng.random() < 0.3:
            boundary = "b"
            for name, value in parameters.items():
                body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            body += f'--{boundary}\r\nContent-Disposition: form-data; name="t"; filename="t"\r\n\r\n<VOTABLE>\r\n--{boundary}--'.encode()
            head["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        elif rng.random() < 0.4:
            body, head["Content-Type"] = text.encode(), "application/x-www-form-urlencoded"
        else:
            path = urllib.parse.quote(path) + "?" + text
        if rng.random() < 0.2 and body:
            body = bytes(rng.randrange(256) if rng.random() < 0.02 else byte for byte in body)
        method = "POST" if body else rng.choice(["GET", "GET", "HEAD", "DELETE", "PUT"])
        raw = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n".encode("utf-8", "replace")
        raw = raw.replace(b"\0", b"")
        raw += b"".join(f"{name}: {value}\r\n".encode() for name, value in head.items()) + b"Connection: close\r\n\r\n" + body
        if rng.random() < 0.1:
            raw = bytes(rng.randrange(256) if rng.random() < 0.03 else byte for byte in raw)
        try:
            with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR) if rng.random() < 0.1 else None
                answer = connection.recv(65536)
        except TimeoutError:
            fault(f"request {number}", f"no answer in 20 s: {raw[:300]}")
            break
        except OSError:
            answer = b""
        status = answer[9:12].decode("latin-1") if answer else "closed"
        statuses[status] = statuses.get(status, 0) + 1
        if b"root:" in answer:
            fault(f"request {number}", "a file was given away")
    good = set(statuses) <= {"200", "303", "400", "404", "405", "413", "415", "503", "closed", "499"}
    expect("1,000 generated requests", good and statuses.get("200", 0) > 20, statuses)
    say("", " ".join(f"{status}:{count}" for status, count in sorted(statuses.items())))
    expect("and the server goes on", server.query("SELECT COUNT(*) FROM hip")[0] == 200)
    grown = server.memory() - before
    expect("in its memory", grown < 100 << 20, f"{grown >> 20} MB more")


def check_signals(database):
    for number, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        server = Server(database, "--quiet")
        with concurrent.futures.ThreadPoolExecutor(1) as client:
            running = client.submit(server.query, "SELECT COUNT(*) FROM gaia a, gaia b, gaia c, gaia d WHERE a.ra + b.ra + c.ra < d.ra - 999")
            time.sleep(0.5)
            start = time.time()
            ended = server.end(number)
            try:
                running.result()
            except OSError:
                pass
        expect(f"{number.name} in the middle of a query", ended == status and time.time() - start < 4, (ended, time.time() - start))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="work in this folder and leave its files")
    parser.add_argument("--stilts", metavar="COMMAND", default="stilts", help="how STILTS is called")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        database = make_database(folder)
        server = Server(database, "--time-limit", "2", "--max-rows", "100000", "--max-upload", "2MB", "--queries", "4",
                        "--max-memory", "200MB")
        try:
            if require_pyvo(Path(temporary) / "packages"):
                check_pyvo(server, database)
            else:
                say("pyvo", "skipped: it is not here, and pip could not fetch it")
            command = shlex.split(options.stilts)
            if shutil.which(command[0]):
                check_stilts(server, folder, command)
            else:
                say("stilts", "skipped: it is not here (apt-get install stilts)")
            check_many(server, database)
            check_hostile(server)
            check_generated(server)
        finally:
            status = server.end()
        expect("the server ends as it was asked to", status == 143, status)
        server.errors.seek(0)
        log = server.errors.read()
        # 400 of the clients, and the generated ones but for those that are no HTTP: these are answered before the log.
        lines = log.count(" status=")
        expect("a line for each request", lines >= 1000, f"{lines}: {log[-500:]}")
        check_signals(database)
    print(f"serve: {len(faults)} wrong" if faults else "serve: clients have what they ask for, and no more")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
