#!/usr/bin/env bash
# Installs the release build into a folder, moves that to another place, and runs the README's main job there, with an empty environment and, where this
# user may, with the folders of the build hidden. Then removes it again. Takes half a minute. Needs scripts/build-release.sh once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly project=$PWD
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
die() { printf 'check-package.sh: %s\n' "$*" >&2; exit 1; }

scripts/package.sh --install "$work/first"
readonly place="$work/another place"
mv "$work/first" "$place"
cp -r examples/hyades packaging/main-job.sh "$work/"
readonly xmdb=$place/bin/xmdb

hidden=()
# The toolchain and the build are covered by empty folders, in a mount namespace of the job alone.
if unshare -m true 2>/dev/null; then
  toolchain=$(dirname "$(readlink -f "$(command -v swiftc)")")/../lib
  cover="for d in '$project/.build' '$(readlink -f .deps)' '$(realpath "$toolchain")'; do mount -t tmpfs none \"\$d\"; done"
  hidden=(unshare -m sh -ec "$cover; exec \"\$@\"" sh)
else
  echo "  build folders cannot be hidden by this user: run with them in sight"
fi

job() { "${hidden[@]}" env -i "$@"; }
[ ${#hidden[@]} -eq 0 ] || ! job "$project/bin/xmdb" version >/dev/null 2>&1 || die "the build is still in sight"
job "$xmdb" --version
job PATH=/usr/bin:/bin sh "$work/main-job.sh" "$xmdb" "$work/hyades" "$work/job"
echo "  the main job: ok"

# The extension is one file, wherever it lies.
mkdir "$work/alone"; cp "$place/lib/xmdb/libxmdb.so" "$work/alone/"
answer=$(cd "$work" && job PATH=/usr/bin:/bin sqlite3 -cmd ".load ./alone/libxmdb" :memory: \
  "SELECT xm_open('job/sky.xmdb') IS NOT NULL; SELECT count(*) FROM xmatch('gaia', 'hip')" | tail -n 1)
[ "$answer" = 1113 ] || die "the extension alone says $answer instead of 1113"
echo "  the extension alone: ok"

for shell in bash zsh fish; do
  file=$(find "$place/share" -path "*$shell*" -type f); [ -s "$file" ] || die "no completions for $shell"
  ! command -v $shell >/dev/null || $shell -n "$file" || die "$shell cannot read $file"
done
for command in $("$xmdb" --help | sed -n '/^SUBCOMMANDS:/,/^$/s/^  \([a-z-]*\) .*/\1/p'); do
  [ -s "$place/share/man/man1/xmdb-$command.1.gz" ] || die "no manual page of xmdb $command"
done
echo "  completions and manual pages: ok"

# With MPI, the program finds its plugin where it is installed.
if command -v mpirun >/dev/null; then
  (cd "$work/job" && OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
    mpirun -n 2 --oversubscribe "$xmdb" --quiet match-all gaia hip --redo) || die "match-all fails under mpirun"
  echo "  two processes under mpirun: ok"
fi

"$place/lib/xmdb/uninstall.sh"
[ -z "$(find "$place" ! -type d)" ] || die "uninstall.sh leaves $(find "$place" ! -type d | head -3 | tr '\n' ' ')"
echo "  uninstalled: nothing is left"
