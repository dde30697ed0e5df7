/** What one client can hold of the server's memory, sockets and time. */
export interface ConnectionLimits {
  /** More connections are closed as they come. Default 2048: a follower each costs some 30 KiB. */
  maxConnections: number;
  /** Request line and headers together. Default 16 KiB. */
  headerBytes: number;
  /** For the headers of a request. Default 15 s. */
  headersTimeoutMs: number;
  /** For a whole request with its body; answers may take as long as they want. Default 15 min: archives come over slow lines. */
  requestTimeoutMs: number;
  /** How long an idle connection is kept for the next request. Default 72 s, above the minute of common proxies. */
  keepAliveTimeoutMs: number;
  /** How often the timeouts are looked after. Default 5 s. */
  checkIntervalMs: number;
  /** A stream of events that is silent for so long carries a comment. Default 15 s. */
  heartbeatMs: number;
  /** How long answers may go on after the server was told to close. Default 3 s. */
  closeGraceMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  maxConnections: 2048,
  headerBytes: 16 * 1024,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 900_000,
  keepAliveTimeoutMs: 72_000,
  checkIntervalMs: 5_000,
  heartbeatMs: 15_000,
  closeGraceMs: 3_000,
};
