// Tracks: stored with their cues as segments, listed, removed.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { AppError } from '../app-error.js';
import { embedSegments } from '../embeddings/embeddings.job.js';
import { newId } from '../platform/database/id.js';
import { storablePart } from '../platform/http/text.js';
import { QUEUE, type Queue } from '../platform/queue/queue.js';
import { type NewSegment, SegmentsService, type TrackEvidence } from '../segments/index.js';
import { holdVideo, type Video } from '../videos/index.js';
import { Track } from './track.entity.js';

export interface TrackCue {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
}

export interface NewTrack extends Pick<Track, 'kind' | 'name' | 'language' | 'broken'> {
  readonly cues: readonly TrackCue[];
}

/** Far more than a screen shows; the words of a megabyte would not fit the index of a segment. */
const MOST_CHARACTERS = 4000;

@Injectable()
export class TracksService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly segments: SegmentsService,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async add(video: Video, track: NewTrack): Promise<Track> {
    const added = await this.dataSource.transaction(async (manager) => {
      await holdVideo(manager, video.id);
      return this.insert(manager, video, track);
    });
    await this.queue.ring(embedSegments, video.id);
    return added;
  }

  /** The tracks that the file itself carries take the place of those found in it before, inside the caller's transaction. */
  async replaceOwn(manager: EntityManager, video: Video, tracks: readonly NewTrack[]): Promise<void> {
    await manager.delete(Track, { videoId: video.id, kind: In(['embedded', 'chapters']) });
    for (const track of tracks) await this.insert(manager, video, track);
  }

  list(videoId: string): Promise<Track[]> {
    return this.dataSource.getRepository(Track).find({ where: { videoId }, order: { id: 'ASC' } });
  }

  /** With its segments. Rejects with `track.not_found`. */
  async remove(videoId: string, id: string): Promise<void> {
    const { affected } = await this.dataSource.getRepository(Track).delete({ id, videoId });
    if (affected !== 1) throw new AppError('track.not_found', `Video ${videoId} has no track ${id}.`);
  }

  private async insert(manager: EntityManager, video: Video, { cues, ...track }: NewTrack): Promise<Track> {
    const segments = cues.flatMap((cue) => segmentOf(cue, track, video.duration) ?? []);
    const row = await manager.save(Track, { ...track, id: newId(), videoId: video.id, cues: segments.length, outside: cues.filter((cue) => isOutside(cue, video.duration)).length });
    await this.segments.replace(manager, { videoId: video.id, taskId: null, trackId: row.id, source: 'track', windowOrdinal: null }, segments);
    return row;
  }
}

const isOutside = ({ startSeconds, endSeconds }: Pick<TrackCue, 'startSeconds' | 'endSeconds'>, duration: number): boolean => startSeconds >= duration || endSeconds <= 0;

/** Cues beyond the end of the video, and empty ones, are left out; of a very long one, the beginning is kept. */
function segmentOf(
  { startSeconds, endSeconds, text }: TrackCue,
  { kind, name, language }: Omit<NewTrack, 'cues'>,
  duration: number,
): NewSegment | undefined {
  const [startTime, endTime] = [Math.max(0, startSeconds), Math.min(endSeconds, duration)];
  const words = storablePart(text.trim(), MOST_CHARACTERS).trim();
  if (words === '' || isOutside({ startSeconds, endSeconds }, duration) || endTime <= startTime) return undefined;
  const evidence: TrackEvidence = { method: kind, track: name, language };
  return { startTime, endTime, type: kind === 'chapters' ? 'chapter' : 'speech', text: words, confidence: null, evidence };
}
