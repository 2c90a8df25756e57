// Job begin-scan: cut a video into chunks to be scanned, and read what its container tells besides the pictures.
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AppError } from '../src/app-error.js';
import { planSections } from '../src/model/grounding/sections.js';
import { isOddContainer, Media, type Tracks } from '../src/platform/media/index.js';
import { QUEUE, type Queue } from '../src/platform/queue/queue.js';
import { STORAGE, type Storage } from '../src/platform/storage/storage.js';
import { type ClaimedScan, ScanState, type ScanWarning } from '../src/scans/index.js';
import { finishScan, scanChunk } from '../src/scans/scan.job.js';
import { type NewTrack, TracksService } from '../src/tracks/index.js';
import { FrameIndexes, type Video, VideoFiles, VideosService } from '../src/videos/index.js';
import { NOT_HERE, WorkerContext } from './worker-context.js';

@Injectable()
export class BeginScanProcessor {
  constructor(
    private readonly scans: ScanState,
    private readonly videos: VideosService,
    private readonly files: VideoFiles,
    private readonly indexes: FrameIndexes,
    private readonly tracks: TracksService,
    private readonly media: Media,
    private readonly context: WorkerContext,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async process(videoId: string, stopping: AbortSignal): Promise<void> {
    const claimed = await this.scans.claimScan(videoId, this.context.workerId, 'begin');
    if (!claimed) return;
    let complete = false;
    const work = {
      attempt: claimed.scan.attempt,
      work: async (signal: AbortSignal) => {
        complete = await this.begin(claimed, await this.videos.load(videoId), signal);
      },
      giveBack: (options: { refund: boolean }) => this.scans.giveBack(claimed.lease, claimed.scan.attempt, options),
      giveUp: (error: AppError) => this.scans.fail(claimed, error),
    };
    await this.context.underLease(claimed.lease, work, stopping);
    if (complete) await this.queue.ring(finishScan, videoId);
  }

  /** Chunks first, so that they are scanned while the rest is read. */
  private async begin(claimed: ClaimedScan, accepted: Video, signal: AbortSignal): Promise<boolean> {
    const copied = await extra('video.not_copied', 'The video is read from the upload itself', () => this.withWorkCopy(claimed, accepted, signal), signal);
    const video = copied.value ?? accepted;
    for (const id of await this.scans.addChunks(claimed, planSections(video.duration))) await this.queue.ring(scanChunk, id);
    const read = () => this.files.withUploaded(video, (file) => this.media.tracks(file, { originSeconds: video.startTime }, signal));
    const found = await extra('track.unreadable', 'Its tracks are left out', read, signal);
    if (found.value) await this.storeTracks(claimed, video, found.value);
    return this.scans.begun(claimed, [...copied.warnings, ...found.warnings, ...(found.value ? warningsOf(found.value) : [])]);
  }

  private storeTracks(claimed: ClaimedScan, video: Video, found: Tracks): Promise<void> {
    return this.scans.writeBeside(claimed, async (manager) => {
      await setOfVideo(manager, video, 'recorded_at', found.wallClock?.at ?? null);
      await this.tracks.replaceOwn(manager, video, tracksOf(found));
    });
  }

  /** A container without an index is copied into one that has it; where the times would not be the very same, the upload itself is used. */
  private async withWorkCopy(claimed: ClaimedScan, video: Video, signal: AbortSignal): Promise<Video> {
    if (video.workKey || !isOddContainer(video.container)) return video;
    const { stream, index } = await this.indexes.of(video);
    const { container } = video;
    const copy = await this.files.withUploaded(video, (file) => this.storage.compose((output) => this.media.remux(file, stream, { container, index, output }, signal)));
    if (!copy) return video;
    try {
      await this.scans.writeBeside(claimed, async (manager) => {
        await setOfVideo(manager, video, 'work_key', copy.key);
        await this.indexes.store(manager, { id: video.id, workKey: copy.key }, { stream: copy.made.video, index: copy.made.index });
      });
    } catch (error) {
      // of a commit whose answer was lost nobody knows; what is nobody's goes with the orphans
      if (error instanceof AppError) await this.storage.remove(copy.key);
      throw error;
    }
    return this.videos.load(video.id);
  }
}

/** Rejects with `video.not_found` when the video is being deleted. */
async function setOfVideo(manager: EntityManager, { id }: Video, column: 'work_key' | 'recorded_at', value: string | Date | null): Promise<void> {
  const [, count] = await manager.query<[unknown[], number]>(`UPDATE videos SET ${column} = $2 WHERE id = $1 AND status = 'ready'`, [id, value]);
  if (count !== 1) throw new AppError('video.not_found', `Video ${id} is being deleted.`);
}

/** Ends the scan itself. */
const ENDS = new Set<string>(['lease.lost', 'video.not_found']);

/** What a scan may lack: where it cannot be had, a warning says so. Not where the lease, the worker's time or this machine is at fault. */
async function extra<T>(code: ScanWarning['code'], without: string, work: () => Promise<T>, signal: AbortSignal): Promise<{ value?: T; warnings: ScanWarning[] }> {
  try {
    return { value: await work(), warnings: [] };
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted || NOT_HERE.test(error.code) || ENDS.has(error.code)) throw error;
    return { warnings: [{ code, message: `${without}: ${error.message} (${error.code})` }] };
  }
}

function tracksOf({ chapters, texts }: Tracks): NewTrack[] {
  const words = texts.flatMap(({ title, language = null, streamIndex, cues }): NewTrack[] =>
    cues ? [{ kind: 'embedded', name: title ?? `stream ${streamIndex}`, language, cues, broken: 0 }] : [],
  );
  if (chapters.length === 0) return words;
  const cues = chapters.map(({ startSeconds, endSeconds, title }) => ({ startSeconds, endSeconds, text: title }));
  return [...words, { kind: 'chapters', name: 'chapters', language: null, cues, broken: 0 }];
}

const warningsOf = ({ texts }: Tracks): ScanWarning[] =>
  texts.flatMap(({ streamIndex, codec, cues }) =>
    cues ? [] : [{ code: 'track.without_text', message: `The subtitles of stream ${streamIndex} (${codec}) are pictures, or cannot be read.` }],
  );
