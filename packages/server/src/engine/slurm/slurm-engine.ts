import { realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type AttemptPaths, attemptPaths } from '../attempt-directory.ts';
import type { AttemptHandle, Engine, EngineEvents } from '../engine.ts';
import { openLogCapper } from '../log/log-capper.ts';
import { logsOf, ownLogs } from '../log/log-writer.ts';
import { allowedEnvironment } from '../order/driver-environment.ts';
import type { OtherUser } from '../other-user.ts';
import { watchRecord } from '../record/watch-record.ts';
import { LOOK_FOR_MS } from '../remote/decide.ts';
import { repeatSweep } from '../repeat-sweep.ts';
import { warnOnce } from '../warn-once.ts';
import { openAccounting } from './accounting.ts';
import { batchOutputOf, readJobRequest, writeAttemptFiles } from './attempt-files.ts';
import { loadBatchScript } from './batch-script.ts';
import { createCanceller } from './canceller.ts';
import type { SlurmClient } from './client/slurm-client.ts';
import { createContact } from './contact.ts';
import { createDiscardedJobs } from './discarded-jobs.ts';
import { checkEngineOptions } from './engine-options.ts';
import { followAttempt } from './follow-attempt.ts';
import type { FollowedAttempt } from './followed-attempt.ts';
import { openJobList } from './job-list.ts';
import { requestOf, unknownResourceOf } from './job-request.ts';
import { admit, findJobUser, obstaclesTo, userVariables } from './job-user.ts';
import { capacityOf, openNodeList } from './node-list.ts';
import { openClient } from './open-client.ts';
import type { SlurmSettings } from './settings.ts';
import { createSubmitQueue, type SubmitOutcome } from './submit-queue.ts';
import { sweepAttempts } from './sweep-attempts.ts';

/** What the Slurm engine is opened with. */
export interface SlurmEngineOptions {
  /** As the configuration calls it. */
  name: string;
  settings: SlurmSettings;
  /** Where the attempts' directories lie; every node sees it under the same path. */
  attemptsDir: string;
  /** Where environments of pip and conda are built. */
  environmentsDir: string;
  /** The server's environment. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Names of variables that drivers get from the server's environment beyond the allow-list. */
  passVariables: readonly string[];
  /** Output kept per attempt. */
  logMaxBytes: number;
  /** Told what goes wrong while the engine runs. */
  log: { warn(details: { err: unknown }, message: string): void };
  /** Milliseconds since 1970. */
  now: () => number;
  /** How often every record is looked at where there are few. Default 1 s. */
  sweepIntervalMs?: number;
  /** How long an end line is looked for before Slurm's word is taken. Default 90 s, since network file systems show things late. */
  lookForMs?: number;
  /** Supervisors look so often whether they are to end, and give a sign of life every third time. Default 5 s. */
  supervisorTickSeconds?: number;
}

export interface SlurmEngine extends Engine {
  /** Whom its jobs run as, where that is not the server's own user. */
  readonly otherUser: OtherUser | null;

  /** How Slurm is reached and whom jobs run as, for the log at the start. */
  describe(): { client: string; user: string; logLimit: string; warnings: string[] };
}

/** Where a cluster's nodes boot is none of our business: what runs on them is Slurm's word. */
const CLUSTER_BOOT = 'slurm';
/** For calls that are under way when the engine is closed; a server must end within seconds. */
const LAST_CALLS_MS = 2_000;
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

const CAP_LOGS_EVERY_MS = 5_000;
/** How often accounting is asked for a job while its end line is looked for: what it hears of comes late at times. */
const ASKS_WHILE_LOOKING = 3;

interface Watched {
  attempt: FollowedAttempt;
  capLog(): Promise<void>;
  endWatch(): void;
}

/**
 * Opens the engine that gives drivers to Slurm. Slurm need not be there yet. Rejects only for settings that can never work: a user that
 * does not exist, or that this server may not act for.
 */
