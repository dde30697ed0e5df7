#!/bin/sh
# npm start: sets up what is missing, builds, serves. Arguments go to `drover serve`.
set -eu
here=$(dirname "$0")
sh "$here/setup.sh" >&2
sh "$here/build.sh" >&2
exec "$here/../packages/server/bin/drover" serve "$@"
