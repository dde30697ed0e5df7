import type { Command } from 'commander';
import { parseArray } from './array-size.ts';
import { addEngineOptions } from './engine-options.ts';
import * as values from './option-values.ts';
import { addRetryOptions } from './retry-options.ts';
import type { SubmissionOptions } from './submission.ts';
import type { WorkingDirectoryOptions } from './working-directory.ts';

/** What describes a job, as commander parsed it. */
export interface JobOptions extends SubmissionOptions, WorkingDirectoryOptions {}

/** Adds the options that describe a job, but for its id and whose it is. */
export function addJobOptions(command: Command): Command {
  command
    .option('--working-dir <dir>', 'folder to run in: a relative one is uploaded; or a zip, see below')
    .option('--in-place', "use the folder where it is, on the server's machine")
    .option('--upload', 'upload the folder, also an absolute one')
    .option('--exclude <pattern>', 'leave out of the upload, as a line of .gitignore (repeatable)', values.collectText)
    .option('--env <K=V>', 'variable for the driver; K alone takes your own value (repeatable)', values.collectText)
    .option('--env-file <file>', 'variables for the driver, one K=V or K per line (repeatable)', values.collectText)
    .option('--pip <requirement>', 'Python package to install before (repeatable)', values.collectText)
    .option('--num-cpus <n>', 'CPUs to reserve', values.parseAmount)
    .option('--num-gpus <n>', 'GPUs to reserve', values.parseAmount)
    .option('--memory <size>', 'memory to reserve, such as 2GiB', values.parseSize)
    .option('--resource <NAME=N>', 'other resource to reserve, such as NPU=1 (repeatable)', values.collectAmount)
    .option('--queue <queue>', 'queue to wait in; the default of the tenant otherwise')
    .option('--priority <n>', 'higher ones come first in their queue, from -1000 to 1000', values.parseInteger)
    .option('--metadata <K=V>', 'note kept with the job (repeatable)', values.collectPair)
    .option('--label <label>', 'resource pool label, in order of preference (repeatable)', values.collectText);
  addEngineOptions(command, 'the driver');
  return addRetryOptions(command)
    .option('--time-limit <time>', 'longest run of each attempt, such as 2h', values.parseTime)
    .option('--queue-time-limit <time>', 'longest time that it may wait to start', values.parseTime)
    .option('--ttl <time>', 'remove the job so long after its end', values.parseTime)
    .option('--after <id>', 'start once this job has started (repeatable)', values.collectText)
    .option('--after-any <id>', 'start once this job has ended, in whatever way (repeatable)', values.collectText)
    .option('--after-success <id>', 'start once this job has succeeded (repeatable)', values.collectText)
    .option('--array <size>', 'so many jobs alike; 100%4: of 100 at most 4 at once', parseArray)
    .option('--grace <time>', 'time between SIGTERM and SIGKILL when it is stopped, such as 10s', values.parseTime);
}
