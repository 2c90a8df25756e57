// Parity of whole models: small random checkpoints, run from frames and ids to continuations, every stage against the reference.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel, type Model } from '../inference/model.js';
import { LOGITS, tracedLayer } from '../model/qwen2-5-vl/language-graph.js';
import { tracedBlock, tracedPatchEmbedding, VISION_FEATURES } from '../model/qwen2-5-vl/vision-graph.js';
import { fromWindowOrder, visionFeeds } from '../model/qwen2-5-vl/vision-feeds.js';
import { continueGreedily } from './continuation.js';
import { Score, type VectorSuite } from './suite.js';
import { KINDS, positionsOfBatch, rowsOfBatch, type TinyPrompt, type TinyRow, type VisionInput, visionInputs } from './tiny-prompts.js';
import { readVectors, TensorFile } from './vectors.js';

const PIXEL_TOLERANCE = 1e-6;

interface Tolerances {
  readonly features: number;
  readonly logits: number;
}

interface Prompts {
  readonly tolerance_abs: Tolerances;
  readonly cases: readonly TinyPrompt[];
}

/** One suite for each `tiny_*` folder that has a prompts.json. */
export async function tinyModelSuites(directory: string): Promise<VectorSuite[]> {
  const names = (await readdir(directory)).filter((name) => name.startsWith('tiny_') && existsSync(join(directory, name, 'prompts.json')));
  return names.sort().map(tinyModel);
}

function tinyModel(folder: string): VectorSuite {
  return {
    file: `${folder}/prompts.json`,
    async run(directory) {
      const place = join(directory, folder);
      const { cases, tolerance_abs: tolerances } = await readVectors<Prompts>(place, 'prompts.json');
      const inputs = await TensorFile.read(place, 'inputs.safetensors');
      const expected = await TensorFile.read(place, 'expected.safetensors');
      const model = await loadModel(place, { trace: true });
      const score = new Score();
      try {
        for (const prompt of cases) await new TinyRun(model, prompt, { inputs, expected, tolerances, score }).check();
      } finally {
        await model.close();
      }
      return score.report();
    },
  };
}

interface Vectors {
  readonly inputs: TensorFile;
  readonly expected: TensorFile;
  readonly tolerances: Tolerances;
  readonly score: Score;
}

/** One prompt. Each stage with stored numbers is a case; a tensor that is not there is not compared. */
class TinyRun {
  private readonly stored: ReadonlySet<string>;

  constructor(
    private readonly model: Model,
    private readonly prompt: TinyPrompt,
    private readonly vectors: Vectors,
  ) {
    this.stored = new Set([...vectors.inputs.names(), ...vectors.expected.names()]);
  }

  async check(): Promise<void> {
    const vision = visionInputs(this.prompt, this.vectors.inputs);
    this.checkPixels(vision);
    const features = await this.checkTower(vision);
    this.checkPositions();
    const rows = rowsOfBatch(this.prompt, this.model, vision, features);
    await this.checkDecoder(rows);
    await this.checkContinuations(rows);
  }

  private checkPixels(vision: readonly VisionInput[]): void {
    for (const kind of KINDS) {
      const rows = joined(vision.filter((input) => input.kind === kind).map((input) => input.patches));
      this.compare(`${kind}.pixel_values`, rows, PIXEL_TOLERANCE, this.vectors.inputs);
    }
  }

  private async checkTower(vision: readonly VisionInput[]): Promise<Float32Array[]> {
    const { tower, checkpoint } = this.model;
    const { depth } = checkpoint.config.vision;
    const outputs = [VISION_FEATURES, tracedPatchEmbedding, ...Array.from({ length: depth }, (_, block) => tracedBlock(block))];
    const traces: Map<string, Float32Array>[] = [];
    for (const { patches, grid } of vision) traces.push(await tower.trace(patches, grid, outputs));
    for (const kind of KINDS) {
      const items = vision.flatMap((input, k) => (input.kind === kind ? [{ ...input, trace: traces[k]! }] : []));
      const all = (output: string): Float32Array => joined(items.map(({ trace }) => trace.get(output)!));
      const { features } = this.vectors.tolerances;
      const embedded = items.map(({ trace, grid }) => fromWindowOrder(trace.get(tracedPatchEmbedding)!, visionFeeds(grid, checkpoint.config.vision).windowIndex));
      this.compare(`${kind}.patch_embed`, joined(embedded), features);
      for (let block = 0; block < depth; block++) this.compare(`${kind}.block${block}_output_window_order`, all(tracedBlock(block)), features);
      this.compare(`${kind}_features`, all(VISION_FEATURES), features);
    }
    return traces.map((trace) => trace.get(VISION_FEATURES)!);
  }

