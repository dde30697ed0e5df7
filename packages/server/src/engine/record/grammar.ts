/**
 * The lines of an attempt's record file, written by its supervisor (by the server where no driver will ever run, and
 * where a cgroup that is to be removed tells of an out-of-memory kill).
 * Each ends with ` .` and a newline and counts only with both: of a line that a full disk cut short, a part may stand
 * in the file, followed by the whole line on its next try.
 */
export interface AttemptRecord {
  /** Null in a record that was claimed, and not written to yet. */
  supervisor: SupervisorLine | null;
  driver: ProcessIdentity | null;
  /** Where the supervisor runs, if that is not the server's machine. */
  place: Place | null;
  /** The supervisor was asked to end the driver, by the server or by somebody else. */
  asked: boolean;
  /** What the driver ended with, while what it left behind may still run. Told by supervisors that end that themselves. */
  exited: number | null;
  /** Why the driver could not begin; an end line follows. */
  refusal: Refusal | null;
  /** As the shell reports it: 128 + N where signal N ended the driver. */
  exitCode: number | null;
  /** The kernel killed a process of it for want of memory. */
  outOfMemory: boolean;
  /** The server took the claim: no driver was started, and none will be. */
  withdrawn: boolean;
}

/** A process as nobody else can be mistaken for it, within one boot and one pid namespace. */
export interface ProcessIdentity {
  pid: number;
  /** Field 22 of `/proc/PID/stat`: clock ticks since boot. */
  startTicks: number;
}

export interface SupervisorLine extends ProcessIdentity {
  bootId: string;
  /** Inode number of the pid namespace in which the pids of this record are counted. */
  pidNamespace: string;
}

export interface Place {
  /** Id of the job that runs the supervisor, as the cluster has it. */
  jobId: string;
  /** Name of the node. */
  node: string;
}

export const REFUSALS = ['order', 'cgroup', 'directory', 'log'] as const;

/** What could not be used when the driver was to begin. */
export type Refusal = (typeof REFUSALS)[number];

export const WITHDRAWN_LINE = 'withdrawn .\n';
export const OUT_OF_MEMORY_LINE = 'oom .\n';

/** Reads a record. Lines that are incomplete or unknown are passed over. */
export function parseRecord(text: string): AttemptRecord {
  const record: AttemptRecord = {
    supervisor: null,
    driver: null,
    place: null,
    asked: false,
    exited: null,
    refusal: null,
    exitCode: null,
    outOfMemory: false,
    withdrawn: false,
  };
  const lines = text.split('\n');
  lines.pop(); // What follows the last newline does not count.
  for (const line of lines) {
    if (line.endsWith(' .')) takeLine(record, line.slice(0, -2).split(' '));
  }
  return record;
}

/** The first line of a kind is the one that counts: a repeated one is a second try at the same. */
function takeLine(record: AttemptRecord, [kind, ...fields]: string[]): void {
  switch (kind) {
    case 'supervisor':
      record.supervisor ??= supervisorOf(fields);
      break;
    case 'driver':
      record.driver ??= identityOf(fields);
      break;
    case 'place':
      record.place ??= placeOf(fields);
      break;
    case 'asked':
      record.asked = true;
      break;
    case 'exited':
      record.exited ??= numberOf(fields[0]);
      break;
    case 'refused':
      record.refusal ??= REFUSALS.find((refusal) => refusal === fields[0]) ?? null;
      break;
    case 'end':
      record.exitCode ??= numberOf(fields[0]);
      break;
    case 'oom':
      record.outOfMemory = true;
      break;
    case 'withdrawn':
      record.withdrawn = true;
      break;
  }
}

function supervisorOf(fields: string[]): SupervisorLine | null {
  const identity = identityOf(fields);
  const [, , bootId, pidNamespace] = fields;
  return identity && bootId && pidNamespace ? { ...identity, bootId, pidNamespace } : null;
}

function placeOf([jobId, node]: string[]): Place | null {
  return jobId && node ? { jobId, node } : null;
}

function identityOf(fields: string[]): ProcessIdentity | null {
  const pid = numberOf(fields[0]);
  const startTicks = numberOf(fields[1]);
  return pid === null || startTicks === null ? null : { pid, startTicks };
}

function numberOf(field: string | undefined): number | null {
  return field !== undefined && /^\d{1,15}$/.test(field) ? Number(field) : null;
}
