import type { DroverClient } from '@drover/client';
import { uploadDirectory } from '@drover/client/upload';
import { createUploadBar } from './display/upload-bar.ts';

/** Uploads the folder, unless the server has it already, and answers its URI. On a terminal a bar shows how far it is. */
export async function uploadWorkingDirectory(
  client: DroverClient,
  directory: string,
  options: { excludes: readonly string[]; isSilent: boolean },
): Promise<string> {
  const bar = createUploadBar(process.stderr, options.isSilent);
  try {
    const { uri } = await uploadDirectory(client, directory, { excludes: options.excludes, onProgress: bar.show });
    return uri;
  } finally {
    bar.clear();
  }
}
