// Tests of what is told of a model with its answers.
import { expect, it } from 'vitest';
import { modelWarnings } from './model-warnings.js';

const codes = (model: Parameters<typeof modelWarnings>[0], purpose: Parameters<typeof modelWarnings>[1]) => modelWarnings(model, purpose).map(({ code }) => code);

it('a model is trusted with everything where its folder does not say what it was trained for', () => {
  expect(codes({ name: 'a', limitation: undefined }, 'json_schema')).toEqual([]);
});

it('what it was not trained for is told, and its limitation with every answer', () => {
  const model = { name: 'a', limitation: 'Shapes only.', trainedFor: ['events'] } as const;
  expect(codes(model, 'events')).toEqual(['model.limited']);
  expect(codes(model, 'chat')).toEqual(['model.not_trained_for', 'model.limited']);
});
