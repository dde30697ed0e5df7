#!/bin/bash
# build.sh FOLDER: builds deploy/Containerfile with buildah, in some 50 s, and puts into FOLDER what tests want to know of it:
#   about.json   what buildah says of it
#   root         a link to its files
#   context      the names of all files that were there to build it of
#   drover.tar   the image as an archive, localhost/drover:test; with --archive
# remove.sh ends it. Exits with 3, after a line that says why, where it cannot be built.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=common.sh
. "$here/common.sh"

folder=$(readlink -m "${1:?usage: build.sh FOLDER [--archive]}")
obstacle=$(why_not)
if [ -n "$obstacle" ]; then
  say "is not built: it $obstacle"
  exit 3
fi
install_packages buildah debootstrap runc
mkdir -p "$cache/log" "$folder"
exec 8>"$cache/lock"
flock -w 1200 8 || fail 'another script has been busy with it for 20 minutes'
"$here/make-stand-in.sh"

say "builds deploy/Containerfile; its log is $cache/log/build.log"
cd "$here/../.."
# The network of this machine, and no limits: it is not the build that is looked at.
build() {
  in_storage build --isolation chroot --pull-never "$@" . >>"$cache/log/build.log" 2>&1 </dev/null || fail "cannot be built: see $cache/log/build.log"
}
: >"$cache/log/build.log"
build --file deploy/Containerfile --tag "$image"
printf 'FROM scratch\nCOPY . /\n' >"$folder/Containerfile"
build --file "$folder/Containerfile" --tag "$image-context"

container=$(in_storage from --pull-never --name "drover-context-$$" "$image-context")
(cd "$(in_storage mount "$container")" && find . -type f -printf '%P\n') >"$folder/context"
in_storage rm "$container" >/dev/null
in_storage rmi "$image-context" >/dev/null

container=$(in_storage from --pull-never "$image")
echo "$container" >"$folder/container"
ln -sfn "$(in_storage mount "$container")" "$folder/root"
in_storage inspect --type image "$image" >"$folder/about.json"
[ "${2:-}" != --archive ] || in_storage push --quiet "$image" "docker-archive:$folder/drover.tar:$image"
