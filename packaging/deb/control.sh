#!/usr/bin/env bash
# Prints the control file of the Debian package: control.sh VERSION KILOBYTES
set -euo pipefail
cat <<END
Package: xmdb
Version: ${1:?version}
Architecture: amd64
Maintainer: ${MAINTAINER:?}
Installed-Size: ${2:?size}
Depends: libc6 (>= 2.34), libgcc-s1 (>= 4.2), libstdc++6 (>= 11)
Suggests: openmpi-bin, sqlite3, python3
Section: science
Priority: optional
Description: embedded database for sky catalogues with a probabilistic cross-match
 It sorts catalogues along the HEALPix curve into SQLite files, answers SQL
 about them, and says which sources of two catalogues are the same object,
 with probabilities. Reads and writes Parquet, FITS, VOTable, CSV and Arrow.
 Runs alone or, under Open MPI, on many processors.
 .
 The processor must have AVX2 and FMA (x86-64-v3).
END
