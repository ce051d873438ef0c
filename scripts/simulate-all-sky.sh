#!/bin/sh
# Writes a pair of catalogues of the whole sky in which everything occurs that a cut of the sky can get wrong.
#
#     scripts/simulate-all-sky.sh FOLDER [SOURCES [XMDB]]
#
# FOLDER/a.parquet and FOLDER/b.parquet: about SOURCES (2.4 million) in a and two thirds as many in b. Both poles and right
# ascension 0 are inside; the plane is 3000 times as dense as the galactic poles; there are holes in a, in b and in both; b
# covers 260 degrees of right ascension, so that its edges run through both poles; a tenth of the objects is in tight
# clusters, so that islands are large and cross pixels; errors are ellipses, objects move, and the epochs are six years apart.
set -eu
[ $# -ge 1 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
folder=$1
sources=${2:-2.4e6}
xmdb=${3:-$(dirname "$0")/../bin/xmdb}

exec "$xmdb" simulate --to "$folder" --seed 2 \
  --region sky --sources "$sources" --plane-height 8 --plane-contrast 3000 \
  --clustered 0.1 --cluster-radius 8 --cluster-members 12 \
  --footprint-b box:300,200,-90,90 \
  --hole-a cone:80,-69,4 --hole-b cone:80,-69,4 \
  --hole-a box:120,160,20,50 --hole-b cone:266.4,-29,3 --hole-b cone:0,0,2 \
  --sigma-a 0.3 --sigma-b 0.6 --axis-ratio-b 2 \
  --motion 20 --motion-error-a 0.5 --epoch-b 2010
