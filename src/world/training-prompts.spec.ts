// The training asks in the very words of the product.
import { expect, test } from 'vitest';
import prompts from '../../training/prompts.json' with { type: 'json' };
import { DENSE_EVENTS_PROMPT, groundingPrompt, occurrencePrompt, segmentsPrompt } from '../model/grounding/prompts.js';

const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

test('queries, checks and dense descriptions', () => {
  const query = 'a red circle moving left';
  expect(fill(prompts.grounding, { query })).toBe(groundingPrompt(query));
  expect(fill(prompts.occurrence, { query })).toBe(occurrencePrompt(query));
  expect(prompts.dense).toBe(DENSE_EVENTS_PROMPT);
});

test('segments of kinds that a caller defines', () => {
  const fields = [
    { name: 'colour', type: 'string', description: 'its colour' },
    { name: 'grows', type: 'boolean' },
  ] as const;
  const definitions = [
    { name: 'motion', description: 'A shape moves.', fields },
    { name: 'dark', description: 'The lights are out.', fields: [] },
  ];
  const noted = [fill(prompts.field, { name: 'colour', description: 'its colour' }), fill(prompts.field, { name: 'grows', description: 'boolean' })];
  const kinds = [
    fill(prompts.kind, { name: 'motion', description: 'A shape moves.' }) + fill(prompts.noted, { fields: noted.join(', ') }),
    fill(prompts.kind, { name: 'dark', description: 'The lights are out.' }),
  ];
  expect(fill(prompts.segments, { kinds: kinds.join(' ') })).toBe(segmentsPrompt(definitions));
});
