import { join } from 'node:path';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Config } from './config/config.ts';
import { openDataDirectory } from './data-directory/data-directory.ts';
import type { Observation } from './engine/engine.ts';
import { createHttpServer } from './http/create-http-server.ts';
import { readScheduledJob } from './http/native/scheduled-job.ts';
import { webhookBody } from './http/native/webhook-body.ts';
import { createJobService } from './jobs/job-service.ts';
import { createMetrics } from './metrics/create-metrics.ts';
import { findNodeAddress } from './node/address.ts';
import { openEngines } from './open-engines.ts';
import { openPreparer, searchPrograms } from './open-preparer.ts';
import { resolveName } from './outbound/resolve-host.ts';
import { createSeldomResolve } from './outbound/resolve-seldom.ts';
import { openPackageStore } from './packages/open-package-store.ts';
import { openQueueService } from './queues/queue-service.ts';
import { startRetention } from './retention/retention.ts';
import { explainListenFailure } from './safety/listen-address.ts';
import { createTokenSource } from './safety/token-source.ts';
import { removeAttemptFolder } from './scheduler/attempt-folders.ts';
import { openAttemptsDirectory } from './scheduler/attempts-directory.ts';
import { startSavingAverages } from './scheduler/save-averages.ts';
import { createScheduler, type Scheduler } from './scheduler/scheduler.ts';
import { openScheduleService } from './schedules/open-schedule-service.ts';
import { startSweeps } from './start-sweeps.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';
import { openTracing } from './tracing/open-tracing.ts';
import { readVersion } from './version.ts';
import { openWebhookService } from './webhooks/open-webhook-service.ts';

/** A server that listens. */
export interface DroverServer {
  url: string;
  /** Reads the token file again. */
  reloadToken(): void;
  /** Ends followers, stops deciding, closes the store. Drivers go on. */
  close(): Promise<void>;
}

export interface DroverServerOptions {
  config: Config;
  /** The server's own environment, of which drivers get an allow-list. */
  environment: Readonly<Record<string, string | undefined>>;
  log: Logger;
  /** The store cannot be trusted any more: the process has to end, and the next one recovers. */
  onFatal(error: unknown): void;
  now?: () => number;
}

const RETRY_DELAY_MS = 5_000;
/** Of receivers of webhooks. */
const KEEP_ADDRESSES_MS = 10_000;

/** Puts a server together and brings it up: locked, recovered, listening. What it opened is closed where it fails. */
export async function openServer(options: DroverServerOptions): Promise<DroverServer> {
  await using opened = new AsyncDisposableStack();
  const server = await bringUp(options, opened);
  const owned = opened.move();
  return { ...server, close: () => owned.disposeAsync() };
}

