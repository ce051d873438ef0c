#!/usr/bin/env python3
"""Runs a command and prints its wall time, processor time and peak memory.

    python3 Benchmarks/peak.py bin/xmdb ingest FILE.parquet
"""
import resource
import subprocess
import sys
import time

if len(sys.argv) < 2:
    sys.exit(__doc__)
start = time.monotonic()
status = subprocess.run(sys.argv[1:]).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"exit {status}, {time.monotonic() - start:.1f} s wall, {usage.ru_utime:.1f} + {usage.ru_stime:.1f} s processor, "
      f"peak {usage.ru_maxrss / 1024:.0f} MB", file=sys.stderr)
sys.exit(status)
