#!/usr/bin/env python3
"""Kills matches at random moments with SIGKILL, restarts them, and compares the exports with that of a run never killed.

    scripts/check-kills.py [--kills 30] [--processes 3] [--sources 2.4e6] [--folder /tmp/xmdb-kills] [--xmdb bin/xmdb] [--seed N]

Each round takes a fresh copy of the catalogues of the whole sky (simulate-all-sky.sh) and starts `mpirun -n PROCESSES xmdb match-all`
(--processes 0: `xmdb match` on two threads). At a random moment it kills a random process, process 0, which manages, or mpirun; then it
starts the same command again, and kills that, too, one time in three. After each kill it notes which chunks the registry knows and
which files of results lie there beside them; at the end of the round whether any chunk that was known has been done again.
Prints a line for each round and the sums; status 1 if a byte differs or a chunk that was known was done again.
"""
import argparse
import glob
import os
import random
import signal
import subprocess
import sys
import time

import skycheck

CHUNKS = "SELECT position, fingerprint, seconds FROM run_chunk"


def children(pid):
    """The child processes of a process, in order."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def rank_of(pid):
    """The rank that Open MPI gave a process; None if it has none (yet)."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            for setting in file.read().split(b"\0"):
                if setting.startswith(b"OMPI_COMM_WORLD_RANK="):
                    return int(setting.split(b"=")[1])
    except OSError:
        pass
    return None


def victim(process, has_ranks):
    """Whom to kill, and a word for it."""
    processes = {rank_of(pid): pid for pid in children(process.pid)} if has_ranks else {}
    choice = random.choice(["manager", "worker", "worker", "mpirun"])
    others = [pid for rank, pid in processes.items() if rank]
    if choice == "manager" and 0 in processes:
        return processes[0], choice
    if choice == "worker" and others:
        return random.choice(others), choice
    return process.pid, "mpirun" if has_ranks else "process"


def start_and_kill(command, delay, has_ranks):
    """Starts a command and kills a part of it after a while. Gives whom, or None if it had ended before, and the seconds."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=skycheck.ENVIRONMENT)
    while time.monotonic() - start < delay and process.poll() is None:
        time.sleep(0.005)
    seconds = time.monotonic() - start
    family = children(process.pid)
    pid, name = victim(process, has_ranks)
    ended = process.poll() is not None
    if not ended:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            ended = True
    process.wait()
    while any(os.path.exists(f"/proc/{child}/exe") for child in family):
        time.sleep(0.02)
    return (None if ended or process.returncode == 0 else name), seconds


def known_chunks(database):
    """What the registry knows of the chunks that are done: fingerprint and seconds by position."""
    return {position: rest for position, *rest in skycheck.registry(database, CHUNKS)}


def strays(database):
    """Files of results that the registry does not name: work that was done, and is lost."""
    known = {path for path, in skycheck.registry(database, "SELECT path FROM run_chunk")}
    files = glob.glob("runs/*/Norder=*/Npix=*.sqlite", root_dir=database)
    return len(set(files) - known)


def round_of_kills(sky, command, duration, has_ranks, tally):
    """One run that is killed until it is through. Gives its database, and how long a run takes that is not killed."""
    database = sky.copy("killed.xmdb")
    command = [*command, "--db", database]
    known, words = {}, []
    while True:
        whom, seconds = start_and_kill(command, random.uniform(0, duration), has_ranks)
        if whom is None:
            duration = duration if known else min(duration, seconds)
            break
        done = known_chunks(database)
        tally["again"] += sum(done.get(position) != rest for position, rest in known.items())
        known = done
        lost = strays(database)
        tally["kills"] += 1
        tally["lost"].append(lost)
        tally[whom] = tally.get(whom, 0) + 1
        words.append(f"{whom} at {len(known)} chunks, {lost} lost")
        if random.random() > 1 / 3:
            break
    skycheck.run(command)
    tally["again"] += sum(known_chunks(database).get(position) != rest for position, rest in known.items())
    print("  " + ("; ".join(words) or "had ended before the kill"), flush=True)
    return database, duration


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--sources", type=float, default=2.4e6)
    parser.add_argument("--folder", default="/tmp/xmdb-kills")
    parser.add_argument("--xmdb")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    random.seed(options.seed)
    os.makedirs(options.folder, exist_ok=True)
    xmdb = skycheck.program(options.xmdb)
    sky = skycheck.all_sky(xmdb, options.folder, options.sources)
    launch = ("mpirun", "-n", str(options.processes), "--bind-to", "none") if options.processes else ()
    command = sky.match("match-all" if launch else "match", launch, 1 if launch else 2, ("--quiet",))
    reference = sky.copy("reference.xmdb")
    start = time.monotonic()
    skycheck.run([*command, "--db", reference])
    duration = time.monotonic() - start
    expected = sky.export(reference, "expected")
    chunks = len(known_chunks(reference))
    print(f"{' '.join(command)}: {chunks} chunks, {duration:.1f} s; seed {options.seed}", flush=True)
    tally, differ = {"kills": 0, "again": 0, "lost": []}, 0
    while tally["kills"] < options.kills:
        database, duration = round_of_kills(sky, command, duration, bool(launch), tally)
        differences = skycheck.differences(sky.export(database, "export"), expected)
        if differences:
            differ += 1
            print(f"  DIFFERS: {', '.join(differences)}", flush=True)
    whom = ", ".join(f"{tally[name]} of {name}" for name in ("worker", "manager", "mpirun", "process") if name in tally)
    print(f"{tally['kills']} kills ({whom}): {differ} exports differ; {tally['again']} known chunks done again; chunks done "
          f"and not known at a kill: at most {max(tally['lost'])}, {sum(tally['lost']) / len(tally['lost']):.2f} on average; "
          f"in flight at most {max(options.processes, 2)}")
    sys.exit(1 if differ or tally["again"] else 0)


if __name__ == "__main__":
    main()
