import { z } from 'zod';

/** Body of a request that takes none; `{}` is allowed. */
export const noFields = z.strictObject({}).meta({ id: 'NoFields', description: 'Nothing.' });
