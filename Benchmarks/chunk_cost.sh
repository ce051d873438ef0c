#!/bin/sh
# What chunks cost, for the constants of Sources/MatchRun/Plan/CostModel.swift: simulated skies of several kinds, each matched on one
# thread in chunks of several sizes, and a fit to all chunks.
#
#     Benchmarks/chunk_cost.sh [XMDB [FOLDER]]
#
# Needs ChunkCost (`cd Benchmarks && swift build -c release --product ChunkCost`), numpy and scipy. The databases stay in FOLDER and are
# used again.
set -eu
xmdb=${1:-bin/xmdb}
folder=${2:-/tmp/xmdb-chunk-cost}
here=$(dirname "$0")

make() {
  sky=$folder/$1
  shift
  if [ -e "$sky/ready" ]; then return; fi
  mkdir -p "$sky"
  "$xmdb" simulate --to "$sky" --quiet "$@"
  for name in a b; do "$xmdb" ingest "$sky/$name.parquet" --as "$name" --db "$sky/sky.xmdb" --quiet; done
  rm "$sky/a.parquet" "$sky/b.parquet"
  touch "$sky/ready"
}

# Ordinary; a crowded catalogue beside a sparse one; large errors; larger than the distance of neighbours; very unequal errors.
make std --sources 1000000 --density 30000 --matched 0.6
make dense --region box:180,180.75,0,0.75 --counterparts 120000 --only-a 1080000 --only-b 40000 --sigma-a 0.02 --sigma-b 0.4
make wide --sources 300000 --density 30000 --matched 0.6 --sigma-a 0.5 --sigma-b 1.5
make crowd --sources 300000 --density 150000 --matched 0.6 --sigma-a 0.5 --sigma-b 1.5
make far --sources 200000 --density 3000 --matched 0.6 --sigma-a 0.1 --sigma-b 6 --sigma-scatter-b 0.3

for sky in std dense wide crowd far; do
  for size in 8000 50000 150000 1000000; do
    "$here/.build/release/ChunkCost" "$folder/$sky/sky.xmdb" a b "$size" >"$folder/$sky-$size.txt"
  done
done
python3 "$here/chunk_cost.py" "$folder"/*-*.txt
