// The text of one subtitle stream of a file, cue by cue.
import { AppError } from '../../app-error.js';
import { startFfmpeg } from './command.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type ReadOptions } from './probe.js';

/** Seconds on the file's own clock. */
export interface TextCue {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string; // without markup
}

const MAX_BYTES = 16 * 1024 ** 2;

const TIME = String.raw`(\d+):(\d\d):(\d\d),(\d{3})`;
const CUE = new RegExp(String.raw`(?:^|\n)\d+\n${TIME} --> ${TIME}[^\n]*\n`, 'g');

/** Undefined when the stream cannot be read, or is larger than any text; what a cut file has is given out. */
export async function readTextStream(
  binaries: FfmpegBinaries,
  file: string,
  streamIndex: number,
  options: ReadOptions,
): Promise<TextCue[] | undefined> {
  const command = startFfmpeg(binaries, {
    ...{ ...options, file, maxOutputBytes: MAX_BYTES },
    inputOptions: ['-copyts', '-vn', '-an'],
    outputOptions: ['-map', `0:${streamIndex}`, '-c:s', 'text', '-avoid_negative_ts', 'disabled', '-f', 'srt'],
  });
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of command) chunks.push(chunk);
  } catch (error) {
    if (error instanceof AppError && error.code === 'video.too_much_output') return undefined;
    throw error;
  }
  const { exitCode } = await command.end;
  return exitCode === 0 || chunks.length > 0 ? readCues(Buffer.concat(chunks).toString('utf8').replaceAll('\r', '')) : undefined;
}

/** Of what ffmpeg writes: every cue numbered, in SubRip. */
function readCues(srt: string): TextCue[] {
  const found = [...srt.matchAll(CUE)];
  return found.flatMap((match, i) => {
    const text = srtText(srt, match, found[i + 1]);
    const [startSeconds, endSeconds] = [secondsOf(match.slice(1, 5)), secondsOf(match.slice(5, 9))];
    return text === '' || endSeconds <= startSeconds ? [] : [{ startSeconds, endSeconds, text }];
  });
}

function srtText(srt: string, { index, 0: head }: RegExpExecArray, next: RegExpExecArray | undefined): string {
  return srt.slice(index + head.length, next?.index).trim();
}

const secondsOf = ([hours, minutes, seconds, thousandths]: readonly string[]): number =>
  Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(thousandths) / 1000;
