// Kinds of segments as a caller defines them: their form, and what the model can be asked for and held to.
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { type SegmentDefinition } from '../model/grammar/answer-form.js';
import { compileForm } from '../model/grammar/answer-grammar.js';
import { requirePlainText } from '../model/grounding/prompts.js';
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

/**
 * Rejects with `prompt.special_token` what may not be said to the model and with `schema.unsupported` what no answer could be held to, each
 * with the path of the field that is at fault.
 */
export function requireDefinitions(definitions: readonly SegmentDefinition[]): void {
  for (const [k, definition] of definitions.entries()) {
    for (const [path, text] of wordsOf(definition)) atPath(`segment_definitions.${k}.${path}`, () => requirePlainText(text));
    atPath(`segment_definitions.${k}.fields`, () => compileForm({ kind: 'segments', definitions: [definition], maxEvents: 1, endSeconds: 1 }));
  }
}

/** Everything that a definition says to the model, under its path. */
const wordsOf = ({ description, fields }: SegmentDefinition): [path: string, text: string][] => [
  ['description', description],
  ...fields.flatMap((field, f): [string, string][] => [
    [`fields.${f}.description`, field.description ?? ''],
    ...(field.enum ?? []).map((value, v): [string, string] => [`fields.${f}.enum.${v}`, value]),
  ]),
];

function atPath(path: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, error.message, { cause: error, details: { ...error.details, errors: [{ path, message: error.message }] } });
  }
}
