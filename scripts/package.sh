#!/usr/bin/env bash
# Makes packages that run on other machines out of the release build (docs/install.md). Needs ./setup once.
#   scripts/package.sh [tar] [deb] [wheel]    into dist/; without a word all three
#   scripts/package.sh --to DIR …             into another folder
#   scripts/package.sh --install PREFIX       the program's files into PREFIX/bin, lib, share; ./setup --prefix calls this
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 022

say() { printf '[package] %s\n' "$*"; }
die() { printf '[package] error: %s\n' "$*" >&2; exit 1; }
wrong() { echo "package.sh: $1; use: scripts/package.sh [--to DIR] [tar] [deb] [wheel], or --install PREFIX" >&2; exit 2; }

target=dist prefix='' kinds=()
while [ $# -gt 0 ]; do
  case $1 in
    --to) target=${2:-}; [ -n "$target" ] || wrong "--to has no folder"; shift 2 ;;
    --install) prefix=${2:-}; [ -n "$prefix" ] || wrong "--install has no folder"; shift 2 ;;
    tar | deb | wheel) kinds+=("$1"); shift ;;
    *) wrong "'$1' is not known" ;;
  esac
done
[ ${#kinds[@]} -gt 0 ] || kinds=(tar deb wheel)

# Of the Debian package.
export MAINTAINER='The xmdb authors <xmdb@example.org>'
readonly build=${XMDB_BUILD:-.build/release}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
readonly tree=$work/tree
# Files are as old as the commit, so that the same commit gives the same package.
epoch=$(git log -1 --format=%ct 2>/dev/null || date +%s)

manual_tool() {  # The parser's own writer of manual pages, which comes with its package.
  [ -x "$build/generate-manual" ] || swift build -c release --product generate-manual --quiet >&2
  realpath "$build/generate-manual"
}

add_manual() {
  local folder=$tree/share/man/man1 page name command
  mkdir -p "$folder" "$work/man"
  "$(manual_tool)" "$tree/bin/xmdb" --multi-page --date "$(date -u -d "@$epoch" +%F)" -o "$work/man" >/dev/null
  for page in "$work"/man/*.1; do
    name=$(basename "$page" .1 | sed 's/\./-/')
    command=${name/-/ }
    # Pages are called as git's are, `xmdb-match` for `xmdb match`, and a paragraph is marked as one.
    sed -E -e 's/^$/.Pp/' -e "s/^\.Dt .*/.Dt ${name^^} 1/" -e 's/^\.Xr xmdb\./.Xr xmdb-/' \
      -e "s/^\.Nm .*/.Nm $name/" -e "s/^\.Nm\$/.Nm $command/" "$page" | gzip -9n >"$folder/$name.1.gz"
  done
}

add_completions() {
  local xmdb=$tree/bin/xmdb
  mkdir -p "$tree/share/bash-completion/completions" "$tree/share/zsh/site-functions" "$tree/share/fish/vendor_completions.d"
  "$xmdb" --generate-completion-script bash | sed '1{/^#!/d}' >"$tree/share/bash-completion/completions/xmdb"
  "$xmdb" --generate-completion-script zsh >"$tree/share/zsh/site-functions/_xmdb"
  "$xmdb" --generate-completion-script fish >"$tree/share/fish/vendor_completions.d/xmdb.fish"
}

make_tree() {
  [ -d "$tree" ] && return
  say "linking the program and the extension for other machines"
  packaging/link.sh "$tree"
  packaging/check-needs.py "$tree" || die "what was linked asks for more than docs/install.md promises"
  add_manual
  add_completions
  local doc=$tree/share/doc/xmdb
  mkdir -p "$doc/examples"
  packaging/licences.sh "$doc"
  cp README.md CHANGELOG.md "$doc/"
  git ls-files docs | while read -r file; do install -Dm 644 "$file" "$doc/$file"; done
  git ls-files examples/hyades examples/notebook | while read -r file; do install -Dm 644 "$file" "$doc/$file"; done
  install -m 755 packaging/uninstall.sh "$tree/lib/xmdb/uninstall.sh"
  (cd "$tree" && find . ! -type d -printf '%P\n' && echo lib/xmdb/files) | LC_ALL=C sort >"$work/files"
  mv "$work/files" "$tree/lib/xmdb/files"
  version=$("$tree/bin/xmdb" version | sed -n 's/^xmdb //p')
  find "$tree" -exec touch -hd "@$epoch" {} +
}

make_tar() {
  local name=xmdb-$version-linux-x86_64
  tar -C "$work" --transform "s,^tree,$name,S" --sort=name --owner=0 --group=0 --numeric-owner -cf - tree | gzip -9n >"$target/$name.tar.gz"
  say "$target/$name.tar.gz: $(size "$target/$name.tar.gz")"
}

make_deb() {
  local root=$work/deb usr=$work/deb/usr package
  rm -rf "$root"; mkdir -p "$root/DEBIAN"; cp -a "$tree" "$usr"
  rm "$usr/lib/xmdb/uninstall.sh" "$usr/lib/xmdb/files"
  mkdir -p "$usr/share/zsh/vendor-completions" && mv "$usr"/share/zsh/site-functions/_xmdb "$usr/share/zsh/vendor-completions/"
  rmdir "$usr/share/zsh/site-functions"
  packaging/deb/control.sh "$version-1" "$(du -k --apparent-size -s "$usr" | cut -f1)" >"$root/DEBIAN/control"
  packaging/deb/documents.sh "$usr/share/doc/xmdb" "$version" "$epoch"
  (cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  find "$root" -exec touch -hd "@$epoch" {} +
  package=$target/xmdb_$version-1_amd64.deb
  SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group -Zxz -b "$root" "$package" >/dev/null
  say "$package: $(size "$package")"
}

make_wheel() { packaging/wheel.sh "$tree" "$target"; }

size() { du -sh --apparent-size "$1" | cut -f1; }

make_tree
if [ -n "$prefix" ]; then
  mkdir -p "$prefix"
  cp -a --no-preserve=ownership "$tree/." "$prefix/"
  say "installed in $prefix ($(size "$tree")); $prefix/lib/xmdb/uninstall.sh removes it"
  exit
fi
mkdir -p "$target"
say "the tree: $(size "$tree")"
for kind in "${kinds[@]}"; do "make_$kind"; done
