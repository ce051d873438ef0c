#!/usr/bin/env bash
# Candidate search beside scipy's k-d tree, one core, one run: sources/s and the ratio.
#   Benchmarks/candidate_search.sh [SOURCES [REACH_ARCSEC [ROUNDS]]]      defaults: 1000000 3 5
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
swift build -c release --product CandidateSearch >&2
exec python3 candidate_search.py .build/release/CandidateSearch "$@"
