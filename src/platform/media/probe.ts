// Reads what a container says of itself, and refuses what is not a video that can be analysed.
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../../app-error.js';
import { CONTAINERS, MAX_PIXELS, startFfprobe } from './command.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type MediaProbe, type Rational, type VideoStream } from './media.js';

const MAX_ANSWER_BYTES = 8 * 1024 ** 2;

const integer = z.coerce.number().int();

const streamSchema = z.object({
  index: z.number().int(),
  codec_type: z.string().optional(),
  codec_name: z.string().default('unknown'),
  width: z.number().int().default(0),
  height: z.number().int().default(0),
  sample_aspect_ratio: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  nb_frames: integer.positive().optional().catch(undefined),
  duration: z.coerce.number().positive().optional().catch(undefined),
  time_base: z.string(),
  disposition: z.record(z.string(), z.number()).default({}),
  tags: z.object({ rotate: integer.optional().catch(undefined) }).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional().catch(undefined) })).default([]),
});

const answerSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({ format_name: z.string() }),
});

type Stream = z.output<typeof streamSchema>;

export interface ReadOptions {
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Refusals: `video.empty`, `video.not_a_video`, `video.no_video_stream` (sound only; a cover picture does not count),
 * `video.unreadable`, `video.too_many_pixels`; `file.not_found`. Whether its frames decode is for `indexFrames` to find out.
 */
export async function probe(binaries: FfmpegBinaries, file: string, options: ReadOptions): Promise<MediaProbe> {
  const { size: bytes } = await stat(file).catch((cause: unknown) => {
    throw new AppError('file.not_found', `${file} cannot be read.`, { cause });
  });
  if (bytes === 0) throw refusal('video.empty', 'The file is empty.');
  const { streams, format, tooManyPixels } = await ask(binaries, file, options);
  const stream = chooseStream(streams);
  if (!stream) throw refusal('video.no_video_stream', 'The file has no moving picture.');
  if (tooManyPixels || stream.width * stream.height > MAX_PIXELS) {
    throw refusal('video.too_many_pixels', `The pictures have more than ${MAX_PIXELS} pixels.`);
  }
  const timeBase = rational(stream.time_base);
  if (stream.width === 0 || stream.height === 0 || !timeBase) throw unreadable();
  return {
    container: format.format_name,
    bytes,
    video: describe(stream, timeBase),
    listed: { frames: stream.nb_frames, seconds: stream.duration },
    hasAudio: streams.some((other) => other.codec_type === 'audio'),
  };
}

export const unreadable = (details?: Record<string, unknown>): AppError =>
  new AppError('video.unreadable', 'The file looks like a video, but no picture of it can be decoded.', details ? { details } : {});

const refusal = (code: ErrorCode, message: string): AppError => new AppError(code, message);

interface Answer extends z.output<typeof answerSchema> {
  /** The decoder refused a picture for its size, which may then be unknown. */
  readonly tooManyPixels: boolean;
}

async function ask(binaries: FfmpegBinaries, file: string, options: ReadOptions): Promise<Answer> {
  const command = startFfprobe(binaries, {
    ...options,
    file,
    outputOptions: ['-show_format', '-show_streams', '-of', 'json'],
    maxOutputBytes: MAX_ANSWER_BYTES,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of command) chunks.push(chunk);
  const { exitCode, stderr } = await command.end;
  if (exitCode === 0) {
    return { ...readAnswer(Buffer.concat(chunks).toString('utf8')), tooManyPixels: stderr.includes('exceeds specified max pixel count') };
  }
  if (isBrokenContainer(stderr)) throw unreadable({ stderr });
  throw refusal('video.not_a_video', 'The file is not a video of a kind that is read here.');
}

/** Nonsense in the file may come through as nonsense of ffprobe. */
function readAnswer(text: string): z.output<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('video.unreadable', 'What the file says of itself makes no sense.', { cause });
  }
}

/** One that was recognised by its content but could not be opened, for instance one cut before its table of contents. */
function isBrokenContainer(stderr: string): boolean {
  if (stderr.includes('detected only with low score')) return false; // known by its name alone
  return CONTAINERS.some((name) => new RegExp(`^\\[(?:\\w+,)*${name}(?:,\\w+)* @`, 'm').test(stderr));
}

/** Dispositions of video streams that hold pictures, not a video. */
const STILL = ['attached_pic', 'timed_thumbnails', 'still_image'];

/** As a player chooses: the default streams if some are marked, of those the one with most pixels, of those the first. */
function chooseStream(streams: readonly Stream[]): Stream | undefined {
  const moving = streams.filter(
    ({ codec_type, disposition }) => codec_type === 'video' && STILL.every((kind) => disposition[kind] !== 1),
  );
  const marked = moving.filter(({ disposition }) => disposition['default'] === 1);
  const candidates = marked.length > 0 ? marked : moving;
  return candidates.reduce<Stream | undefined>(
    (best, stream) => (best && best.width * best.height >= stream.width * stream.height ? best : stream),
    undefined,
  );
}

function describe(stream: Stream, timeBase: Rational): VideoStream {
  const rotation = rotationOf(stream);
  const aspect = rational(stream.sample_aspect_ratio) ?? { num: 1, den: 1 };
  const stored = { width: stream.width, height: stream.height };
  const shown = { width: Math.max(1, Math.round((stream.width * aspect.num) / aspect.den)), height: stream.height };
  const upright = ({ width, height }: typeof stored): typeof stored =>
    rotation === 90 || rotation === 270 ? { width: height, height: width } : { width, height };
  return {
    streamIndex: stream.index,
    codec: stream.codec_name,
    ...upright(shown),
    storedWidth: upright(stored).width,
    storedHeight: upright(stored).height,
    rotation,
    averageFrameRate: rational(stream.avg_frame_rate),
    timeBase,
  };
}

/** Quarter turns only, clockwise; ffmpeg turns by other angles inside a picture of the same size. */
function rotationOf({ side_data_list, tags }: Stream): VideoStream['rotation'] {
  const counterClockwise = side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation;
  const degrees = counterClockwise === undefined ? (tags?.rotate ?? 0) : -counterClockwise;
  const turn = ((Math.round(degrees) % 360) + 360) % 360;
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0;
}

/** "30000/1001" or "4:3"; undefined for "0/0", "0:1" and the like. */
function rational(text: string | undefined): Rational | undefined {
  const [num, den] = (text ?? '').split(/[/:]/).map(Number);
  return num !== undefined && den !== undefined && num > 0 && den > 0 ? { num, den } : undefined;
}
