// Parity of the tokenizer: texts to ids, and ids back to texts.
import { join } from 'node:path';
import { loadTokenizer } from '../inference/text-tokenizer.js';
import { Score, type VectorSuite } from './suite.js';
import { readVectors } from './vectors.js';

interface Row {
  readonly text: string;
  readonly ids: readonly number[];
  readonly decoded: string; // with special tokens
}

export const tokenizer: VectorSuite = {
  file: 'tokenizer/encodings.json',
  async run(directory) {
    const rows = await readVectors<readonly Row[]>(directory, this.file);
    const own = await loadTokenizer(join(directory, 'tokenizer'));
    const score = new Score();
    for (const { text, ids, decoded } of rows) {
      score.case(JSON.stringify(text), () => {
        score.same('the ids', own.encode(text), ids);
        score.same('the text of the ids', own.decode(ids), decoded);
      });
    }
    return score.report();
  },
};
