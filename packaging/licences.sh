#!/usr/bin/env bash
# Collects what the licences of the libraries inside the packages ask to be passed on: packaging/licences.sh DIR
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly folder=${1:?use: packaging/licences.sh DIR}
mkdir -p "$folder/licences"

# From the distribution: NAME PACKAGE, where PACKAGE has the copyright file and the version.
readonly archives=(
  "healpix_cxx libhealpix-cxx-dev" "cfitsio libcfitsio-dev" "erfa liberfa-dev" "expat libexpat1-dev" "xml2 libxml2-dev"
  "edit libedit-dev" "bsd libbsd-dev" "md libmd-dev" "tinfo libncurses-dev" "sqlite3 libsqlite3-dev" "z zlib1g-dev"
  "bz2 libbz2-dev" "lzma liblzma-dev" "xxhash libxxhash-dev")

{
  echo "xmdb itself is under the BSD 3-Clause licence (LICENSE). The packages have these libraries inside, each under its own licence, whose"
  echo "text is in licences/. HEALPix C++ is under the GNU GPL, version 2 or later: so is, therefore, the program as it is distributed here."
  echo "The sources are those of the package named, by \`apt-get source PACKAGE=VERSION\` or from https://snapshot.debian.org."
  echo
  for entry in "${archives[@]}"; do
    read -r name package <<<"$entry"
    install -m 644 "/usr/share/doc/$package/copyright" "$folder/licences/$name.txt"
    dpkg-query -W -f="$name: source package \${source:Package} \${source:Version}\n" "$package"
  done
  install -m 644 .deps/arrow/LICENSE.txt "$folder/licences/arrow.txt"
  echo "arrow: Apache Arrow $(basename .deps/arrow/version-* | cut -d- -f2), libarrow and libparquet of the pyarrow wheel, beside the program"
  swift_licence=$(dirname "$(readlink -f "$(command -v swiftc)")")/../share/swift/LICENSE.txt
  install -m 644 "$swift_licence" "$folder/licences/swift.txt"
  echo "swift: the runtime library and Foundation of Swift $(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p')"
  for checkout in .build/checkouts/*/; do
    name=$(basename "$checkout")
    install -m 644 "$(ls "$checkout"LICENSE* | head -1)" "$folder/licences/$name.txt"
    echo "$name: $(grep -A6 "\"identity\" : \"${name,,}\"" Package.resolved | sed -n 's/.*"version" : "\(.*\)".*/\1/p')"
  done
} >"$folder/LIBRARIES"
cp LICENSE "$folder/"
