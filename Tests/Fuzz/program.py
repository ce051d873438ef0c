"""Runs a program as a child process, with limits, and judges how it ended."""

import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

# Words that only a crash of the Swift or C++ runtime, or of a sanitizer, writes.
CRASH_WORDS = (b"Fatal error", b"*** Program crashed", b"terminate called", b"AddressSanitizer", b"ThreadSanitizer",
               b"Assertion failed", b"Illegal instruction")
DOCUMENTED_STATUS = {0, 1, 2, 3, 75}


class Defect(Exception):
    """The program did what it never may. The text says what."""


@dataclass
class Outcome:
    """How a child process ended."""

    command: list
    status: int  # as a shell says: 128 + number for a signal
    seconds: float
    peak_mb: float
    output: bytes
    error: bytes

    def __str__(self):
        shown = " ".join(self.command)
        return f"{shown}\n  status {self.status}, {self.seconds:.1f} s, {self.peak_mb:.0f} MB\n  {self.error[-600:].decode(errors='replace')}"


class Program:
    """The program under test, with the limits that each run must keep."""

    def __init__(self, path, seconds=10.0, memory_mb=1500):
        self.path = os.path.abspath(path)
        self.seconds = seconds
        self.memory_mb = memory_mb
        self.longest = 0.0
        self.largest = 0.0
        self.runs = 0

    def run(self, *arguments, folder=None, check=True):
        """Runs the program to its end; raises `Defect` when it crashes, hangs, takes too much, or ends as none may."""
        outcome = run_child([self.path, *map(str, arguments)], folder, self.seconds)
        self.runs += 1
        self.longest = max(self.longest, outcome.seconds)
        self.largest = max(self.largest, outcome.peak_mb)
        if check:
            judge(outcome, self.seconds, self.memory_mb)
        return outcome


def run_child(command, folder, seconds, environment=None):
    """Runs a command to its end, or kills it some time after `seconds`."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as error:
        start = time.monotonic()
        child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=error,
                                 env={**os.environ, **(environment or {})})
        # A guard for this machine, far above every limit that is judged.
        resource.prlimit(child.pid, resource.RLIMIT_AS, (24 << 30, 24 << 30))
        killer = threading.Timer(seconds * 2, child.send_signal, [signal.SIGKILL])
        killer.start()
        _, wait_status, usage = os.wait4(child.pid, 0)
        killer.cancel()
        child.returncode = os.waitstatus_to_exitcode(wait_status)
        status = child.returncode if child.returncode >= 0 else 128 - child.returncode
        output.seek(0)
        error.seek(0)
        return Outcome(command, status, time.monotonic() - start, usage.ru_maxrss / 1024, output.read(), error.read())


def judge(outcome, seconds, memory_mb):
    """Raises `Defect` unless the run ended as documented, within time and memory."""
    if outcome.seconds > seconds:
        raise Defect(f"took over {seconds:.0f} s: {outcome}")
    if outcome.status not in DOCUMENTED_STATUS:
        raise Defect(f"ended with status {outcome.status}: {outcome}")
    if any(word in outcome.error for word in CRASH_WORDS):
        raise Defect(f"crashed: {outcome}")
    if outcome.peak_mb > memory_mb:
        raise Defect(f"took {outcome.peak_mb:.0f} MB of {memory_mb}: {outcome}")
    if outcome.status != 0 and not outcome.error.strip() and not outcome.output.strip():
        raise Defect(f"failed without a word: {outcome}")
