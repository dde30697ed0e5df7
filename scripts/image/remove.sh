#!/bin/bash
# remove.sh FOLDER: removes FOLDER, which build.sh filled, and the image. The stand-in for its base image stays for the next one.
set -uo pipefail
# shellcheck source=common.sh
. "$(dirname "$(readlink -f "$0")")/common.sh"

folder=$(readlink -m "${1:?usage: remove.sh FOLDER}")
[ ! -s "$folder/container" ] || in_storage rm "$(<"$folder/container")" >/dev/null
# One that another run has a container of stays until that one ends.
[ ! -s "$folder/container" ] || in_storage rmi "$image" >/dev/null 2>&1
rm -rf --one-file-system "$folder"