  private checkPositions(): void {
    const { positionIds, ropeDeltas } = positionsOfBatch(this.prompt, this.model);
    const exactly = (name: string, actual: Int32Array): void => {
      if (!this.stored.has(`${this.prompt.name}.${name}`)) return;
      const { data } = this.vectors.expected.integers(`${this.prompt.name}.${name}`);
      this.vectors.score.case(`${this.prompt.name}.${name}`, () => this.vectors.score.close(name, actual, data, 0));
    };
    exactly('position_ids', positionIds);
    exactly('rope_deltas', ropeDeltas);
  }

  private async checkDecoder(rows: readonly TinyRow[]): Promise<void> {
    const { decoder, checkpoint } = this.model;
    const last = tracedLayer(checkpoint.config.text.numHiddenLayers - 1);
    const { features, logits } = this.vectors.tolerances;
    for (const [row, { prompt, columns }] of rows.entries()) {
      const trace = await decoder.trace(prompt, [tracedLayer(0), last]);
      const embeddings = decoder.embed(prompt, 0, prompt.ids.length);
      this.compareRow('inputs_embeds', row, columns, embeddings, features);
      this.compareRow('layer0_output', row, columns, trace.get(tracedLayer(0))!, features);
      this.compareRow('last_layer_output', row, columns, trace.get(last)!, logits);
      this.compareRow('logits', row, columns, trace.get(LOGITS)!, logits);
    }
  }

  private async checkContinuations(rows: readonly TinyRow[]): Promise<void> {
    const { decoder, checkpoint } = this.model;
    const { eosTokenIds } = checkpoint.generation;
    for (const [row, { prompt }] of rows.entries()) {
      for (const [name, repetitionPenalty] of [['new_tokens', 1], ['new_tokens_repetition_penalty_1_05', 1.05]] as const) {
        const expected = this.prompt[name][row] ?? [];
        const { tokens, logits } = await continueGreedily(decoder, prompt, { count: expected.length, repetitionPenalty, eosTokenIds });
        const { score } = this.vectors;
        score.case(`${this.prompt.name}.${name} row ${row}`, () => score.same(name, tokens, expected.slice(0, tokens.length)));
        if (name !== 'new_tokens') continue;
        const steps = [...tokens.keys()];
        this.compareRow('step_logits', row, steps, joined(logits), this.vectors.tolerances.logits);
      }
    }
  }

  private compare(name: string, actual: Float32Array, tolerance: number, file = this.vectors.expected): void {
    const full = `${this.prompt.name}.${name}`;
    if (!this.stored.has(full)) return;
    const { score } = this.vectors;
    score.case(full, () => score.close(name, actual, file.floats(full).data, tolerance));
  }

  /** `actual` is [columns, width]; the stored tensor is [batch, length, width], of which row `row` and those columns count. */
  private compareRow(name: string, row: number, columns: readonly number[], actual: Float32Array, tolerance: number): void {
    const full = `${this.prompt.name}.${name}`;
    if (!this.stored.has(full)) return;
    const { score, expected } = this.vectors;
    score.case(`${full} row ${row}`, () => {
      const { shape, data } = expected.floats(full);
      const [, length = 0, width = 0] = shape;
      const kept = columns.map((column) => data.subarray((row * length + column) * width, (row * length + column + 1) * width));
      score.close(name, actual, joined(kept), tolerance);
    });
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
