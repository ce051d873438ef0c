#!/usr/bin/env python3
"""Runs the commands and queries of the documents, page by page, as a reader would, and compares what they print.

    scripts/run-docs.py [--write] [--keep FOLDER] [PAGE…]

Each page gets a folder of its own that holds what a fresh clone holds, and bin/. Its fenced blocks run in order:

    ```console   every line that begins with "$ ". A command goes on over lines that end with a backslash or stand within quotes.
                 Lines "sqlite> …" or "xmdb> …" after it are its standard input. Other lines are its output, which is compared;
                 "…" in a line stands for any text, "…" alone for any lines. A command without output shown may print anything.
    ```sql       goes to `xmdb sql`. Lines "-- …" after the last statement are its rows, values separated by "|".
    ```python    goes to /usr/bin/python3.

A comment right before a block says more: <!-- docs: not run: WHY -->, <!-- docs: status 3 --> (of its last command),
<!-- docs: file NAME --> (the block is the text of a file), <!-- docs: needs apsw --> (a Python package that pip fetches). From
<!-- docs: needs xmdb --> on, Python has this project's package, and those that scripts/test-python.sh has fetched for its tests; before
commands <!-- docs: needs lsdb --> names one of these.
Commands that are only mentioned, in `code` of the text or in a block without a language, must exist, with the options they name.
--write puts what is printed now in place of the output shown. Ends with 1 when a command failed or printed something else.
"""

