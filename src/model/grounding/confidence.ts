// How sure the model was of a part of its answer.

/** A generated token: its text and the natural logarithm of the probability it was chosen with. */
export interface TokenScore {
  readonly text: string;
  readonly logprob: number;
}

/**
 * Geometric mean of the probabilities of the tokens that overlap `[start, end)` of the answer's characters; 0 for none.
 *
 * @example spanConfidence([{ text: 'in ', logprob: 0 }, { text: '2.5', logprob: Math.log(0.8) }], [3, 6]) // 0.8
 */
export function spanConfidence(tokens: readonly TokenScore[], [start, end]: readonly [number, number]): number {
  let at = 0;
  let sum = 0;
  let count = 0;
  for (const { text, logprob } of tokens) {
    if (at < end && at + text.length > start) {
      sum += logprob;
      count++;
    }
    at += text.length;
  }
  return count === 0 ? 0 : Math.exp(sum / count);
}
