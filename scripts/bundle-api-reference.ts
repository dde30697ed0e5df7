import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import scalar from '@scalar/fastify-api-reference';
import { fastify } from 'fastify';

/*
 * Takes the script of the API reference out of the package that serves it, as that serves it: the server needs nothing else of the package,
 * nor of the packages that it stands on.
 */

const TARGET = new URL('../packages/server/assets/', import.meta.url);

const app = fastify();
await app.register(scalar, { routePrefix: '/reference', configuration: { url: '/openapi.json' } });
const answer = await app.inject('/reference/js/scalar.js');
if (answer.statusCode !== 200) throw new Error(`the package of the API reference answers ${answer.statusCode}`);
await app.close();

const license = readFileSync(new URL('../LICENSE', import.meta.resolve('@scalar/fastify-api-reference')), 'utf8');
const script = `/*! The API reference of Scalar (https://github.com/scalar/scalar)\n\n${license}*/\n${answer.body}`;
await mkdir(TARGET, { recursive: true });
writeFileSync(fileURLToPath(new URL('api-reference.js.gz', TARGET)), gzipSync(script, { level: 9 }));