import argparse
import csv
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\w*)[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!-- docs: (.*?) -->\s*\Z")
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
MENTION = re.compile(r"(?<![\w./-])xmdb ([a-z][a-z-]+)(.*?)(?= -- | xmdb |[|<>]|$)", re.DOTALL)
OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")
PROMPT = re.compile(r"^(sqlite|xmdb)> ?")
RUN = ("console", "sql", "python")
LIMIT_SECONDS = 600


class Block:
    """A fenced block and what the comment before it says."""

    def __init__(self, page, match):
        self.language, self.text, self.span = match.group(1), match.group(2), match.span(2)
        self.line = page.count("\n", 0, match.start()) + 1
        mark = MARK.search(page[: match.start()])
        key, _, self.value = (mark.group(1) if mark else "").partition(" ")
        self.key = key.rstrip(":")
        if self.key == "not" and self.value.startswith("run: "):
            self.key, self.value = "not run", self.value[5:]
        if self.key not in ("", "not run", "status", "file", "needs"):
            raise SystemExit(f"line {self.line}: '<!-- docs: {mark.group(1)} -->' is not known; see scripts/run-docs.py")

    def problem(self):
        """What keeps the block from being checked."""
        if self.language in ("bash", "sh", "shell") and not self.key:
            return "a block of commands is marked `console`"
        if self.language not in RUN and not self.key and re.search(r"^\$ ", self.text, re.MULTILINE):
            return "commands stand in a block that is not marked `console`"
        return None


class Command:
    """A command, its input, and the output shown; None where none is."""

    def __init__(self, text):
        self.text, self.input, self.output = text, None, None

    def goes_on(self):
        if self.text.endswith("\\"):
            return True
        try:
            shlex.split(self.text, comments=True)
            return False
        except ValueError:
            return True


def commands(text):
    found = []
    for line in text.splitlines():
        if found and found[-1].output is None and found[-1].input is None and found[-1].goes_on():
            found[-1].text += "\n" + line
        elif line.startswith("$ "):
            found.append(Command(line[2:]))
        elif found and PROMPT.match(line):
            found[-1].input = (found[-1].input or "") + PROMPT.sub("", line) + "\n"
        elif found and not (line.startswith("#") and found[-1].output is None):
            found[-1].output = (found[-1].output or []) + [line]
        elif not line.startswith("#"):
            raise SystemExit(f"'{line}' stands before the first command of its block")
    return found


@functools.cache
def known_options(command):
    """The options of a command of xmdb, as its help lists them; None when there is no such command."""
    done = subprocess.run([ROOT / "bin/xmdb", "help", command], capture_output=True, text=True)
    return set(OPTION.findall(done.stdout)) if f"xmdb {command}" in done.stdout else None


@functools.cache
def tests_folder():
    """Where scripts/test-python.sh keeps what it has fetched for Debian's Python."""
    version = subprocess.run(["/usr/bin/python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                             capture_output=True, text=True).stdout.strip()
    return ROOT / f".deps/python-tests-{version}"


def agrees(shown, printed):
    """Whether what is printed is what is shown, where "…" stands for anything."""
    pattern = ""
    for line in shown:
        if line.strip() == "…":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += "[^\\n]*?".join(re.escape(part) for part in line.rstrip().split("…")) + r"[ ]*\n"
    return re.fullmatch(pattern, printed) is not None


class Page:
    """One page in a folder of its own."""

    def __init__(self, path, folder, write):
        self.path, self.folder, self.write = path, folder, write
        self.name = str(path.relative_to(ROOT))
        self.state = folder.parent / (folder.name + ".state")
        self.ran, self.skipped, self.problems, self.edits = 0, [], [], []
        # What the rest of the page cannot do without, where it is not there.
        self.lacks = ""
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("XMDB_", "OMPI_"))}
        # As README says; on the other pages it has been done.
        if self.name != "README.md":
            self.environment["PATH"] = f"{folder}/bin:{self.environment['PATH']}"

    def run(self):
        text = self.path.read_text(encoding="utf-8")
        for block in [Block(text, match) for match in FENCE.finditer(text)]:
            problem = block.problem()
            if problem:
                self.problems.append(f"{self.name}:{block.line}: {problem}")
            elif block.key == "not run" or (self.lacks and block.language in RUN):
                self.skipped.append(f"{self.name}:{block.line}: {self.lacks or block.value}")
            elif block.key == "file":
                (self.folder / block.value).write_text(block.text, encoding="utf-8")
            elif block.language in RUN:
                getattr(self, block.language)(block)
        self.mentions(text)
        if self.write and self.edits:
            for (start, end), new in reversed(self.edits):
                text = text[:start] + new + text[end:]
            self.path.write_text(text, encoding="utf-8")

    def mentions(self, text):
        """Commands and options that the text names and the program does not know."""
        blocks = [match.group(2) for match in FENCE.finditer(text) if not match.group(1)]
        for span in SPAN.findall(FENCE.sub("", text)) + blocks:
            for command, rest in MENTION.findall(span):
                options = known_options(command)
                if options is None:
                    self.problems.append(f"{self.name}: `{span.strip()}`: there is no command {command}")
                else:
                    self.problems += [f"{self.name}: `{span.strip()}`: {command} has no option {option}"
                                      for option in OPTION.findall(rest) if option not in options]

    def console(self, block):
        if block.key == "needs" and not (tests_folder() / block.value).is_dir():
            self.skipped.append(f"{self.name}:{block.line}: scripts/test-python.sh has not fetched {block.value}")
            return
        found = commands(block.text)
        new = []
        for command in found:
            wanted = int(block.value) if block.key == "status" and command is found[-1] else 0
            printed = self.shell(command.text, command.input, wanted, block.line)
            new.append("$ " + command.text)
            if command.input:
                prompt = "sqlite> " if "sqlite3" in command.text else "xmdb> "
                new += [prompt + line for line in command.input.splitlines()]
            if command.output is None:
                continue
            if agrees(command.output, printed):
                new += command.output
            else:
                new += [line.rstrip() for line in printed.splitlines()]
                if not self.write:
                    self.complain(block.line, command.text, "\n".join(command.output), printed)
        shown = "\n".join(new) + "\n"
        if [c.output for c in found] != [c.output for c in commands(shown)]:
            self.edits.append((block.span, shown))

    def sql(self, block):
        lines = block.text.rstrip().splitlines()
        answer = []
        while lines and lines[-1].startswith("-- "):
            answer.insert(0, lines.pop()[3:])
        query = "\n".join(lines)
        printed = self.shell("xmdb sql --csv", query, 0, block.line)
        rows = "".join("|".join(row) + "\n" for row in list(csv.reader(printed.splitlines()))[1:])
        if answer and not agrees(answer, rows):
            self.complain(block.line, query, "\n".join(answer), rows)

    def python(self, block):
        if block.key == "needs" and not (self.own_package() if block.value == "xmdb" else self.fetched(block.value)):
            missing = f"pip cannot fetch {block.value}, or what it needs"
            self.skipped.append(f"{self.name}:{block.line}: {missing}")
            self.lacks = missing if block.value == "xmdb" else ""
            return
        self.shell("/usr/bin/python3 -", block.text, 0, block.line)

    def fetched(self, package):
        """Whether pip could put a package into the page's folder."""
        return subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check",
                               "--python-version", "3.11", "--only-binary=:all:", "--no-deps",
                               "--target", str(self.folder), package], capture_output=True).returncode == 0

    def own_package(self):
        """Whether the rest of the page's Python could be given this project's package and what it needs."""
        tests, site = tests_folder(), self.folder.parent / (self.folder.name + ".site")
        installed = (tests / "complete").exists() and subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--target", str(site),
             str(self.folder / "python")], capture_output=True).returncode == 0
        self.environment |= {"PYTHONPATH": f"{site}:{tests}", "XMDB_PROGRAM": str(ROOT / "bin/xmdb")}
        return installed

    def shell(self, command, text, wanted, line):
        """Runs a command after those before it: the same folder and variables."""
        before = f". {self.state}\n" if self.state.exists() else ""
        script = (f"{before}{command}\nxmdb_docs_status=$?\n"
                  f"{{ export -p; printf 'cd %q\\n' \"$PWD\"; }} >{self.state}\nexit $xmdb_docs_status")
        try:
            done = subprocess.run(["/bin/bash", "-c", script], cwd=self.folder, env=self.environment, text=True,
                                  input=text or "", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=LIMIT_SECONDS, errors="replace")
        except subprocess.TimeoutExpired:
            self.problems.append(f"{self.name}:{line}: $ {command}\n  did not end within {LIMIT_SECONDS} s")
            return ""
        self.ran += 1
        if done.returncode != wanted:
            shown = command if not text else f"{command}\n{text}"
            self.problems.append(f"{self.name}:{line}: $ {shown}\n  ended with status {done.returncode}, not {wanted}:\n"
                                 + done.stdout.rstrip())
        return done.stdout

    def complain(self, line, command, shown, printed):
        self.problems.append(f"{self.name}:{line}: $ {command}\n  shown:\n{shown}\n  printed:\n{printed.rstrip()}")


