#!/bin/sh
# Parent of one driver: claims the attempt, runs the driver, records how it ended. Outlives the server.
# usage: supervisor.sh ATTEMPT_DIRECTORY PID_NAMESPACE SHELL
#
# Grammar of the record: ../record/grammar.ts. Builtins only, since each fork counts.

# Appends a line; on a full disk every second until it is there, after a newline that closes what was cut short.
append() {
  printf '%s .\n' "$1" >&3 && return
  until sleep 1; printf '\n%s .\n' "$1" >&3; do :; done
}

# The 22nd field of /proc/PID/stat, whose first two were cut off.
keep_start_ticks() {
  start_ticks=${20}
}

# A function, so that the shell has read the whole script before it does anything.
main() {
  # Caught, not ignored: the driver would inherit what is ignored.
  trap : TERM INT HUP
  cd / || exit
  [ -r "$1/order" ] || exit
  set -C
  until true >"$1/record"; do
    [ -d "$1" ] && ! [ -e "$1/record" ] || exit 0
    sleep 1
  done
  set +C
  exec 3>>"$1/record" 2>/dev/null

  IFS= read -r stat </proc/$$/stat
  IFS= read -r boot </proc/sys/kernel/random/boot_id
  keep_start_ticks ${stat##*) }
  append "supervisor $$ $start_ticks $boot $2"

  if true >>"$1/output/log"; then
    setsid "$3" "${0%/*}/../order/driver.sh" "$1" </dev/null >>"$1/output/log"
    code=$?
  else
    append 'refused log'
    code=125
  fi
  append "end $code"
  exit 0
}

main "$@"
