# shellcheck shell=bash
# A Slurm cluster of two nodes on this machine's loopback, with two stand-in GPUs a node: to be sourced.
# All its files lie in $cluster; all its daemons end with cluster_stop, by their process ids.

: "${cluster:?the folder for its files}"

cluster_write() { # MAX_ARRAY_SIZE
  mkdir -p "$cluster"/{state,spool/n1,spool/n2,log}
  chmod 755 "$cluster"
  export SLURM_CONF=$cluster/slurm.conf
  cat >"$SLURM_CONF" <<END
ClusterName=emergence
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=26817
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$cluster/munge.socket,cred_expire=20
CredType=cred/munge
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool/%n
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd-%n.pid
SlurmctldLogFile=$cluster/log/slurmctld.log
SlurmdLogFile=$cluster/log/slurmd-%n.log
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=10
KillWait=20
MaxArraySize=$1
GresTypes=gpu
NodeName=n1 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=26818 CPUs=8 RealMemory=8000 Gres=gpu:2
NodeName=n2 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=26819 CPUs=8 RealMemory=8000 Gres=gpu:2
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
END
  # Any character devices do for the scheduler; nobody opens them.
  cat >"$cluster/gres.conf" <<END
NodeName=n1 Name=gpu File=/dev/null
NodeName=n1 Name=gpu File=/dev/zero
NodeName=n2 Name=gpu File=/dev/full
NodeName=n2 Name=gpu File=/dev/random
END
}

cluster_start() {
  head -c 1024 /dev/urandom >"$cluster/munge.key"
  chmod 400 "$cluster/munge.key"
  munged --foreground --force --key-file="$cluster/munge.key" --socket="$cluster/munge.socket" \
    --pid-file="$cluster/munged.pid" --log-file="$cluster/log/munged.log" --seed-file="$cluster/munge.seed" \
    >"$cluster/log/munged.out" 2>&1 &
  echo $! >"$cluster/munged.real"
  disown # the shell does not tell of its end
  await 30 "munged" test -S "$cluster/munge.socket"
  slurmctld -D -i >"$cluster/log/slurmctld.out" 2>&1 &
  echo $! >"$cluster/slurmctld.real"
  disown
  await 60 "slurmctld" scontrol ping
  node_start n1
  node_start n2
  await 60 "two idle nodes" both_idle
}

node_start() { # NODE
  slurmd -D -N "$1" >"$cluster/log/slurmd-$1.out" 2>&1 &
  echo $! >"$cluster/slurmd-$1.real"
  disown
}

both_idle() { [ "$(sinfo --noheader --Node --format='%N %t' | grep -c idle)" = 2 ]; }

# The daemons and, below the nodes' daemons, the steps and their children.
cluster_stop() {
  local name pid
  for name in slurmd-n1 slurmd-n2 slurmctld munged; do
    [ -f "$cluster/$name.real" ] || continue
    pid=$(cat "$cluster/$name.real")
    kill_tree "$pid"
  done
  # Steps outlive their daemon: each names its job's spool folder or the results folder here.
  for pid in $(pgrep -x slurmstepd) $(steps); do
    if grep -qzxF "SLURM_CONF=$cluster/slurm.conf" "/proc/$pid/environ" 2>/dev/null; then kill_tree "$pid"; fi
  done
}

# The daemon of each step on a node, which would tell the scheduler of its children's death.
step_daemons() { # NODE
  local job pid
  for job in $(squeue --noheader --nodelist="$1" --format=%A); do
    for pid in $(pgrep -f "^slurmstepd: \[$job\."); do
      grep -qzxF "SLURM_CONF=$cluster/slurm.conf" "/proc/$pid/environ" 2>/dev/null && echo "$pid"
    done
  done
  return 0
}

# Processes with this cluster's configuration in their environment: the steps and all that they started.
steps() {
  local pid
  for pid in $(ps -eo pid=); do
    [ "$pid" != $$ ] && grep -qzxF "SLURM_CONF=$cluster/slurm.conf" "/proc/$pid/environ" 2>/dev/null \
      && grep -qz '^SLURM_JOB_ID=' "/proc/$pid/environ" 2>/dev/null && echo "$pid"
  done
  return 0
}

kill_tree() { # PID
  local child
  for child in $(ps -o pid= --ppid "$1" 2>/dev/null); do kill_tree "$child"; done
  kill -KILL "$1" 2>/dev/null || true
}

# Waits until a command succeeds.
await() { # SECONDS WHAT COMMAND...
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || fail "waited in vain for $what"
    sleep 0.3
  done
}
