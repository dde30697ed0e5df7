import { z } from 'zod';
import type { ClusterAnswer } from './cluster-client.ts';

const statusSchema = z.looseObject({ message: z.string() });

/** What an answer that is no success says, for people. */
export function answerText({ status, body }: ClusterAnswer): string {
  const message = statusSchema.safeParse(body).data?.message;
  return message === undefined ? `the cluster answers ${status}` : `the cluster answers ${status}: ${message}`;
}
