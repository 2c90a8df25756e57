// The frames of windows as a server is sent them: looked for on disk, else decoded at their size and written as JPEG.
import { availableParallelism } from 'node:os';
import { type FramePlan } from '../../model/grounding/frame-plan.js';
import { TEMPORAL_PATCH_SIZE } from '../../model/qwen2-5-vl/patches.js';
import { type Size } from '../../model/qwen2-5-vl/smart-resize.js';
import { type Media } from '../../platform/media/index.js';
import { abortError } from '../aborted.js';
import { type FeatureCache } from '../feature-cache.js';
import { requireFile } from '../file-needed.js';
import { type RunOptions, type WindowSource } from '../inference.js';
import { seal, unseal } from '../sealed-record.js';
import { Seats } from '../seats.js';
import { type Sight } from '../sight.js';
import { windowPictures } from '../window-pictures.js';
import { toJpeg } from './picture-files.js';

export interface WindowFrames {
  readonly plan: FramePlan;
  readonly size: Size;
  readonly frames: readonly Uint8Array[]; // JPEG files, an even number
}

/** Changes whenever frames are made or kept in another way. */
export const FRAMES_VERSION = 'jpeg 2';

export const FRAMES_RECORD = {
  toRecord: ({ plan, size, frames }: WindowFrames): Uint8Array => seal({ plan, size, lengths: frames.map(({ length }) => length) }, frames),
  fromRecord: (record: Uint8Array): WindowFrames | undefined => {
    const opened = unseal(record);
    if (!opened) return undefined;
    const { plan, size, lengths } = opened.description as Pick<WindowFrames, 'plan' | 'size'> & { lengths: number[] };
    let at = 0;
    return { plan, size, frames: lengths.map((length) => opened.bytes.subarray(at, (at += length))) };
  },
};

export class FrameReader {
  /** The server computes while others decode; more decoders than cores gain nothing. */
  private readonly decoders = new Seats(Array.from({ length: availableParallelism() }, (_, k) => k));

  constructor(
    private readonly media: Media,
    private readonly kept: FeatureCache<WindowFrames>,
  ) {}

  async read(source: WindowSource, sight: Sight, options: RunOptions): Promise<{ shown: WindowFrames; seen: 'now' | 'disk' }> {
    const record = { contentHash: source.contentHash, name: sight.key };
    const stored = await this.kept.get(record);
    if (stored) return { shown: stored, seen: 'disk' };
    const shown = await this.decoders.take(() => this.decode(source, sight, options), { urgent: options.urgent });
    await this.kept.put(record, shown);
    return { shown, seen: 'now' };
  }

  private async decode(source: WindowSource, { frameGrid, size }: Sight, { signal, onProgress }: RunOptions): Promise<WindowFrames> {
    if (signal?.aborted) throw abortError(signal);
    const total = Math.ceil(frameGrid.cells / TEMPORAL_PATCH_SIZE) * TEMPORAL_PATCH_SIZE;
    const frames: Uint8Array[] = [];
    let last: { readonly rgb: Uint8Array; readonly jpeg: Uint8Array } | undefined;
    const pictures = windowPictures(this.media, { ...source, file: requireFile(source) }, { grid: frameGrid, size, signal });
    let next = await pictures.next();
    for (; !next.done; next = await pictures.next()) {
      const { rgb } = next.value.picture;
      if (last?.rgb !== rgb) last = { rgb, jpeg: await toJpeg(rgb, size) };
      frames.push(last.jpeg);
      onProgress?.({ stage: 'decode', done: frames.length, total });
    }
    return { plan: next.value, size, frames };
  }
}
