// How loud the sound of a video is, ten times a second, by EBU R128.
import { startFfmpeg } from './command.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type StreamIndex } from './media.js';
import { type ReadOptions } from './probe.js';

export interface LoudnessRequest extends ReadOptions {
  readonly index: StreamIndex;
  /** Seconds from the first frame of the video. */
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Momentary loudness, of the 400 ms of sound that end at `seconds`, counted from the first frame of the video; -70 at least. */
export interface MomentaryLoudness {
  readonly seconds: number;
  readonly lufs: number;
}

export interface Loudness {
  readonly readings: readonly MomentaryLoudness[];
  /** Complaints of the decoder; where there are any, readings may be missing. */
  readonly errors: number;
}

const READING = /^\[Parsed_ebur128_\d+ @ \w+\] \[info\] t: .*?\bM: *(\S+)/;
const FIRST_SOUND = /^\[Parsed_ashowinfo_\d+ @ \w+\] \[info\] n: *0 pts: *-?\d+ pts_time:(-?[\d.]+)/;
const ERROR = /^(?:\[[^\]]+\] )?\[(?:error|fatal)\] /;

const QUIETEST = -70; // LUFS
/** Of an input it spares the reading; of an output it is what older builds obey, which decode the pictures otherwise. */
const SOUND_ALONE = ['-vn', '-sn', '-dn'];
const SAMPLE_RATE = 48_000;
const STEP_SECONDS = 0.1; // of ebur128

/**
 * Seeking goes to a keyframe of the video before; the sound there may begin a little after it, and in some files much. Where even the
 * longer way back meets no sound before the range, there is none: the sound begins late, or has a hole.
 */
const SEEK_SECONDS = 1;
const LONG_SEEK_SECONDS = 30;

/**
 * Readings of the best audio stream every 0.1 s of the video's own clock, whatever the sound's. Before its beginning and in its holes
 * there is silence, after its end there are no readings. The first few are of a window that begins with silence: ask from 3 s before.
 */
export async function measureLoudness(binaries: FfmpegBinaries, file: string, request: LoudnessRequest): Promise<Loudness> {
  const { index, startSeconds } = request;
  const originSeconds = (index.originPts * index.timeBase.num) / index.timeBase.den; // on the file's own clock
  const from = originSeconds + startSeconds;
  const back = (seconds: number): number | undefined => (startSeconds > seconds && from > seconds ? from - seconds : undefined);
  const seekSeconds = back(SEEK_SECONDS);
  const { firstSound, ...loudness } = await listen(binaries, file, request, originSeconds, seekSeconds);
  const landedLate = seekSeconds !== undefined && firstSound !== undefined && firstSound > from;
  if (!landedLate) return loudness;
  const { firstSound: _, ...fromFurtherBack } = await listen(binaries, file, request, originSeconds, back(LONG_SEEK_SECONDS));
  return fromFurtherBack;
}

async function listen(
  binaries: FfmpegBinaries,
  file: string,
  { startSeconds, endSeconds, timeoutSeconds, signal }: LoudnessRequest,
  originSeconds: number,
  seekSeconds: number | undefined,
): Promise<Loudness & { firstSound: number | undefined }> {
  const readings: MomentaryLoudness[] = [];
  let firstSound: number | undefined;
  let errors = 0;
  const seek = seekSeconds === undefined ? [] : ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', seekSeconds.toFixed(6)];
  // The first resampler makes ticks of samples, the second fills with silence, or cuts, from the first sample that is wanted.
  const firstPts = Math.round((originSeconds + startSeconds) * SAMPLE_RATE);
  const onClock = `aresample=${SAMPLE_RATE},aresample=${SAMPLE_RATE}:async=1:first_pts=${firstPts}`;
  const measure = `${onClock},atrim=end=${originSeconds + endSeconds + STEP_SECONDS},ebur128=framelog=info`;
  const command = startFfmpeg(binaries, {
    ...{ file, timeoutSeconds, signal, maxOutputBytes: 0 },
    inputOptions: ['-threads', '1', '-copyts', ...SOUND_ALONE, ...seek],
    outputOptions: [...SOUND_ALONE, '-af', 'ashowinfo', '-frames:a', '1', '-f', 'null', '-', ...SOUND_ALONE, '-af', measure, '-f', 'null'],
    onStderrLine: (line) => {
      const lufs = READING.exec(line)?.[1];
      if (lufs !== undefined) {
        const seconds = startSeconds + STEP_SECONDS * (readings.length + 1);
        readings.push({ seconds, lufs: Math.max(QUIETEST, Number(lufs) || QUIETEST) });
      } else if (ERROR.test(line)) errors += 1;
      else firstSound ??= numberOf(FIRST_SOUND.exec(line)?.[1]);
    },
  });
  for await (const _ of command);
  await command.end;
  return { readings: readings.filter(({ seconds }) => seconds <= endSeconds + 1e-6), errors, firstSound };
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
