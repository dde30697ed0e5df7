import type { SlurmJob } from './client/slurm-client.ts';

const WORDS: Readonly<Record<string, string>> = {
  Resources: 'waits for resources',
  Priority: 'jobs of higher priority come first',
  Dependency: 'waits for another job',
  BeginTime: 'does not begin yet',
  Licenses: 'waits for licences',
  Reservation: 'waits for its reservation',
  PartitionDown: 'the partition is down',
  PartitionInactive: 'the partition is inactive',
  PartitionConfig: 'asks for more than the partition can give',
  PartitionNodeLimit: 'asks for more nodes than the partition allows',
  PartitionTimeLimit: "asks for more time than the partition's limit",
  ReqNodeNotAvail: 'a node that it needs is not available',
  NodeDown: 'a node that it needs is down',
  JobHeldUser: 'is held by its user',
  JobHeldAdmin: 'is held by an administrator',
};

/** Why a job that has not begun waits, as a sentence in Slurm's words and ours. */
export function reasonInWords({ state, reason, partition }: SlurmJob): string {
  const where = partition === '' ? '' : `, partition ${partition}`;
  if (reason === '') return `Slurm: ${state.toLowerCase()}${where}`;
  const known = WORDS[reason] ?? limitWords(reason);
  return known === null ? `Slurm: waits (${reason})${where}` : `Slurm: ${known} (${reason})${where}`;
}

function limitWords(reason: string): string | null {
  if (/^QOS/.test(reason)) return 'a limit of its quality of service is reached';
  if (/^Assoc|^Acct/.test(reason)) return 'a limit of its account is reached';
  return null;
}
