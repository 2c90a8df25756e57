// From logits to the next token: penalty, sampling, limits and probabilities.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyRepetitionPenalty, chooseToken, type GenerationSettings, logProbability, nextToken, parseGenerationConfig } from './generation.js';

const greedy: GenerationSettings = { eosTokenIds: [2], repetitionPenalty: 1, doSample: false, temperature: 1, topK: 0, topP: 1 };
const sampled: GenerationSettings = { ...greedy, doSample: true };
const logits = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 3, maxLength: 40 }).map((values) => Float32Array.from(values));
const never = (): number => {
  throw new Error('greedy choice draws nothing');
};
/** `count` draws spread evenly over [0, 1). */
const draws = (row: Float32Array, settings: GenerationSettings, count = 1000): number[] =>
  Array.from({ length: count }, (_, k) => chooseToken(row, settings, () => (k + 0.5) / count));

describe('applyRepetitionPenalty', () => {
  it('lowers each id that was seen once, whatever its sign', () => {
    const row = Float32Array.of(2, -2, 2, -2);
    applyRepetitionPenalty(row, [0, 1, 1, 0], 1.05);
    expect([...row]).toEqual([Math.fround(2 / Math.fround(1.05)), Math.fround(-2 * Math.fround(1.05)), 2, -2]);
  });
});

describe('chooseToken', () => {
  it('takes the first of the largest without drawing', () => expect(chooseToken(Float32Array.of(1, 3, 3), greedy, never)).toBe(1));

  it('is greedy at the published temperature of 1e-6', () => {
    const apart = logits.filter((row) => [...row].sort((a, b) => b - a).slice(0, 2).reduce((a, b) => a - b) > 0.001);
    fc.assert(
      fc.property(apart, fc.double({ min: 0, max: 0.999, noNaN: true }), (row, draw) => {
        expect(chooseToken(row, { ...sampled, temperature: 1e-6 }, () => draw)).toBe(chooseToken(row, greedy, never));
      }),
    );
  });

  it('draws each token as often as it is likely', () => {
    const row = Float32Array.of(Math.log(0.5), Math.log(0.2), Math.log(0.3));
    const ids = draws(row, sampled);
    expect([0, 1, 2].map((id) => ids.filter((chosen) => chosen === id).length)).toEqual([500, 200, 300]);
  });

  it('keeps to the likeliest few, or to the few that hold the wanted probability', () => {
    const row = Float32Array.of(Math.log(0.5), Math.log(0.2), Math.log(0.3));
    expect(new Set(draws(row, { ...sampled, topK: 2 }))).toEqual(new Set([0, 2]));
    expect(new Set(draws(row, { ...sampled, topP: 0.4 }))).toEqual(new Set([0]));
    expect(new Set(draws(row, { ...sampled, topP: 0.6 }))).toEqual(new Set([0, 2]));
  });
});

describe('logProbability', () => {
  it('belongs to probabilities that add up to one', () => {
    fc.assert(
      fc.property(logits, (row) => {
        const sum = [...row.keys()].reduce((total, id) => total + Math.exp(logProbability(row, id)), 0);
        expect(sum).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('nextToken', () => {
  const options = { seenIds: [1], knownTokens: 3, settings: { ...greedy, repetitionPenalty: 2 }, random: never };

  it('penalises the choice, but reports the probability that the model gave', () => {
    const row = Float32Array.of(2, 3, 0, 0);
    const before = Float32Array.from(row);
    const { id, logProbability: logprob, ends } = nextToken(row, options);
    expect({ id, ends }).toEqual({ id: 0, ends: false });
    expect(Math.exp(logprob)).toBeCloseTo(Math.exp(2) / (Math.exp(2) + Math.exp(3) + 1), 9);
    expect(row).toEqual(before);
  });

  it('never chooses an id that the tokenizer does not know', () => {
    expect(nextToken(Float32Array.of(0, 0, 1, 99), options)).toMatchObject({ id: 2, ends: true });
  });

  it('refuses logits that are no numbers', () => {
    expect(() => nextToken(Float32Array.of(0, Number.NaN, 1), options)).toThrow(expect.objectContaining({ code: 'generation.logits_invalid' }));
  });
});

describe('parseGenerationConfig', () => {
  it('reads the published settings', () => {
    const json = { do_sample: true, temperature: 1e-6, repetition_penalty: 1.05, eos_token_id: [151645, 151643], pad_token_id: 151643 };
    expect(parseGenerationConfig(json)).toEqual({
      eosTokenIds: [151645, 151643], repetitionPenalty: 1.05, doSample: true, temperature: 1e-6, topK: 50, topP: 1,
    });
  });

  it('refuses a configuration without an end, and settings that make no sense', () => {
    expect(() => parseGenerationConfig({})).toThrow(expect.objectContaining({ code: 'config.key_missing' }));
    expect(() => parseGenerationConfig({ eos_token_id: 2, temperature: 0 })).toThrow(expect.objectContaining({ code: 'generation.setting_invalid' }));
  });
});
