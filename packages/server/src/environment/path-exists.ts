import { stat } from 'node:fs/promises';
import { hasCode } from '../errors/system-error.ts';

/** Whether there is something; links are followed. */
export async function pathExists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
