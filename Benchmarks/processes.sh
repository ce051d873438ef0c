#!/bin/sh
# One process against two, of one thread each: wall time, efficiency, and the processor time of the managing thread.
#
#     Benchmarks/processes.sh [XMDB [FOLDER [SOURCES [ROUNDS [PROCESSES…]]]]]
#
# SOURCES (5e6) a catalogue in 3·10^4 per square degree. ROUNDS (3) of all numbers of PROCESSES (1 2) in turn; the best of each
# counts. The database stays in FOLDER and is used again. Nothing else may run on the cores.
set -eu
xmdb=${1:-bin/xmdb}
folder=${2:-/tmp/xmdb-processes}/${3:-5e6}
sources=${3:-5e6}
rounds=${4:-3}
shift "$(($# < 4 ? $# : 4))"
processes=${*:-1 2}
db=$folder/sky.xmdb
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

if [ ! -e "$db/ready" ]; then
  rm -rf "$db"
  "$xmdb" simulate --to "$folder" --sources "$sources" --density 30000 --matched 0.6 --quiet
  for name in a b; do "$xmdb" ingest "$folder/$name.parquet" --as "$name" --db "$db" --quiet; done
  rm "$folder/a.parquet" "$folder/b.parquet"
  touch "$db/ready"
fi
uptime >&2
fresh=$folder/fresh.xmdb
for round in $(seq "$rounds"); do
  for n in $processes; do
    printf '%s ' "$n"
    # Every run begins without an earlier one, whose files it would have to remove.
    rm -rf "$fresh"
    mkdir "$fresh"
    cp -al "$db/catalogues" "$fresh"
    cp "$db/registry.sqlite" "$fresh"
    mpirun -n "$n" --bind-to core "$xmdb" match-all a b --db "$fresh" --threads 1 --json | tr -d '\n'
    echo
  done
done | python3 -c '
import json, math, sys
best = {}
for line in sys.stdin:
    n, text = line.split(" ", 1)
    facts = json.loads(text)
    facts = facts[0] if isinstance(facts, list) else facts
    seconds, manager = facts["seconds"], facts.get("manager_cpu_s", math.nan)
    print(f"{n} processes: {seconds:.2f} s, manager {manager:.3f} s of processor time", file=sys.stderr)
    best[int(n)] = min(best.get(int(n), (math.inf, 0)), (seconds, manager))
least = min(best)
for n, (seconds, manager) in sorted(best.items()):
    speed = best[least][0] / seconds
    print(f"{n} processes: {seconds:.2f} s, {speed:.2f} times as fast as {least}, efficiency {speed * least / n:.1%}, "
          f"manager {manager / (n * seconds):.2%} of the processor time")
'
