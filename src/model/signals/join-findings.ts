// Joins the findings of a video's chunks into its signals, as if it had been scanned in one piece.
import { type CameraMotion, type ChunkFindings, type ChunkStretch, type ChunkTransition } from './chunk-findings.js';
import { addPiece } from './gradual.js';
import { LEAST_SILENCE_SECONDS } from './loudness.js';
import { type Part, shotsOf } from './shots.js';
import { type Signal, type SignalType, type Transition } from './signal.js';
import { LEAST_BLACK_SECONDS, LEAST_FREEZE_SECONDS } from './still.js';

const LEAST_SECONDS: Partial<Record<SignalType, number>> = {
  black: LEAST_BLACK_SECONDS,
  freeze: LEAST_FREEZE_SECONDS,
  silence: LEAST_SILENCE_SECONDS,
};

/**
 * Signals by start. Chunks may be missing: what lies on either side of a gap is not joined, and shots are counted on.
 * Shots cover the chunks from the start of each run of neighbours to where its last chunk stops decoding.
 */
export function joinFindings(chunks: readonly ChunkFindings[]): Signal[] {
  const signals: Signal[] = [];
  let shots = 0;
  for (const run of runsOf(chunks)) {
    const [{ startSeconds }] = run;
    const part = { startSeconds, endSeconds: Math.max(startSeconds, (run.at(-1) ?? run[0]).decodedUntil) };
    const transitions = joinedTransitions(run);
    const ofRun = shotsOf(transitions, part, shots);
    shots += ofRun.length;
    const gradual = transitions.filter(({ type }) => type !== 'cut').map(signalOf);
    signals.push(...ofRun, ...gradual, ...joinedStretches(run).map((stretch) => atCuts(stretch, run)), ...cameraSegments(run, part));
  }
  return signals.sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds);
}

/** Chunks that follow each other without a gap, in order. */
type Run = [ChunkFindings, ...ChunkFindings[]];

function runsOf(chunks: readonly ChunkFindings[]): Run[] {
  const runs: Run[] = [];
  for (const chunk of [...chunks].sort((a, b) => a.startSeconds - b.startSeconds)) {
    const run = runs.at(-1);
    if (run?.at(-1)?.endSeconds === chunk.startSeconds) run.push(chunk);
    else runs.push([chunk]);
  }
  return runs;
}

function joinedTransitions(run: readonly ChunkFindings[]): Transition[] {
  const all = run.flatMap(({ transitions }) => transitions);
  const cuts = all.filter(({ type }) => type === 'cut');
  const gradual: ChunkTransition[] = [];
  for (const transition of all) if (transition.type !== 'cut') addPiece(gradual, transition);
  // what holds a cut is no gradual transition
  const isClean = ({ startSeconds, endSeconds }: Transition): boolean =>
    !cuts.some((cut) => cut.startSeconds > startSeconds && cut.startSeconds <= endSeconds);
  return [...cuts, ...gradual.filter(isClean)].map(({ firstPiece: _, seenSeconds: __, ...transition }) => transition);
}

function signalOf({ type, ...transition }: Transition): Signal {
  const method = 'mixture-of-pictures';
  if (type === 'dissolve') return { ...transition, method, type, text: 'One scene dissolves into another.' };
  return { ...transition, method, type: 'fade', text: type === 'fade-in' ? 'The picture fades in.' : 'The picture fades out.' };
}

function joinedStretches(run: readonly ChunkFindings[]): Signal[] {
  const joined: ChunkStretch[] = [];
  for (const chunk of run) {
    for (const stretch of chunk.stretches) {
      const at = stretch.continued ? joined.findLastIndex(({ type, endSeconds }) => type === stretch.type && endSeconds === chunk.startSeconds) : -1;
      const before = joined[at];
      if (before) joined[at] = { ...before, endSeconds: stretch.endSeconds };
      else joined.push(stretch);
    }
  }
  return joined
    .filter(({ type, startSeconds, endSeconds }) => endSeconds - startSeconds >= (LEAST_SECONDS[type] ?? 0) - 1e-6)
    .map(({ continued: _, ...signal }) => signal);
}

/** A stretch that begins or ends with a cut does so at the very frame of it. */
function atCuts(stretch: Signal, run: readonly ChunkFindings[]): Signal {
  const cuts = run.flatMap(({ transitions }) => transitions.filter(({ seenSeconds }) => seenSeconds !== undefined));
  const exact = (seconds: number): number => cuts.find(({ seenSeconds }) => seenSeconds === seconds)?.startSeconds ?? seconds;
  return { ...stretch, startSeconds: exact(stretch.startSeconds), endSeconds: exact(stretch.endSeconds) };
}

const CAMERA_TEXT: Record<Exclude<CameraMotion, 'still'>, string> = { pan: 'The camera pans.', shake: 'The camera shakes.' };

/** Seconds of one motion in a row. */
function cameraSegments(run: readonly ChunkFindings[], part: Part): Signal[] {
  const camera = run.flatMap((chunk) => chunk.camera);
  const speeds = run.flatMap((chunk) => chunk.cameraSpeed);
  const segments: Signal[] = [];
  for (let from = 0; from < camera.length; ) {
    const motion = camera[from];
    let to = from + 1;
    while (to < camera.length && camera[to] === motion) to++;
    const startSeconds = part.startSeconds + from;
    const endSeconds = Math.min(part.startSeconds + to, part.endSeconds);
    if ((motion === 'pan' || motion === 'shake') && endSeconds - startSeconds >= 1) {
      const speed = speeds.slice(from, to).reduce<number>((sum, value) => sum + (value ?? 0), 0) / (to - from);
      const measured = { widthsPerSecond: Math.round(speed * 10_000) / 10_000 };
      const text = CAMERA_TEXT[motion];
      segments.push({ type: 'camera', startSeconds, endSeconds, text, confidence: 0.7, method: `camera-${motion}`, measured });
    }
    from = to;
  }
  return segments;
}
