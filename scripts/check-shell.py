#!/usr/bin/env python3
"""Uses the shell of `xmdb sql` as a person does, in a terminal: keys, history, completion, carets, Ctrl-C.

    scripts/check-shell.py [--keep FOLDER]

A pseudo-terminal stands for the person's; what is typed are the bytes of keys. Takes seconds. Needs bin/xmdb.
Ends with 1 when something is wrong.
"""

import argparse
import fcntl
import os
import pty
import re
import select
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
XMDB = ROOT / "bin/xmdb"
UP, DOWN, LEFT, TAB = "\x1b[A", "\x1b[B", "\x1b[D", "\t"
CONTROL_A, CONTROL_C, CONTROL_D, CONTROL_R = "\x01", "\x03", "\x04", "\x12"
ESCAPE = re.compile(r"\x1b(\[[0-9;?]*[@-~]|[()][A-Z0-9]|[=>78MDE])")
LIMIT = 20
faults = []


def expect(what, is_good, why=""):
    print(f"  {what:<64} {'ok' if is_good else 'WRONG: ' + str(why)[-1200:]}", flush=True)
    if not is_good:
        faults.append(what)


class Terminal:
    """A shell in a terminal of 100 columns and 30 rows."""

    def __init__(self, folder, *arguments, **settings):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "TERM": "xterm", **settings}
        self.process, self.main = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execve(XMDB, ["xmdb", "sql", *arguments], environment)
        fcntl.ioctl(self.main, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.modes = termios.tcgetattr(self.main)
        self.seen = ""
        self.is_plain = environment["TERM"] == "dumb"
        self.wait("xmdb> ")

    def read(self, seconds):
        if not select.select([self.main], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.main, 65536)
        except OSError:  # the other side is closed
            return False
        self.seen += data.decode(errors="replace")
        return bool(data)

    @property
    def plain(self):
        # A line is redrawn in pieces, each from a place on.
        return ESCAPE.sub("", self.seen).replace("\r\n", "\n").replace("\r", "")

    def type(self, text):
        """Types, and forgets what has been seen."""
        self.seen = ""
        self.wait_for_keys()
        os.write(self.main, text.encode())

    def wait_for_keys(self):
        """Waits until keys are taken one by one: the prompt stands a moment earlier."""
        end = time.monotonic() + (0 if self.is_plain else 2)
        while termios.tcgetattr(self.main)[3] & termios.ICANON and time.monotonic() < end:
            time.sleep(0.002)

    def wait(self, text):
        """Whether a text appears since something was typed."""
        end = time.monotonic() + LIMIT
        while text not in self.plain and time.monotonic() < end:
            self.read(0.05)
        return text in self.plain

    def asked(self, text, answer, prompt="xmdb> "):
        """Whether what is typed is answered so, and the prompt comes again."""
        self.type(text)
        is_found = self.wait(answer)
        end = time.monotonic() + LIMIT
        while not self.plain.endswith(prompt) and time.monotonic() < end:
            self.read(0.05)
        return is_found and self.plain.endswith(prompt)

    def settle(self):
        """Waits until nothing more is printed."""
        while self.read(0.15):
            pass

    def end(self, keys=CONTROL_D):
        """Ends it by these keys, or not by any; the exit status."""
        if keys:
            self.type(keys)
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            done, status = os.waitpid(self.process, os.WNOHANG)
            if done:
                self.read(0)
                os.close(self.main)
                return os.waitstatus_to_exitcode(status)
            self.read(0.05)
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.main)
        return None


def xmdb(folder, *arguments, **options):
    return subprocess.run([XMDB, *arguments], cwd=folder, capture_output=True, text=True, check=False,
                          env={"PATH": "/usr/bin:/bin", "HOME": str(folder)}, **options)


def make_database(folder):
    for name, file, epoch in [("gaia", "gaia_hyades", "2016.0"), ("hip", "hipparcos_hyades", "1991.25")]:
        options = ["--map", "sigma=30:mas"] if name == "gaia" else []
        done = xmdb(folder, "--quiet", "ingest", ROOT / f"examples/hyades/{file}.parquet", "--as", name, "--epoch", epoch, *options)
        if done.returncode:
            sys.exit(f"the database cannot be made: {done.stderr}")


