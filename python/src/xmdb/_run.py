"""Starts the program, waits for it, and turns how it ends into a value or an exception."""

from __future__ import annotations

import errno
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

from ._errors import DamageError, UsageError, XMDBError
from ._program import executable

Say = Callable[[str], None]
Check = Callable[[], None]
_ERRORS = {2: UsageError, 3: DamageError}
_SECONDS_TO_STOP = 20
_SECONDS_BETWEEN_CHECKS = 0.5
# Becomes a command that is asked to stop when this process is gone, by Linux's PR_SET_PDEATHSIG.
_FOLLOW = "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15); os.getppid() == int(sys.argv[1]) or sys.exit(143); os.execvp(sys.argv[2], sys.argv[2:])"


def run(
    arguments: Sequence[str], say: Say | None = None, launcher: Sequence[str] = (), check: Check | None = None
) -> tuple[str, list[str]]:
    """Runs the program to its end.

    Args:
        arguments: of its command line.
        say: is told, from this thread, how far the program is, a few times a second.
        launcher: a command that starts the program, such as ``mpirun -n 4``.
        check: is called, from this thread, twice a second. With it the program stops, too, when this process is killed.

    Returns:
        Its standard output, and the lines of its standard error.

    Raises:
        XMDBError: it failed; one of its kinds, by the exit status.
        KeyboardInterrupt: and any other exception of ``say`` and ``check``: the program has been stopped.
    """
    # The program tells how far it is on terminals only.
    reader, writer = os.openpty() if say else os.pipe()
    if say:
        _prepare(writer)
    command = [*launcher, executable(), *arguments]
    followed = [sys.executable, "-I", "-S", "-c", _FOLLOW, str(os.getpid()), *command] if check else command
    try:
        if shutil.which(command[0]) is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        child = subprocess.Popen(followed, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=writer, close_fds=True)
    except OSError as error:
        os.close(reader)
        raise XMDBError(f"{command[0]} cannot be started: {error.strerror}") from error
    finally:
        os.close(writer)
    output: list[bytes] = []
    # Standard output is read aside, so that neither pipe can fill.
    assert child.stdout is not None
    listener = threading.Thread(target=lambda: output.append(child.stdout.read() if child.stdout else b""), daemon=True)
    listener.start()
    lines = Lines(say)
    try:
        while chunk := _read(reader, check):
            lines.take(chunk)
        status = child.wait()
    except BaseException:
        _stop(child)
        raise
    finally:
        os.close(reader)
        listener.join()
        child.stdout.close()
    lines.end()
    if status != 0:
        raise _error(status, lines.found)
    return b"".join(output).decode("utf-8", "replace"), lines.found


def _prepare(terminal: int) -> None:
    """Gives a terminal a width, and leaves its bytes as they are."""
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 160, 0, 0))
    mode = termios.tcgetattr(terminal)
    mode[1] &= ~termios.OPOST
    termios.tcsetattr(terminal, termios.TCSANOW, mode)


def _read(descriptor: int, check: Check | None) -> bytes:
    if check:
        # Not select(), which takes no descriptor above 1023.
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        while not waiting.poll(1000 * _SECONDS_BETWEEN_CHECKS):
            check()
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""  # Linux's way to say that a terminal has been closed.


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Interrupts the program, which takes away what it has begun."""
    child.send_signal(signal.SIGINT)
    try:
        child.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _error(status: int, lines: list[str]) -> XMDBError:
    message = next((line.removeprefix("Error: ") for line in lines if line.startswith("Error: ")), None)
    if status < 0:
        return XMDBError(f"xmdb was ended by {signal.Signals(-status).name}", status)
    return _ERRORS.get(status, XMDBError)(message or f"xmdb ended with status {status}: {' '.join(lines[-3:])}", status)


class Lines:
    """Standard error, taken apart: lines that stay, and the one that is written over again and again."""

    def __init__(self, say: Say | None) -> None:
        self.found: list[str] = []
        self._say = say
        self._rest = b""

    def take(self, chunk: bytes) -> None:
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        self.found += [_last(line) for line in whole]
        if self._say and (shown := _last(self._rest)):
            self._say(shown)

    def end(self) -> None:
        if self._rest and (line := _last(self._rest)):
            self.found.append(line)


def _last(line: bytes) -> str:
    """What is visible of a line that was written over."""
    return line.split(b"\r\x1b[K")[-1].decode("utf-8", "replace").rstrip("\r")


class Shown:
    """Progress in one line of standard error, as terminals and notebooks have it."""

    def __init__(self) -> None:
        self._width = 0

    def __call__(self, text: str) -> None:
        self._width = max(self._width, len(text))
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()

    def clear(self) -> None:
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
