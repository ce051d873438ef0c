#!/bin/sh
# The README's main job with an installed program: main-job.sh XMDB EXAMPLES WORK. Ends with 1 at the first thing that goes wrong.
set -eu
xmdb=$1 examples=$2
mkdir -p "$3" && cd "$3"
fail() { echo "main-job.sh: $*" >&2; exit 1; }
counted() {  # counted EXPECTED SQL
  got=$("$xmdb" sql --csv "$2" | tail -n 1 | tr -d '\r')
  [ "$got" = "$1" ] || fail "$2: $got instead of $1"
}

"$xmdb" --quiet ingest "$examples/gaia_hyades.parquet" --as gaia --epoch 2016.0 --map sigma=30:mas
"$xmdb" --quiet ingest "$examples/hipparcos_hyades.parquet" --as hip --epoch 1991.25
"$xmdb" --quiet match gaia hip
counted 1113 "SELECT count(*) FROM xmatch('gaia', 'hip')"
counted 145 "SELECT count(*) FROM xm_nonmatches('gaia', 'hip', 'hip')"
# Every format is written and read by a library of its own.
for name in m.parquet m.arrow m.fits m.vot m.csv.gz; do
  "$xmdb" --quiet export gaia hip --out "$name" --columns 'a.*,pair_p'
  "$xmdb" --quiet --db again.xmdb ingest "$name" --as again --replace --epoch 2016.0 --map sigma=30:mas 2>log || fail "$name: $(cat log)"
  got=$("$xmdb" --db again.xmdb sql --csv "SELECT count(*) FROM again" | tail -n 1 | tr -d '\r')
  [ "$got" = 1113 ] || fail "$name: $got rows instead of 1113"
done
"$xmdb" verify >/dev/null
# Models and bands are inside the program.
counted W1 "SELECT band FROM xm_bands WHERE survey = 'wise' LIMIT 1"
