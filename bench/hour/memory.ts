// Peak memory of worker and inference child over a video of some length, each in a product of its own: scan, analysis and a question.
import { type Asked, askOne } from './questions.js';
import { analyseUpload } from './analysis.js';
import { peakBytes } from '../../src/platform/embedded/process-cost.js';
import { withProduct } from '../harness/product.js';

export interface Peak {
  readonly bytes: number;
  readonly analysisSeconds: number;
  readonly question: Asked;
}

export async function peakOver(file: string, query: string): Promise<Peak> {
  return withProduct(async (product) => {
    const { video, analysisSeconds } = await analyseUpload(product, file);
    const question = await askOne(product, video.id, query);
    return { bytes: peakBytes(), analysisSeconds, question };
  });
}
