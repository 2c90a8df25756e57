// Measures one chunk of a video: what its pictures and its sound tell without a model, and a sprite sheet of it.
import { Injectable } from '@nestjs/common';
import { type ChunkFindings } from '../src/model/signals/chunk-findings.js';
import { DETECTOR_CONTEXT, SignalDetector } from '../src/model/signals/detect-signals.js';
import { LOUDNESS_CONTEXT_SECONDS, type LoudnessFindings, loudnessFindings } from '../src/model/signals/loudness.js';
import { Media, type ScanSummary, type StreamIndex, type VideoStream } from '../src/platform/media/index.js';
import { exactCuts } from './exact-cuts.js';
import { type Sprite, SpriteSheet, tileSize } from './sprite-sheet.js';

/** A video as the scan reads it. */
export interface ScannedFile {
  readonly stream: VideoStream;
  /** The frames of the whole video, or at least those of the chunk with 20 s on either side. */
  readonly index: StreamIndex;
  readonly hasAudio: boolean;
}

/** Seconds of the video: a whole one to a whole one or the end. */
export interface ScannedPart {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface ChunkResult {
  readonly findings: ChunkFindings;
  /** Undefined where no picture begins in the chunk. */
  readonly sprite: Sprite | undefined;
}

/** What one decode of the pictures gives. */
interface Seen {
  readonly detector: SignalDetector;
  readonly sheet: SpriteSheet;
  readonly summary: ScanSummary;
}

@Injectable()
export class ChunkScan {
  constructor(private readonly media: Media) {}

  /** Memory does not grow with the length of the chunk but for the sprite sheet: at most 77 kB for each tile. */
  async measure(
    path: string,
    file: ScannedFile,
    part: ScannedPart,
    options: { readonly tileSeconds: number },
    signal?: AbortSignal,
  ): Promise<ChunkResult> {
    const sound = await this.listen(path, file, part, signal);
    const { detector, sheet, summary } = await this.look(path, file, part, options.tileSeconds, signal);
    const cuts = await exactCuts(this.media, { path, ...file }, detector.foundCuts(), signal);
    const { startSeconds, endSeconds } = part;
    const coverage = await this.media.coverage(path, file.stream, { index: file.index, startSeconds, endSeconds, summary }, signal);
    const pictures = detector.finish(cuts, coverage.decodedUntil);
    return {
      findings: {
        ...{ startSeconds, endSeconds, ...pictures, ...coverage, decodeErrors: summary.decodeErrors },
        ...{ loudness: sound.loudness, audioErrors: sound.errors, stretches: [...pictures.stretches, ...sound.stretches] },
      },
      sprite: await sheet.finish(),
    };
  }

  /** Frames that no other needs are left out; not where times depend on every frame, as in containers that do not store them. */
  private async look(path: string, file: ScannedFile, part: ScannedPart, tileSeconds: number, signal?: AbortSignal): Promise<Seen> {
    const seen = await this.lookOnce(path, file, part, { tileSeconds, skipFrames: true }, signal);
    return seen.summary.unlisted === 0 ? seen : this.lookOnce(path, file, part, { tileSeconds, skipFrames: false }, signal);
  }

  private async lookOnce(
    path: string,
    { stream, index }: ScannedFile,
    part: ScannedPart,
    { tileSeconds, skipFrames }: { tileSeconds: number; skipFrames: boolean },
    signal?: AbortSignal,
  ): Promise<Seen> {
    const detector = new SignalDetector(part);
    const sheet = new SpriteSheet(tileSize(stream));
    const tiles = { ...tileSize(stream), seconds: tileSeconds, onTile: sheet.add.bind(sheet) };
    const request = { index, startSeconds: part.startSeconds, endSeconds: part.endSeconds, context: DETECTOR_CONTEXT, skipFrames, tiles };
    const scan = await this.media.scan(path, stream, request, signal);
    for await (const frame of scan.frames) detector.add(frame);
    return { detector, sheet, summary: scan.summary() };
  }

  /** Sound that cannot be read leaves the chunk without loudness. */
  private async listen(path: string, file: ScannedFile, part: ScannedPart, signal?: AbortSignal): Promise<LoudnessFindings & { errors: number }> {
    if (!file.hasAudio) return { ...loudnessFindings([], part), errors: 0 };
    const range = { startSeconds: part.startSeconds - LOUDNESS_CONTEXT_SECONDS, endSeconds: part.endSeconds + 1 };
    const { readings, errors } = await this.media.loudness(path, { index: file.index, ...range }, signal);
    return { ...loudnessFindings(readings, part), errors };
  }
}
