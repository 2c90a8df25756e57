// A loaded CLIP-style pair: texts and pictures to vectors in one space.
import * as library from '@huggingface/tokenizers';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { AppError } from '../../app-error.js';
import { type ClipFolder, readClipFolder } from './clip-folder.js';

interface LibraryTokenizer {
  encode(text: string): { readonly ids: number[] };
}
const { Tokenizer } = library as unknown as { Tokenizer: new (tokenizerJson: unknown, tokenizerConfig: unknown) => LibraryTokenizer };

/** Most pixels of a picture that is decoded. */
const MAX_PIXELS = 100_000_000;
/** Pictures of one run. */
const BATCH = 16;

export class ClipModel {
  private constructor(
    readonly folder: ClipFolder,
    private readonly tokenizer: LibraryTokenizer,
    private readonly textModel: ort.InferenceSession,
    private readonly visionModel: ort.InferenceSession,
  ) {}

  /** Throws `checkpoint.*` for a folder that cannot be used. */
  static async load(directory: string, threads: number | undefined): Promise<ClipModel> {
    const folder = await readClipFolder(directory);
    try {
      const options = { executionProviders: ['cpu'], logSeverityLevel: 3 as const, ...(threads !== undefined && { intraOpNumThreads: threads }) };
      const textModel = await ort.InferenceSession.create(folder.textModel, options);
      const visionModel = await ort.InferenceSession.create(folder.visionModel, options);
      return new ClipModel(folder, new Tokenizer(folder.tokenizer, {}), textModel, visionModel);
    } catch (cause) {
      throw new AppError('checkpoint.load_failed', `The pair in ${directory} cannot be loaded: ${String(cause)}`, { cause });
    }
  }

  /** One text a run: texts of one run would have to be padded, which not every export copes with. */
  async texts(texts: readonly string[]): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (const text of texts) {
      const ids = cut(this.tokenizer.encode(text).ids, this.folder.maxTokens);
      const shape = [1, ids.length];
      const known: Record<string, ort.Tensor> = {
        input_ids: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
        attention_mask: new ort.Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
        position_ids: new ort.Tensor('int64', BigInt64Array.from(ids, (_, k) => BigInt(k)), shape),
      };
      vectors.push(...(await this.run(this.textModel, known, ['text_embeds', 'sentence_embedding', 'pooler_output'])));
    }
    return vectors;
  }

  /** Throws `embeddings.refused` for bytes that are no picture. */
  async pictures(pictures: readonly Uint8Array[]): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    const { width, height } = this.folder.preparation;
    for (let from = 0; from < pictures.length; from += BATCH) {
      const batch = pictures.slice(from, from + BATCH);
      const pixels = new Float32Array(batch.length * 3 * height * width); // [pictures, 3, height, width]
      for (const [k, picture] of batch.entries()) pixels.set(await this.prepare(picture), k * 3 * height * width);
      const known = { pixel_values: new ort.Tensor('float32', pixels, [batch.length, 3, height, width]) };
      vectors.push(...(await this.run(this.visionModel, known, ['image_embeds', 'pooler_output'])));
    }
    return vectors;
  }

  private async run(session: ort.InferenceSession, known: Record<string, ort.Tensor>, outputs: readonly string[]): Promise<Float32Array[]> {
    const missing = session.inputNames.find((name) => !(name in known));
    const output = outputs.find((name) => session.outputNames.includes(name));
    if (missing !== undefined || output === undefined) {
      const what = output === undefined ? `none of the outputs ${outputs.join(', ')}` : `an input ${missing} that is not known here`;
      throw new AppError('checkpoint.config_invalid', `The graph of ${this.folder.name} has ${what}.`);
    }
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, known[name]!]));
    const { dims, data } = (await session.run(feeds, [output]))[output]!;
    const [rows = 0, sides = 0] = dims;
    if (dims.length !== 2 || !(data instanceof Float32Array)) {
      throw new AppError('checkpoint.config_invalid', `${output} of ${this.folder.name} is not a list of float32 vectors.`);
    }
    return Array.from({ length: rows }, (_, row) => data.slice(row * sides, (row + 1) * sides));
  }

  private async prepare(picture: Uint8Array): Promise<Float32Array> {
    const { width, height, shortestEdge: edge, rescale, mean, deviation } = this.folder.preparation;
    let rgb: Buffer;
    try {
      const image = sharp(picture, { limitInputPixels: MAX_PIXELS }).rotate().flatten().toColourspace('srgb');
      // the library keeps the last of several sizes asked of one picture: what is resized and then cut passes through two
      const outer = edge === undefined ? image : sharp(await image.resize(edge, edge, { fit: 'outside', kernel: 'cubic' }).png().toBuffer());
      rgb = await outer.resize(width, height, { fit: edge === undefined ? 'fill' : 'cover', kernel: 'cubic' }).removeAlpha().raw().toBuffer();
    } catch (cause) {
      throw new AppError('embeddings.refused', 'The picture cannot be read.', { cause });
    }
    const planes = new Float32Array(3 * height * width);
    const area = height * width;
    for (let i = 0; i < area; i++) {
      for (let c = 0; c < 3; c++) planes[c * area + i] = (rgb[3 * i + c]! * rescale - mean[c]!) / deviation[c]!;
    }
    return planes;
  }
}

/** Too long a text loses its end, but keeps the token that closes it. */
function cut(ids: readonly number[], most: number): readonly number[] {
  return ids.length <= most ? ids : [...ids.slice(0, most - 1), ids.at(-1) ?? 0];
}
