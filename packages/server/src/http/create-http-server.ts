import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { JobService } from '../jobs/service.ts';
import type { PackageStore } from '../packages/package-store.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from './connection-limits.ts';
import { createConnections } from './connections.ts';
import { unreadableBody } from './errors/error-answer.ts';
import { addErrorHandlers, sendError } from './errors/error-handlers.ts';
import { createRequestIds } from './errors/request-ids.ts';
import { createSocketErrorHandler } from './errors/socket-errors.ts';
import { addHealthRoutes, isHealthPath } from './health/health-routes.ts';
import { addCollectionRoutes } from './native/collection-routes.ts';
import { addJobRoutes } from './native/job-routes.ts';
import { addPackageRoutes } from './native/package-routes.ts';
import { createJobDetailsDoor } from './openyuanrong/get-job.ts';
import type { JobDetailsSettings } from './openyuanrong/job-details.ts';
import { addOpenYuanrongRoutes } from './openyuanrong/routes.ts';
import { createRequestListener } from './request-listener.ts';
import { knowAllMethods } from './routing/add-routes.ts';
import { addBodyRules } from './security/body-rules.ts';
import { createGate } from './security/gate.ts';
import { createHostCheck, ownHostNames } from './security/host-check.ts';
import { createTokenCheck } from './security/token-check.ts';
import { createOpenStreams } from './streaming/open-streams.ts';

export interface HttpServerOptions {
  host: string;
  /** 0 takes a free port. */
  port: number;
  service: JobService;
  /** Archives that clients uploaded. */
  packages: PackageStore;
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
  /** Paths of pages for people, which other sites may link to. Default: `/` alone. */
  isPage?: (path: string) => boolean;
  limits?: Partial<ConnectionLimits>;
}

export interface HttpServer {
  /** Resolves when connections are taken. @throws what `listen` meets, such as `EADDRINUSE`. */
  listen(): Promise<{ url: string }>;
  /** Ends followers, lets other answers finish for a short while, then closes every connection. */
  close(): Promise<void>;
}

/** All the doors of Drover in one server. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { service, log, nodeId, jobDetails: settings, bodyLimitBytes } = options;
  const limits = { ...CONNECTION_LIMITS, ...options.limits };
  const nextRequestId = createRequestIds();
  const streams = createOpenStreams();
  const details = createJobDetailsDoor({ service, settings, nodeId });
  const connections = createConnections();
  let isClosing = false;

  const gate = createGate({
    isHostAllowed: createHostCheck([...ownHostNames(), ...options.allowedHosts]),
    checkToken: createTokenCheck(options.readToken),
    isPage: options.isPage ?? ((path) => path === '/'),
    isPublic: isHealthPath,
    isClosing: () => isClosing,
    isStarting: () => !options.isReady(),
  });
  const onClientError = createSocketErrorHandler({ log, headerLimitBytes: limits.headerBytes, nextRequestId });

  /** Fastify asks for one more where `localhost` has two addresses. */
  function makeServer(next: (request: IncomingMessage, response: ServerResponse) => void): Server {
    const server = createServer(
      nodeOptions(limits),
      createRequestListener({ gate, details, next, log, nextRequestId }),
    );
    server.maxConnections = limits.maxConnections;
    server.on('clientError', onClientError);
    server.on('connection', connections.add);
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
  addOpenYuanrongRoutes(app, { service, settings, details, streams });
  addCollectionRoutes(app, { service, streams, nodeId, version: options.version });
  addJobRoutes(app, { service, streams, nodeId, version: options.version });
  addPackageRoutes(app, options.packages);
  addHealthRoutes(app, options.isReady);
  await app.ready();

  return {
    async listen() {
      await app.listen({
        host: options.host,
        port: options.port,
        listenTextResolver: (address) => `listening on ${address}`,
      });
      return { url: urlOf(app.server, options.host) };
    },

    async close() {
      isClosing = true;
      streams.endAll();
      const stopClosing = connections.closeAsTheyFallQuiet(limits.closeGraceMs);
      try {
        await app.close();
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
