import { fromBufferPromise } from 'yauzl';
import { sendJson, sendProblem, startHttpServer } from '../fixture/http-server.ts';

/** A server of packages alone, which keeps them in memory. */
export async function startPackageServer(options: { maxBytes?: number } = {}) {
  const packages = new Map<string, Buffer>();
  const server = await startHttpServer(async (request, response, url) => {
    const name = url.pathname.replace('/api/v1/packages/', '');
    if (request.method === 'PUT') {
      const bytes = Buffer.concat(await request.toArray());
      if (bytes.length > (options.maxBytes ?? Number.POSITIVE_INFINITY)) {
        const detail = `the package is larger than ${options.maxBytes} bytes`;
        return sendProblem(response, 413, { code: 'PACKAGE_TOO_LARGE', detail });
      }
      packages.set(name, bytes);
    }
    const found = packages.get(name);
    if (found === undefined) return sendProblem(response, 404, { code: 'PACKAGE_NOT_FOUND', detail: 'none' });
    sendJson(response, { name, uri: `gcs://${name}`, size_bytes: found.length, sha256: '' });
  });
  return { ...server, packages };
}

/** What a zip holds, read by another program than the one that wrote it: permissions and content by path. */
export async function unzip(
  bytes: Buffer,
  encoding: BufferEncoding = 'utf8',
): Promise<Record<string, { mode: number; content: string }>> {
  const members: Record<string, { mode: number; content: string }> = {};
  const zip = await fromBufferPromise(bytes, { strictFileNames: true });
  for await (const entry of zip.eachEntry()) {
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    const chunks: Buffer[] = [];
    if (!entry.fileName.endsWith('/')) {
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(Buffer.from(chunk));
    }
    members[entry.fileName] = { mode, content: Buffer.concat(chunks).toString(encoding) };
  }
  return members;
}
