// Clips of several videos as one list: what of each is seen, one after the other.
import { type ExportRecord, type FileFormat, type SourceVideo } from '../exports/index.js';
import { type ClipBody } from './clip.schema.js';

/** A clip with the video that it is of. */
export interface ClipOf<V extends SourceVideo> {
  readonly clip: ClipBody;
  readonly video: V;
}

/** Captions have the time of the reel, everything else that of the videos. */
const OF_THE_REEL: ReadonlySet<FileFormat | 'json'> = new Set<FileFormat>(['vtt', 'srt']);

/** The reel as something that has a name, a length and a rate: those of its first video, but for its name and length. */
export function reelSource(clips: readonly ClipOf<SourceVideo>[], name: string): SourceVideo {
  const [first] = clips;
  if (!first) throw new Error('a clip list has at least one clip');
  return { ...first.video, name, duration: clips.reduce((sum, { clip }) => sum + clip.end_time - clip.start_time, 0) };
}

/** Each with its place in the list as its id. */
export function reelRecords(clips: readonly ClipOf<SourceVideo>[], format: FileFormat | 'json'): ExportRecord[] {
  let reelSeconds = 0;
  return clips.map(({ clip, video }, index) => {
    const begins = OF_THE_REEL.has(format) ? reelSeconds : clip.start_time;
    const length = clip.end_time - clip.start_time;
    reelSeconds += length;
    return {
      ...{ id: String(index + 1), type: 'clip', text: clip.text ?? video.name, confidence: null, source: video.name, videoId: video.id },
      ...{ startSeconds: begins, endSeconds: begins + length, resource: { ...clip, video_name: video.name } },
    };
  });
}
