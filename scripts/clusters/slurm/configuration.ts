import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { accountingLines } from './accounting.ts';

/** How a test cluster is made. Nodes claim what they are told to, whatever the machine has. */
export interface ClusterShape {
  /** Names that no other cluster on this machine has: cgroups are called by them. */
  nodes: readonly string[];
  cpusPerNode: number;
  memoryMbPerNode: number;
  /** How long ended jobs are remembered. */
  minJobAgeSeconds: number;
  /** Whether slurmdbd keeps books of ended jobs; what that takes is there, see `provideAccounting`. */
  hasAccounting: boolean;
}

export interface ClusterPorts {
  controller: number;
  accounting: number;
  /** One for each node. */
  nodes: readonly number[];
}

/** Text of `slurm.conf` for a cluster that lies below `directory`. */
export function slurmConf(directory: string, shape: ClusterShape, ports: ClusterPorts): string {
  const host = hostname().split('.')[0];
  const plugins = canWriteCgroupsV1()
    ? { track: 'cgroup', task: 'cgroup', gather: 'cgroup' }
    : // Then no memory limit is in force, and Slurm does not end what a job leaves behind.
      { track: 'linuxproc', task: 'none', gather: 'none' };
  return lines([
    'ClusterName=drover-test',
    `SlurmctldHost=${host}(127.0.0.1)`,
    `SlurmctldPort=${ports.controller}`,
    'SlurmUser=slurm',
    'AuthType=auth/munge',
    `AuthInfo=socket=${directory}/munge/socket`,
    'CryptoType=crypto/munge',
    'AuthAltTypes=auth/jwt',
    `AuthAltParameters=jwt_key=${directory}/jwt.key`,
    `SlurmctldPidFile=${directory}/state/slurmctld.pid`,
    `StateSaveLocation=${directory}/state`,
    `SlurmdPidFile=${directory}/spool/%n/slurmd.pid`,
    `SlurmdSpoolDir=${directory}/spool/%n`,
    'SlurmdParameters=config_overrides',
    `ProctrackType=proctrack/${plugins.track}`,
    `TaskPlugin=task/${plugins.task}`,
    `JobAcctGatherType=jobacct_gather/${plugins.gather}`,
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_CPU_Memory',
    'SchedulerType=sched/backfill',
    'SchedulerParameters=batch_sched_delay=0,sched_min_interval=1000,bf_interval=2,bf_continue,default_queue_depth=1000',
    'EpilogMsgTime=10',
    ...(shape.hasAccounting
      ? accountingLines(directory, ports.accounting)
      : ['AccountingStorageType=accounting_storage/none']),
    'ReturnToService=2',
    'SlurmdTimeout=10',
    'SlurmctldTimeout=30',
    'InactiveLimit=0',
    'KillWait=5',
    `MinJobAge=${shape.minJobAgeSeconds}`,
    'MaxJobCount=50000',
    'MpiDefault=none',
    'GresTypes=gpu,npu',
    ...shape.nodes.map(
      (name, index) =>
        `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports.nodes[index]} CPUs=${shape.cpusPerNode} ` +
        `RealMemory=${shape.memoryMbPerNode} Feature=${index === 0 ? 'first' : 'other'} Gres=gpu:2,npu:1 State=UNKNOWN`,
    ),
    'PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP DefMemPerCPU=64',
    `PartitionName=first Nodes=${shape.nodes[0]} MaxTime=INFINITE State=UP DefMemPerCPU=64`,
    'PartitionName=brief Nodes=ALL MaxTime=1 OverTimeLimit=0 State=UP DefMemPerCPU=64',
  ]);
}

/** Devices of a test cluster: files that every machine has stand for them. */
export const GRES_CONF = lines(['Name=gpu File=/dev/null', 'Name=gpu File=/dev/zero', 'Name=npu Count=1']);

export const CGROUP_CONF = lines([
  'CgroupPlugin=cgroup/v1',
  'CgroupMountpoint=/sys/fs/cgroup',
  'CgroupAutomount=no',
  'ConstrainRAMSpace=yes',
]);

/** Whether Slurm can limit memory here, and hold together what a job starts. */
export function canWriteCgroupsV1(): boolean {
  if (!existsSync('/sys/fs/cgroup/memory')) return false;
  const trial = `/sys/fs/cgroup/memory/drover-trial-${process.pid}`;
  try {
    mkdirSync(trial);
    rmdirSync(trial);
    return true;
  } catch {
    return false;
  }
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
