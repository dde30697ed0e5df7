import { keepsNoAccounting } from '../no-accounting.ts';
import { type SlurmClient, SlurmError, type SlurmJob } from '../slurm-client.ts';
import { KNOWN_VERSIONS, newestKnownVersion } from './api-version.ts';
import { type Answer, createExchanger, type Exchange, readText } from './exchange.ts';
import { readAccountedJob } from './read-accounted-job.ts';
import { failureIn, hasList, jobIdIn } from './read-answer.ts';
import { nameIn, readJob } from './read-job.ts';
import { readNode } from './read-nodes.ts';
import { createListSplitter } from './split-list.ts';
import { submissionBody } from './submission-body.ts';

export interface RestClientOptions {
  /** `unix:/path`, `http://…` or `https://…`. */
  url: string;
  /** Null: it is asked for. */
  apiVersion: string | null;
  /** Sent with each request; it may throw where a token cannot be read. */
  headers: () => Record<string, string>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** The controller's clock may be behind ours by as much, and changes of a second can come after its answer. */
const CLOCK_SLACK_SECONDS = 5;
/** A controller whose clock is further off must not hide changes for long. */
const ALL_AFTER_UNCHANGED = 5;
/** What one look at a list may take of the event loop, in bytes. */
const LARGEST_PIECE = 64 * 1024;

/** Talks to slurmrestd. */
export function createRestClient({ url, apiVersion, headers, now }: RestClientOptions): SlurmClient {
  const exchanger = createExchanger(url, headers);
  let version: string | null = apiVersion;
  let listedAt: number | null = null;
  let unchanged = 0;
  /** What was submitted since the last list was asked for must not be missed, however clocks differ. */
  let hasSubmitted = false;

  async function versionNow(): Promise<string> {
    version ??= await askVersion();
    return version;
  }

  async function askVersion(): Promise<string> {
    const specification = await exchanger.send({ method: 'GET', path: '/openapi/v3' });
    const text = await readText(specification);
    const found = specification.status === 200 ? newestKnownVersion(text) : null;
    if (found !== null) return found;
    for (const candidate of KNOWN_VERSIONS) {
      const answer = await exchanger.send({ method: 'GET', path: `/slurm/${candidate}/ping` });
      await readText(answer);
      if (answer.status === 200) return candidate;
    }
    throw new SlurmError(
      'unknown',
      `slurmrestd at ${url} offers no version of its interface that is known here (it answered ${specification.status})`,
    );
  }

  /** Not kept: it is asked seldom. Null where slurmrestd does not offer that part. */
  async function accountingVersion(): Promise<string | null> {
    if (apiVersion !== null) return apiVersion;
    const specification = await exchanger.send({ method: 'GET', path: '/openapi/v3' });
    const text = await readText(specification);
    return specification.status === 200 ? newestKnownVersion(text, 'slurmdb') : versionNow();
  }

  async function send(exchange: Exchange): Promise<Answer> {
    const answer = await exchanger.send({ ...exchange, path: `/slurm/${await versionNow()}${exchange.path}` });
    // After an upgrade, perhaps, the version has gone.
    if (answer.status === 404 && apiVersion === null) version = null;
    return answer;
  }

  async function* readList(answer: Answer, key: string): AsyncGenerator<Buffer> {
    const splitter = createListSplitter(key);
    try {
      for await (const chunk of answer.body) {
        const bytes: Buffer = chunk;
        for (let at = 0; at < bytes.length; at += LARGEST_PIECE) {
          yield* splitter.take(bytes.subarray(at, at + LARGEST_PIECE));
        }
      }
    } catch (error) {
      if (error instanceof SlurmError) throw error;
      throw new SlurmError('unknown', `the answer of slurmrestd at ${url} was cut off`, { cause: error });
    }
    const rest = splitter.rest();
    const failure = failureIn(answer.status, rest);
    if (failure !== null) throw failure;
    if (!hasList(rest, key)) throw new SlurmError('unknown', `the answer of slurmrestd at ${url} was not whole`);
  }

  async function act(exchange: Exchange): Promise<void> {
    const answer = await send(exchange);
    const failure = failureIn(answer.status, await readText(answer));
    if (failure !== null) throw failure;
  }

  return {
    description: `slurmrestd at ${url}`,

    async submit(submission) {
      const body = submissionBody(submission, await versionNow());
      const answer = await send({ method: 'POST', path: '/job/submit', body }).finally(() => {
        hasSubmitted = true;
      });
      const text = await readText(answer);
      // With an id it was taken, whatever else is said: that it has to wait for a partition, for instance.
      const id = jobIdIn(text);
      if (id !== null) return id;
      throw failureIn(answer.status, text) ?? new SlurmError('unknown', 'slurmrestd gave the job no id');
    },

    async listJobs(isOurs) {
      const from = Math.floor(now() / 1000) - CLOCK_SLACK_SECONDS;
      if (hasSubmitted) listedAt = null;
      hasSubmitted = false;
      const since = listedAt !== null && unchanged < ALL_AFTER_UNCHANGED ? `?update_time=${listedAt}` : '';
      const answer = await send({ method: 'GET', path: `/jobs${since}` });
      if (answer.status === 304) {
        await readText(answer);
        unchanged += 1;
        return null;
      }
      const jobs: SlurmJob[] = [];
      for await (const text of readList(answer, 'jobs')) {
        const job: unknown = JSON.parse(text.toString('utf8'));
        // Most are other people's, and reading them takes longer than parsing them.
        if (isOurs(nameIn(job))) jobs.push(readJob(job));
      }
      listedAt = from;
      unchanged = 0;
      return jobs;
    },

    async listAccounted(ids) {
      const books = await accountingVersion();
      if (books === null) return null;
      // A comma as it is makes it a query that slurmrestd cannot read.
      const which = `step=${encodeURIComponent(ids.join(','))}&skip_steps=true`;
      const answer = await exchanger.send({ method: 'GET', path: `/slurmdb/${books}/jobs?${which}` });
      if (answer.status === 404) {
        await readText(answer);
        return null;
      }
      const jobs: SlurmJob[] = [];
      try {
        for await (const text of readList(answer, 'jobs'))
          jobs.push(readAccountedJob(JSON.parse(text.toString('utf8'))));
      } catch (error) {
        if (keepsNoAccounting(error)) return null;
        if (!(error instanceof SlurmError) || error.kind !== 'no-such-job') throw error;
      }
      return jobs;
    },

    wake: (jobId) => act({ method: 'DELETE', path: `/job/${jobId}?signal=TERM` }),
    cancel: (jobId) => act({ method: 'DELETE', path: `/job/${jobId}` }),

    async listNodes() {
      const answer = await send({ method: 'GET', path: '/nodes' });
      const nodes = [];
      for await (const text of readList(answer, 'nodes')) nodes.push(readNode(JSON.parse(text.toString('utf8'))));
      return nodes;
    },

    close: exchanger.close,
  };
}
