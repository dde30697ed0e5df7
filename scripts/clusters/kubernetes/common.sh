# shellcheck shell=bash
# What the scripts of this folder share: where things lie, how daemons are started and ended. Sourced, never run.

cache=$(readlink -m "${XDG_CACHE_HOME:-$HOME/.cache}/drover/kubernetes")
binaries=(kube-apiserver kube-controller-manager kube-scheduler kubelet)
# shellcheck source=../../install-packages.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../install-packages.sh"

say() {
  printf 'kubernetes test cluster: %s\n' "$*" >&2
}

fail() {
  say "$@"
  exit 1
}

# why_not: one line that says why this machine cannot run the cluster; nothing where it can
why_not() {
  if [ "$(id -u)" != 0 ]; then
    echo 'needs root'
  elif ! command -v apt-get >/dev/null || ! command -v dpkg-source >/dev/null && ! command -v dpkg >/dev/null; then
    echo 'needs Debian, whose packages it is made of'
  elif ! grep -qs ' /sys/fs/cgroup/memory cgroup rw' /proc/mounts; then
    echo 'needs a writable cgroup v1 at /sys/fs/cgroup/memory'
  fi
}

are_built() {
  local name
  for name in "${binaries[@]}"; do
    [ -x "$cache/bin/$name" ] || return 1
  done
}

# A daemon is known by DIRECTORY/run/NAME.pid and the start time in DIRECTORY/run/NAME.started, since pids are used again.
started_at() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  case $1 in Z | X) return 1 ;; esac
  echo "${20}"
}

live_pid() {
  local pid started
  pid=$(cat "$directory/run/$1.pid" 2>/dev/null) || return 1
  started=$(cat "$directory/run/$1.started" 2>/dev/null) || return 1
  [ -n "$pid" ] && [ "$(started_at "$pid")" = "$started" ] && echo "$pid"
}

remember() {
  started_at "$2" >"$directory/run/$1.started"
  echo "$2" >"$directory/run/$1.pid"
}

# daemon NAME COMMAND...: starts it in a session of its own unless it lives. COMMAND must not fork away.
daemon() {
  local name=$1
  shift
  live_pid "$name" >/dev/null && return
  setsid "$@" </dev/null >>"$directory/log/$name.log" 2>&1 8>&- &
  remember "$name" $!
}

# end_daemons NAME...: asks all, waits up to 10 s for each, then kills
end_daemons() {
  local name pid tries
  for name; do
    if pid=$(live_pid "$name"); then kill "$pid" 2>/dev/null; fi
  done
  for name; do
    for ((tries = 0; tries < 100; tries++)); do
      live_pid "$name" >/dev/null || break
      sleep 0.1
    done
    if pid=$(live_pid "$name"); then kill -KILL "$pid"; fi
    rm -f "$directory/run/$name.pid" "$directory/run/$name.started"
  done
}

# patiently SECONDS WHAT COMMAND...: repeats the command until it succeeds
patiently() {
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$until" ] || fail "gave up waiting for $what: see $directory/log"
    sleep 0.1
  done
}
