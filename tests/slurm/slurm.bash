# SPDX-License-Identifier: GPL-3.0-or-later
# A private Slurm of this one machine: its daemons listen on the loopback alone, need neither root nor
# systemd, and end with stop_slurm.

# start_slurm FOLDER: a short path, for the sockets in it
start_slurm()
{
    place=$1
    mkdir -p "$place/munge" "$place/key" "$place/state" "$place/spool"
    chmod 755 "$place" "$place/munge"
    chmod 700 "$place/key"
    head -c 1024 /dev/urandom >"$place/key/munge.key"
    chmod 600 "$place/key/munge.key"
    /usr/sbin/munged --force --key-file="$place/key/munge.key" --socket="$place/munge/socket" \
        --pid-file="$place/munge/pid" --log-file="$place/munge/log" --seed-file="$place/munge/seed"
    user=$(id -un)
    host=$(hostname -s)
    base=$((20000 + RANDOM % 20000))
    cat >"$place/slurm.conf" <<END
ClusterName=polyhebb
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
SlurmctldPort=$base
SlurmdPort=$((base + 1))
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket=$place/munge/socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/affinity
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2,requeue_delay=1
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$place/jobs
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool
SlurmctldPidFile=$place/ctld.pid
SlurmdPidFile=$place/slurmd.pid
SlurmctldLogFile=$place/ctld.log
SlurmdLogFile=$place/slurmd.log
ReturnToService=2
KillWait=5
MinJobAge=600
MaxArraySize=1001
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=${MEMORY:-2000} State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:8
END
    export SLURM_CONF=$place/slurm.conf
    /usr/sbin/slurmctld -c -f "$SLURM_CONF"
    /usr/sbin/slurmd -f "$SLURM_CONF"
    for _ in $(seq 100); do
        [ "$(sinfo -h -o %T 2>/dev/null)" != idle ] || return 0
        sleep 0.2
    done
    tail -n 20 "$place/ctld.log" "$place/slurmd.log" >&2
    return 1
}

stop_slurm()
{
    scancel -u "$(id -un)" 2>/dev/null
    scontrol shutdown 2>/dev/null
    sleep 1
    kill "$(cat "$place/munge/pid")" 2>/dev/null
    rm -rf "$place"
}

# jobs_end [SECONDS]: no job is waiting or running any more
jobs_end()
{
    for _ in $(seq $((5 * ${1:-120}))); do
        [ -n "$(squeue -h 2>/dev/null)" ] || return 0
        sleep 0.2
    done
    squeue >&2
    return 1
}
