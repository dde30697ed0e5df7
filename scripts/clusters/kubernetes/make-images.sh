#!/bin/bash
# make-images.sh FOLDER: archives of the images that pods of the tests run, made of this machine's own files, into FOLDER.
#   pause    what holds a pod's network
#   busybox  the smallest image that has a shell: nothing but busybox
#   debian   dash, bash, coreutils, util-linux' setsid, python3 and the libraries that a Node.js from outside needs; it is the image of
#            drivers, and the couriers' too (their Node.js and their program come from a volume)
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$(readlink -f "$0")")/common.sh"

folder=$1
mkdir -p "$folder"
[ ! -s "$folder/debian.tar" ] || exit 0
scratch=$(mktemp -d "$folder/.making.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
settings='"Env":["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin","LANG=C.UTF-8"],"WorkingDir":"/"'

# root_with_busybox ROOT: the folders of a merged /usr, two users, and busybox
root_with_busybox() {
  mkdir -p "$1"/{etc,proc,sys,dev,root,tmp,usr/{bin,sbin,lib,lib64}}
  ln -s usr/bin usr/sbin usr/lib usr/lib64 "$1/"
  chmod 1777 "$1/tmp"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$1/etc/group"
  cp "$(command -v busybox)" "$1/usr/bin/busybox"
}

# link_applets ROOT: a name for each command of busybox that is not there from elsewhere
link_applets() {
  local applet
  for applet in $(busybox --list); do
    [ -e "$1/usr/bin/$applet" ] || [ -e "$1/usr/sbin/$applet" ] || ln -s busybox "$1/usr/bin/$applet"
  done
}

# copy_packages ROOT PACKAGE...: the programs and libraries of installed packages, and the shared libraries that those want
copy_packages() {
  local root=$1
  shift
  dpkg -L "$@" | sed -E 's|^/(bin\|sbin\|lib\|lib64)/|/usr/\1/|' | grep -E '^/(usr/(bin|sbin|lib)|etc/python3[^/]*)/' | grep -v /gconv/ | sort -u |
    while read -r path; do [ -d "$path" ] && [ ! -L "$path" ] || [ ! -e "$path" ] || echo "${path#/}"; done >"$scratch/paths"
  tar -C / -cf - --no-recursion -T "$scratch/paths" | tar -C "$root" -xf -
  { find "$root/usr" -type f \( -perm -u+x -o -name '*.so*' \) -exec ldd {} + 2>/dev/null || :; } |
    grep -Eo '/[^ :]+' | grep -v "^$root" | sed -E 's|^/(lib\|lib64)/|/usr/\1/|' | sort -u >"$scratch/libraries"
  while read -r path; do
    [ ! -f "$path" ] || [ -e "$root$path" ] || install -D "$path" "$root$path"
  done <"$scratch/libraries"
}

# archive NAME ROOT CONFIG: one image of one layer, in the form that `docker save` writes
archive() {
  local parts=$scratch/$1.parts layer config
  mkdir "$parts"
  tar --numeric-owner --owner=0 --group=0 -C "$2" -cf "$parts/layer.tar" .
  layer=$(sha256sum "$parts/layer.tar" | cut -d ' ' -f 1)
  printf '{"architecture":"%s","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(dpkg --print-architecture)" "$3" "$layer" >"$scratch/config"
  config=$(sha256sum "$scratch/config" | cut -d ' ' -f 1)
  mv "$scratch/config" "$parts/$config.json"
  printf '[{"Config":"%s.json","RepoTags":["localhost/%s:1"],"Layers":["layer.tar"]}]' "$config" "$1" >"$parts/manifest.json"
  tar -C "$parts" -cf "$scratch/$1.tar" manifest.json "$config.json" layer.tar
  mv "$scratch/$1.tar" "$folder/$1.tar"
  rm -rf "$parts"
}

say 'makes images'
small=$scratch/small large=$scratch/large
root_with_busybox "$small"
link_applets "$small"
archive pause "$small" "{$settings,\"Entrypoint\":[\"/usr/bin/sleep\",\"2147483647\"]}"
archive busybox "$small" "{$settings}"

root_with_busybox "$large"
python=$(basename "$(readlink -f /usr/bin/python3)")
copy_packages "$large" dash bash coreutils util-linux grep tar python3-minimal "$python-minimal" "lib$python-minimal" libc6 libgcc-s1 libstdc++6 libatomic1
link_applets "$large"
# Without what it was made for the image is none.
chroot "$large" /bin/sh -c 'bash -c : && setsid true && python3 -c "import os, sys" && mkfifo /tmp/x && rm /tmp/x && tar --version >/dev/null'
archive debian "$large" "{$settings}"
