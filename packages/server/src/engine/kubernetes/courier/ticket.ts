import type { PodFolder } from './pod-folder.ts';

/** By which the driver's container shows for whom it works. */
export interface Ticket {
  attemptId: string;
  token: string;
  /** The `server_url` of its engine, without a slash at its end. */
  server: string;
}

const TICKET = /^([A-Za-z0-9][A-Za-z0-9._-]{0,199}) ([A-Za-z0-9_-]+) (\S+) \.\n$/;

/** Null where there is none (yet), or only a part of it. */
export function readTicket(folder: PodFolder): Ticket | null {
  const [, attemptId, token, server] = TICKET.exec(folder.readText('ticket') ?? '') ?? [];
  if (attemptId === undefined || token === undefined || server === undefined) return null;
  return { attemptId, token, server };
}
