#!/usr/bin/env bash
# Builds the Python wheel with the program inside: packaging/wheel.sh TREE DIR. Needs a python3 with pip; pip fetches setuptools.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly tree=${1:?use: packaging/wheel.sh TREE DIR} target=${2:?use: packaging/wheel.sh TREE DIR}
# The floor that packaging/check-needs.py has checked.
readonly platform=manylinux_2_34_x86_64

say() { printf '[package] %s\n' "$*"; }
die() { printf '[package] error: %s\n' "$*" >&2; exit 1; }

python=''
for candidate in "${PYTHON:-python3}" python3 /usr/bin/python3; do
  if "$candidate" -m pip --version >/dev/null 2>&1; then python=$candidate; break; fi
done
[ -n "$python" ] || die "no python3 with pip; install python3-pip, or name one in \$PYTHON"
version=$("$tree/bin/xmdb" version | sed -n 's/^xmdb //p')
grep -q "^version = \"$version\"$" python/pyproject.toml || die "python/pyproject.toml is not of version $version, which the program has"

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
git ls-files python | while read -r file; do install -D "$file" "$work/$file"; done
program=$work/python/src/xmdb/program
mkdir -p "$program/bin" "$program/lib/xmdb"
cp "$tree/bin/xmdb" "$program/bin/"
# Without the plugin for MPI: mpirun starts an installed program, not one of a wheel.
cp "$tree"/lib/xmdb/{libxmdb.so,libarrow.so.*,libparquet.so.*} "$program/lib/xmdb/"
cp -r "$tree"/share/doc/xmdb/{LICENSE,LIBRARIES,licences} "$program/"
XMDB_WHEEL_PLATFORM=$platform SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)} \
  "$python" -m pip --disable-pip-version-check wheel -q --no-deps -w "$work/out" "$work/python" \
  || die "pip could not build the wheel"
cp "$work"/out/*.whl "$target/"
wheel=$(basename "$work"/out/*.whl)
say "$target/$wheel: $(du -h --apparent-size "$target/$wheel" | cut -f1)"
