// What a reader of the results should know of a chunk that did not decode as its container promises.
import { type ChunkFindings } from '../model/signals/chunk-findings.js';
import { type ScanWarning } from './scan.entity.js';

export function damageOf({ startSeconds, endSeconds, framesLost, decodeErrors, audioErrors }: ChunkFindings): ScanWarning[] {
  const range = { start_time: startSeconds, end_time: endSeconds };
  const pictures = damagedPictures(framesLost, decodeErrors);
  const sound = `The sound is damaged: its decoder reported ${audioErrors} error(s), and loudness may be missing.`;
  return [
    ...(framesLost > 0 || decodeErrors > 0 ? [{ code: 'video.damaged', message: pictures, ...range }] : []),
    ...(audioErrors > 0 ? [{ code: 'audio.damaged', message: sound, ...range }] : []),
  ];
}

/** The same of all chunks, as one warning. */
export function damageOfAll(findings: readonly ChunkFindings[]): { readonly code: string; readonly message: string }[] {
  const [framesLost, decodeErrors] = [sum(findings, 'framesLost'), sum(findings, 'decodeErrors')];
  return framesLost + decodeErrors === 0 ? [] : [{ code: 'video.damaged', message: damagedPictures(framesLost, decodeErrors) }];
}

function damagedPictures(framesLost: number, decodeErrors: number): string {
  const lost = framesLost === 0 ? '' : `${framesLost} frame(s) listed by the container do not decode, `;
  return `The video is damaged: ${lost}the decoder reported ${decodeErrors} error(s).`;
}

const sum = (findings: readonly ChunkFindings[], key: 'framesLost' | 'decodeErrors'): number => findings.reduce((total, chunk) => total + chunk[key], 0);
