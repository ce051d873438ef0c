#!/bin/sh
# The report's largest kind of chunk, simulated: 30 million sources of a (like Gaia) and 4 million of b (like CatWISE) in 25
# square degrees of the bulge. Time and peak memory of every step, and whether each stays within the budget.
#
#     Benchmarks/dense_chunk.sh [SCALE [XMDB [FOLDER [THREADS [BUDGET_GB]]]]]
#
# SCALE (1) shrinks the area and keeps the densities: 1/30 = 0.0333 makes a million sources of a. FOLDER (/tmp/xmdb-dense)
# needs 45 GB at scale 1; the catalogues and the database stay there and are used again.
set -eu
scale=${1:-1}
xmdb=${2:-bin/xmdb}
folder=${3:-/tmp/xmdb-dense}/$scale
threads=${4:-2}
budget=${5:-12}
here=$(dirname "$0")
db=$folder/sky.xmdb

step() {  # step NAME COMMAND…
  name=$1; shift
  python3 "$here/peak.py" "$@" 2>"$folder/log" || { cat "$folder/log" >&2; exit 1; }
  printf '%-9s %s\n' "$name" "$(tail -n 1 "$folder/log")" | tee -a "$folder/steps"
}

mkdir -p "$folder"
: >"$folder/steps"
radius=$(awk "BEGIN { print sqrt(25 * $scale / atan2(0, -1)) }")
if [ ! -e "$db/ready" ]; then
  rm -rf "$db"
  # 160,000 of b in a square degree, nine in ten of them in a, too; 1,200,000 of a.
  step simulate "$xmdb" simulate --to "$folder" --quiet --region "cone:270,-30,$radius" \
    --counterparts 144000 --only-a 1056000 --only-b 16000 --mag 10:20 --slope 0.25 --only-a-mag 10:21 \
    --sigma-a 0.0004 --sigma-knee-a 18 --sigma-b 0.06 --sigma-knee-b 15.5 --sigma-scatter-b 0.15 --motion 3 \
    --motion-error-a 0.3 --epoch-b 2015.4
  for name in a b; do
    step "ingest $name" "$xmdb" ingest "$folder/$name.parquet" --as "$name" --db "$db" --threads "$threads" --quiet
  done
  touch "$db/ready"
fi
step match "$xmdb" match a b --db "$db" --threads "$threads" --redo --quiet
step export "$xmdb" export a b --db "$db" --to "$folder/export" --threads "$threads" --quiet
"$xmdb" runs --db "$db"
du -sh "$db" | sed 's/^/disk      /'
awk -v budget="$budget" '{ for (i = 1; i < NF; i++) if ($i == "peak" && $(i + 1) > most) most = $(i + 1) }
  END { printf "most      %.2f GB of %s GB\n", most / 1024, budget; exit most / 1024 > budget }' "$folder/steps"
