#!/bin/bash
# make-stand-in.sh: an image with the name of the one that deploy/Containerfile begins with, where no registry of images is to be reached.
# It has what that has: Debian's smallest system, the Node.js of this clone with an npm, and the user `node`. Made once for each Node.js, in
# some 70 s.
set -Eeuo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=common.sh
. "$here/common.sh"

version=$("$here/../node.sh" --version)
if [ "$(cat "$cache/stand-in" 2>/dev/null)" = "$version" ] && in_storage inspect --type image "$base" >/dev/null 2>&1; then exit; fi
say "makes a stand-in for $base, some 70 s; its log is $cache/log/stand-in.log"
mkdir -p "$cache/log"
scratch=$(mktemp -d "$cache/.making.XXXXXX")
container=
tidy_up() {
  [ -z "$container" ] || in_storage rm "$container" >/dev/null
  rm -rf --one-file-system "$scratch"
}
trap tidy_up EXIT
exec 3>&2
trap 'say "the stand-in could not be made: see $cache/log/stand-in.log" 2>&3' ERR

fill_root() {
  local root=$1 mirror
  # Wherever this machine has Debian's packages from.
  # shellcheck disable=SC2016 # apt-get expands them
  mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' | sed -n 's/^bookworm //p' | head -n 1)
  debootstrap --variant=minbase bookworm "$root" ${mirror:+"$mirror"}
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
  chroot "$root" groupadd --gid 1000 node
  chroot "$root" useradd --uid 1000 --gid node --shell /bin/bash --create-home node
  install "$("$here/../node.sh" --print process.execPath)" "$root/usr/local/bin/node"
  npm install --global --prefix "$root/usr/local" npm@11
  # npm in it is to trust whom npm trusts here.
  install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  install -d "$root/usr/local/etc"
  echo 'cafile=/etc/ssl/certs/ca-certificates.crt' >"$root/usr/local/etc/npmrc"
}

{
  fill_root "$scratch/root"
  tar -C "$scratch/root" --numeric-owner -cf "$scratch/root.tar" .
  container=$(in_storage from scratch)
  in_storage add --quiet "$container" "$scratch/root.tar" /
  in_storage config --cmd node "$container"
  in_storage commit --quiet "$container" "$base"
} >"$cache/log/stand-in.log" 2>&1 </dev/null
echo "$version" >"$cache/stand-in"
