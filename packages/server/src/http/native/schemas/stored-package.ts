import { z } from 'zod';
import { whole } from './values.ts';

export const storedPackage = z
  .strictObject({
    name: z.string(),
    uri: z.string().describe('`gcs://` and the name: what `working_dir` and `py_modules` take.'),
    size_bytes: whole,
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('Of the bytes, in hexadecimal.'),
  })
  .meta({ id: 'StoredPackage', description: 'An uploaded archive.' });
