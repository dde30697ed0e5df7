import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { PodDoor } from '../engine/kubernetes/door/pod-door.ts';
import type { JobService } from '../jobs/service.ts';
import type { Metrics } from '../metrics/create-metrics.ts';
import type { PackageStore } from '../packages/package-store.ts';
import type { QueueService } from '../queues/queue-service.ts';
import type { ClusterState } from '../scheduler/cluster-state.ts';
import type { ScheduleService } from '../schedules/schedule-service.ts';
import type { WebhookService } from '../webhooks/webhook-service.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from './connection-limits.ts';
import { createConnections } from './connections.ts';
import { addPodRoutes, isPodPath } from './engine/pod-routes.ts';
import { unreadableBody } from './errors/error-answer.ts';
import { addErrorHandlers, sendError } from './errors/error-handlers.ts';
import { createRequestIds } from './errors/request-ids.ts';
import { createSocketErrorHandler } from './errors/socket-errors.ts';
import { addHealthRoutes, isHealthPath } from './health/health-routes.ts';
import { measureAnswers } from './metrics/measure-answers.ts';
import { addMetricsRoutes } from './metrics/metrics-routes.ts';
import { addNativeRoutes } from './native/native-routes.ts';
import { addPackageRoutes } from './native/package-routes.ts';
import { collectOperations } from './openapi/collect-operations.ts';
import { addOpenApiRoute, isDocumentPath } from './openapi/openapi-routes.ts';
import { createJobDetailsDoor } from './openyuanrong/get-job.ts';
import type { JobDetailsSettings } from './openyuanrong/job-details.ts';
import { addOpenYuanrongRoutes } from './openyuanrong/routes.ts';
import { findRayToken } from './ray/credentials.ts';
import { createPresentJob } from './ray/present-job.ts';
import { isPublicRayPath, isRayPath, underRay } from './ray/ray-path.ts';
import { addRayRoutes } from './ray/routes.ts';
import { addReferenceRoutes, isReferencePage, isReferencePath } from './reference/reference-routes.ts';
import { createRequestListener } from './request-listener.ts';
import { knowAllMethods } from './routing/add-routes.ts';
import { addBodyRules } from './security/body-rules.ts';
import { createGate } from './security/gate.ts';
import { createHostCheck, ownHostNames } from './security/host-check.ts';
import { createTokenCheck } from './security/token-check.ts';
import { createOpenStreams } from './streaming/open-streams.ts';
import { createUpgrades, isUpgradeWanted } from './websocket/upgrades.ts';

export interface HttpServerOptions {
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Port of the Ray Jobs API alone, at its root; 0 takes a free one. Default null: it is served under `/ray` only. */
  rayPort?: number | null;
  service: JobService;
  /** Queues and tenants, for operators. */
  queues: QueueService;
  /** Where drivers run, as it is now. */
  cluster: () => ClusterState;
  /** Who hears of events. */
  webhooks: WebhookService;
  schedules: ScheduleService;
  /** For what pods of Kubernetes engines ask. Default: none. */
  podDoors?: readonly PodDoor[];
  /** Archives that clients uploaded. */
  packages: PackageStore;
  /** What `/metrics` shows, and what measures the answers. */
  metrics: Pick<Metrics, 'expose' | 'requests'>;
  /** The operator's log; nothing is written per request above `debug`, except failures. */
  log: FastifyBaseLogger;
  /** Drover's version. */
  version: string;
  nodeId: string;
  /** How `/api/jobs` shows jobs. */
  jobDetails: JobDetailsSettings;
  /** The bearer token in force, null for none; asked at every request, so that it can change. */
  readToken: () => string | null;
  /** Names that the Host header may carry beside IP addresses, `localhost` and the machine's own. */
  allowedHosts: readonly string[];
  bodyLimitBytes: number;
  /** What `/readyz` answers; until it is true, everything else is refused with `STARTING`. */
  isReady: () => boolean;
  /** Paths of pages for people, which other sites may link to. Default: `/` and the API's reference. */
  isPage?: (path: string) => boolean;
  limits?: Partial<ConnectionLimits>;
}

export interface HttpServer {
  /** Resolves when connections are taken. @throws what `listen` meets, such as `EADDRINUSE`. */
  listen(): Promise<{ url: string; rayUrl: string | null }>;
  /** Ends followers, lets other answers finish for a short while, then closes every connection. */
  close(): Promise<void>;
}

