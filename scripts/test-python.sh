#!/usr/bin/env bash
# Runs the tests of the Python package with bin/xmdb and a Python that loads extensions, Debian's /usr/bin/python3 without $PYTHON.
# What they and docs/python.md need is fetched by pip once, into .deps/python-tests-VERSION; without it they are skipped, with a word.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly python=${PYTHON:-/usr/bin/python3}
readonly packages=(apsw astropy datasette pandas polars pyarrow pytest scipy setuptools sqlite-utils)
# The version that was tried; python/pyproject.toml says which are supported.
readonly lsdb=lsdb==0.11.1

skip() { echo "0 passed, 0 failed, 1 skipped: the tests of the Python package ($*)"; exit 0; }
[ -x bin/xmdb ] || { echo "test-python.sh: no bin/xmdb; run ./setup first" >&2; exit 2; }
"$python" --version >/dev/null 2>&1 || skip "no $python"
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
pip=''
for candidate in "$python" python3; do
  if "$candidate" -m pip --version >/dev/null 2>&1; then pip=$candidate; break; fi
done
[ -n "$pip" ] || skip "no pip"

fetched=.deps/python-tests-$version
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
fetch() {  # fetch PACKAGE…; what was fetched before goes when the new packages are there
  [ "$(cat "$fetched/complete" 2>/dev/null)" = "$*" ] && return
  rm -rf "$fetched.new"
  "$pip" -m pip --disable-pip-version-check install -q --target "$fetched.new" --python-version "$version" --only-binary=:all: "$@" \
    >"$work/log" 2>&1 || return
  printf '%s\n' "$*" >"$fetched.new/complete"
  rm -rf "$fetched"
  mv "$fetched.new" "$fetched"
}
# LSDB is for Python 3.11 on; where it cannot be had its tests are skipped.
if [ "$version" = 3.10 ] || ! fetch "${packages[@]}" "$lsdb"; then
  fetch "${packages[@]}" || skip "pip: $(tail -1 "$work/log")"
fi
# The package itself, with its entry points, without the program; from a copy, since pip builds where the sources are.
cp -r python "$work/python"
"$pip" -m pip --disable-pip-version-check install -q --no-deps --target "$work/site" "$work/python" >"$work/log" 2>&1 \
  || skip "pip: $(tail -1 "$work/log")"
XMDB_PROGRAM=$PWD/bin/xmdb PYTHONPATH=$work/site:$PWD/$fetched PYTHONDONTWRITEBYTECODE=1 "$python" -m pytest python "$@"
