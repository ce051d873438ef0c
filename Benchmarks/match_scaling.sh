#!/bin/sh
# A match of two simulated catalogues of 10^5, 10^6, … sources each: time, sources per processor second, peak memory, and the
# exponent of the time between one size and the next.
#
#     Benchmarks/match_scaling.sh [XMDB [FOLDER [SIZES]]]
#
# The catalogues (3·10^4 sources per square degree, 60 % counterparts) and the databases stay in FOLDER and are used again.
set -eu
xmdb=${1:-bin/xmdb}
folder=${2:-/tmp/xmdb-match-scaling}
sizes=${3:-100000 1000000 10000000}
here=$(dirname "$0")

for n in $sizes; do
  if [ ! -e "$folder/$n/sky.xmdb/ready" ]; then
    mkdir -p "$folder/$n"
    "$xmdb" simulate --to "$folder/$n" --sources "$n" --density 30000 --matched 0.6 --quiet
    for name in a b; do "$xmdb" ingest "$folder/$n/$name.parquet" --as "$name" --db "$folder/$n/sky.xmdb" --quiet; done
    rm "$folder/$n/a.parquet" "$folder/$n/b.parquet"
    touch "$folder/$n/sky.xmdb/ready"
  fi
  python3 "$here/peak.py" "$xmdb" match a b --db "$folder/$n/sky.xmdb" --threads 1 --redo --quiet 2>"$folder/$n/log"
  sed "s/^/$n $n /" "$folder/$n/log"
done | python3 -c '
import math, re, sys
before = None
for line in sys.stdin:
    n, rest = int(line.split()[0]), line.split(" ", 2)[2].strip()
    wall, user, system = map(float, re.search(r"([\d.]+) s wall, ([\d.]+) \+ ([\d.]+) s processor", rest).groups())
    used = user + system
    text = f"{n} + {n} sources: {rest}; {2 * n / used:,.0f} per processor second"
    if before:
        text += f", exponent {math.log(used / before[1]) / math.log(n / before[0]):.2f}"
    print(text)
    before = (n, used)
'
