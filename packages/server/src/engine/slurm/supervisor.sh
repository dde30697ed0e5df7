# Parent of one driver on a node of Slurm: claims the attempt, runs the driver, ends what it leaves behind, records how it ended.
# What is submitted is this text after `#!/bin/sh` and lines that set drover_attempt (the attempt's directory, which the server sees
# as well), drover_id, drover_grace (in hundredths of a second), drover_tick (seconds between two looks whether a stop was asked for;
# every third is a sign of life) and drover_driver (the text of ../order/driver.sh).
#
# Grammar of the record: ../record/grammar.ts. The record is opened for each line: closing it is what sends the line to the server
# of a network file system. Signals reach this process alone (from Drover) or all of the job (from Slurm).

drover_record=$drover_attempt/record
# Ends with it, in Slurm's eyes, where there is no driver's code to end with.
NOT_OURS=113
TICKS_PER_SIGN=3

append() {
  printf '%s .\n' "$1" 2>/dev/null >>"$drover_record" && return
  until sleep 1; printf '\n%s .\n' "$1" 2>/dev/null >>"$drover_record"; do :; done
}

# The 22nd field of /proc/PID/stat, whose first two were cut off.
keep_start_ticks() {
  start_ticks=${20}
}

# Hundredths of a second since boot.
look_at_clock() {
  read -r now _ </proc/uptime
  now=${now%.*}${now#*.}
}

runs() {
  read -r stat 2>/dev/null <"/proc/$1/stat" || return
  case ${stat##*) } in [ZX]*) return 1 ;; esac
}

# What the other processes of this script have written.
read_record() {
  while read -r kind value _; do
    case $kind in
      runner) runner=$value ;;
      driver) driver=$value ;;
      exited) code=$value ;;
    esac
  done <"$drover_record"
}

# Whether the driver has ended, or nobody is left who could tell.
is_over() {
  read_record
  [ -n "$code" ] && return
  [ -n "$runner" ] && ! runs "$runner"
}

# The cgroup that Slurm has made for the batch script, if it has: all processes of the attempt are in it.
find_cgroup() {
  procs= memory=
  while IFS=: read -r _ controllers path; do
    case $path in */job_"$SLURM_JOB_ID"/*) ;; *) continue ;; esac
    case ,$controllers, in
      ,,) directory=/sys/fs/cgroup$path memory=$directory/memory.events ;;
      *,memory,*) directory=/sys/fs/cgroup/$controllers$path memory=$directory/memory.oom_control ;;
      *) directory=/sys/fs/cgroup/${controllers#name=}$path ;;
    esac
    [ -r "$directory/cgroup.procs" ] && procs=$directory/cgroup.procs
  done </proc/self/cgroup
}

saw_oom_kill() {
  [ -r "$memory" ] || return
  while read -r name count; do
    [ "$name" = oom_kill ] && [ "$count" -gt 0 ] && return
  done <"$memory"
  return 1
}

# Keeps the pids of what runs for the attempt, beside this script. No child of it may run meanwhile.
find_members() {
  members=
  if [ -n "$procs" ]; then
    while read -r pid; do
      case $pid in "$$" | "$runner") ;; *) runs "$pid" && members="$members $pid" ;; esac
    done <"$procs"
    return
  fi
  for path in $(grep -lzxF "DROVER_ATTEMPT=$drover_id" /proc/[0-9]*/environ 2>/dev/null); do
    path=${path%/environ}
    members="$members ${path#/proc/}"
  done
  if [ -n "$driver" ]; then
    for pid in $(ps -o pid= -s "$driver" 2>/dev/null); do runs "$pid" && members="$members $pid"; done
  fi
}

# Asks those that were not asked before to end, and lets run what is stopped: else it would not hear of it.
ask_members() {
  for pid in $members; do
    case " $asked_pids " in *" $pid "*) continue ;; esac
    asked_pids="$asked_pids $pid"
    kill -s "$signal" "$pid" 2>/dev/null
    kill -s CONT "$pid" 2>/dev/null
  done
}

# A tree that forks must not outrun this: it is stopped before it is killed.
kill_members() {
  stopped= grown=1
  while [ -n "$grown" ]; do
    grown=
    for pid in $members; do
      case " $stopped " in *" $pid "*) continue ;; esac
      stopped="$stopped $pid" grown=1
      kill -s STOP "$pid" 2>/dev/null
    done
    [ -n "$grown" ] && find_members
  done
  for pid in $members; do kill -s KILL "$pid" 2>/dev/null; done
}

# Looks whether the server, or a signal from elsewhere, asks for an end; it may ask again, for an earlier one.
heed_stop() {
  is_signalled=$signalled signalled=
  if read -r wanted grace mark 2>/dev/null <"$drover_attempt/stop" && [ "$mark" = . ]; then
    [ "$wanted $grace" = "$heeded" ] && return
    heeded="$wanted $grace"
  elif [ -n "$is_signalled" ] && [ -z "$heeded" ]; then
    wanted=TERM grace=$drover_grace heeded=elsewhere
    append asked
  else
    return
  fi
  look_at_clock
  [ "$wanted" = "$signal" ] || asked_pids=
  signal=$wanted
  [ -n "$deadline" ] && [ "$deadline" -le $((now + grace)) ] || deadline=$((now + grace))
}

