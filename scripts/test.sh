#!/usr/bin/env bash
# Runs every check, in order, and stops at the first that fails. Needs ./setup --deps once.
#   scripts/test.sh             all of them (what .ci/run runs)
#   scripts/test.sh quick       format, links in the documents, debug build, tests: before every commit
#   scripts/test.sh sanitize    those with AddressSanitizer and ThreadSanitizer alone
# The tests of the whole run on release-built code, and those of the program start bin/xmdb itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# What touches C, pages of B-trees, threads and the bridge to SQL; the other suites are plain Swift.
readonly address_targets=CatalogStoreTests,FormatsTests,IngestTests,SQLExtTests
readonly address_suites='CatalogStoreTests|FormatsTests|IngestTests|SQLExtTests'
readonly thread_targets=CatalogStoreTests,SQLExtTests,MatchRunTests
readonly thread_suites='CatalogStoreTests|SQLExtTests|MatchRunTests.(Crew|Resume|Ledger|RunManager|FlightLog|ExtraStage)'

check() {  # check NAME COMMAND…
  local name=$1 start=$SECONDS; shift
  printf '\n[test] %s: %s\n' "$name" "$*"
  "$@" || { printf '[test] FAILED: %s\n' "$name" >&2; exit 1; }
  printf '[test] %s: ok, %d s\n' "$name" $((SECONDS - start))
}

run_tests() {  # run_tests OPTION…; fails, too, when there was no test to run
  local log status=0
  log=$(mktemp)
  swift test --skip-build --disable-xctest "$@" 2>&1 | tee "$log" || status=1
  grep -q 'Test run with [1-9]' "$log" || { echo "[test] no test ran" >&2; status=1; }
  list_skipped "$log"
  rm -f "$log"
  return "$status"
}

list_skipped() {  # list_skipped LOG: what did not run, by reason; a suite counts as one
  sed -nE 's/^[^ ]+ (Suite|Test) .* skipped(: (.*))?$/\3/p' "$1" | sort | uniq -c | sed 's/^/[test] skipped:/'
}

sanitized() {  # sanitized address|thread TARGETS SUITES: a release build of its own, of these test targets alone
  local options=(-c release --sanitize="$1" --scratch-path ".build-$1")
  export XMDB_SANITIZER=$1 XMDB_TESTS=$2
  # cfitsio asks for as much memory as a damaged header says, and goes on without it.
  export ASAN_OPTIONS=allocator_may_return_null=1
  export TSAN_OPTIONS="suppressions=$PWD/Tests/Sanitizers/thread.suppressions"
  export LSAN_OPTIONS="suppressions=$PWD/Tests/Sanitizers/leak.suppressions:print_suppressions=0"
  # The linker warns of every symbol of the sanitizer.
  swift build --build-tests --quiet "${options[@]}" 2> >(grep -v 'Cannot export local symbol' >&2) \
    && run_tests "${options[@]}" --filter "$3"
}

# Each in a shell of its own: the settings are for it alone.
sanitize_address() {
  check "tests with AddressSanitizer" in_subshell sanitized address "$address_targets" "$address_suites"
}
sanitize_thread() {
  check "tests with ThreadSanitizer" in_subshell sanitized thread "$thread_targets" "$thread_suites"
}

in_subshell() { ("$@"); }

style() {
  check "format" swift format lint --strict -r Package.swift Sources Tests
  check "links" scripts/check-links.py
  check "folders" scripts/check-folders.py --quiet
}

case "${1:-all}" in
  all)
    style
    check "release build" scripts/build-release.sh --tests
    check "extension in other hosts" scripts/test-extension-hosts.sh
    check "installation" scripts/check-package.sh
    check "Python package" scripts/test-python.sh
    check "demonstration" examples/hyades/run.sh
    check "build of the benchmarks" swift build --package-path Benchmarks --quiet
    check "commands of the documents" scripts/run-docs.py
    check "tables in other programs" scripts/check-tables.py
    check "packages in other programs" scripts/check-packages.py
    check "formats and frames" scripts/check-formats.py
    check "clients of the server" scripts/check-serve.py
    check "shell in a terminal" scripts/check-shell.py
    check "HATS catalogues and coverage maps" scripts/check-hats.py
    check "packages for Qserv" scripts/check-qserv.py
    check "tests" run_tests -c release
    check "generated input" /usr/bin/python3 Tests/Fuzz/fuzz.py
    sanitize_address
    sanitize_thread
    ;;
  quick)
    style
    check "build" swift build --build-tests
    check "tests" run_tests
    ;;
  sanitize)
    sanitize_address
    sanitize_thread
    ;;
  *) echo "test.sh: '$1' is not known; use: scripts/test.sh [all|quick|sanitize]" >&2; exit 2 ;;
esac
printf '\n[test] all checks passed in %d s\n' "$SECONDS"
