// OTIO (OpenTimelineIO): one clip of the whole video with a marker for each stretch, or a track with a clip for each.
import { assetOf, assetsOf, type ExportAsset, type ExportFile, recordStart } from './export-file.js';
import { type ExportRecord, type ExportRecords, nameOf } from './export-record.js';
import { baseName } from './export-text.js';
import { perSecond } from './frame-rate.js';
import { spanOf, type Timing } from './timing.js';

const MEDIA_KEY = 'DEFAULT_MEDIA';
/** Stands where the stretches go; a quote inside of a text is escaped and cannot look like it. */
const HERE = ['here'];
const COLORS: Readonly<Record<string, string>> = { model: 'GREEN', signal: 'CYAN', track: 'YELLOW' };

export async function* writeOtio(file: ExportFile, records: ExportRecords): AsyncGenerator<string> {
  const [head = '', tail = ''] = JSON.stringify(timeline(file)).split(JSON.stringify(HERE));
  yield `${head}[`;
  let comma = '\n';
  for await (const record of records) {
    yield `${comma}${JSON.stringify(file.cut ? cutClip(file, record) : marker(file, record))}`;
    comma = ',\n';
  }
  yield `]${tail}\n`;
}

function timeline(file: ExportFile): object {
  const { source, timing, cut } = file;
  const name = baseName(source.name);
  const videos = assetsOf(file).map(videoFacts);
  const whole = clip(name, { source, timing }, { first: 0, frames: timing.frames }, HERE, {});
  const startsAt = cut ? recordStart(timing.rate) : timing.startFrame;
  return {
    OTIO_SCHEMA: 'Timeline.1',
    metadata: { secondsight: file.assets ? { videos } : { video: videos[0] } },
    name,
    global_start_time: rationalTime(startsAt, timing),
    tracks: {
      ...composition('Stack.1', 'tracks'),
      children: [{ ...composition('Track.1', 'Video'), kind: 'Video', children: cut ? HERE : [whole] }],
    },
  };
}

const composition = (schema: string, name: string) => ({
  ...{ OTIO_SCHEMA: schema, metadata: {}, name, source_range: null, effects: [], markers: [], enabled: true },
});

/** `first` and `frames` count from the first presented frame of the video. */
function clip(name: string, { source, timing }: ExportAsset, range: { first: number; frames: number }, markers: unknown, metadata: object): object {
  return {
    OTIO_SCHEMA: 'Clip.2',
    metadata,
    name,
    source_range: timeRange(range.first, range.frames, timing),
    effects: [],
    markers,
    enabled: true,
    media_references: {
      [MEDIA_KEY]: {
        OTIO_SCHEMA: 'ExternalReference.1',
        metadata: {},
        name: baseName(source.name),
        available_range: timeRange(0, timing.frames, timing),
        available_image_bounds: null,
        target_url: encodeURIComponent(baseName(source.name)),
      },
    },
    active_media_reference_key: MEDIA_KEY,
  };
}

function cutClip(file: ExportFile, record: ExportRecord): object {
  const asset = assetOf(file, record);
  const { first, end } = spanOf(record, asset.timing);
  return clip(nameOf(record), asset, { first, frames: end - first }, [], recordFacts(record));
}

function marker({ timing }: ExportFile, record: ExportRecord): object {
  const { first, end } = spanOf(record, timing);
  return {
    OTIO_SCHEMA: 'Marker.2',
    metadata: recordFacts(record),
    name: nameOf(record),
    color: COLORS[record.source] ?? 'GREEN',
    marked_range: timeRange(first, end - first, timing),
  };
}

const recordFacts = ({ id, type, source, confidence, text, startSeconds, endSeconds }: ExportRecord): object => ({
  secondsight: { id, type, source, confidence, text, start_time: startSeconds, end_time: endSeconds },
});

function videoFacts({ source, timing: { rate, remark } }: ExportAsset): object {
  const { id, sha256, width, height, duration, frameRate, startTime } = source;
  const facts = { id, sha256, width, height, duration, start_time: startTime, average_frame_rate: frameRate };
  return { ...facts, content: `/v1/videos/${id}/content`, rate: rate.name, exact_rate: `${rate.num}/${rate.den}`, remark };
}

/** Times of media count from its timecode. */
const timeRange = (first: number, frames: number, timing: Timing) => ({
  OTIO_SCHEMA: 'TimeRange.1',
  start_time: rationalTime(timing.startFrame + first, timing),
  duration: rationalTime(frames, timing),
});

const rationalTime = (frame: number, { rate }: Timing) => ({ OTIO_SCHEMA: 'RationalTime.1', rate: perSecond(rate), value: frame });
