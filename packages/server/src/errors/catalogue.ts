/** One row of the catalogue: everything a door needs to answer, and a person to act. */
export interface CatalogueEntry {
  /** HTTP status that the native API answers with. */
  status: number;
  /** Title of the problem document, the same for every occurrence. */
  title: string;
  /** Message with `{name}` placeholders. */
  template: string;
  /** What the user can do about it. */
  remedy: string;
}

/**
 * Every error that a client can meet. Codes are stable: clients match them, never the prose.
 * `docs/errors.md` is generated from this table.
 */
export const CATALOGUE = {
  MALFORMED_REQUEST: {
    status: 400,
    title: 'The request is not valid HTTP',
    template: 'the request cannot be read: {detail}',
    remedy: 'Check the client, and what stands between it and this server.',
  },
  INVALID_BODY: {
    status: 400,
    title: 'The request body is not what this route takes',
    template: '{detail}',
    remedy: 'Correct the named field; the message says what was expected there.',
  },
  INVALID_QUERY: {
    status: 400,
    title: 'A query parameter is not what this route takes',
    template: "query parameter '{name}' {detail}",
    remedy: 'Correct or leave out the named parameter.',
  },
  INVALID_HEADER: {
    status: 400,
    title: 'A request header is not what this route takes',
    template: "header '{name}' {detail}",
    remedy: 'Correct or leave out the named header.',
  },
  INVALID_JOB_ID: {
    status: 400,
    title: 'The job id is not allowed',
    template: "job id '{id}' is not allowed: {detail}",
    remedy: 'Choose an id by the named rule, or none: Drover makes one.',
  },
  INVALID_PACKAGE_NAME: {
    status: 400,
    title: 'The package name is not allowed',
    template: "package name '{name}' is not allowed: {detail}",
    remedy: 'Choose a name by the named rule.',
  },
  INVALID_ENVIRONMENT: {
    status: 400,
    title: 'The runtime environment is not valid',
    template: 'runtime_env.{field} {detail}',
    remedy: 'Correct the named field of runtime_env.',
  },
  INVALID_SCHEDULE: {
    status: 400,
    title: 'The schedule is not valid',
    template: '{field}: {detail}',
    remedy: 'Correct the named field; docs/queues.md tells what expressions and time zones there are.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'A token is needed',
    template: 'this server wants a bearer token: {detail}',
    remedy: 'Send `Authorization: Bearer TOKEN`; the CLI takes --token-file or DROVER_TOKEN_FILE.',
  },
  HOST_NOT_ALLOWED: {
    status: 403,
    title: 'The Host header names a stranger',
    template: "host '{host}' is not a name of this server",
    remedy: "Use an IP address, localhost or the machine's own name, or add the name to `allowed_hosts`.",
  },
  ORIGIN_NOT_ALLOWED: {
    status: 403,
    title: 'Requests from other web sites are refused',
    template: 'requests from {origin} are refused: a job service runs commands',
    remedy: 'Call from a program, or from a page that this server serves.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'No such route',
    template: 'there is nothing at {path}',
    remedy: 'See the documentation of the API for its routes.',
  },
  JOB_NOT_FOUND: {
    status: 404,
    title: 'No such job',
    template: "no job has the id '{id}'",
    remedy: 'Ids are looked up as they are, case included; list the jobs to find the right one.',
  },
  PACKAGE_NOT_FOUND: {
    status: 404,
    title: 'No such package',
    template: "no package has the name '{name}'",
    remedy: 'Upload it; a package that no job needs is removed some time after it was last asked for.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The route does not know this method',
    template: '{method} is not possible at {path}',
    remedy: 'The `Allow` header lists the methods that are.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request did not arrive in time',
    template: 'the request was not complete after the time that this server allows',
    remedy: 'Send the request again; a slow line may need a smaller body.',
  },
  JOB_EXISTS: {
    status: 409,
    title: 'The job id is taken',
    template: "a job with the id '{id}' exists already",
    remedy: 'Choose another id, or delete that job first.',
  },
  QUEUE_NOT_FOUND: {
    status: 404,
    title: 'No such queue',
    template: "no queue has the name '{name}'",
    remedy: 'List the queues, or create it.',
  },
  UNKNOWN_QUEUE: {
    status: 422,
    title: 'The job names a queue that is not there',
    template: "no queue has the name '{name}'; there are {known}",
    remedy: 'Name one of these, or none: the job then goes to the default queue of its tenant.',
  },
  UNKNOWN_ENGINE: {
    status: 422,
    title: 'There is no engine of that name',
    template: "this server has no engine '{name}'; there are {known}",
    remedy: 'Name one of these, or none: the queue, or else the server, has a default.',
  },
  INVALID_ENGINE_OPTIONS: {
    status: 422,
    title: 'The engine does not take these options',
    template: "engine '{engine}' does not take these engine_options: {detail}",
    remedy: "Correct the named option; the engine's page in the documentation says which there are.",
  },
  QUEUE_EXISTS: {
    status: 409,
    title: 'The queue is there already',
    template: "a queue with the name '{name}' exists already",
    remedy: 'Choose another name, or change that queue.',
  },
  UNKNOWN_DEPENDENCY: {
    status: 422,
    title: 'The job would wait for one that is not there',
    template: "the job cannot wait for '{id}': no job has that id",
    remedy: 'Submit that job first.',
  },
  DEPENDENCY_CYCLE: {
    status: 422,
    title: 'The job would wait for itself',
    template: "the job '{id}' cannot wait for itself",
    remedy: 'Leave its own id out.',
  },
  TIME_LIMIT_TOO_LONG: {
    status: 422,
    title: 'The time limit is beyond what the queue allows',
    template: "a run of {asked} s is longer than the {allowed} s that queue '{queue}' allows",
    remedy: 'Ask for less time, or use another queue.',
  },
  QUEUE_DRAINING: {
    status: 409,
    title: 'The queue takes no jobs',
    template: "queue '{name}' is being drained: it takes no new jobs",
    remedy: 'Use another queue, or wait until it is resumed.',
  },
  QUEUE_NOT_EMPTY: {
    status: 409,
    title: 'The queue has jobs',
    template: "queue '{name}' has jobs that have not ended: {jobs}",
    remedy: 'Drain the queue and wait, or stop its jobs.',
  },
  QUEUE_REQUIRED: {
    status: 409,
    title: 'The queue is always there',
    template: "queue '{name}' cannot be deleted: jobs that name no queue go there",
    remedy: 'Pause or drain it instead.',
  },
  SCHEDULE_NOT_FOUND: {
    status: 404,
    title: 'No such schedule',
    template: "no schedule has the name '{name}'",
    remedy: 'List the schedules, or create it.',
  },
  SCHEDULE_EXISTS: {
    status: 409,
    title: 'The schedule is there already',
    template: "a schedule with the name '{name}' exists already",
    remedy: 'Choose another name, or change that schedule.',
  },
  TOO_MANY_SCHEDULES: {
    status: 409,
    title: 'The server has no room for another schedule',
    template: 'there are {most} schedules already, and no more are kept',
    remedy: 'Delete one that is not needed, or let one job do the work of several.',
  },
  WEBHOOK_NOT_FOUND: {
    status: 404,
    title: 'No such webhook',
    template: "no webhook has the id '{id}'",
    remedy: 'List the webhooks, or create it.',
  },
  WEBHOOK_NOT_ALLOWED: {
    status: 422,
    title: 'This server sends no webhooks there',
    template: 'nothing is sent to {url}: {problem}',
    remedy: 'Use an https address on the public internet, or have the host named in `allowed_webhook_hosts`.',
  },
  TOO_MANY_WEBHOOKS: {
    status: 409,
    title: 'The server has no room for another webhook',
    template: 'there are {most} webhooks already, and no more are kept',
    remedy: 'Delete one that is not needed, or let one receiver distribute the events.',
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    title: 'The idempotency key was used for something else',
    template: "the idempotency key was used for job '{id}', with another body",
    remedy: 'Use a new key for a new job; repeat a submit with the body that it had.',
  },
  IDEMPOTENCY_JOB_DELETED: {
    status: 410,
    title: 'The job of this idempotency key was deleted',
    template: "the idempotency key was used for job '{id}', which was deleted since",
    remedy: 'The job was submitted, and is not run again. Use a new key to submit a new job.',
  },
  JOB_NOT_ENDED: {
    status: 409,
    title: 'The job has not ended',
    template: "job '{id}' is {status}: only a job that has ended can be deleted or retried",
    remedy: 'Stop the job and wait for its end.',
  },
  ELEMENT_NOT_STARTED: {
    status: 409,
    title: 'The element has not become a job',
    template: "element '{id}' has not become a job: it is stopped and deleted with its array '{array}'",
    remedy: 'Stop or delete the array, or wait until the element is a job of its own.',
  },
  ATTEMPT_TAKEN: {
    status: 409,
    title: 'The attempt is not that of the pod',
    template: "attempt '{attemptId}' is run by another pod, or by none any more",
    remedy: 'Nothing is to be done: a pod that Kubernetes made beside another one ends by itself.',
  },
  OUTPUT_GAP: {
    status: 409,
    title: 'Output before that is missing',
    template: 'the output that is here ends at byte {sizeBytes}, before {offset}',
    remedy: 'Nothing is to be done: a pod sends again what is missing.',
  },
  UNSCHEDULABLE: {
    status: 422,
    title: 'The request could never be met',
    template: 'the job asks for {asked}, and {where} has {available} in all',
    remedy: 'Ask for less, or have the resource configured, the limit of the queue or the quota of the tenant raised.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The request body is too large',
    template: 'the body is larger than {limitBytes} bytes',
    remedy: 'Send less, or raise `body_limit`.',
  },
  PACKAGE_TOO_LARGE: {
    status: 413,
    title: 'The package is too large',
    template: 'the package is larger than {limitBytes} bytes',
    remedy: 'Leave out what the job does not need, or raise `package_max_size`.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The body must be JSON',
    template: "a body must be declared as application/json, not '{given}'",
    remedy: 'Send `Content-Type: application/json`.',
  },
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    title: 'The log has no such bytes',
    template: 'the log has the bytes {first} to {end} (exclusive)',
    remedy: 'Ask for a range inside those bounds.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The request headers are too large',
    template: 'the request headers are larger than {limitBytes} bytes',
    remedy: 'Send fewer or shorter headers.',
  },
  INTERNAL: {
    status: 500,
    title: 'The server failed',
    template: 'the server failed to carry this out; its log has the details under request id {requestId}',
    remedy: 'Try again; if it stays, show the operator the request id.',
  },
  STORAGE_FULL: {
    status: 507,
    title: 'No space left for the job store',
    template: 'nothing was recorded: the data directory has no space left',
    remedy: 'Free space on the disk of the data directory, or shorten the retention.',
  },
  STARTING: {
    status: 503,
    title: 'The server is starting',
    template: 'the server is taking up the jobs of the one before it; nothing was recorded',
    remedy: 'Try again in a second; `/readyz` tells when it is ready.',
  },
  SHUTTING_DOWN: {
    status: 503,
    title: 'The server is shutting down',
    template: 'the server is shutting down; nothing was recorded',
    remedy: 'Try again in a few seconds.',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    title: 'Too many at once',
    template: '{detail}',
    remedy: 'Try again when others have ended.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;
