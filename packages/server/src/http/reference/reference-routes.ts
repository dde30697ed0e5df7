import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { sendTagged, type TaggedContent, tagged } from '../conditional/send-tagged.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { CONTENT_SECURITY_POLICY, REFERENCE_PAGE, REFERENCE_PATH, SCRIPT_PATH } from './reference-page.ts';

/** Made by the build, beside `src` and `dist`. */
const PACKED_SCRIPT = new URL('../../../assets/api-reference.js.gz', import.meta.url);

const SCRIPT_HEADERS = { 'content-type': 'text/javascript; charset=utf-8', vary: 'Accept-Encoding' };

/** The page, which other sites may link to. People type it with a slash behind it, too. */
export function isReferencePage(path: string): boolean {
  return path === REFERENCE_PATH || path === `${REFERENCE_PATH}/`;
}

/** The page and its script: they tell nothing that needs a token, and a browser cannot send one for a page. */
export function isReferencePath(path: string): boolean {
  return isReferencePage(path) || path === SCRIPT_PATH;
}

/** `/docs`: the reference of the native API as a page. */
export function addReferenceRoutes(app: FastifyInstance): void {
  const page = tagged(REFERENCE_PAGE, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'referrer-policy': 'no-referrer',
  });
  let packed: TaggedContent | null = null;

  addRoutes(app, REFERENCE_PATH, { GET: async (request, reply) => sendTagged(request, reply, page) });

  addRoutes(app, SCRIPT_PATH, {
    GET: async (request, reply) => {
      packed ??= await readPacked();
      return sendTagged(request, reply, takesGzip(request.headers['accept-encoding']) ? packed : await unpack(packed));
    },
  });
}

async function readPacked(): Promise<TaggedContent> {
  return tagged(await readFile(PACKED_SCRIPT), { ...SCRIPT_HEADERS, 'content-encoding': 'gzip' });
}

/** For the few clients that take nothing else, and so not kept. */
async function unpack({ body }: TaggedContent): Promise<TaggedContent> {
  return tagged(await promisify(gunzip)(body), SCRIPT_HEADERS);
}

function takesGzip(acceptEncoding: string | string[] | undefined): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(acceptEncoding ?? ''));
}
