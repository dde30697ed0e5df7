import type { SlurmJob } from '../slurm-client.ts';

/** The name comes last: it is the only field that may have a bar in it. */
export const SACCT_FORMAT = 'JobIDRaw,State,ExitCode,Submit,Partition,JobName';

const LINE = /^(\d+)\|([A-Z_]+)[^|]*\|(\d+):(\d+)\|([^|]*)\|([^|]*)\|(.*)$/;

/**
 * Reads sacct's lines in {@link SACCT_FORMAT}, parted by bars; times are as the commands print them with SLURM_TIME_FORMAT=%s. What a
 * name with line breaks leaves is passed over.
 */
export function readSacct(text: string): SlurmJob[] {
  return text.split('\n').flatMap((line) => {
    const fields = LINE.exec(line);
    if (fields === null) return [];
    // Who cancelled a job follows the state: `CANCELLED by 1000`.
    const [, id, state = '', code, signal, submitted, partition = '', name = ''] = fields;
    const waitStatus = (Number(code) << 8) | Number(signal);
    return [{ id: Number(id), name, state, reason: '', waitStatus, partition, submittedAt: Number(submitted) || 0 }];
  });
}
