#!/usr/bin/env bash
# Links the program and the extension out of the release build so that they run on other machines (see README.md beside this):
#   packaging/link.sh DIR       DIR/bin/xmdb, DIR/lib/xmdb/: libxmdb.so, libxmdbmpi.so, Arrow's libraries
# What was compiled is taken as it is (scripts/build-release.sh); only the linking differs. Takes ten seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly prefix=${1:?use: packaging/link.sh DIR}
readonly build=${XMDB_BUILD:-.build/release}
readonly arrow=.deps/arrow/lib
# The archives whose shared libraries a machine may not have, or may have in another version.
readonly archives=(healpix_cxx cfitsio erfa expat xml2 edit bsd md tinfo sqlite3 z bz2 lzma)

# The toolchain's own compiler for C: a machine with Swift need have no other.
clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang
readonly clang

die() { printf '[package] error: %s\n' "$*" >&2; exit 1; }

for product in xmdb xmdbsql; do
  [ -f "$build/$product.product/Objects.LinkFileList" ] || die "no release build of $product in $build; run scripts/build-release.sh"
done
[ -f "$build/libxmdbmpi.so" ] || die "no $build/libxmdbmpi.so; run scripts/build-release.sh"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$work/archives" "$prefix/bin" "$prefix/lib/xmdb"

# A folder of archives alone: the linker would prefer the shared library that lies beside each.
for name in "${archives[@]}"; do
  archive=$("$clang" -print-file-name="lib$name.a")
  [ -f "$archive" ] || die "lib$name.a is missing; run ./setup --deps"
  ln -s "$archive" "$work/archives/"
done
for source in portable absent; do
  "$clang" -std=gnu17 -O2 -fPIC -ffunction-sections -Wall -Wextra -Werror -c "packaging/$source.c" -o "$work/$source.o"
done
"$clang++" -O2 -fPIC -Wall -Wextra -Werror -c packaging/quiet.cpp -o "$work/quiet.o"

link() {  # link OUTPUT PRODUCT OPTION…
  local output=$1 product=$2; shift 2
  # lld: the others do not find all members of Foundation's archives.
  swiftc -static-stdlib -use-ld=lld -o "$output" -module-name "$product" "@$build/$product.product/Objects.LinkFileList" \
    "$work/portable.o" "$work/quiet.o" "-L$work/archives" -Xlinker --gc-sections -Xlinker -s \
    -Xlinker --wrap=hypot -Xlinker --wrap=hypotf "$@"
}

swift_libraries=()
for name in Foundation FoundationEssentials FoundationInternationalization _FoundationICU CoreFoundation \
  _FoundationCollections _FoundationCShims swiftDispatch; do swift_libraries+=("-l$name"); done

link "$prefix/bin/xmdb" xmdb -emit-executable -Xlinker --defsym -Xlinker main=xmdb_main \
  "$work/absent.o" -Xlinker --wrap=arc4random_buf \
  -Xlinker --wrap=_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE \
  -Xlinker --start-group "${archives[@]/#/-l}" "${swift_libraries[@]}" -Xlinker --end-group \
  "-L$arrow" -lparquet -larrow -Xlinker -rpath -Xlinker '$ORIGIN/../lib/xmdb'

link "$prefix/lib/xmdb/libxmdb.so" xmdbsql -emit-library -lhealpix_cxx \
  -Xlinker --version-script=Sources/CXMDBExtension/exports.map

install -m 755 "$build/libxmdbmpi.so" "$prefix/lib/xmdb/"
for name in arrow parquet; do
  library=$(readlink -f "$arrow/lib$name.so")
  install -m 644 "$library" "$prefix/lib/xmdb/"
done
strip --strip-unneeded "$prefix"/lib/xmdb/lib{arrow,parquet}.so.* "$prefix/lib/xmdb/libxmdbmpi.so"
