import { randomInt, randomUUID } from 'node:crypto';
import type { Door } from '../job/job.ts';

const RAY_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz123456789';
const RAY_LENGTH = 16;

/** An id for a job that was submitted without one, in the form that the door's clients know. */
export function generateJobId(door: Door): string {
  switch (door) {
    case 'openyuanrong':
      return `app-${randomUUID()}`;
    case 'native':
      return `job-${randomUUID()}`;
    case 'ray':
      return `raysubmit_${Array.from({ length: RAY_LENGTH }, () => RAY_LETTERS[randomInt(RAY_LETTERS.length)]).join('')}`;
  }
}
