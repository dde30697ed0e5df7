import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { attemptPaths } from '../attempt-directory.ts';
import type { AttemptHandle, AttemptOrder, Engine, EngineEvents } from '../engine.ts';
import { openLogCapper } from '../log/log-capper.ts';
import { TOKEN_VARIABLE } from '../order/driver-environment.ts';
import { formatOrder } from '../order/order-file.ts';
import { repeatSweep } from '../repeat-sweep.ts';
import { warnOnce } from '../warn-once.ts';
import { keepPodWork, type PodWork, readPodWork } from './attempt-file.ts';
import { inClusterAccess, kubeconfigAccess } from './client/cluster-access.ts';
import { createClusterClient } from './client/cluster-client.ts';
import { openClusterViews } from './cluster-views.ts';
import { createCommandBoard } from './door/command-board.ts';
import { createPodDoor } from './door/create-pod-door.ts';
import type { PodDoor } from './door/pod-door.ts';
import { checkEngineOptions, readEngineOptions } from './engine-options.ts';
import { type FollowedPodAttempt, followPodAttempt } from './follow-pod-attempt.ts';
import { findObstacle, jobManifest } from './job-manifest.ts';
import { DRIVER_CONTAINER, POD_WORKING_DIRECTORY } from './labels.ts';
import { capacityOf } from './node-state.ts';
import type { KubernetesEngineDescription, KubernetesEngineOptions } from './options.ts';
import { createJobRemover } from './remove-jobs.ts';
import { createOutputRescue } from './rescue-output.ts';
import { openServerId } from './server-id.ts';
import { createSettledJobs } from './settled-jobs.ts';
import { createSubmission } from './submission.ts';

export interface KubernetesEngine extends Engine {
  describe(): KubernetesEngineDescription;
  /** For the server's HTTP door: what pods ask. */
  podDoor: PodDoor;
}

const ATTEMPT_ID = /^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$/;
const LOG_MAX_BYTES = 1024 ** 3;

/**
 * Opens the engine that runs drivers as Jobs of a Kubernetes cluster, whether the cluster can be reached or not. Rejects where the
 * settings can never work: a kubeconfig that cannot be read, say.
 */
