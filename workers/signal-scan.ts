// Measures what needs no model: one decode of the range gives its shots, black and frozen stretches, and how far it decodes.
import { Injectable } from '@nestjs/common';
import { AppError } from '../src/app-error.js';
import { type Task, type TaskWarning } from '../src/analysis/index.js';
import { SignalDetector } from '../src/model/signals/detect-signals.js';
import { joinFindings } from '../src/model/signals/join-findings.js';
import { type Signal } from '../src/model/signals/signal.js';
import { Media, type ScanSummary } from '../src/platform/media/index.js';
import { type NewSegment } from '../src/segments/index.js';
import { FrameIndexes, type Video, VideosService } from '../src/videos/index.js';

export interface ScanResult {
  readonly segments: readonly NewSegment[];
  /** Last decodable second of the video. */
  readonly decodedUntil: number;
  readonly warnings: readonly TaskWarning[];
}

@Injectable()
export class SignalScan {
  constructor(
    private readonly media: Media,
    private readonly videos: VideosService,
    private readonly indexes: FrameIndexes,
  ) {}

  async measure(video: Video, { startTime, endTime }: Task, signal: AbortSignal): Promise<ScanResult> {
    const { stream, index } = await this.indexes.of(video);
    const range = { startSeconds: startTime, endSeconds: endTime };
    const scan = await this.media.scan(this.videos.pathOf(video), stream, { index, ...range }, signal);
    const detector = new SignalDetector(range);
    for await (const frame of scan.frames) detector.add(frame);
    const summary = scan.summary();
    // a range in which no new frame is presented shows what was presented before it
    if (summary.framesDecoded === 0 && summary.framesLost > 0) {
      throw new AppError('video.unreadable', `No picture of ${startTime} s to ${endTime} s can be decoded.`);
    }
    const decodedUntil = Math.min(endTime, summary.decodedUntil);
    const pictures = detector.finish(detector.foundCuts(), decodedUntil);
    const { framesDecoded, framesLost, decodeErrors } = summary;
    const rest = { ...range, decodedUntil, framesDecoded, framesLost, decodeErrors, loudness: [], audioErrors: 0 };
    const signals = joinFindings([{ ...pictures, ...rest }]);
    return { segments: signals.map(segmentOf), decodedUntil: summary.decodedUntil, warnings: warningsOf(summary) };
  }
}

const segmentOf = ({ type, startSeconds, endSeconds, text, confidence, method, measured }: Signal): NewSegment => ({
  startTime: startSeconds,
  endTime: endSeconds,
  type,
  text,
  confidence,
  evidence: { method, measured },
});

function warningsOf({ framesLost, decodeErrors }: ScanSummary): TaskWarning[] {
  if (framesLost === 0 && decodeErrors === 0) return [];
  const message = `The video is damaged: ${framesLost} frame(s) listed by the container do not decode, the decoder reported ${decodeErrors} error(s).`;
  return [{ code: 'video.damaged', message }];
}