export async function openSlurmEngine(options: SlurmEngineOptions, events: EngineEvents): Promise<SlurmEngine> {
  const { settings, environment, now } = options;
  const warnAlways = (message: string, cause: unknown) => options.log.warn({ err: cause }, message);
  const attemptsDir = realpathSync(options.attemptsDir);
  const user = await findJobUser(settings.user ?? null);
  const warnings = admit(attemptsDir, options.environmentsDir, user);
  const logCapper = await openLogCapper(attemptsDir, options.logMaxBytes, user.isOther ? logsOf(user) : ownLogs);
  if (logCapper.warning !== null) warnings.push(logCapper.warning);
  const batchScript = loadBatchScript();
  const { lookForMs = LOOK_FOR_MS, supervisorTickSeconds: tickSeconds = 5 } = options;
  const batchEnvironment = {
    ...allowedEnvironment(environment, options.passVariables),
    ...userVariables(user),
    PATH: environment.PATH ?? DEFAULT_PATH,
  };
  const client: SlurmClient = openClient(settings, user, environment.PATH ?? DEFAULT_PATH, now);
  const followed = new Map<string, Watched>();
  let closed = false;
  const contact = createContact(client.description, now, (error) => {
    if (error === null) jobList.askAgain();
    else warnAlways(`${client.description} is out of reach; jobs wait or go on`, error);
  });
  const nodeList = openNodeList(client, contact, () => events.onCapacityChange?.());
  const submitQueue = createSubmitQueue(client, contact);
  const canceller = createCanceller(client, contact);
  const accounting = openAccounting({ client, againMs: lookForMs / ASKS_WHILE_LOOKING, warn: warnOnce(warnAlways) });
  const jobList = openJobList({
    client,
    contact,
    intervalMs: settings.poll_interval,
    isNeeded: () => followed.size > 0 || !discardedJobs.isEmpty(),
    onAnswer() {
      discardedJobs.onAnswer();
      for (const { attempt } of [...followed.values()]) attempt.onAnswer();
    },
  });

  async function submit({ attemptId, graceMs }: AttemptHandle, paths: AttemptPaths): Promise<SubmitOutcome> {
    return submitQueue.submit(() => ({
      ...readJobRequest(paths),
      script: batchScript({ attemptId, attemptDirectory: paths.directory, graceMs, tickSeconds }),
      environment: batchEnvironment,
      // Every node has it; the driver's own is in the order.
      workingDirectory: '/',
      outputPath: batchOutputOf(paths),
    }));
  }

  function watch(handle: AttemptHandle, paths: AttemptPaths): FollowedAttempt {
    const { attemptId } = handle;
    const warn = warnOnce(warnAlways);
    const capLog = () => logCapper.cap(paths, warn);
    const attempt = followAttempt(handle, paths, {
      jobs: () => jobList.jobsOf(attemptId),
      askedAt: jobList.askedAt,
      accounted: accounting.rowsOf,
      askSoon: jobList.wake,
      submit: () => submit(handle, paths),
      wakeSupervisor: (jobId) => contact.reach(() => client.wake(jobId)),
      cancel: canceller.cancel,
      discard: (claimant) => discardedJobs.add(attemptId, claimant),
      addressOf: nodeList.addressOf,
      now,
      lookForMs,
      warn,
      report(observation) {
        if (observation.kind === 'started') return events.onObservation(observation);
        forget(attemptId);
        void capLog().then(() => {
          // As nobody hears of it now, the next server will find out.
          if (!closed) events.onObservation(observation);
        });
      },
    });
    const endWatch = watchRecord(
      paths,
      () => void attempt.examine(),
      (error) => warn(`attempt ${attemptId} cannot be watched; news of it come with the next sweep`, error),
    );
    followed.set(attemptId, { attempt, capLog, endWatch });
    jobList.wake();
    return attempt;
  }

  const discardedJobs = createDiscardedJobs(jobList, canceller.cancel);

  function forget(attemptId: string): void {
    followed.get(attemptId)?.endWatch();
    followed.delete(attemptId);
  }

  const watched = () => [...followed.values()];
  const endSweep = sweepAttempts(options.sweepIntervalMs ?? 1_000, watched, ({ attempt }) => attempt.examine());

  const endCapping = repeatSweep(CAP_LOGS_EVERY_MS, watched, ({ capLog }) => void capLog());

  return {
    name: options.name,
    hasOwnQueue: true,
    sharesDisk: true,
    runsContainers: false,
    bootId: CLUSTER_BOOT,
    capacity: () => capacityOf(nodeList.nodes(), settings.custom_resources),
    nodes: nodeList.nodes,
    trouble: contact.trouble,
    reasonToWait: (attemptId) => followed.get(attemptId)?.attempt.reasonToWait() ?? null,
    checkOptions: (given) => checkEngineOptions(given, settings),
    otherUser: user.isOther ? { obstaclesTo: (path, what) => obstaclesTo(path, what, user) } : null,
    describe: () => ({
      client: client.description,
      user: user.name,
      logLimit: logCapper.description,
      warnings,
    }),

    async handOver(order) {
      const { attemptId, jobId, resources, graceMs } = order;
      if (followed.has(attemptId)) return;
      const paths = attemptPaths(attemptsDir, attemptId);
      const handle = { attemptId, jobId, bootId: CLUSTER_BOOT, started: false, resources, graceMs };
      const refusedFor = unknownResourceOf(order, settings);
      if (refusedFor === null) await writeAttemptFiles(paths, order, requestOf(order, settings), user);
      if (!followed.has(attemptId)) watch(handle, paths).begin(refusedFor);
    },

    follow(handle) {
      if (followed.has(handle.attemptId)) return;
      const attempt = watch(handle, attemptPaths(attemptsDir, handle.attemptId));
      // Not within this call: whoever follows an attempt expects its news after that.
      setImmediate(() => void attempt.examine());
    },

    stop(attemptId, graceMs, signal) {
      followed.get(attemptId)?.attempt.stop(graceMs, signal);
    },

    async close() {
      closed = true;
      endSweep();
      endCapping();
      jobList.close();
      accounting.close();
      nodeList.close();
      const closing = [...followed.values()].map(({ attempt, endWatch }) => {
        endWatch();
        return attempt.close();
      });
      followed.clear();
      await Promise.all(closing);
      const sent = submitQueue.close().then(canceller.close);
      await Promise.race([sent, delay(LAST_CALLS_MS, undefined, { ref: false })]);
      client.close();
    },
  };
}
