// FCPXML 1.10 (Final Cut Pro): a project of the whole video with a marker and a keyword for each stretch, or a cut list of clips.
import { assetOf, assetsOf, type ExportAsset, type ExportFile, recordStart } from './export-file.js';
import { type ExportRecord, type ExportRecords, nameOf } from './export-record.js';
import { baseName, oneLine } from './export-text.js';
import { type FrameRate } from './frame-rate.js';
import { type FrameSpan, spanOf, type Timing } from './timing.js';

export async function* writeFcpxml(file: ExportFile, records: ExportRecords): AsyncGenerator<string> {
  const { timing, cut } = file;
  const start = cut ? recordStart(timing.rate) : timing.startFrame;
  yield `${resources(file)}${projectHead(file, start)}`;
  const references = new Map(assetsOf(file).map(({ source }, index) => [source.id, referenceOf(index)]));
  if (!cut) yield `${assetClip(file, references, start, { first: 0, end: timing.frames }, baseName(file.source.name))}>\n`;
  let offset = start;
  for await (const record of records) {
    const asset = assetOf(file, record);
    const span = spanOf(record, asset.timing);
    const inside = marks(record, span, asset.timing);
    yield cut ? `${assetClip(asset, references, offset, span, nameOf(record))}>\n${inside}</asset-clip>\n` : inside;
    offset += span.end - span.first;
  }
  yield `${cut ? '' : '</asset-clip>\n'}</spine>\n</sequence>\n</project>\n</event>\n</library>\n</fcpxml>\n`;
}

/** The format is the first resource. */
const referenceOf = (index: number): string => `r${index + 2}`;

function resources(file: ExportFile): string {
  const { source, timing } = file;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="1.10">\n<resources>',
    `<format${attributes({ id: 'r1', frameDuration: timeOf(1, timing.rate), width: source.width, height: source.height })}/>`,
    ...assetsOf(file).map((asset, index) => assetElement(asset, referenceOf(index))),
    '</resources>\n',
  ].join('\n');
}

function assetElement({ source, timing }: ExportAsset, id: string): string {
  const { rate, startFrame, frames } = timing;
  const name = baseName(source.name);
  const asset = attributes({
    ...{ id, name, start: timeOf(startFrame, rate), duration: timeOf(frames, rate), hasVideo: 1, format: 'r1' },
    ...(source.hasAudio && { hasAudio: 1, audioSources: 1 }),
    videoSources: 1,
  });
  return [
    `<asset${asset}>`,
    `<media-rep${attributes({ kind: 'original-media', src: encodeURIComponent(name) })}/>`,
    `<metadata><md${attributes({ key: 'secondsight.sha256', value: source.sha256 })}/></metadata>`,
    '</asset>',
  ].join('\n');
}

function projectHead({ source, timing, cut }: ExportFile, start: number): string {
  const { rate, frames, remark } = timing;
  const name = baseName(source.name);
  const length = cut ? {} : { duration: timeOf(frames, rate) }; // of a cut list it is known at its end only
  const sequence = { format: 'r1', ...length, tcStart: timeOf(start, rate), tcFormat: rate.dropped > 0 ? 'DF' : 'NDF' };
  const note = remark ? `<note>${escapeXml(remark)}</note>\n` : '';
  return `<library>\n<event${attributes({ name })}>\n<project${attributes({ name })}>\n<sequence${attributes(sequence)}>\n${note}<spine>\n`;
}

/** The open tag of a clip: `offset` frames into the sequence, `span` of the video. */
function assetClip({ source, timing: { rate, startFrame } }: ExportAsset, references: ReadonlyMap<string, string>, offset: number, { first, end }: FrameSpan, name: string): string {
  const times = { offset: timeOf(offset, rate), start: timeOf(startFrame + first, rate), duration: timeOf(end - first, rate) };
  return `<asset-clip${attributes({ ref: references.get(source.id) ?? referenceOf(0), name, ...times, format: 'r1', tcFormat: rate.dropped > 0 ? 'DF' : 'NDF' })}`;
}

function marks(record: ExportRecord, { first, end }: FrameSpan, { rate, startFrame }: Timing): string {
  const times = { start: timeOf(startFrame + first, rate), duration: timeOf(end - first, rate) };
  const { type, source, confidence } = record;
  const sure = confidence === null ? '' : `, ${Math.round(confidence * 100)} % sure`;
  const note = oneLine(`${type}, ${source}${sure}`);
  return `<marker${attributes({ ...times, value: nameOf(record), note })}/>\n<keyword${attributes({ ...times, value: oneLine(type) })}/>\n`;
}

/** Seconds as a fraction, exact: frame 90 at 29.97 -> `90090/30000s`. */
const timeOf = (frames: number, { num, den }: FrameRate): string => (frames === 0 ? '0s' : `${frames * den}/${num}s`);

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** What XML 1.0 has no way to write is left out. */
const escapeXml = (text: string): string =>
  text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '').replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);
