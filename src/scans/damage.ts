// What a reader of the results should know of a chunk that did not decode as its container promises.
import { type ChunkFindings } from '../model/signals/chunk-findings.js';
import { type ScanWarning } from './scan.entity.js';

export function damageOf({ startSeconds, endSeconds, framesLost, decodeErrors, audioErrors }: ChunkFindings): ScanWarning[] {
  const range = { start_time: startSeconds, end_time: endSeconds };
  const pictures = `The video is damaged: ${framesLost} frame(s) listed by the container do not decode, the decoder reported ${decodeErrors} error(s).`;
  const sound = `The sound is damaged: its decoder reported ${audioErrors} error(s), and loudness may be missing.`;
  return [
    ...(framesLost > 0 || decodeErrors > 0 ? [{ code: 'video.damaged', message: pictures, ...range }] : []),
    ...(audioErrors > 0 ? [{ code: 'audio.damaged', message: sound, ...range }] : []),
  ];
}
