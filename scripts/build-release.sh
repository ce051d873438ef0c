#!/usr/bin/env bash
# Builds the release program and the loadable extension into bin/, for processors of level XMDB_CPU (x86-64-v3 without it).
#   scripts/build-release.sh            the program, its MPI plugin and the extension
#   scripts/build-release.sh --tests    and the tests of the same code, in the same folder
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
say() { printf '[setup] %s\n' "$*"; }
if [ "${1:-}" = --tests ]; then
  say "building the program and its tests (about four minutes the first time)"
  swift build -c release --build-tests --quiet
fi
say "building bin/xmdb (about two minutes the first time)"
swift build -c release --product xmdb --quiet
say "building the MPI plugin that xmdb loads under mpirun"
swift build -c release --product xmdbmpi --quiet
say "building bin/libxmdb.so, the SQLite extension"
swift build -c release --product xmdbsql --quiet
mkdir -p bin
ln -sf ../.build/release/xmdb bin/xmdb
install -m 755 .build/release/libxmdbsql.so bin/libxmdb.so
say "ready: bin/xmdb, bin/libxmdb.so"
