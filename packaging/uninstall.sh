#!/bin/sh
# Removes what was installed with xmdb here, and folders of its own that are empty then. No database is touched.
set -eu
# PREFIX/lib/xmdb/uninstall.sh
cd "$(dirname "$(readlink -f "$0")")/../.."
[ -f lib/xmdb/files ] || { echo "uninstall.sh: no list of files in $PWD/lib/xmdb" >&2; exit 1; }
list=$(cat lib/xmdb/files)
printf '%s\n' "$list" | while IFS= read -r file; do rm -f -- "$file"; done
printf '%s\n' "$list" | while IFS= read -r file; do
  folder=$(dirname "$file")
  # Folders that any prefix has stay.
  while case $folder in bin | lib | share | share/man) false ;; *) rmdir -- "$folder" 2>/dev/null ;; esac; do
    folder=$(dirname "$folder")
  done
done