/** All the doors of Drover in one server. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { service, log, nodeId, jobDetails: settings, bodyLimitBytes, metrics } = options;
  const limits = { ...CONNECTION_LIMITS, ...options.limits };
  const nextRequestId = createRequestIds();
  const streams = createOpenStreams();
  const details = createJobDetailsDoor({ service, settings, nodeId });
  const connections = createConnections();
  let isClosing = false;

  const checkToken = createTokenCheck(options.readToken);
  const checkRayToken = createTokenCheck(options.readToken, findRayToken);
  const podDoors = options.podDoors ?? [];
  const podHosts = podDoors.map((door) => door.hostName);
  const gate = createGate({
    isHostAllowed: createHostCheck([...ownHostNames(), ...options.allowedHosts, ...podHosts]),
    // Pods have tokens of their own, which their routes look at.
    checkToken: (headers, path) =>
      isPodPath(path) ? 'accepted' : (isRayPath(path) ? checkRayToken : checkToken)(headers),
    isPage: options.isPage ?? ((path) => path === '/' || isReferencePage(path)),
    isPublic: (path) => isHealthPath(path) || isPublicRayPath(path) || isDocumentPath(path) || isReferencePath(path),
    isClosing: () => isClosing,
    isStarting: () => !options.isReady(),
  });
  const upgrades = createUpgrades({ gate, nextRequestId });
  const onClientError = createSocketErrorHandler({ log, headerLimitBytes: limits.headerBytes, nextRequestId });

  /** Fastify asks for one more where `localhost` has two addresses. */
  function makeServer(next: (request: IncomingMessage, response: ServerResponse) => void): Server {
    return bareServer(
      createRequestListener({ gate, details, next, log, nextRequestId, meter: metrics.requests }),
      (target) => target,
    );
  }

  /** @param onMainPort what a target of this server is called on the main port */
  function bareServer(listener: RequestListener, onMainPort: (target: string) => string): Server {
    const shouldUpgradeCallback = (request: IncomingMessage) => isUpgradeWanted(request, onMainPort(request.url ?? ''));
    const server = createServer({ ...nodeOptions(limits), shouldUpgradeCallback }, listener);
    // What pods hold is not taken from the clients.
    server.maxConnections = podDoors.reduce((sum, door) => sum + door.mostConnections, limits.maxConnections);
    server.on('clientError', onClientError);
    server.on('connection', connections.add);
    server.on('upgrade', (request, socket, head) => {
      request.url = onMainPort(request.url ?? '');
      upgrades.onUpgrade(request, socket, head);
    });
    return server;
  }

  const handling = { log, bodyLimitBytes };
  const app: FastifyInstance = fastify({
    serverFactory: makeServer,
    loggerInstance: log,
    // A logger of its own for each request costs more than the rest of fastify; ids are logged where they matter.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: nextRequestId,
    bodyLimit: bodyLimitBytes,
    exposeHeadRoutes: false,
    // The gate answers for a server that closes.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => sendError(error, request, reply, handling),
    // Ids of any length are looked up; the header limit bounds them.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: limits.headerBytes, querystringParser: () => ({}) },
  });
  knowAllMethods(app);
  addBodyRules(app, unreadableBody);
  addErrorHandlers(app, handling);
  measureAnswers(app, metrics.requests, streams);
  addOpenYuanrongRoutes(app, { service, settings, details, streams });
  const operations = collectOperations(app);
  addNativeRoutes(app, {
    service,
    queues: options.queues,
    webhooks: options.webhooks,
    schedules: options.schedules,
    cluster: options.cluster,
    streams,
    nodeId,
    version: options.version,
    heartbeatMs: limits.heartbeatMs,
  });
  addPackageRoutes(app, options.packages);
  if (options.podDoors !== undefined) addPodRoutes(app, podDoors);
  addOpenApiRoute(app, operations, options.version);
  addReferenceRoutes(app);
  addHealthRoutes(app, options.isReady);
  addMetricsRoutes(app, metrics);
  const { packages, version, readToken } = options;
  const present = createPresentJob(service);
  await addRayRoutes(app, { service, packages, streams, present, nodeId, version, readToken }, upgrades.passed);
  await app.ready();
  const rayServer = bareServer((request, response) => {
    request.url = underRay(request.url ?? '');
    app.server.emit('request', request, response);
  }, underRay);

  return {
    async listen() {
      await app.listen({
        host: options.host,
        port: options.port,
        listenTextResolver: (address) => `listening on ${address}`,
      });
      const url = urlOf(app.server, options.host);
      if (options.rayPort === undefined || options.rayPort === null) return { url, rayUrl: null };
      try {
        rayServer.listen(options.rayPort, options.host);
        await once(rayServer, 'listening');
      } catch (error) {
        await app.close();
        throw error;
      }
      return { url, rayUrl: urlOf(rayServer, options.host) };
    },

    async close() {
      isClosing = true;
      const rayEnd = rayServer.listening ? once(rayServer.close(), 'close') : null;
      streams.endAll();
      const stopClosing = connections.closeAsTheyFallQuiet(limits.closeGraceMs);
      try {
        await app.close();
        await rayEnd;
      } finally {
        stopClosing();
      }
    },
  };
}

function nodeOptions(limits: ConnectionLimits) {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
    // The gate says it in the dialect's own form.
    requireHostHeader: false,
  };
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
