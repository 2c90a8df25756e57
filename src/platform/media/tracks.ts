// What a container holds beside pictures and sound: chapters, subtitles, and the time of day at which the recording began.
import { z } from 'zod';
import { AppError } from '../../app-error.js';
import { storablePart } from '../http/text.js';
import { startFfprobe } from './command.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type ReadOptions } from './probe.js';
import { readTextStream, type TextCue } from './text-stream.js';

/** Seconds from the first frame of the video. */
export interface Chapter {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly title: string;
}

export interface TextTrack {
  readonly streamIndex: number;
  readonly codec: string;
  readonly language: string | undefined; // as the container has it, mostly three letters
  readonly title: string | undefined;
  /** Seconds from the first frame of the video; undefined where the track holds pictures, or cannot be read. */
  readonly cues: readonly TextCue[] | undefined;
}

export interface Tracks {
  readonly chapters: readonly Chapter[];
  readonly texts: readonly TextTrack[];
  /** When second 0 was recorded, as far as the metadata tell; `source` is the name of the tag. */
  readonly wallClock: { readonly at: Date; readonly source: string } | undefined;
}

export interface TracksRequest extends ReadOptions {
  /** Presentation time of the first frame of the video on the file's own clock, seconds. */
  readonly originSeconds: number;
}

const MAX_ANSWER_BYTES = 8 * 1024 ** 2;
const MOST_CHAPTERS = 1000;
const MOST_TEXTS = 8; // each costs a pass over the file
const MOST_CHARACTERS = 500;

/** Subtitles that are text, of those that the containers we read may hold. */
const TEXT_CODECS = ['subrip', 'srt', 'mov_text', 'ass', 'ssa', 'webvtt', 'text'];

const tags = z.record(z.string(), z.string()).catch({}).default({});
const answerSchema = z.object({
  streams: z
    .array(z.object({ index: z.number(), codec_type: z.string().optional(), codec_name: z.string().default('unknown'), tags }))
    .default([]),
  chapters: z.array(z.object({ start_time: z.coerce.number(), end_time: z.coerce.number(), tags })).default([]),
  format: z.object({ tags }).default({ tags: {} }),
});

type Answer = z.output<typeof answerSchema>;

export async function readTracks(binaries: FfmpegBinaries, file: string, { originSeconds: origin, ...options }: TracksRequest): Promise<Tracks> {
  const { streams, chapters, format } = await ask(binaries, file, options);
  const texts: TextTrack[] = [];
  for (const { index: streamIndex, codec_name: codec, tags } of subtitlesOf(streams)) {
    const cues = TEXT_CODECS.includes(codec) ? await readTextStream(binaries, file, streamIndex, options) : undefined;
    texts.push({ streamIndex, codec, language: clean(tags['language']), title: clean(tags['title']), cues: cues && moved(cues, origin) });
  }
  const named = chapters.slice(0, MOST_CHAPTERS).map(({ start_time, end_time, tags }, i) => ({
    ...{ startSeconds: start_time, endSeconds: end_time },
    title: clean(tags['title']) ?? `Chapter ${i + 1}`,
  }));
  return { chapters: moved(named, origin), texts, wallClock: wallClockOf([format.tags, ...streams.map((stream) => stream.tags)]) };
}

const subtitlesOf = (streams: Answer['streams']): Answer['streams'] =>
  streams.filter(({ codec_type }) => codec_type === 'subtitle').slice(0, MOST_TEXTS);

async function ask(binaries: FfmpegBinaries, file: string, options: ReadOptions): Promise<Answer> {
  const outputOptions = ['-show_chapters', '-show_streams', '-show_format', '-of', 'json'];
  const command = startFfprobe(binaries, { ...options, file, outputOptions, maxOutputBytes: MAX_ANSWER_BYTES });
  const chunks: Buffer[] = [];
  for await (const chunk of command) chunks.push(chunk);
  await command.end;
  try {
    return answerSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } catch (cause) {
    throw new AppError('video.unreadable', 'What the file says of its tracks makes no sense.', { cause });
  }
}

/** On the clock of the video; what ends before its first frame is left out. */
function moved<T extends { readonly startSeconds: number; readonly endSeconds: number }>(stretches: readonly T[], origin: number): T[] {
  const thousandths = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;
  return stretches
    .map((stretch) => ({
      ...stretch,
      startSeconds: Math.max(0, thousandths(stretch.startSeconds - origin)),
      endSeconds: thousandths(stretch.endSeconds - origin),
    }))
    .filter(({ startSeconds, endSeconds }) => endSeconds > startSeconds);
}

/** Without what no text holds; undefined when nothing is left. */
function clean(text: string | undefined): string | undefined {
  const kept = text && storablePart(text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim(), MOST_CHARACTERS);
  return kept === '' || kept === 'und' ? undefined : kept;
}

/** Tags that hold the time of recording with its zone, the most trustworthy first; `timecode` counts frames and is none of them. */
const CLOCKS = ['com.apple.quicktime.creationdate', 'creation_time', 'DATE_RECORDED'];
const ISO_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:?\d\d)$/;
const FIRST_YEAR = 1990; // earlier, a clock was never set: containers count from 1904 or 1970

function wallClockOf(sets: readonly Readonly<Record<string, string>>[]): Tracks['wallClock'] {
  for (const source of CLOCKS) {
    for (const set of sets) {
      const [, day, time, zone] = ISO_TIME.exec(set[source]?.trim() ?? '') ?? [];
      if (day === undefined || time === undefined || zone === undefined) continue;
      const at = new Date(`${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
      if (!Number.isNaN(at.getTime()) && at.getUTCFullYear() >= FIRST_YEAR) return { at, source };
    }
  }
  return undefined;
}