/** @param opened takes what has to be closed, in the reverse order of its opening */
async function bringUp(
  options: DroverServerOptions,
  opened: AsyncDisposableStack,
): Promise<Omit<DroverServer, 'close'>> {
  const { config, environment, log, onFatal, now = Date.now } = options;
  const dataDirectory = await openDataDirectory(config.dataDir);
  opened.defer(() => dataDirectory.release());
  const { attemptsDir } = config;
  const notices = await openAttemptsDirectory(attemptsDir, dataDirectory.nodeId);
  for (const notice of [...dataDirectory.notices, ...notices]) log.warn(notice);

  // Processes first: a small process starts others faster than a large one.
  const search = searchPrograms(config, environment, log);
  let ready: Scheduler | null = null;
  const { engines, local, clusters, otherUsers, podDoors } = await openEngines(
    {
      ...{ config, environment, log, now },
      onObservation: (observation: Observation) => scheduler.observe(observation),
      // What a cluster has may be known before the scheduler is there, which asks for it then.
      onCapacityChange: (engine: string) => ready?.engineChanged(engine),
    },
    opened,
  );
  const version = await readVersion();
  const metrics = createMetrics(new Registry(), { version });
  const store = openSqliteStore({
    path: dataDirectory.databasePath,
    onFatal,
    onGroup: metrics.onGroup,
    outbox: {
      bodyOf: webhookBody,
      maxWaiting: config.webhookMaxWaiting,
      maxWaitingBytes: config.webhookMaxWaitingBytes,
    },
    onIndexFailure: (error) => log.warn({ err: error }, 'could not index jobs for searches; trying again'),
  });
  opened.defer(() => store.close());
  const programs = await search.found(otherUsers);
  const packages = await openPackageStore({
    directory: join(dataDirectory.path, 'packages'),
    maxBytes: config.packageMaxBytes,
    expiryMs: config.packageExpiryMs,
    warn: (message) => log.warn(message),
  });
  const preparer = openPreparer({ config, environment, log, programs, packages, otherUsers });
  const { path: directory, nodeId } = dataDirectory;
  const tracing = await openTracing({ store, environment, directory, nodeId, version, now, log });
  opened.defer(() => tracing.close());
  const scheduler: Scheduler = createScheduler({
    store,
    engines,
    preparer: metrics.timePreparations(preparer),
    attemptsDir,
    node: { id: dataDirectory.nodeId, address: config.nodeAddress ?? findNodeAddress() },
    driverTrace: tracing.driverTrace,
    fairShareHalfLifeMs: config.fairShareHalfLifeMs,
    retryDelayMs: RETRY_DELAY_MS,
    now,
    random: Math.random,
    log,
  });
  ready = scheduler;
  opened.defer(() => scheduler.close());
  const queues = await openQueueService({ store: store.rules, scheduler, defaultEngine: config.defaultEngine });
  opened.defer(startSavingAverages(scheduler, log));
  const webhooks = await openWebhookService({
    store: store.webhooks,
    rules: {
      allowedHosts: config.allowedWebhookHosts,
      resolve: createSeldomResolve(resolveName, KEEP_ADDRESSES_MS, now),
    },
    maxAgeMs: config.webhookMaxAgeMs,
    onDelivery: metrics.onDelivery,
    now,
    random: Math.random,
    log,
  });
  opened.defer(() => webhooks.close());
  const removeFiles = async (attemptIds: readonly string[]): Promise<void> => {
    for (const id of attemptIds) await removeAttemptFolder(attemptsDir, id);
  };
  const complain = (what: string) => (error: unknown) => log.error({ err: error }, what);
  const jobs = createJobService({
    store,
    scheduler,
    queues,
    attemptsDir,
    defaultEngine: config.defaultEngine,
    stopGraceMs: config.stopGraceMs,
    abilities: { setupTimeoutMs: config.setupTimeoutMs, conda: programs.conda },
    removeFiles: (attemptIds) => {
      removeFiles(attemptIds).catch(complain('could not remove the files of a deleted job; the next start does'));
    },
    now,
  });
  const service = metrics.countFollowers(jobs);
  const schedules = await openScheduleService({
    store: store.schedules,
    jobs,
    readJob: readScheduledJob,
    now,
    log,
  });
  opened.defer(() => schedules.close());
  opened.defer(metrics.watch({ store, scheduler, queues, webhooks, schedules, now }));
  const retention = startRetention({
    store,
    limits: {
      maxAgeMs: config.retentionMaxAgeMs,
      maxCount: config.retentionMaxCount,
      maxLogBytes: config.retentionMaxLogBytes,
    },
    removeFiles,
    now,
    log,
  });
  opened.defer(() => retention.close());
  const token = createTokenSource(config.tokenFile, log);
  let isReady = false;
  const http = await createHttpServer({
    host: config.host,
    port: config.port,
    rayPort: config.rayPort,
    service,
    queues,
    webhooks,
    schedules,
    cluster: scheduler.cluster,
    metrics,
    packages,
    log,
    version,
    nodeId: dataDirectory.nodeId,
    jobDetails: {
      timeUnit: config.openyuanrongTimeUnit,
      pipName: programs.interpreter.found ? programs.interpreter.interpreter.pipName : 'pip',
    },
    readToken: token.read,
    podDoors,
    allowedHosts: config.allowedHosts,
    bodyLimitBytes: config.bodyLimitBytes,
    isReady: () => isReady,
  });
  // The port before the jobs: a server that cannot have it must not start any.
  opened.defer(() => http.close());
  const { url, rayUrl } = await http.listen().catch((error: unknown) => {
    throw explainListenFailure(error);
  });
  const recovered = await scheduler.recover();
  isReady = true;
  opened.defer(() => {
    isReady = false;
  });
  const { warnings, ...inForce } = local.describe();
  for (const warning of [...warnings, ...Object.values(clusters).flatMap((cluster) => cluster.warnings)]) {
    log.warn(warning);
  }
  log.info(
    { url, rayUrl, dataDir: dataDirectory.path, nodeId: dataDirectory.nodeId, ...recovered, ...inForce, clusters },
    'ready',
  );

  // What no one waits for comes after the first answer can be given.
  webhooks.begin();
  schedules.begin();
  opened.defer(startSweeps({ store, scheduler, preparer, packages, attemptsDir, log }));
  void retention.enforce();

  return { url, reloadToken: token.reload };
}
