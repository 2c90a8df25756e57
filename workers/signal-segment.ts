// A signal as a segment of its video.
import { type Signal } from '../src/model/signals/signal.js';
import { type NewSegment } from '../src/segments/index.js';

export const signalSegment = ({ type, startSeconds, endSeconds, text, confidence, method, measured }: Signal): NewSegment => ({
  startTime: startSeconds,
  endTime: endSeconds,
  type,
  text,
  confidence,
  evidence: { method, measured },
});
