// What a caller may ask the answers of an analysis to look like.
import { z } from 'zod';
import { plainText } from '../platform/http/text.js';

const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must begin with a letter and hold letters, digits, _ and - only')
  .describe('Letters, digits, _ and -.');

const segmentField = z.strictObject({
  name,
  type: z.enum(['string', 'number', 'integer', 'boolean']),
  description: plainText(500).optional(),
  enum: z.array(plainText(100)).min(1).max(50).optional().describe('Of a string: the only values it may have.'),
});

const distinct = (values: readonly { name: string }[]): boolean => new Set(values.map((value) => value.name)).size === values.length;

export const segmentDefinitions = z
  .array(
    z.strictObject({
      name,
      description: plainText(500).describe('What such a segment shows.'),
      fields: z.array(segmentField).max(16).default([]).refine(distinct, 'names must differ').describe('What to note of each.'),
    }),
  )
  .min(1)
  .max(20)
  .refine(distinct, 'names must differ')
  .describe('Kinds of segments to find, instead of a description of all events; each becomes the type of its segments.');

export const responseFormat = z
  .strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({ name: z.string().max(64).optional(), schema: z.record(z.string(), z.unknown()) }),
  })
  .describe('Each window is answered with one JSON value that follows the schema; it becomes a segment of type response.');