def check_history(folder):
    file = folder / ".local/state/xmdb/history"
    shell = Terminal(folder)
    expect("a statement is answered", shell.asked("SELECT 40 + 2;\r", "42"), shell.plain)
    expect("a second line has another prompt", shell.asked("SELECT 'two'\r", "..> ", "..> "), shell.plain)
    expect("and belongs to the statement", shell.asked("  || ' lines';\r", "two lines"), shell.plain)
    shell.asked(" SELECT 'secret';\r", "secret")
    expect("a command is kept, too", shell.asked(".mode csv\r", "xmdb> "), shell.plain)
    expect("Ctrl-D ends with status 0", shell.end() == 0)
    lines = file.read_text().splitlines()
    expect("the file has what was typed", lines == ["SELECT 40 + 2;", r"SELECT 'two'\n  || ' lines';", ".mode csv"], lines)
    expect("its mode is 0600", stat.S_IMODE(file.stat().st_mode) == 0o600, oct(file.stat().st_mode))
    expect("and its folder's 0700", stat.S_IMODE(file.parent.stat().st_mode) == 0o700)

    shell = Terminal(folder)
    expect("Up brings back what an earlier shell had", shell.asked(UP * 3 + "\r", "42"), shell.plain)
    expect("both lines of a statement", shell.asked(UP * 3 + "\r", "two lines"), shell.plain)
    expect("Ctrl-R finds what was typed", shell.asked(CONTROL_R + "40 +" + "\r\r", "42"), shell.plain)
    expect("a line is edited in the middle", shell.asked("SELECT 1 AS x" + LEFT * 6 + "1" + CONTROL_A + "\r", "", "..> "))
    expect("characters beyond ASCII are edited", shell.asked("\b;\r", "xmdb> ") and
           shell.asked("SELECT 'aé∂c' AS x;" + LEFT * 8 + "\b\r", "aéc"), shell.plain)
    expect(".quit ends with status 0", shell.end(".quit\r") == 0)

    before = file.read_text()
    shell = Terminal(folder, "--no-history")
    shell.asked("SELECT 'unkept';\r", "unkept")
    shell.end()
    shell = Terminal(folder, XMDB_HISTORY="")
    shell.asked("SELECT 'unkept';\r", "unkept")
    shell.end()
    expect("--no-history and XMDB_HISTORY= keep nothing", file.read_text() == before)
    shell = Terminal(folder, XMDB_HISTORY=str(folder / "other"))
    shell.asked("SELECT 'kept';\r", "kept")
    shell.end()
    expect("XMDB_HISTORY names another file", (folder / "other").read_text() == "SELECT 'kept';\n")


def check_completion(folder):
    shell = Terminal(folder, "--csv", "--no-history")
    for what, typed, answer in [
        ("a keyword, as it is typed", f"SEL{TAB} 1 + 1 AS two;", "two\n2\n"),
        ("a catalogue", f"SELECT count(*) FROM ga{TAB};", "3872"),
        ("a column of the table named behind it", "SELECT max() > 0 AS a FROM gaia;" + LEFT * 21 + f"source_i{TAB}", "a\n1\n"),
        ("a column by another name of its table", "SELECT count() FROM gaia AS g;" + LEFT * 17 + f"g.g_m{TAB}", "3872"),
        ("a function", f"SELECT xm_sepa{TAB}1, 2, 1, 2) AS s;", "s\n0.0\n"),
        ("an operator and a catalogue in it", f"SELECT count(*) FROM xm_con{TAB}'gai{TAB}', 67, 16, 0.0);", "\n0\n"),
        ("a command", f".head{TAB} on", "xmdb> "),
        ("a word behind a command", f".mode js{TAB}", "xmdb> "),
    ]:
        expect(f"Tab completes {what}", shell.asked(typed + "\r", answer), shell.plain)
    expect("in the mode that was completed", shell.asked("SELECT 1 AS a;\r", '{"a": 1}'), shell.plain)
    expect("Tab lists what there is", shell.asked("SELECT xm_pi" + TAB, "xm_pin(", "xm_pin(") and
           shell.asked("\x15SELECT * FROM xm_c" + TAB + TAB, "xm_catalogues", "xm_c"), shell.plain)
    shell.settle()
    shell.asked(CONTROL_C, "^C\n")
    expect("columns follow a second line", shell.asked("SELECT\r", "..> ", "..> ") and
           shell.asked(f"  max(hip.pl{TAB}) > 1 AS big FROM hip;\r", '{"big": 1}'), shell.plain)
    shell.end()


def check_errors(folder):
    shell = Terminal(folder, "--no-history")
    for what, typed, answer in [
        ("a caret stands below a wrong name", "SELECT ra, nope FROM gaia;\r",
         "Error: no such column: nope\n  SELECT ra, nope FROM gaia;\n             ^\n"),
        ("and below wrong syntax", "SELECT FROM gaia;\r", "  SELECT FROM gaia;\n         ^\n"),
        ("a wrong command says what there is", ".tabels\r",
         "Error: .tabels: is not a command; allowed: .help, .tables"),
        ("one with too little says how it is used", ".import x\r", "Error: .import: is used so: .import FILE TABLE\n"),
    ]:
        expect(what, shell.asked(typed, answer), shell.plain)
    shell.asked("SELECT ra,\r", "..> ", "..> ")
    expect("in several lines the line is told", shell.asked("  é, nope\rFROM gaia;\r".replace("é", "'é'"),
           "  line 2:   'é', nope\n" + " " * 17 + "^\n"), shell.plain)
    shell.end()