export async function openKubernetesEngine(
  options: KubernetesEngineOptions,
  events: EngineEvents,
): Promise<KubernetesEngine> {
  const { name, settings, environment = process.env, now = Date.now } = options;
  const attemptsDir = realpathSync(options.attemptsDir);
  const warnAlways = (message: string, cause?: unknown) => options.log.warn({ err: cause }, message);
  const access =
    settings.kubeconfig === null
      ? inClusterAccess(environment)
      : kubeconfigAccess(settings.kubeconfig, settings.context);
  const serverCa = settings.server_ca_file === null ? null : readFileSync(settings.server_ca_file, 'utf8');
  const supervisor = readFileSync(join(import.meta.dirname, 'pod-supervisor.sh'), 'utf8');
  const logCapper = await openLogCapper(attemptsDir, options.logMaxBytes ?? LOG_MAX_BYTES);
  const serverId = openServerId(attemptsDir, name);
  const followed = new Map<string, { attempt: FollowedPodAttempt; capLog(): Promise<void> }>();
  const client = createClusterClient(access);
  const commands = createCommandBoard();
  const remover = createJobRemover(client, warnOnce(warnAlways));
  const examine = (attemptId: string) => followed.get(attemptId)?.attempt.examine();
  const views = openClusterViews({
    client,
    settings,
    serverId,
    onChange(attemptId) {
      examine(attemptId);
      settledJobs.look(attemptId);
    },
    onKnown() {
      for (const { attempt } of [...followed.values()]) attempt.examine();
    },
    onNodesChange: () => events.onCapacityChange?.(),
  });
  const settledJobs = createSettledJobs({
    attemptsDir,
    views: () => views,
    remover,
    isFollowed: (attemptId) => followed.has(attemptId),
    intervalMs: options.removeIntervalMs ?? 10_000,
  });
  const podDoor = createPodDoor({
    engine: name,
    hostName: new URL(settings.server_url).hostname,
    mostPods: settings.max_running,
    attemptsDir,
    commands,
    nowMs: now,
    onWord: (attemptId) => followed.get(attemptId)?.attempt.onWord(),
    onRecordWritten: examine,
    onDelivered: (attemptId) => followed.get(attemptId)?.attempt.onDelivered(),
  });

  function watch(handle: AttemptHandle, work: PodWork | null): FollowedPodAttempt {
    const { attemptId } = handle;
    const paths = attemptPaths(attemptsDir, attemptId);
    const warn = warnOnce(warnAlways);
    const capLog = () => logCapper.cap(paths, warn);
    const namespace = work?.manifest.metadata.namespace ?? settings.namespace;
    const view = () => views.viewOf(namespace, attemptId);
    const endPods = (graceMs: number) => remover.endPods(namespace, attemptId, view(), graceMs);
    const attempt = followPodAttempt(handle, paths, work, {
      nowMs: now,
      view,
      submission: work === null ? null : createSubmission(work, client, () => examine(attemptId)),
      commands: {
        stop: (signal, killAtMs) => commands.stop(attemptId, signal, killAtMs),
        finish: () => commands.finish(attemptId),
        isListening: () => commands.isListening(attemptId),
      },
      endPods,
      nodeAddress: (node) => views.nodes().get(node)?.address ?? node,
      startPatienceMs: settings.start_patience,
      outputRescue: createOutputRescue({
        logPath: paths.log,
        readPrinted: (pod) => client.readBytes(driverLogPath(namespace, pod.name)),
        onOver: () => examine(attemptId),
        warn,
      }),
      capLog,
      report(observation) {
        if (observation.kind !== 'started') {
          followed.delete(attemptId);
          commands.forget(attemptId);
          // What has claimed the attempt has ended; what has not may wait for an image.
          const wasClaimed = observation.kind === 'ended' || observation.kind === 'lost';
          if (wasClaimed) settledJobs.settle(namespace, attemptId);
          else endPods(0);
        }
        events.onObservation(observation);
      },
      warn,
    });
    followed.set(attemptId, { attempt, capLog });
    return attempt;
  }

  function prepare(order: AttemptOrder): PodWork {
    const paths = attemptPaths(attemptsDir, order.attemptId);
    const hasWorkingDirectory = order.workingDirectory === paths.workingDirectory;
    // What lies in the attempt's directory here lies elsewhere in the pod.
    const inPod = (text: string) => text.replaceAll(paths.workingDirectory, POD_WORKING_DIRECTORY);
    const given = Object.entries(order.variables).map(([key, value]) => [key, inPod(value)]);
    const variables = { ...Object.fromEntries(given), PYTHONUNBUFFERED: '1', [TOKEN_VARIABLE]: order.attemptId };
    const token = randomBytes(24).toString('base64url');
    const engineOptions = readEngineOptions(order.engineOptions);
    mkdirSync(paths.outputDirectory, { recursive: true, mode: 0o700 });
    return keepPodWork(paths.directory, {
      engine: name,
      token,
      manifest: jobManifest(order, { settings, options: engineOptions, serverId, token, supervisor, serverCa }),
      order: formatOrder({
        cgroups: [],
        workingDirectory: inPod(order.workingDirectory),
        variables,
        entrypoint: order.entrypoint,
      }),
      hasWorkingDirectory,
      graceMs: order.graceMs,
    });
  }

  const sweeps = [
    repeatSweep(
      options.sweepIntervalMs ?? 2000,
      () => [...followed.values()],
      ({ attempt }) => attempt.examine(),
    ),
    repeatSweep(
      5000,
      () => [...followed.values()],
      ({ capLog }) => void capLog(),
    ),
  ];

  return {
    name,
    hasOwnQueue: true,
    sharesDisk: false,
    runsContainers: true,
    bootId: `kubernetes-${serverId}`,
    podDoor,
    capacity: () => capacityOf(views.nodes().values()),
    nodes: () => [...views.nodes().values()],
    checkOptions: (given) => checkEngineOptions(given, settings),
    reasonToWait: (attemptId) => followed.get(attemptId)?.attempt.reasonToWait() ?? null,
    trouble() {
      const trouble = views.trouble();
      return trouble === null ? null : `Kubernetes at ${access.server} cannot be used: ${trouble}`;
    },
    describe: () => ({
      cluster: access.server,
      namespaces: [...new Set([settings.namespace, ...Object.values(settings.tenant_namespaces)])],
      serverId,
      warnings: settings.server_url.startsWith('http:')
        ? [`pods of the engine '${name}' reach this server without encryption (server_url)`]
        : [],
    }),

    async handOver(order) {
      const { attemptId, jobId, resources, graceMs } = order;
      if (!ATTEMPT_ID.test(attemptId)) throw new Error(`'${attemptId}' cannot be the name of a Job`);
      if (followed.has(attemptId)) return;
      const handle = { attemptId, jobId, bootId: `kubernetes-${serverId}`, started: false, resources, graceMs };
      const obstacle = findObstacle(order, settings, readEngineOptions(order.engineOptions));
      const work = prepare(order);
      const attempt = watch(handle, work);
      if (obstacle === null) attempt.examine();
      else attempt.refuse(obstacle);
    },

    follow(handle) {
      if (followed.has(handle.attemptId)) return;
      const work = readPodWork(attemptPaths(attemptsDir, handle.attemptId).directory);
      const attempt = watch(handle, work);
      // Not within this call: whoever follows an attempt expects its news after that.
      setImmediate(attempt.examine);
    },

    stop(attemptId, graceMs, signal) {
      followed.get(attemptId)?.attempt.stop(graceMs, signal);
    },

    async close() {
      for (const end of sweeps) end();
      settledJobs.close();
      for (const { attempt } of followed.values()) attempt.close();
      followed.clear();
      commands.close();
      await Promise.all([views.close(), remover.close()]);
      client.close();
    },
  };
}

/** Where the cluster has what the container of a driver printed. */
function driverLogPath(namespace: string, pod: string): string {
  return `/api/v1/namespaces/${namespace}/pods/${pod}/log?container=${DRIVER_CONTAINER}`;
}
