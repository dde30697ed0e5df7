import { readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** The folder that `scripts/image/build.sh` filled; null where none was built. */
export const IMAGE: string | null = process.env.DROVER_TEST_IMAGE || null;
export const WITHOUT = 'needs an image: npm run test:image builds one';
/** The clone. */
export const SOURCE = resolve(import.meta.dirname, '../../../..');

const aboutSchema = z.object({
  OCIv1: z.object({
    config: z.object({
      User: z.string(),
      Env: z.array(z.string()),
      Entrypoint: z.array(z.string()),
      Cmd: z.array(z.string()),
      Volumes: z.record(z.string(), z.unknown()),
      ExposedPorts: z.record(z.string(), z.unknown()),
    }),
  }),
});

export interface BuiltImage {
  /** How containers of it are run, where nothing else is said. */
  config: z.infer<typeof aboutSchema>['OCIv1']['config'];
  /** Absolute path of its files. */
  root: string;
  /** What it could have been built of: paths below the clone. */
  context: readonly string[];
}

export function readImage(): BuiltImage {
  if (IMAGE === null) throw new Error(WITHOUT);
  return {
    config: aboutSchema.parse(JSON.parse(readFileSync(join(IMAGE, 'about.json'), 'utf8'))).OCIv1.config,
    root: realpathSync(join(IMAGE, 'root')),
    context: readFileSync(join(IMAGE, 'context'), 'utf8').trim().split('\n'),
  };
}
