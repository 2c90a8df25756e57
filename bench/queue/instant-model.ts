// A model that answers at once, five events a window: what is left is what everything else costs.
import { type Inference, type ModelCard, type WindowPrompt, type WindowResult } from '../../src/inference/inference.js';

const CARD: ModelCard = { name: 'instant', hash: '0123456789abcdef', notesHash: '', directory: '/', parameters: 1, tokensPerSecond: 2, limitation: undefined };

const EVENTS = Array.from({ length: 5 }, (_, k) => ({ start_time: `00:0${k}.00`, end_time: `00:0${k + 1}.00`, description: `Event ${k} of the window.` }));
const TEXT = JSON.stringify(EVENTS);

/** Only asked for its card: windows are answered by `instantResult`, before any video is opened. */
export const instantInference: Inference = {
  model: () => Promise.resolve(CARD),
  run: () => Promise.reject(new Error('a bench of the queue opens no video')),
  chat: () => Promise.reject(new Error('a bench of the queue does not chat')),
  close: () => Promise.resolve(),
};

export function instantResult({ startTime, endTime }: { startTime: number; endTime: number }, prompts: readonly WindowPrompt[]): WindowResult {
  const frames = Array.from({ length: 60 }, (_, k) => ({ seconds: startTime + k / 2, pts: k, held: false }));
  return {
    model: CARD,
    plan: { timeBase: { num: 1, den: 25 }, originPts: 0, firstCell: startTime * 2, effectiveFps: 2, secondPerGrid: 1, startSeconds: startTime, endSeconds: endTime, frames },
    ...{ width: 56, height: 56, videoGridThw: [30, 4, 4], temporalIds: Array.from({ length: 30 }, (_, k) => k), seen: 'now' },
    answers: prompts.map(() => ({ text: TEXT, tokens: [{ id: 1, text: TEXT, logprob: -0.1 }], finishReason: 'stop', promptHash: '00112233aabbccdd' })),
  };
}
