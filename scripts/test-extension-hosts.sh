#!/usr/bin/env bash
# Loads libxmdb.so into every SQLite host of this machine and compares answers; says which hosts it skipped.
#   scripts/test-extension-hosts.sh [LIBRARY]      default: bin/libxmdb.so, as ./setup builds it
# Hosts: the sqlite3 shell, the system's Python, and three Python packages with an SQLite of their own linked in
# (fetched by pip into a private folder; skipped when pip cannot).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

library=$(realpath "${1:-bin/libxmdb.so}") || { echo "no library; build it by ./setup" >&2; exit 2; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
# The entry point's name follows from the file's.
cp "$library" "$work/libxmdb.so"; library="$work/libxmdb"
failed=0; ran=0

report() { printf '%-34s %s\n' "$1" "$2"; }
fail() { report "$1" "FAILED: $2"; failed=1; }

check_linking() {
  local needed exported
  needed=$(readelf -dW "$library.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort | tr '\n' ' ')
  # A second SQLite in the host's process would crash it, and Swift's libraries are not on other machines.
  if grep -qE 'libsqlite3|libswift|lib_?Foundation' <<<"$needed"; then fail "needs only system libraries" "$needed"
  else report "needs only system libraries" "ok, $needed"; fi
  exported=$(readelf --dyn-syms -W "$library.so" | awk '$5 ~ /GLOBAL|WEAK/ && $7 != "UND" { print $8 }' | tr '\n' ' ')
  if [ "$exported" = "sqlite3_xmdb_init " ]; then report "exports one function" "ok, $exported"
  else fail "exports one function" "$exported"; fi
}

check_shell() {
  local host="sqlite3 shell" answer
  command -v sqlite3 >/dev/null || { report "$host" "skipped: not installed"; return; }
  ran=$((ran + 1))
  answer=$(sqlite3 :memory: -cmd ".load $library" "SELECT xm_separation(0,0,0,1), xm_healpix(0,90,0)" 2>&1) || true
  [ "$answer" = "3600.0|5" ] || { fail "$host" "$answer"; return; }
  # .open closes the connection and opens another in the same process.
  answer=$(printf '%s\n' ".load $library" "SELECT xm_version() IS NOT NULL;" ".open :memory:" ".load $library" \
    "SELECT xm_separation(0,0,1,0);" | sqlite3 :memory: 2>&1 | tr '\n' ' ') || true
  [ "$answer" = "1 3600.0 " ] || { fail "$host" "after reopening: $answer"; return; }
  report "$host" "ok, SQLite $(sqlite3 --version | cut -d' ' -f1)"
}

# check_python NAME PYTHON MODULE [FOLDER]
check_python() {
  local code=0 output
  output=$(PYTHONPATH="${4:-}" "$2" scripts/check-extension-host.py "$3" "$library" 2>&1) || code=$?
  case $code in
    0) report "$1" "$output"; ran=$((ran + 1)) ;;
    77) report "$1" "$output" ;;
    *) fail "$1" "status $code: $(tail -n 1 <<<"$output")" ;;
  esac
}

# check_package PACKAGE MODULE: a Python package that carries its own SQLite.
check_package() {
  local folder="$work/$2" python
  for python in python3 /usr/bin/python3; do
    "$python" -m pip --version >/dev/null 2>&1 || continue
    if "$python" -m pip install -q --disable-pip-version-check --no-deps --only-binary=:all: --target "$folder" "$1" \
      >/dev/null 2>&1; then
      check_python "$1 (its own SQLite)" "$python" "$2" "$folder"
      return
    fi
  done
  report "$1 (its own SQLite)" "skipped: pip could not fetch it"
}

check_linking
check_shell
if [ -x /usr/bin/python3 ]; then check_python "/usr/bin/python3 sqlite3" /usr/bin/python3 sqlite3
else report "/usr/bin/python3 sqlite3" "skipped: not installed"; fi
check_package apsw apsw
check_package pysqlite3-binary pysqlite3
check_package sqlean.py sqlean
[ "$ran" -gt 0 ] || { echo "no host could be run" >&2; exit 1; }
[ "$failed" -eq 0 ] && echo "all right in $ran hosts"
exit "$failed"
