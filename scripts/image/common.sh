# shellcheck shell=bash
# What the scripts of this folder share: where things lie, and what they need. Sourced, never run.

cache=$(readlink -m "${XDG_CACHE_HOME:-$HOME/.cache}/drover/image")
# shellcheck source=../install-packages.sh
. "$(dirname "${BASH_SOURCE[0]}")/../install-packages.sh"
base=docker.io/library/node:24-bookworm-slim
image=localhost/drover:test

say() {
  printf 'image: %s\n' "$*" >&2
}

fail() {
  say "$@"
  exit 1
}

# A storage of its own: what stands in for the base image has the name of the real one, and nobody else is to take it for that.
in_storage() {
  buildah --root "$cache/storage" --runroot /run/drover-test-image "$@"
}

# why_not: one line that says what is missing here to build the image and to run it; nothing where all is there
why_not() {
  local missing
  if [ "$(id -u)" != 0 ]; then
    echo 'needs root'
  elif ! command -v apt-get >/dev/null; then
    echo 'needs Debian, whose packages the stand-in for the base image is made of'
  elif [ "${DROVER_TEST_INSTALL:-}" != 1 ] && missing=$(missing_packages buildah debootstrap runc | paste -s -d ' ') && [ -n "$missing" ]; then
    echo "needs the packages $missing; DROVER_TEST_INSTALL=1 allows to add them"
  fi
}
