// The schema that a caller may ask the answers of an analysis to follow.
import { z } from 'zod';

export const responseFormat = z
  .strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({ name: z.string().max(64).optional(), schema: z.record(z.string(), z.unknown()) }),
  })
  .describe('Each window is answered with one JSON value that follows the schema; it becomes a segment of type response.');
