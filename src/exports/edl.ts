// EDL (CMX 3600): a cut list, one event for each stretch, in order of start.
import { assetOf, assetsOf, type ExportFile, recordStart } from './export-file.js';
import { type ExportRecord, type ExportRecords } from './export-record.js';
import { baseName, oneLine, shortened, spelledInAscii } from './export-text.js';
import { timecodeOf } from './timecode.js';
import { type FrameSpan, spanOf, type Timing } from './timing.js';

const TITLE_CHARACTERS = 70;
const COMMENT_CHARACTERS = 200;
/** Names that mean a source of the machine's own. */
const RESERVED_REELS = new Set(['', 'AX', 'BL', 'BLACK', 'BARS']);

export async function* writeEdl(file: ExportFile, records: ExportRecords): AsyncGenerator<string> {
  const { source, timing } = file;
  yield `TITLE: ${asciiOnly(baseName(source.name), TITLE_CHARACTERS)}\r\nFCM: ${timing.rate.dropped > 0 ? 'DROP FRAME' : 'NON-DROP FRAME'}\r\n\r\n`;
  const reels = reelNames(assetsOf(file).map(({ source }) => source));
  let number = 0;
  let recordFrame = recordStart(timing.rate);
  for await (const record of records) {
    const asset = assetOf(file, record);
    const span = spanOf(record, asset.timing);
    // a comment before the first event would be no event to some readers
    const remark = (number === 0 || file.assets) && asset.timing.remark ? `* COMMENT: ${asset.timing.remark}\r\n` : '';
    const reel = (reels.get(asset.source.id) ?? 'AX').padEnd(8);
    yield `${eventLine(++number, reel, span, recordFrame, asset.timing)}${comments(record, asset.source.name)}${remark}\r\n`;
    recordFrame += span.end - span.first;
  }
}

function eventLine(number: number, reel: string, { first, end }: FrameSpan, recordFrame: number, { rate, startFrame }: Timing): string {
  const times = [startFrame + first, startFrame + end, recordFrame, recordFrame + end - first].map((frame) => timecodeOf(frame, rate));
  // CMX 3600 has three digits, as its machines had; a fourth keeps the numbers apart, and OpenTimelineIO reads it
  return `${String(number).padStart(3, '0')}  ${reel} V     C        ${times.join(' ')}\r\n`;
}

/** Editors find the file by its name, which therefore stays as it is. A clip of a list has no source but that file, and is not named twice. */
function comments({ type, source, confidence, text }: ExportRecord, name: string): string {
  const sure = confidence === null ? '' : ` ${Math.round(confidence * 100)}%`;
  const words = shortened(spelledInAscii(oneLine(text)), COMMENT_CHARACTERS);
  const origin = source === name ? '' : `* COMMENT: ${oneLine(`${type} ${source}`)}${sure}\r\n`;
  return `* FROM CLIP NAME: ${baseName(name)}\r\n${text === name ? '' : `* COMMENT: ${words}\r\n`}${origin}`;
}

/** `flower-5s.mp4` -> `FLOWER5S`; `AX`, a source without a reel, where no letter or digit is left. */
export function reelName(name: string): string {
  const letters = spelledInAscii(baseName(name).replace(/\.[^.]*$/, '')).toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, 8);
  return RESERVED_REELS.has(letters) ? 'AX' : letters;
}

/** By id, each of them another: editors tell sources by their reels, so that the second `SCENE01T` becomes `SCENE012`. */
export function reelNames(sources: readonly { readonly id: string; readonly name: string }[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    sources.map(({ id, name }) => {
      const wanted = reelName(name);
      let reel = wanted;
      for (let count = 2; taken.has(reel); count++) reel = `${wanted.slice(0, 8 - String(count).length)}${count}`;
      taken.add(reel);
      return [id, reel];
    }),
  );
}

const asciiOnly = (text: string, most: number): string => shortened(spelledInAscii(text).replace(/[^ -~]/gu, '?'), most) || 'untitled';
