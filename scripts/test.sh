#!/usr/bin/env bash
# Runs every check, in order, and stops at the first that fails. Needs ./setup --deps once.
#   scripts/test.sh          all of them (what .ci/run runs)
#   scripts/test.sh quick    format, links in the documents, build, unit tests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

check() {  # check NAME COMMAND…
  local name=$1 start=$SECONDS; shift
  printf '\n[test] %s: %s\n' "$name" "$*"
  "$@" || { printf '[test] FAILED: %s\n' "$name" >&2; exit 1; }
  printf '[test] %s: ok, %d s\n' "$name" $((SECONDS - start))
}

run_tests() {  # fails, too, when there was no test to run
  local log status=0
  log=$(mktemp)
  swift test --skip-build --disable-xctest 2>&1 | tee "$log" || status=1
  grep -q 'Test run with [1-9]' "$log" || { echo "[test] no test ran" >&2; status=1; }
  rm -f "$log"
  return "$status"
}

case "${1:-all}" in
  all | quick) ;;
  *) echo "test.sh: '$1' is not known; use: scripts/test.sh [all|quick]" >&2; exit 2 ;;
esac

check "format" swift format lint --strict -r Package.swift Sources Tests
check "links" scripts/check-links.py
check "build" swift build --build-tests
if [ "${1:-all}" = all ]; then
  check "release build" scripts/build-release.sh
  [ ! -x scripts/test-extension-hosts.sh ] || check "extension in other hosts" scripts/test-extension-hosts.sh
  check "demonstration" examples/hyades/run.sh
fi
check "tests" run_tests
printf '\n[test] all checks passed in %d s\n' "$SECONDS"
