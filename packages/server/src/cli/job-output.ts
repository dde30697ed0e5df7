import type { DroverClient } from '@drover/client';
import { note, write } from './output.ts';

export interface OutputOptions {
  follow: boolean;
  tail?: number | undefined;
  attempt?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Called in front of everything that is written. */
  onOutput: () => void;
}

/** Writes the job's output to stdout as it is; says on stderr what is missing of it. */
export async function copyOutput(client: DroverClient, id: string, options: OutputOptions): Promise<void> {
  const { follow, tail, attempt, signal, onOutput } = options;
  const tell = (text: string) => {
    onOutput();
    note(text);
  };
  const chunks = client.logs(id, {
    follow,
    tail,
    attempt,
    signal,
    onGap: ({ from, to }) => tell(`bytes ${from} to ${to - 1} of the output are gone: the log is capped`),
    onReconnect: () => tell('the connection was lost, trying again'),
  });
  for await (const chunk of chunks) {
    onOutput();
    await write(chunk);
  }
}
