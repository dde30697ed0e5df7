import { createClient } from '@drover/client';
import { uploadDirectory } from '@drover/client/upload';
import { answerOrder } from './ask-child.ts';
import { watchPeak } from './peak-memory.ts';

export interface UploadOrder {
  url: string;
  directory: string;
  /** Whether the client has asked the server something before. */
  isWarm: boolean;
}

export interface Uploaded {
  growthMiB: number;
  /** Reading for the name, and then packing and sending. */
  seconds: number;
}

answerOrder<UploadOrder, Uploaded>(async ({ url, directory, isWarm }) => {
  const client = createClient({ address: url });
  if (isWarm) await client.version();
  const memory = watchPeak('self');
  const begin = performance.now();
  const { isNew } = await uploadDirectory(client, directory);
  if (!isNew) throw new Error('the server had it already');
  return { growthMiB: memory.growthMiB(), seconds: (performance.now() - begin) / 1_000 };
});
