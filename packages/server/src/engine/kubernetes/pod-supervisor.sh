# Parent of one driver, and the first process of its container: waits for the word of the courier, runs the driver, ends what
# that leaves behind, and records how it ended. Needs a shell, mkfifo and setsid, as nearly every image has them.
# usage: sh -c THIS_TEXT drover FOLDER PATIENCE [ATTEMPT TOKEN SERVER]
#
# FOLDER is shared with the courier: `control` leads from it to here, `record` from here to it (grammar: ../record/grammar.ts). A courier
# that goes away is waited for PATIENCE seconds. One that serves all pods of the node reads in `ticket` for whom it works here.
# In a container nothing else has processes, so that signalling all of them (kill -1) reaches the driver's tree and nothing else.

append() {
  printf '%s .\n' "$1" >&3 && return
  until sleep 1; printf '\n%s .\n' "$1" >&3; do :; done
}

# Passes signals on, as the courier names them. SIGKILL from here reaches all but this process and the first one.
obey() {
  trap '' TERM INT HUP
  while :; do
    while IFS= read -r word <&4; do
      kill "-$word" -1
    done
    # There is no courier now.
    sleep 1
  done
}

# Whether there is any live process but this one, the one that obeys, and what that waits with.
has_others() {
  for entry in /proc/[0-9]*; do
    case ${entry#/proc/} in $$ | "$obeying") continue ;; esac
    { IFS= read -r stat <"$entry/stat"; } 2>/dev/null || continue
    case ${stat##*) } in Z* | X* | "? $obeying "*) ;; *) return 0 ;; esac
  done
  return 1
}

end_others() {
  has_others || return
  kill -TERM -1
  tenths=$((grace_ms / 100))
  while [ "$tenths" -ge 0 ] && has_others; do
    sleep 0.1 2>/dev/null || sleep 1
    tenths=$((tenths - 1))
  done
  while has_others; do
    kill -KILL -1
    sleep 0.1 2>/dev/null || sleep 1
  done
}

# From version 2 of cgroups, or from version 1.
ran_out_of_memory() {
  for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [ -r "$file" ] || continue
    while read -r name count; do
      [ "$name" != oom_kill ] || [ "$count" = 0 ] || return 0
    done <"$file"
  done
  return 1
}

# Waits until the courier says that the server has all output. Where none does, the end of it (4 MiB at most, as kubelets keep only so
# much in one file) goes to where Kubernetes keeps what containers print, behind a line that says which bytes these are.
take_leave() {
  left=$2
  while :; do
    while IFS= read -r word <&4; do
      [ "$word" != bye ] || return
    done
    [ "$left" -gt 0 ] || break
    left=$((left - 1))
    sleep 1
  done
  size=$(wc -c <"$1/output/log")
  # Some put blanks around it; and where there is nothing to be counted, or with, that is no reason to end otherwise than the driver.
  size=${size##* }
  case $size in '' | *[!0-9]*) return ;; esac
  from=$((size > 4194304 ? size - 4194304 : 0))
  echo "drover-output $from $size"
  tail -c "+$((from + 1))" "$1/output/log"
}

main() {
  trap : TERM INT HUP
  cd / || exit
  # The courier may have another user, and nobody else sees this volume.
  mask=$(umask)
  umask 0
  rm -f "$1/control"
  mkfifo "$1/control" || exit 125
  [ $# -lt 5 ] || echo "$3 $4 $5 ." >"$1/ticket"
  exec 4<"$1/control"
  true >"$1/listens"
  until IFS= read -r word <&4; do
    [ "$2" -gt 0 ] && ! [ -e "$1/ending" ] || break
    sleep 1
  done
  case $word in
    go\ *) grace_ms=${word#go } ;;
    *)
      # Kubernetes shows it with the container's end.
      echo 'no driver was started' >/dev/termination-log
      exit 0
      ;;
  esac
  exec 3>>"$1/record" 2>/dev/null
  obey 3>&- &
  obeying=$!

  if true >>"$1/output/log"; then
    umask "$mask"
    setsid /bin/sh "$1/driver.sh" "$1" </dev/null >>"$1/output/log" 4<&-
    code=$?
  else
    append 'refused log'
    code=125
  fi
  end_others
  if ran_out_of_memory; then append oom; fi
  # Nothing is left to be ended, and what comes over the pipe after the end is for this process.
  kill -KILL "$obeying"
  # No signal is to cut the leave short.
  trap '' TERM INT HUP
  append "end $code"
  take_leave "$1" "$2"
  exit "$code"
}

main "$@"
