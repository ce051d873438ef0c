#!/usr/bin/env bash
# Makes the figures of docs/benchmarks.md again, one after the other, each under the command that it comes from.
#
#     Benchmarks/figures.sh [SCALE [XMDB [FOLDER]]]
#
# SCALE (1) multiplies the numbers of sources: 0.01 runs through everything in about five minutes. What needs Python's numpy, pyarrow, scipy or duckdb, or
# more than one processor, is left out with a word where these are absent. Files stay in FOLDER (/tmp/xmdb-figures, 60 GB at
# scale 1). Nothing else may run on the machine.
set -euo pipefail
scale=${1:-1}
xmdb=$(realpath "${2:-bin/xmdb}")
folder=${3:-/tmp/xmdb-figures}/$scale
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$here/.build/release
mkdir -p "$folder"

times() { awk "BEGIN { printf \"%d\", $1 * $scale }"; }
figure() {  # figure COMMAND…
  printf '\n$ %s\n' "${*//$folder\//}"
  "$@" 2>&1 || { echo "figures.sh: this failed: $*" >&2; exit 1; }
}
has() { python3 -c "import ${1//,/, }" 2>/dev/null || { echo "left out: $2 needs $1 from PyPI"; return 1; }; }
sky() {  # sky NAME OPTION…: a database of two simulated catalogues, made once
  local name=$1; shift
  [ ! -e "$folder/$name/ready" ] || return 0
  "$xmdb" simulate --to "$folder/$name" --quiet "$@"
  local catalogue
  for catalogue in a b; do "$xmdb" ingest "$folder/$name/$catalogue.parquet" --db "$folder/$name/sky.xmdb" --quiet; done
  touch "$folder/$name/ready"
}

echo "$(nproc) processors, $(uname -sm), $("$xmdb" version | head -1), load $(cut -d' ' -f1 /proc/loadavg)"
(cd "$here" && swift build -c release --quiet)

figure sh "$here/match_scaling.sh" "$xmdb" "$folder/scaling" "$(times 1e5) $(times 1e6) $(times 1e7)"
sky usual --sources "$(times 1e6)" --density 30000 --matched 0.6
figure "$tools/MatchSpeed" "$folder/usual/sky.xmdb" a b
figure "$tools/IslandSpeed"
if has numpy,scipy "the search for candidates"; then figure "$here/candidate_search.sh" "$(times 1e6)" 3 5; fi
if has numpy,scipy,pyarrow "the match beside a tree"; then
  figure python3 "$here/match_speed.py" "$(times 1e6)" "$xmdb" "$folder/match-speed"
fi
if has lsdb,xmdb "the match in LSDB"; then
  XMDB_PROGRAM=$xmdb figure python3 "$here/lsdb_crossmatch.py" "$folder/usual/a.parquet" "$folder/usual/b.parquet"
fi
if has duckdb "the ingest beside DuckDB"; then
  figure python3 "$here/ingest_speed.py" "$(times 1e6)" "$xmdb" "$folder/ingest-speed"
fi
if has numpy,astropy "reading beside astropy and STILTS"; then
  figure python3 "$here/read_speed.py" "$(times 1e6)" "$folder/read-speed"
fi
if has pyarrow "the export beside Arrow"; then
  figure python3 "$here/export_speed.py" "$(times 1e6)" "$xmdb" "$folder/export-speed"
fi
if has numpy,pyarrow "the catalogue to ingest"; then
  for rows in 1e6 2e7; do
    file=$folder/$(times $rows).parquet
    [ -e "$file" ] || python3 "$here/make_catalogue.py" "$(times $rows)" "$file"
  done
  figure "$tools/IngestSpeed" "$folder/$(times 1e6).parquet"
  figure "$tools/NarrowScan" "$folder/$(times 1e6).parquet"
  figure python3 "$here/peak.py" "$xmdb" ingest "$folder/$(times 2e7).parquet" --as big --epoch 2016 --replace --db "$folder/big.xmdb" --quiet
fi
for sources in 1e5 1e6 1e7; do
  figure python3 "$here/peak.py" "$xmdb" simulate --to "$folder/sim" --sources "$(times $sources)" --quiet
done
if [ "$(nproc)" -gt 1 ] && command -v mpirun >/dev/null; then
  figure sh "$here/processes.sh" "$xmdb" "$folder/processes" "$(times 3e6)"
else
  echo "left out: the processes need mpirun and two processors"
fi
figure sh "$here/dense_chunk.sh" "$scale" "$xmdb" "$folder/dense"
if ! command -v nway.py >/dev/null; then
  echo "left out: the comparison with NWAY needs nway from PyPI"
elif has numpy,astropy,pyarrow "the comparison with NWAY"; then
  figure python3 "$here/nway.py" 5 "$xmdb" "$folder/nway"
fi
figure /usr/bin/python3 "$here/joins.py" "$(times 1e6)" "$xmdb" "$folder/joins"
figure python3 "$here/entangled.py" "$scale" "$xmdb" "$folder/entangled"
if has numpy,scipy "the fit of the cost model"; then figure sh "$here/chunk_cost.sh" "$xmdb" "$folder/chunks"; fi
for options in "--sky report" "--sky report --whole-fields" "--sky lsst"; do
  # shellcheck disable=SC2086  # the options are words
  figure "$xmdb" simulate-schedule $options
done
