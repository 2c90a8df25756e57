// Encodes one piece of a reel: its very frames, each at its own time, with the sound that goes with them to the sample.
import { AppError } from '../../app-error.js';
import { startFfmpeg } from './command.js';
import { type FfmpegBinaries, passThrough } from './ffmpeg-binaries.js';
import { type ReadOptions } from './probe.js';
import { type ReelPiece } from './reel.js';
import { type RenderLook } from './render-look.js';
import { seekPoints } from './seek.js';

export const SAMPLE_RATE = 48_000;

export interface PieceRequest extends ReadOptions {
  /** That the piece is of. */
  readonly file: string;
  readonly piece: ReelPiece;
  readonly look: RenderLook;
  /** Absolute path of a fragmented MP4 file. */
  readonly output: string;
  readonly maxBytes: number;
  readonly timescale: number;
  readonly width: number; // even
  readonly height: number;
  /** Samples of sound that are to be there, silence where the file has none; undefined: no sound at all. */
  readonly samples: number | undefined;
  /** Options of the encoder that say how good and how large it becomes. */
  readonly quality: readonly string[];
  readonly onFrames: (encoded: number) => void;
}

const FRAME_COUNT = /^frame= *(\d+)$/gm;
const MOST_PROGRESS_BYTES = 64 * 1024 ** 2;
/** Sound lies a little beside the picture that it goes with. */
const SOUND_SECONDS = 1;

/** Number of frames. Where the container went too far for some, it is begun earlier; rejects with `video.unreadable` where none decodes. */
export async function renderPiece(binaries: FfmpegBinaries, request: PieceRequest): Promise<number> {
  const frames = await fromKeyframes(binaries, request);
  if (frames > 0) return frames;
  // sound that cannot be decoded takes the picture with it
  const silent = request.piece.hasAudio && request.samples !== undefined ? await fromKeyframes(binaries, { ...request, piece: { ...request.piece, hasAudio: false } }) : 0;
  if (silent === 0) throw new AppError('video.unreadable', `No picture decodes from tick ${request.piece.fromPts} on.`);
  return silent;
}

/** 0 where nothing can be encoded. */
async function fromKeyframes(binaries: FfmpegBinaries, request: PieceRequest): Promise<number> {
  const { index, fromPts, firstFrame, endFrame } = request.piece;
  let frames = 0;
  for (const { seconds } of seekPoints(index.keyframePts, fromPts, index.timeBase)) {
    const from = seconds === undefined || seconds <= SOUND_SECONDS ? undefined : seconds - SOUND_SECONDS;
    frames = await encode(binaries, request, from);
    if (frames === endFrame - firstFrame) break;
  }
  return frames;
}

async function encode(binaries: FfmpegBinaries, request: PieceRequest, seekSeconds: number | undefined): Promise<number> {
  const { piece, samples, timeoutSeconds, signal, onFrames } = request;
  const seek = seekSeconds === undefined ? [] : ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', seekSeconds.toFixed(6)];
  const command = startFfmpeg(binaries, {
    ...{ file: request.file, timeoutSeconds, signal, maxOutputBytes: MOST_PROGRESS_BYTES },
    inputOptions: ['-copyts', '-sn', '-dn', ...seek],
    outputOptions: [
      ...['-progress', 'pipe:1'],
      ...['-map', `0:${piece.video.streamIndex}`, '-vf', pictureFilters(request)],
      ...soundOptions(piece, samples),
      ...passThrough(binaries),
      ...encoderOptions(request),
      ...['-map_metadata', '-1', '-map_chapters', '-1', '-f', 'mp4'],
      ...['-movflags', '+empty_moov+default_base_moof+frag_keyframe', '-use_editlist', '0', '-video_track_timescale', String(request.timescale)],
    ],
    output: { file: request.output, maxBytes: request.maxBytes },
  });
  let frames = 0;
  for await (const chunk of command) {
    frames = Number([...chunk.toString('latin1').matchAll(FRAME_COUNT)].at(-1)?.[1] ?? frames);
    onFrames(frames);
  }
  const { exitCode, stderr } = await command.end;
  if (exitCode === 0) return frames;
  if (stderr.includes('No space left')) throw new AppError('storage.full', 'There is no space left to render this.', { details: { stderr } });
  if (/Unknown encoder|Unrecognized option|Option not found|No such filter|Error splitting|Cannot allocate memory/.test(stderr)) {
    throw new AppError('ffmpeg.refused', `ffmpeg refused to encode: ${stderr.split('\n').at(-2) ?? ''}`, { details: { stderr } });
  }
  return 0;
}

/** The frames by their own times, made to fit into the middle of the picture. */
function pictureFilters({ piece, look, width, height, timescale }: PieceRequest): string {
  const { video, fromPts, untilPts, endFrame, index } = piece;
  const scale = Math.min(width / video.width, height / video.height);
  const even = (pixels: number, most: number): number => Math.min(most, Math.max(2, 2 * Math.round((pixels * scale) / 2)));
  const size = `${even(video.width, width)}:${even(video.height, height)}`;
  const { num, den } = index.timeBase;
  const zero = Math.round((fromPts * num * timescale) / den);
  return [
    `trim=start_pts=${fromPts}:end_pts=${endFrame < index.pts.length ? untilPts : (index.pts.at(-1) ?? fromPts) + 1}`,
    ...look.first,
    `scale=${size}:flags=bicubic${look.scaling}`,
    ...look.colours,
    `pad=${width}:${height}:-1:-1`,
    'setsar=1',
    'format=yuv420p',
    `settb=1/${timescale}`,
    `setpts=PTS-(${zero})`,
  ].join(',');
}

function soundOptions({ index, fromPts, hasAudio }: ReelPiece, samples: number | undefined): string[] {
  if (samples === undefined) return ['-an'];
  const shape = `aformat=channel_layouts=stereo:sample_fmts=s16:sample_rates=${SAMPLE_RATE}`;
  const exact = `${shape},apad,atrim=end_sample=${samples},asetpts=PTS-STARTPTS`;
  const codec = ['-c:a', 'flac', '-strict', 'experimental', '-compression_level', '0'];
  if (!hasAudio) return ['-filter_complex', `anullsrc=r=${SAMPLE_RATE}:cl=stereo,${exact}[silence]`, '-map', '[silence]', ...codec];
  // The first resampler makes ticks of samples, the second fills with silence, or cuts, from the first sample that is wanted.
  const firstPts = Math.round((fromPts * index.timeBase.num * SAMPLE_RATE) / index.timeBase.den);
  return ['-map', '0:a:0', '-af', `aresample=${SAMPLE_RATE},aresample=${SAMPLE_RATE}:async=1:first_pts=${firstPts},${exact}`, ...codec];
}

/** Without reordered frames, so that pieces join; the same for every piece, so that one description, that of the first, holds for all of them. */
function encoderOptions({ look, width, height, timescale, quality }: PieceRequest): string[] {
  return [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', '50', '-level', levelOf(width, height), ...quality],
    ...look.tags,
    ...['-enc_time_base', `1:${timescale}`],
  ];
}

/** H.264 table A-1: the level that holds a picture of so many macroblocks at any rate that is usual. */
function levelOf(width: number, height: number): string {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  if (blocks <= 8704) return '4.2';
  return blocks <= 22_080 ? '5.0' : '5.2';
}
