import { z } from 'zod';
import { whole } from './values.ts';

export const logMatches = z
  .strictObject({
    matches: z.array(
      z
        .strictObject({
          offset: whole.describe("Of the line's first byte."),
          text: z.string().describe('The line without its end, at most its first 4 KiB.'),
        })
        .meta({ id: 'LogMatch' }),
    ),
    next_after: whole.describe('`after` of the next search.'),
    complete: z.boolean().describe('Whether all was searched that the log has now.'),
  })
  .meta({ id: 'LogMatches' });
