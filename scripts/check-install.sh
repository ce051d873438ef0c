#!/usr/bin/env bash
# Installs the packages in bare systems, runs the README's main job there, and removes them again. As root, with debootstrap and a mirror.
#   scripts/check-install.sh [--packages DIR] [SUITE…]     DIR: dist, where scripts/package.sh puts them; SUITE: bookworm trixie
# A bare system is made once in $XMDB_ROOTS (without it in a folder that goes again): debootstrap's smallest, without network for the job.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
packages=dist suites=()
while [ $# -gt 0 ]; do
  case $1 in
    --packages) packages=${2:?--packages has no folder}; shift 2 ;;
    -*) echo "check-install.sh: '$1' is not known; use: scripts/check-install.sh [--packages DIR] [SUITE…]" >&2; exit 2 ;;
    *) suites+=("$1"); shift ;;
  esac
done
[ ${#suites[@]} -gt 0 ] || suites=(bookworm trixie)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
readonly roots=${XMDB_ROOTS:-$work}
die() { printf 'check-install.sh: %s\n' "$*" >&2; exit 1; }
only() { [ $# -eq 1 ] && [ -f "$1" ] || die "$packages has not one package of a kind; run scripts/package.sh tar deb"; echo "$1"; }
tarball=$(only "$packages"/xmdb-*-linux-x86_64.tar.gz)
deb=$(only "$packages"/xmdb_*_amd64.deb)

inside() {  # inside COMMAND…: in the bare system, without network and with nothing of this one's environment
  unshare --mount --net --pid --fork --mount-proc="$root/proc" chroot "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin "$@"
}
files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./tmp -o -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache \) -prune -o -print | LC_ALL=C sort); }
clean() {  # clean WHAT: nothing of it is left
  files >"$work/after"
  diff "$work/before" "$work/after" >"$work/left" || die "$suite: after $1 there is: $(head -3 "$work/left" | tr '\n' ' ')"
}
job() { rm -rf "$root/tmp/job"; inside sh /tmp/main-job.sh "$1" /tmp/hyades /tmp/job; }

for suite in "${suites[@]}"; do
  root=$roots/$suite
  [ -d "$root/usr" ] || debootstrap --variant=minbase "$suite" "$root" >"$work/$suite.log" 2>&1 || die "$suite: $(tail -1 "$work/$suite.log")"
  mkdir -p "$root/tmp"
  cp -r examples/hyades packaging/main-job.sh "$root/tmp/"
  cp "$tarball" "$root/tmp/xmdb.tar.gz"; cp "$deb" "$root/tmp/xmdb.deb"
  files >"$work/before"
  printf '%s: glibc %s\n' "$suite" "$(inside ldd --version | sed -n '1s/.* //p')"

  inside sh -c 'mkdir "/opt/my xmdb" && tar -xzf /tmp/xmdb.tar.gz -C "/opt/my xmdb" --strip-components=1'
  job "/opt/my xmdb/bin/xmdb"
  inside rm -r "/opt/my xmdb"; clean "removing a folder"
  echo "  tarball in a folder: ok"

  inside tar -xzf /tmp/xmdb.tar.gz -C /usr/local --strip-components=1
  job xmdb
  inside /usr/local/lib/xmdb/uninstall.sh
  clean "uninstall.sh"
  echo "  tarball in /usr/local: ok"

  inside dpkg -i /tmp/xmdb.deb >/dev/null
  job xmdb
  inside dpkg --verify xmdb
  inside dpkg -P xmdb >/dev/null; clean "dpkg -P"
  echo "  Debian package: ok"
  rm -rf "$root"/tmp/*
done
