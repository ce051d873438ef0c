#!/usr/bin/env bash
# Builds the release program and the loadable extension into bin/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
say() { printf '[setup] %s\n' "$*"; }
say "building bin/xmdb (about two minutes the first time)"
swift build -c release --product xmdb --quiet
say "building the MPI plugin that xmdb loads under mpirun"
swift build -c release --product xmdbmpi --quiet
say "building bin/libxmdb.so, the SQLite extension"
swift build -c release --product xmdbsql --quiet --scratch-path .build-extension \
  -Xswiftc -static-stdlib -Xlinker --gc-sections -Xlinker -s
mkdir -p bin
ln -sf ../.build/release/xmdb bin/xmdb
install -m 755 .build-extension/release/libxmdbsql.so bin/libxmdb.so
say "ready: bin/xmdb, bin/libxmdb.so"
