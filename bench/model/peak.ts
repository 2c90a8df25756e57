// The limit of the machine: what the runtime's own product of two large matrices of float32 reaches.
import * as ort from 'onnxruntime-node';
import { OnnxGraph } from '../../src/model/onnx/graph.js';
import { timed } from '../harness/processor-seconds.js';

const SIDE = 1536;
const PRODUCTS = 4;
export const PEAK_OPERATIONS = PRODUCTS * 2 * SIDE ** 3;

/** A contestant that does `PEAK_OPERATIONS` operations. */
export async function peak(threads: number): Promise<() => Promise<number>> {
  const graph = new OnnxGraph('peak');
  graph.node('MatMul', [graph.input('a', 'float32', [SIDE, SIDE]), graph.input('b', 'float32', [SIDE, SIDE])], { outputs: ['c'] });
  graph.output('c', 'float32', [SIDE, SIDE]);
  const session = await ort.InferenceSession.create(graph.toBytes(), { intraOpNumThreads: threads });
  const side = (): ort.Tensor => new ort.Tensor('float32', Float32Array.from({ length: SIDE * SIDE }, (_, k) => (k % 17) / 17), [SIDE, SIDE]);
  const feeds = { a: side(), b: side() };
  return () =>
    timed(async () => {
      for (let k = 0; k < PRODUCTS; k++) await session.run(feeds);
    });
}
