import { describeMachine, report } from './harness/report.ts';
import { array } from './scenarios/array.ts';
import { burst } from './scenarios/burst.ts';
import { decisions } from './scenarios/decisions.ts';
import { firstByte } from './scenarios/first-byte.ts';
import { followers } from './scenarios/followers.ts';
import { getJob } from './scenarios/get-job.ts';
import { idle } from './scenarios/idle.ts';
import { kubernetes } from './scenarios/kubernetes.ts';
import { largeLog } from './scenarios/large-log.ts';
import { lists } from './scenarios/lists.ts';
import { memory } from './scenarios/memory.ts';
import { noopJobs } from './scenarios/noop-jobs.ts';
import { scrape } from './scenarios/scrape.ts';
import { slurm } from './scenarios/slurm.ts';
import { start } from './scenarios/start.ts';
import { submit } from './scenarios/submit.ts';
import { traces } from './scenarios/traces.ts';
import { upload } from './scenarios/upload.ts';
import { webhooks } from './scenarios/webhooks.ts';

// npm run bench [NAME …]: all scenarios one after another, or those that are named.
const SCENARIOS = [
  ...[getJob, submit, webhooks, noopJobs, firstByte, memory, lists, start],
  ...[decisions, burst, array, idle, largeLog, followers, upload, scrape, traces, slurm, kubernetes],
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(`no scenario ${unknown.join(', ')}; there are ${SCENARIOS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
console.log(JSON.stringify(describeMachine()));
for (const scenario of SCENARIOS) {
  if (wanted.length === 0 || wanted.includes(scenario.name)) report(scenario, await scenario.run());
}
