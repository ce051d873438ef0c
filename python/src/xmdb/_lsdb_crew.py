"""Workers of Dask as processes of one match: one begins it, the others join.

The one that begins it is found by a file in the folder of the attempt. Nothing waits for the others: a match ends even if none of them comes,
and what a worker had that is lost is done by those that are left. When the first worker is lost, Dask gives its task to another one, which goes on.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ._errors import XMDBError
from ._lsdb_folder import replaced
from ._run import run

_TOLD = "lead.json"
_SECONDS_BETWEEN_LOOKS = 0.1
# A process that comes before the match has begun waits for it.
_SECONDS_TO_WAIT = 600
# What a match may use of a worker's memory, and what it needs for a thread, bytes.
_SHARE, _LEAST = 0.6, 64 << 20


@dataclass(frozen=True)
class Place:
    """The worker that begins a match."""

    address: str  # by which Dask knows it
    host: str  # by which others reach its machine
    threads: int
    memory: int | None  # what Dask grants it, bytes
    attempt: str  # no other has this one

    def options(self, given: Sequence[str]) -> list[str]:
        """Options of its process: what Dask grants, unless the caller says something else."""
        found = [] if "--threads" in given else ["--threads", str(self.threads)]
        if "--threads" not in given and "--memory" not in given and self.memory and self.memory * _SHARE >= self.threads * _LEAST:
            found += ["--memory", str(int(self.memory * _SHARE))]
        return found


def current_client() -> Any | None:
    """The client whose workers do what is computed now; None: there is none."""
    from dask.base import get_scheduler

    client: Any = getattr(get_scheduler(), "__self__", None)
    return client if hasattr(client, "submit") and not client.asynchronous else None


def place_of_worker() -> Place:
    """The worker that this task is on."""
    from distributed import get_worker

    worker = get_worker()
    memory = getattr(getattr(worker, "memory_manager", None), "memory_limit", None)
    return Place(worker.address, _host(worker.address), worker.state.nthreads, int(memory) if memory else None, uuid.uuid4().hex)


def _host(address: str) -> str:
    from distributed.comm.addressing import get_address_host

    return "127.0.0.1" if address.startswith("inproc") else str(get_address_host(address))


def tell_place(parts: str, place: Place) -> None:
    with replaced(os.path.join(parts, _TOLD)) as path, open(path, "w", encoding="utf-8") as file:
        json.dump({"address": place.address, "attempt": place.attempt}, file)


def _told(parts: str) -> tuple[str, str] | None:
    """Which worker begins the match, and which attempt that is."""
    with contextlib.suppress(OSError, ValueError), open(os.path.join(parts, _TOLD), encoding="utf-8") as file:
        told = json.load(file)
        return told["address"], told["attempt"]
    return None


def lead_and_help(
    client: Any, lead: Callable[..., Any], arguments: tuple[Any, ...], parts: str, database: str, options: Sequence[str]
) -> tuple[Any, dict[str, int]]:
    """Has one worker begin the match and the others join it, those too that come later.

    Returns:
        What the first gives, and how many pieces of the work each other worker did.
    """
    leading = client.submit(lead, *arguments, pure=False, priority=10)
    helping: dict[tuple[str, str], Any] = {}
    try:
        while not leading.done():
            if told := _told(parts):
                address, attempt = told
                for other in set(client.nthreads()) - {address}:
                    if (other, attempt) not in helping:
                        helping[other, attempt] = client.submit(
                            help_match, parts, database, tuple(options), workers=[other], allow_other_workers=False, pure=False, priority=-10
                        )
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        made = leading.result()
        return made, _done(helping)
    finally:
        client.cancel([leading, *helping.values()], force=True)


def _done(helping: dict[tuple[str, str], Any]) -> dict[str, int]:
    done: dict[str, int] = {}
    end = time.monotonic() + 5
    for (address, _), future in helping.items():
        while future.status == "pending" and time.monotonic() < end:
            time.sleep(0.02)
        if future.status == "finished":
            done[address] = done.get(address, 0) + future.result()
    return done


def help_match(parts: str, database: str, options: Sequence[str]) -> int:
    """Takes part in the match until it needs no more help.

    Returns:
        Pieces of the work that were done here; 0, too, when there was nothing to join any more.
    """
    from ._lsdb_match import going_on

    place = place_of_worker()
    threads = options[options.index("--threads") + 1] if "--threads" in options else str(place.threads)
    scratch = ["--scratch", options[options.index("--scratch") + 1]] if "--scratch" in options else []
    command = ["--db", database, "join", "--json", "--wait", str(_SECONDS_TO_WAIT), "--threads", threads, *scratch]
    try:
        return int(json.loads(run(command, check=going_on(parts))[0])["pieces"])
    except XMDBError:
        # The match goes on without this worker.
        return 0
