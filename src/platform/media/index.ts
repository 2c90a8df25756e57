// Front door of the media tools: probing, indexing, decoding and scanning of video files by ffmpeg.
import { type Coverage, type CoverageRequest, measureCoverage } from './coverage.js';
import { type DecodeRequest, decodeFrames, decodeSmallFrames } from './decode-frames.js';
import { decodedTimes, type TimesRequest } from './decoded-times.js';
import { type FfmpegBinaries, findFfmpeg } from './ffmpeg-binaries.js';
import { indexFrames } from './frame-index.js';
import { type RawFrame } from './frame-stream.js';
import { type Loudness, type LoudnessRequest, measureLoudness } from './loudness.js';
import { type MediaProbe, type Picture, type StreamIndex, type VideoStream } from './media.js';
import { probe, type ReadOptions } from './probe.js';
import { remux, type Remuxed, type RemuxRequest } from './remux.js';
import { type Rendered, type RenderRequest, renderReel } from './render.js';
import { type ScanRequest, scanVideo, type VideoScan } from './scan.js';
import { readTracks, type Tracks, type TracksRequest } from './tracks.js';
import { type VideoRequest, writeVideo } from './write-video.js';

export * from './media.js';
export { lossOf } from './loss.js';
export { type Loudness, type MomentaryLoudness } from './loudness.js';
export { type FfmpegBinaries, type FfmpegBinary, passThrough } from './ffmpeg-binaries.js';
export { type Coverage } from './coverage.js';
export { listedBetween, type ScanContext, type ScanSummary, type TileRequest, type VideoScan } from './scan.js';
export { lastNotAfter } from './seek.js';
export { SCAN_HEIGHT, SCAN_WIDTH, type ScanFrame } from './small-frames.js';
export { isOddContainer, type Remuxed } from './remux.js';
export { pictureSize } from './picture-size.js';
export { framesBetween, type ReelClip } from './reel.js';
export { PIECE_BYTES, type Rendered } from './render.js';
export { type TextCue } from './text-stream.js';
export { type Chapter, type TextTrack, type Tracks } from './tracks.js';

/** The part of the configuration that concerns media. */
export interface MediaConfig {
  readonly FFMPEG_PATH?: string | undefined;
  readonly FFPROBE_PATH?: string | undefined;
  readonly MEDIA_TIMEOUT_SECONDS: number;
}

type Without<Request> = Omit<Request, keyof ReadOptions | 'video'>;

/** ffmpeg and ffprobe at the service of the product. Files are absolute paths of ours; times are ticks of the stream. */
export class Media {
  private found: Promise<FfmpegBinaries> | undefined;

  constructor(private readonly config: MediaConfig) {}

  /** Which programs are used; looked for once. Rejects with `ffmpeg.not_found` or `ffmpeg.not_runnable`. */
  binaries(): Promise<FfmpegBinaries> {
    this.found ??= findFfmpeg({ ffmpeg: this.config.FFMPEG_PATH, ffprobe: this.config.FFPROBE_PATH });
    return this.found;
  }

  /** See `probe`; the refusals are the same every time. */
  async probe(file: string, signal?: AbortSignal): Promise<MediaProbe> {
    return probe(await this.binaries(), file, this.reading(signal));
  }

  async indexFrames(file: string, video: VideoStream, signal?: AbortSignal): Promise<StreamIndex> {
    return indexFrames(await this.binaries(), file, video, this.reading(signal));
  }

  async decodedTimes(file: string, video: VideoStream, range: Without<TimesRequest>, signal?: AbortSignal): Promise<number[]> {
    return [...(await decodedTimes(await this.binaries(), file, { ...range, video, ...this.reading(signal) }))];
  }

  async *decodeFrames(file: string, video: VideoStream, wanted: Without<DecodeRequest>, signal?: AbortSignal): AsyncGenerator<Picture> {
    yield* decodeFrames(await this.binaries(), file, { ...wanted, video, ...this.reading(signal) });
  }

  /** The same frames as small as the scan sees them, ascending. */
  async smallFrames(file: string, video: VideoStream, wanted: Without<DecodeRequest>, signal?: AbortSignal): Promise<RawFrame[]> {
    const frames: RawFrame[] = [];
    for await (const frame of decodeSmallFrames(await this.binaries(), file, { ...wanted, video, ...this.reading(signal) })) frames.push(frame);
    return frames;
  }

  async scan(file: string, video: VideoStream, range: Without<ScanRequest>, signal?: AbortSignal): Promise<VideoScan> {
    return scanVideo(await this.binaries(), file, { ...range, video, ...this.reading(signal) });
  }

  /** What of a scanned part decodes; see `measureCoverage`. */
  async coverage(file: string, video: VideoStream, part: Without<CoverageRequest>, signal?: AbortSignal): Promise<Coverage> {
    return measureCoverage(await this.binaries(), file, { ...part, video, ...this.reading(signal) });
  }

  /** Momentary loudness of a part of the sound; see `measureLoudness`. */
  async loudness(file: string, part: Without<LoudnessRequest>, signal?: AbortSignal): Promise<Loudness> {
    return measureLoudness(await this.binaries(), file, { ...part, ...this.reading(signal) });
  }

  /** Chapters, subtitles and the time of recording; see `readTracks`. */
  async tracks(file: string, request: Without<TracksRequest>, signal?: AbortSignal): Promise<Tracks> {
    return readTracks(await this.binaries(), file, { ...request, ...this.reading(signal) });
  }

  /** A copy that can be searched, of a file in an odd container; see `remux`. */
  async remux(file: string, video: VideoStream, request: Without<RemuxRequest>, signal?: AbortSignal): Promise<Remuxed | undefined> {
    return remux(await this.binaries(), file, { ...request, video, ...this.reading(signal) });
  }

  /** Stretches of videos as one MP4 file; see `renderReel`. */
  async render(request: Omit<RenderRequest, keyof ReadOptions>, signal?: AbortSignal): Promise<Rendered> {
    return renderReel(await this.binaries(), { ...request, ...this.reading(signal) });
  }

  /** A new video file of pictures; see `writeVideo`. */
  async writeVideo(request: VideoRequest): Promise<void> {
    return writeVideo(await this.binaries(), request);
  }

  private reading(signal: AbortSignal | undefined): ReadOptions {
    return { timeoutSeconds: this.config.MEDIA_TIMEOUT_SECONDS, signal };
  }
}
