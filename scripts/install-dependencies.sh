#!/usr/bin/env bash
# System packages by apt, and Arrow C++ (headers, libarrow, libparquet) out of the pinned pyarrow wheel into .deps/arrow.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly packages=(libsqlite3-dev libhealpix-cxx-dev libopenmpi-dev openmpi-bin libxxhash-dev sqlite3 python3 unzip)
readonly pyarrow_version=26.0.1
readonly arrow_suffix=2600

say() { printf '[setup] %s\n' "$*"; }
die() { printf '[setup] error: %s\n' "$*" >&2; exit 1; }

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  say "installing by apt: ${missing[*]}"
  sudo=""; [ "$(id -u)" -eq 0 ] || sudo=sudo
  $sudo apt-get update -q >/dev/null || die "apt-get update failed; is the package mirror reachable?"
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}" >/dev/null \
    || die "apt-get could not install: ${missing[*]}"
else
  say "system packages: present"
fi

command -v swift >/dev/null || die "no 'swift' on the PATH; install Swift 6.3 from swift.org first"

if [ -f ".deps/arrow/version-$pyarrow_version" ]; then
  say "Arrow C++ $pyarrow_version: present in .deps/arrow"
  exit 0
fi
say "fetching Arrow C++ $pyarrow_version (the pyarrow wheel) into .deps/arrow"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m pip download -q --no-deps --only-binary=:all: --python-version 3.11 --platform manylinux_2_28_x86_64 \
  -d "$work" "pyarrow==$pyarrow_version" || die "pip could not download pyarrow $pyarrow_version"
stage="$work/arrow"; mkdir -p "$stage/lib"
unzip -q "$work"/pyarrow-*.whl 'pyarrow/include/*' "pyarrow/libarrow.so.$arrow_suffix" \
  "pyarrow/libparquet.so.$arrow_suffix" '*/LICENSE.txt' -d "$work/wheel"
mv "$work/wheel/pyarrow/include" "$stage/include"
mv "$work"/wheel/pyarrow/lib*.so.* "$stage/lib/"
mv "$work"/wheel/pyarrow-*/licenses/LICENSE.txt "$stage/LICENSE.txt"
for name in arrow parquet; do ln -s "lib$name.so.$arrow_suffix" "$stage/lib/lib$name.so"; done
touch "$stage/version-$pyarrow_version"
rm -rf .deps/arrow; mkdir -p .deps; mv "$stage" .deps/arrow
say "Arrow C++ $pyarrow_version: ready"
