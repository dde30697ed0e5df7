import type { SlurmJob } from '../slurm-client.ts';

/** Long names would be cut at 20 characters. */
export const SQUEUE_FORMAT =
  'JobID:.20,Name:.200,State:.30,Reason:.60,exit_code:.20,Partition:.100,SubmitTime:.30,NodeList:.60';

const WIDTHS = [20, 200, 30, 60, 20, 100, 30, 60];

/** Reads squeue's lines in {@link SQUEUE_FORMAT}; times are as the commands print them with SLURM_TIME_FORMAT=%s. */
export function readSqueue(text: string): SlurmJob[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const fields: string[] = [];
      let from = 0;
      for (const width of WIDTHS) {
        fields.push(line.slice(from, from + width).trim());
        from += width;
      }
      const [id = '', name = '', state = '', reason = '', code = '', partition = '', submitted = '', nodes = ''] =
        fields;
      return {
        id: Number(id),
        name,
        state,
        reason: reason === 'None' ? '' : reason,
        waitStatus: /^\d+$/.test(code) ? Number(code) : null,
        partition,
        submittedAt: Number(submitted) || 0,
        hadNode: nodes !== '',
      };
    });
}