# A signal that comes before the wait for a nap would not be seen until the nap is over. SIGKILL, since what is about to become the
# nap may still have this script's handlers.
end_nap() {
  [ -z "$nap" ] || kill -s KILL "$nap" 2>/dev/null
}

# What a driver writes stays on this machine for a while, where the file server is another.
flush_log() {
  [ -n "$file_system" ] || file_system=$(stat -f -c %T "$drover_attempt" 2>/dev/null) || file_system=unknown
  case $file_system in nfs*) sync "$drover_attempt/output/log" 2>/dev/null ;; esac
}

# Does what is due now and then, by the clock: whatever goes on, the server has to see that this lives.
tick_if_due() {
  look_at_clock
  [ "$now" -ge "$tick_at" ] || return
  tick_at=$((now + drover_tick * 100)) ticks=$((ticks + 1))
  [ $((ticks % TICKS_PER_SIGN)) -ne 0 ] || echo "$ticks" >"$drover_attempt/alive"
  flush_log
}

wait_for_end() {
  look_at_clock
  tick_at=$((now + drover_tick * 100)) ticks=0
  # What a signal tells is there before it: one that comes after this looks again.
  until ended=; is_over; do
    heed_stop
    [ -n "$deadline" ] && return
    # Short naps, since some shells miss a signal that comes as they begin to wait; files are looked at after several.
    naps=0
    while [ -z "$signalled$ended" ] && [ "$naps" -lt "$drover_tick" ]; do
      sleep 1 &
      nap=$!
      [ -n "$signalled$ended" ] || wait "$nap" 2>/dev/null
      end_nap
      nap= naps=$((naps + 1))
    done
    [ -n "$signalled$ended" ] || tick_if_due
  done
}

# Ends what runs: asks, has patience, kills. Two looks in a row must find nothing.
end_all() {
  empty=0 pause=0.02
  while :; do
    heed_stop
    find_members
    if [ -z "$members" ] && is_over; then
      empty=$((empty + 1))
      [ "$empty" -ge 2 ] && return
      continue
    fi
    empty=0
    tick_if_due
    if [ -z "$deadline" ]; then signal=TERM deadline=$((now + drover_grace)); fi
    if [ "$now" -ge "$deadline" ]; then kill_members; else ask_members; fi
    sleep "$pause"
    [ "$pause" = 0.02 ] && pause=0.05 || pause=0.1
  done
}

supervise() {
  signalled= ended= heeded= deadline= signal= asked_pids= runner= driver= code= nap= file_system=
  # Caught, not ignored: the driver would inherit what is ignored.
  trap 'signalled=1; end_nap' TERM INT HUP
  trap 'ended=1; end_nap' USR2
  # Of use to some drivers, whom Slurm's `scancel --full` sends them together with this.
  trap : USR1 QUIT
  cd / || exit
  [ -r "$drover_attempt/order" ] || exit "$NOT_OURS"
  set -C
  until true 2>/dev/null >"$drover_record"; do
    [ -d "$drover_attempt" ] && ! [ -e "$drover_record" ] || exit "$NOT_OURS"
    sleep 1
  done
  set +C

  IFS= read -r stat </proc/$$/stat
  IFS= read -r boot </proc/sys/kernel/random/boot_id
  keep_start_ticks ${stat##*) }
  append "supervisor $$ $start_ticks $boot slurm"
  append "place $SLURM_JOB_ID ${SLURMD_NODENAME:-unknown}"
  find_cgroup

  # In the foreground: in the background it would ignore SIGINT and SIGQUIT, and so would the driver.
  if setsid -f /bin/sh "$0" run "$$"; then
    wait_for_end
    end_all
  else
    append 'refused order'
    code=125
  fi
  [ -n "$code" ] || exit "$NOT_OURS"
  saw_oom_kill && append oom
  append "end $code"
  exit "$code"
}

# In a session of its own. Its parent has gone on; the supervisor hears of the driver's end by a signal.
run_driver() {
  trap : TERM INT HUP USR1 USR2 QUIT
  append "runner $$"
  if true 2>/dev/null >>"$drover_attempt/output/log"; then
    setsid /bin/sh -c "$drover_driver" driver.sh "$drover_attempt" </dev/null >>"$drover_attempt/output/log" 3>>"$drover_record"
    run_code=$?
  else
    append 'refused log'
    run_code=125
  fi
  append "exited $run_code"
  kill -s USR2 "$1" 2>/dev/null
  exit 0
}

case ${1-} in
  run) run_driver "$2" ;;
  *) supervise ;;
esac