def check_signals(folder):
    shell = Terminal(folder, "--no-history")
    expect("Ctrl-C throws a line away", shell.asked("SELECT 'never" + CONTROL_C, "^C\n"), shell.plain)
    shell.asked("SELECT 'one'\r", "..> ", "..> ")
    expect("and a statement of several", shell.asked("|| 'two" + CONTROL_C, "^C\n"), shell.plain)
    expect("so that the next one stands alone", shell.asked("SELECT 6 * 7;\r", "42"), shell.plain)
    shell.type("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT sum(i) FROM c;\r")
    shell.settle()
    os.write(shell.main, CONTROL_C.encode())
    expect("Ctrl-C stops a query", shell.wait("Error: interrupted\n"), shell.plain)
    expect("and the shell goes on", shell.asked("SELECT 6 * 7;\r", "42"), shell.plain)
    os.kill(shell.process, signal.SIGTERM)
    main = shell.main
    time.sleep(0.3)
    modes = termios.tcgetattr(main)
    expect("SIGTERM ends it with 143", shell.end("") == 143)
    expect("and the terminal is as it was", modes == shell.modes, (modes, shell.modes))


def check_files(folder):
    shell = Terminal(folder, "--no-history", "--csv")
    (folder / "own.csv").write_text("id,name,mag\n1,a,2.5\n2,\"b, c\",\n")
    expect(".import makes a table", shell.asked(".import own.csv own\r", "2 rows in temp.own"), shell.plain)
    expect("which statements use", shell.asked("SELECT name, mag IS NULL AS n FROM own WHERE id > 1;\r", '"b, c",1'), shell.plain)
    expect("no catalogue is hidden by one", shell.asked(".import own.csv gaia\r", "there is a table 'gaia' already"), shell.plain)
    shell.asked(".once out.csv\r", "xmdb> ")
    shell.asked("SELECT id FROM own;\r", "xmdb> ")
    expect(".once writes a file", (folder / "out.csv").read_text() == "id\n1\n2\n")
    expect("and replaces none", shell.asked(".once out.csv\r", "is there already, and is not replaced"), shell.plain)
    shell.asked(".once half.csv\r", "xmdb> ")
    expect("of a statement that fails nothing is left",
           shell.asked("SELECT abs(-9223372036854775808 + id - 1) FROM own;\r", "half.csv was not written"), shell.plain)
    names = sorted(path.name for path in folder.iterdir() if "half" in path.name or path.name.endswith(".draft"))
    expect("not even a draft", names == [], names)
    (folder / "some.sql").write_text("SELECT 'read' AS r;\n.mode json\nSELECT 7 AS seven;\nSELECT\n nope;\nSELECT 'after';\n")
    expect(".read runs a file up to its first error", shell.asked(".read some.sql\r", '{"seven": 7}')
           and "line 5:  nope;" in shell.plain and "after" not in shell.plain, shell.plain)
    (folder / "itself.sql").write_text(".read itself.sql\n")
    expect("one that reads itself ends", shell.asked(".read itself.sql\r", "is it itself?"), shell.plain)
    expect(".timer tells the time", shell.asked(".timer on\r", "xmdb> ") and
           shell.asked("SELECT 1;\r", "Run Time: real "), shell.plain)
    expect(".tables lists catalogues and others", shell.asked(".tables\r", "xmatch(a, b, [run])") and
           "gaia" in shell.plain and "temp.own" in shell.plain, shell.plain)
    expect(".schema shows columns", shell.asked(".schema hip\r", "CREATE TABLE hip"), shell.plain)
    shell.end()


def check_without_terminal(folder):
    done = xmdb(folder, "sql", input="SELECT 1 AS a;\n")
    expect("without a terminal there is no prompt", done.stdout == "a\n-\n1\n" and not done.stderr, done)
    done = xmdb(folder, "sql", input="SELECT 1 AS a;\n\nSELECT nope;\n")
    expect("an error of a script has its line", "line 3: SELECT nope;" in done.stderr and done.returncode == 1, done.stderr)
    shell = Terminal(folder, TERM="dumb")
    expect("a dumb terminal has plain lines", shell.asked("SELECT 6 * 7;\r", "42") and "\x1b" not in shell.seen, shell.seen)
    expect("and an end", shell.end() == 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", metavar="FOLDER", help="work in this folder, and leave it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.keep or temporary).resolve()
        folder.mkdir(exist_ok=True)
        make_database(folder)
        for check in (check_history, check_completion, check_errors, check_signals, check_files, check_without_terminal):
            check(folder)
    print(f"the shell: {len(faults)} faults" if faults else "the shell: all as it should be")
    sys.exit(1 if faults else 0)


main()
