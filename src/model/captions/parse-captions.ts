// Reads caption files, WebVTT and SubRip: cues with their times, whatever small faults the file has.
import { AppError } from '../../app-error.js';
import { type Caption, type ParsedCaptions } from './caption.js';
import { captionText } from './caption-text.js';

/** More is no caption file of a video of a day. */
const MOST_CUES = 200_000;
const MOST_CHARACTERS = 50_000_000;

/** `00:01:02.500`, hours optional, comma or point, one to three digits of fraction. */
const TIME = String.raw`(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?`;
const TIMING = new RegExp(String.raw`^\s*${TIME}\s*-->\s*${TIME}(?:\s.*)?$`);

/** Blocks of WebVTT that hold no cue. */
const OTHER_BLOCK = /^(?:NOTE|STYLE|REGION)(?:\s|$)/;

/**
 * WebVTT or SubRip, told by the content. A cue without readable times, or that ends before it starts, counts as broken; one
 * without text is left out. Errors: `captions.not_captions` (no cue at all), `captions.too_long`.
 */
export function parseCaptions(source: string): ParsedCaptions {
  if (source.length > MOST_CHARACTERS) throw new AppError('captions.too_long', `The captions have more than ${MOST_CHARACTERS} characters.`);
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n').replaceAll('\0', '');
  const isWebVtt = /^WEBVTT(?:[ \t\n]|$)/.test(text);
  const captions: Caption[] = [];
  let broken = 0;
  for (const block of blocksOf(text, isWebVtt)) {
    const cue = readCue(block);
    if (cue === undefined) broken += 1;
    else if (cue.text !== '') captions.push(cue);
    if (captions.length > MOST_CUES) throw new AppError('captions.too_long', `The captions have more than ${MOST_CUES} cues.`);
  }
  const nothing = captions.length === 0 && (broken > 0 || !isWebVtt); // a WebVTT file may be empty
  if (nothing) throw new AppError('captions.not_captions', 'The file is neither WebVTT nor SubRip: it has no cue that can be read.');
  captions.sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds);
  return { captions, broken };
}

/** Lines of each cue. Two cues that no blank line divides are told apart by the times of the second. */
function blocksOf(text: string, isWebVtt: boolean): string[][] {
  const blocks: string[][] = [];
  const whole = isWebVtt ? text.slice(Math.max(0, text.search(/\n[ \t]*\n/))) : text;
  for (const block of whole.split(/\n[ \t]*\n+/)) {
    const lines = block.split('\n').filter((line) => line.trim() !== '');
    if (lines.length === 0 || (isWebVtt && OTHER_BLOCK.test(lines[0] ?? ''))) continue;
    if (!lines.some((line) => line.includes('-->'))) {
      appendText(blocks.at(-1), lines, isWebVtt);
      continue;
    }
    blocks.push(...dividedCues(lines));
  }
  return blocks;
}

/** In SubRip a blank line may stand inside a text. */
function appendText(cue: string[] | undefined, lines: readonly string[], isWebVtt: boolean): void {
  if (cue && !isWebVtt) for (const line of lines) cue.push(line);
}

function dividedCues(lines: readonly string[]): string[][] {
  const timings = lines.flatMap((line, i) => (i > 0 && TIMING.test(line) ? [i] : []));
  const starts = timings.map((at) => (/^\s*\d+\s*$/.test(lines[at - 1] ?? '') ? at - 1 : at)).filter((at) => at > 0);
  const first = lines.findIndex((line) => line.includes('-->'));
  const inner = starts.filter((at) => at > first);
  return [0, ...inner].map((from, i, all) => lines.slice(from, all[i + 1]));
}

function readCue(lines: readonly string[]): Caption | undefined {
  const at = lines.findIndex((line) => line.includes('-->'));
  const timing = TIMING.exec(lines[at] ?? '');
  if (!timing) return undefined;
  const [startSeconds, endSeconds] = [secondsOf(timing.slice(1, 5)), secondsOf(timing.slice(5, 9))];
  if (startSeconds === undefined || endSeconds === undefined || endSeconds <= startSeconds) return undefined;
  return { startSeconds, endSeconds, text: captionText(lines.slice(at + 1).join('\n')) };
}

function secondsOf([hours = '0', minutes = '0', seconds = '0', fraction = '0']: (string | undefined)[]): number | undefined {
  if (Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(fraction.padEnd(3, '0')) / 1000;
}
