#!/usr/bin/env bash
# Matches Gaia and Hipparcos in the Hyades, first with the positions as printed, then moved to a common epoch.
#   examples/hyades/run.sh        needs bin/xmdb (./setup builds it); makes examples/hyades/sky.xmdb anew
#   GAIA_SIGMA_MAS=30 examples/hyades/run.sh     allows 30 mas for stars that do not move in a straight line (see README.md)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly xmdb=$PWD/../../bin/xmdb
readonly sigma=${GAIA_SIGMA_MAS:-0.02}
export XMDB_DB=sky.xmdb

[ -x "$xmdb" ] || { echo "run.sh: no program at bin/xmdb; run ./setup in the project's folder first" >&2; exit 2; }

step() { printf '\n== %s\n' "$*"; }
run() { printf '$ xmdb'; printf ' %q' "$@"; printf '\n'; "$xmdb" "$@"; }

rm -rf sky.xmdb

step "Ingest: Gaia DR3 at epoch 2016.0, Hipparcos at epoch 1991.25"
run ingest gaia_hyades.parquet --as gaia --epoch 2016.0 --map "sigma=$sigma:mas"
run ingest hipparcos_hyades.parquet --as hip --epoch 1991.25 --map id=HIP --map sigma_ra=e_ra --map sigma_dec=e_dec \
  --map pm_ra=pm_ra --map pm_dec=pm_dec --map sigma_pm_ra=e_pm_ra --map sigma_pm_dec=e_pm_dec --map parallax=plx

step "Match with the positions as given, 24.75 years apart"
run match gaia hip --epoch none

step "Match at epoch 2016.0: Hipparcos moved by its own proper motions, errors grown accordingly"
run match gaia hip --epoch 2016.0

step "The brightest members of the cluster and their counterparts"
run sql "
  SELECT h.HIP AS hip, m.a_id AS gaia_source_id, round(h.hp_mag, 2) AS hp_mag,
         round(xm_separation(g.ra, g.dec, h.ra, h.dec), 3) AS as_given_arcsec,
         round(m.separation_arcsec, 3) AS moved_arcsec,
         round(m.match_p, 4) AS match_p, round(m.pair_p, 4) AS pair_p
  FROM xmatch('gaia', 'hip') AS m
  JOIN hip AS h ON h.HIP = m.b_id
  JOIN gaia AS g ON g.source_id = m.a_id
  WHERE h.plx BETWEEN 17.5 AND 25.5 AND h.pm_ra > 50
  ORDER BY h.hp_mag LIMIT 12"

step "Hipparcos without its motions: how stars of their magnitude move decides how far apart two positions may be"
run ingest hipparcos_hyades.parquet --as hip_unmoved --epoch 1991.25 --map id=HIP --map sigma_ra=e_ra --map sigma_dec=e_dec \
  --only HIP --only ra --only dec --only e_ra --only e_dec --only hp_mag
run match gaia hip_unmoved
run sql "
  SELECT CASE WHEN pm < 100 THEN 'below 100' WHEN pm < 200 THEN '100 to 200' ELSE 'above 200' END AS mas_per_yr,
         count(*) AS with_motions, sum(found) AS same_without, sum(other) AS another_star
  FROM (SELECT sqrt(h.pm_ra * h.pm_ra + h.pm_dec * h.pm_dec) AS pm, u.b_id IS h.HIP AS found, u.b_id <> h.HIP AS other
        FROM xmatch('gaia', 'hip') AS m JOIN hip AS h ON h.HIP = m.b_id
        LEFT JOIN xmatch('gaia', 'hip_unmoved') AS u ON u.a_id = m.a_id)
  GROUP BY 1 ORDER BY min(pm)"

printf '\nLook further: XMDB_DB=examples/hyades/sky.xmdb bin/xmdb sql\n'
