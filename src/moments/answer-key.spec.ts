// When two questions are one and the same.
import { describe, expect, it } from 'vitest';
import { answerKey, type AnswerIngredients, normalizeQuery } from './answer-key.js';

const asked: AnswerIngredients = {
  videoId: 'v',
  query: 'the red circle',
  request: { topK: 5, startTime: 0, endTime: 60, sampling: {}, allowNone: true, curve: false },
  state: 's',
  model: { hash: 'm', notesHash: 'n' },
  settings: { WINDOW_SECONDS: 30, WINDOW_OVERLAP_SECONDS: undefined, WINDOW_FPS: undefined, MOMENT_MAX_WINDOWS: 10, MOMENT_STEPS: ['retrieve', 'verify'] },
};

describe('answerKey', () => {
  it('is one for questions that differ in spelling alone', () => {
    expect(normalizeQuery('  The RED\t\n circle ')).toBe('the red circle');
    expect(answerKey({ ...asked, query: 'The  red CIRCLE' })).toBe(answerKey(asked));
    expect(normalizeQuery('ﬁsh')).toBe('fish');
  });

  it.each([
    ['video', { videoId: 'w' }],
    ['words', { query: 'the red circles' }],
    ['number of moments', { request: { ...asked.request, topK: 6 } }],
    ['range', { request: { ...asked.request, startTime: 1 } }],
    ['sampling', { request: { ...asked.request, sampling: { fps: 4 } } }],
    ['sampling of another kind with the same number', { request: { ...asked.request, sampling: { maxFrames: 4 } } }],
    ['wish to be answered anyway', { request: { ...asked.request, allowNone: false } }],
    ['wish for a curve', { request: { ...asked.request, curve: true } }],
    ['state of what is searched', { state: 't' }],
    ['model', { model: { hash: 'n', notesHash: 'n' } }],
    ['calibration', { model: { hash: 'm', notesHash: 'o' } }],
    ['steps', { settings: { ...asked.settings, MOMENT_STEPS: ['retrieve'] } }],
    ['length of windows', { settings: { ...asked.settings, WINDOW_SECONDS: 20 } }],
  ])('is another for another %s', (_what, change) => {
    expect(answerKey({ ...asked, ...change })).not.toBe(answerKey(asked));
  });
});
