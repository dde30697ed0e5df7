import { SlurmError } from './client/slurm-client.ts';

/** Keeps whether Slurm can be reached, from what its calls come to. */
export interface Contact {
  /** Runs a call of the client. */
  reach<T>(call: () => Promise<T>): Promise<T>;
  /** A sentence for people; null where the last call was answered, or none was made. */
  trouble(): string | null;
  isBroken(): boolean;
}

/** @param onChange hears that Slurm went out of reach (with the error), or is back (null) */
export function createContact(description: string, now: () => number, onChange: (error: unknown) => void): Contact {
  let broken: { sinceMs: number; message: string } | null = null;

  function restore(): void {
    if (broken === null) return;
    broken = null;
    onChange(null);
  }

  return {
    async reach(call) {
      try {
        const answer = await call();
        restore();
        return answer;
      } catch (error) {
        const isAnswer = error instanceof SlurmError && error.kind !== 'unknown';
        if (isAnswer) restore();
        else {
          const isNew = broken === null;
          broken = { sinceMs: broken?.sinceMs ?? now(), message: messageOf(error) };
          if (isNew) onChange(error);
        }
        throw error;
      }
    },

    trouble() {
      if (broken === null) return null;
      const since = new Date(broken.sinceMs).toISOString();
      const { message } = broken;
      // As a rule it begins with the same name.
      const what = message.startsWith(`${description} `) ? message.slice(description.length + 1) : message;
      return `${description} is out of reach since ${since}: ${what}`;
    },

    isBroken: () => broken !== null,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
