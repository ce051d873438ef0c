#!/usr/bin/env bash
# Installs what xmdb needs beside Swift: system packages by apt, and Arrow C++ (headers, libarrow, libparquet) out of the
# pinned pyarrow wheel into .deps/arrow. Safe to run again: what is there is left alone, and then no network is needed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# What the Swift toolchain of swift.org needs on Debian 12, and what xmdb needs (named in ARCHITECTURE.md).
readonly packages=(ca-certificates binutils git libc6-dev libcurl4 libedit2 libncurses6 libstdc++-12-dev libxml2 tzdata zlib1g-dev
  libsqlite3-dev libcfitsio-dev liberfa-dev libexpat1-dev libxml2-dev libedit-dev libicu-dev libhealpix-cxx-dev libbz2-dev liblzma-dev libopenmpi-dev
  openmpi-bin libxxhash-dev sqlite3 python3 unzip)
readonly pyarrow_version=26.0.1
readonly pyarrow_sha256=39cb0f2418282c24bea6ceda77b03e5a8f0a5766b63a8bf194d4e2a2c423548c
readonly arrow_suffix=2600
readonly arrow_stamp=".deps/arrow/version-$pyarrow_version"
readonly python_stamp=".deps/python/version-$pyarrow_version"

say() { printf '[setup] %s\n' "$*"; }
die() { printf '[setup] error: %s\n' "$*" >&2; exit 1; }

check_machine() {
  [ "$(uname -sm)" = "Linux x86_64" ] || die "this is $(uname -sm); xmdb is built and tested on Linux x86_64 only"
}

check_swift() {
  command -v swift >/dev/null || die "no 'swift' on the PATH; install Swift 6.3 or later from swift.org first"
  local output version
  output=$(swift --version 2>&1) || die "'swift --version' fails: $output"
  version=$(sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' <<<"$output")
  [ "$(printf '%s\n' 6.3 "${version:-0}" | sort -V | head -1)" = 6.3 ] \
    || die "'swift' is version ${version:-unknown}; xmdb needs 6.3 or later"
  say "Swift $version: present"
}

is_installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

# The first Python that has pip; empty if none has.
python_with_pip() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -m pip --version >/dev/null 2>&1; then echo "$python"; return; fi
  done
}

install_packages() {
  local missing=() package
  for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
  [ -f "$arrow_stamp" ] || [ -n "$(python_with_pip)" ] || missing+=(python3-pip)
  if [ ${#missing[@]} -eq 0 ]; then say "system packages: present"; return; fi

  command -v apt-get >/dev/null || die "no apt-get here; install the equivalents of: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "neither root nor sudo; as root run: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing by apt: ${missing[*]}"
  "${as_root[@]}" apt-get update -q >/dev/null || die "apt-get update failed; is the package mirror reachable?"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}" >/dev/null </dev/null \
    || die "apt-get could not install: ${missing[*]}"
}

install_arrow() {
  if [ -f "$arrow_stamp" ] && [ -f "$python_stamp" ]; then say "Arrow C++ $pyarrow_version: present in .deps/arrow"; return; fi
  say "fetching Arrow C++ $pyarrow_version (the pyarrow wheel, 55 MB) into .deps/arrow"
  work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
  echo "pyarrow==$pyarrow_version --hash=sha256:$pyarrow_sha256" >"$work/requirements.txt"
  "$(python_with_pip)" -m pip --disable-pip-version-check download -q --no-deps --only-binary=:all: --require-hashes \
    --python-version 3.11 --platform manylinux_2_28_x86_64 -d "$work" -r "$work/requirements.txt" \
    || die "pip could not download pyarrow $pyarrow_version with the expected SHA-256"
  unzip -q "$work"/pyarrow-*.whl 'pyarrow/*' '*/LICENSE.txt' -x 'pyarrow/tests/*' 'pyarrow/src/*' -d "$work/wheel"

  # Put together aside and moved into place last, so that a killed run leaves nothing half-made.
  mkdir -p .deps
  local stage=".deps/arrow.new" name
  rm -rf "$stage"; mkdir -p "$stage/lib"
  mv "$work/wheel/pyarrow/include" "$stage/include"
  for name in arrow parquet; do cp "$work/wheel/pyarrow/lib$name.so.$arrow_suffix" "$stage/lib/"; done
  mv "$work"/wheel/pyarrow-*/licenses/LICENSE.txt "$stage/LICENSE.txt"
  for name in arrow parquet; do ln -s "lib$name.so.$arrow_suffix" "$stage/lib/lib$name.so"; done
  touch "$stage/version-$pyarrow_version"
  rm -rf .deps/arrow; mv "$stage" .deps/arrow

  # The wheel's Python module, for tests that write Parquet.
  rm -rf .deps/python .deps/python.new; mkdir -p .deps/python.new
  mv "$work/wheel/pyarrow" .deps/python.new/pyarrow
  touch ".deps/python.new/version-$pyarrow_version"
  mv .deps/python.new .deps/python
  say "Arrow C++ $pyarrow_version: ready"
}

check_machine
install_packages
check_swift
install_arrow
