#!/usr/bin/env bash
# Gives documents the names that Debian's policy wants: documents.sh FOLDER VERSION SECONDS
set -euo pipefail
cd "${1:?folder}"
# One file has what every licence asks for.
{
  echo "Format: xmdb and the libraries inside it, each with its licence"
  echo
  cat LIBRARIES
  printf '\n---- LICENSE ----\n'; cat LICENSE
  for text in licences/*; do printf '\n---- %s ----\n' "$text"; cat "$text"; done
} >copyright
rm -r LICENSE LIBRARIES licences
gzip -9n CHANGELOG.md && mv CHANGELOG.md.gz changelog.gz
date=$(date -u -R -d "@${3:?seconds}")
printf 'xmdb (%s-1) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- %s  %s\n' "${2:?version}" "$MAINTAINER" "$date" | gzip -9n >changelog.Debian.gz