def clone(folder):
    """What a fresh clone holds, and what ./setup builds."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, check=True).stdout.decode().split("\0")
    for name in ("bin", "Sources", "Tests"):  # which no command of a document changes
        (folder / name).symlink_to(ROOT / name)
    for name in filter(None, listed):
        if (ROOT / name).is_file() and not name.startswith(("Sources/", "Tests/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def pages(names):
    if names:
        return [Path(name).resolve() for name in names]
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md")), *sorted((ROOT / "examples").glob("*/README.md"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the folders of the pages here")
    parser.add_argument("pages", nargs="*", metavar="PAGE")
    options = parser.parse_args()
    if not os.access(ROOT / "bin/xmdb", os.X_OK):
        raise SystemExit("run-docs.py: no program at bin/xmdb; run ./setup first")
    base = Path(options.keep or tempfile.mkdtemp(prefix="xmdb-docs-")).resolve()
    done = []
    try:
        for path in pages(options.pages):
            folder = base / str(path.relative_to(ROOT)).replace("/", "-")
            folder.mkdir(parents=True)
            clone(folder)
            page = Page(path, folder, options.write)
            page.run()
            if not options.keep:
                shutil.rmtree(folder)
            done.append(page)
            if page.ran or page.skipped or page.problems:
                print(f"{page.name}: {page.ran} run, {len(page.skipped)} not run, {len(page.problems)} wrong", flush=True)
    finally:
        if not options.keep:
            shutil.rmtree(base)
    for page in done:
        for line in page.skipped:
            print("not run: " + line)
    problems = [problem for page in done for problem in page.problems]
    print("\n\n".join(problems))
    ran = sum(page.ran for page in done)
    print(f"documents: {ran} commands and queries run, {sum(len(p.skipped) for p in done)} blocks not run, "
          f"{len(problems)} wrong")
    sys.exit(1 if problems or ran == 0 else 0)


if __name__ == "__main__":
    main()
