// Renders a reel: stretches of any videos as one MP4 file that every browser and editing program opens.
import { rm, stat } from 'node:fs/promises';
import { AppError } from '../../app-error.js';
import { startFfmpeg } from './command.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { appendFragments } from './fragments.js';
import { writeLength } from './last-frame.js';
import { type ReadOptions } from './probe.js';
import { layReel, type Reel, type ReelClip } from './reel.js';
import { type RenderLook, renderLook } from './render-look.js';
import { renderPiece, SAMPLE_RATE } from './render-piece.js';

export interface RenderRequest extends ReadOptions {
  readonly clips: readonly ReelClip[];
  /** Absolute path; other files stand beside it while it is made. */
  readonly output: string;
  readonly width: number; // even
  readonly height: number;
  /** `cut`: to be worked with; `proxy`: to be looked at. */
  readonly quality: 'cut' | 'proxy';
  /** Before each piece; it may reject, as where there is no room. */
  readonly beforePiece: () => Promise<void>;
  /** Seconds that are done. */
  readonly onProgress: (seconds: number) => void;
}

export interface Rendered {
  readonly bytes: number;
  readonly frames: number;
  readonly seconds: number;
}

const QUALITY = {
  cut: { options: ['-crf', '18', '-maxrate', '80M', '-bufsize', '160M'], bytesPerSecond: 12e6 },
  proxy: { options: ['-crf', '24', '-maxrate', '4M', '-bufsize', '8M'], bytesPerSecond: 1e6 },
};
/** Lossless sound while it is made, and tables. */
const EXTRA_BYTES_PER_SECOND = 250_000;
const EXTRA_BYTES = 64 * 1024 ** 2;

/** A piece of the usual kind takes no more, joined and alone. */
export const PIECE_BYTES = 256 * 1024 ** 2;

/** Tracks of the pieces, by the order in which they are mapped. */
const [PICTURE, SOUND] = [1, 2];

/** H.264 and AAC, its table in front, each frame at the time that it has in its own video, and no frame more or less. */
export async function renderReel(binaries: FfmpegBinaries, request: RenderRequest): Promise<Rendered> {
  const reel = layReel(request.clips);
  const [joined, piece] = [`${request.output}.joined`, `${request.output}.piece`];
  try {
    const frames = await joinPieces(binaries, request, reel, { joined, piece });
    await finish(binaries, request, reel, joined);
    return { frames, seconds: secondsOf(reel), bytes: (await stat(request.output)).size };
  } finally {
    for (const path of [joined, piece]) await rm(path, { force: true });
  }
}

const secondsOf = ({ pieces, timescale }: Reel): number => (pieces.at(-1)?.endTicks ?? 0) / timescale;

/** No picture takes more than this; it is never reached by what the encoder is told, and holds for a broken one. */
const mostBytes = ({ quality }: RenderRequest, seconds: number): number => EXTRA_BYTES + Math.ceil(seconds * (QUALITY[quality].bytesPerSecond + EXTRA_BYTES_PER_SECOND));

async function joinPieces(binaries: FfmpegBinaries, request: RenderRequest, reel: Reel, files: { joined: string; piece: string }): Promise<number> {
  const { timescale, pieces } = reel;
  const withSound = request.clips.some(({ hasAudio }) => hasAudio);
  const sampleAt = (ticks: number): number => Math.round((ticks * SAMPLE_RATE) / timescale);
  const looks = new Map<string, RenderLook>();
  let frames = 0;
  for (const [at, piece] of pieces.entries()) {
    await request.beforePiece();
    const { startTicks, endTicks } = piece;
    const seconds = (endTicks - startTicks) / timescale;
    const expected = piece.endFrame - piece.firstFrame;
    const encode = async (file: string): Promise<number> => {
      const look = looks.get(file) ?? (await renderLook(binaries, file, piece.video.streamIndex, request));
      looks.set(file, look);
      return renderPiece(binaries, {
        ...{ file, piece, look, timescale, output: files.piece, width: request.width, height: request.height },
        ...{ quality: QUALITY[request.quality].options, maxBytes: mostBytes(request, seconds), timeoutSeconds: request.timeoutSeconds, signal: request.signal },
        samples: withSound ? Math.max(1, sampleAt(endTicks) - sampleAt(startTicks)) : undefined,
        onFrames: (done) => request.onProgress(startTicks / timescale + seconds * Math.min(1, done / expected)),
      });
    };
    frames += await piece.withFile(encode);
    const offsets = new Map([[PICTURE, BigInt(startTicks)], [SOUND, BigInt(sampleAt(startTicks))]]);
    await appendFragments(files.joined, files.piece, { begins: at === 0, offsets });
  }
  return frames;
}

/** Writes the table of what was joined in front of it, and the sound as players know it. */
async function finish(binaries: FfmpegBinaries, request: RenderRequest, reel: Reel, joined: string): Promise<void> {
  const { timeoutSeconds, signal } = request;
  const command = startFfmpeg(binaries, {
    ...{ file: joined, timeoutSeconds, signal, maxOutputBytes: 0 },
    outputOptions: [
      ...['-map', '0:v:0', '-map', '0:a:0?', '-c:v', 'copy', '-c:a', 'aac', '-b:a', '160k'],
      ...['-video_track_timescale', String(reel.timescale), '-movflags', '+faststart', '-max_muxing_queue_size', '9999', '-f', 'mp4'],
    ],
    output: { file: request.output, maxBytes: mostBytes(request, secondsOf(reel)) },
  });
  for await (const _ of command);
  const { exitCode, stderr } = await command.end;
  if (exitCode !== 0) throw new AppError('ffmpeg.refused', 'ffmpeg refused to finish the file.', { details: { stderr } });
  await writeLength(request.output, reel.pieces.at(-1)?.endTicks ?? 0);
}
