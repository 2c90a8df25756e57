// From the answers of many windows to one ranked list of moments.
import { gapSeconds, JOIN_GAP_SECONDS } from './merge.js';

/** A span that one window named for the question. */
export interface Candidate {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Probability of the answer's tokens. */
  readonly confidence: number;
  /** Probability that the content occurs in the window at all, asked apart; null when that answer was unreadable. */
  readonly verification: number | null;
  readonly window: number;
}

export interface SelectedMoment extends Omit<Candidate, 'window'> {
  /** Ordinals of the windows that named it. */
  readonly windows: readonly number[];
}

/**
 * Below this the check says "no" for certain, and the window's span is not believed. On the four-minute demo clip a threshold of 0.5 drops
 * 4 of 35 right spans to be rid of 3 of 24 wrong ones, so doubt lowers the rank and only certainty rejects.
 */
const VERIFICATION_THRESHOLD = 0.2;

/** Verified candidates, joined where the spans of different windows meet or nearly do, surest first, at most `topK`. */
export function selectMoments(candidates: readonly Candidate[], topK: number): SelectedMoment[] {
  const joined: SelectedMoment[] = [];
  const verified = candidates.filter(({ verification }) => verification === null || verification >= VERIFICATION_THRESHOLD);
  for (const { window, ...candidate } of verified) {
    const k = joined.findIndex((moment) => !moment.windows.includes(window) && gapSeconds(moment, candidate) <= JOIN_GAP_SECONDS);
    const match = joined[k];
    if (match) joined[k] = join(match, candidate, window);
    else joined.push({ ...candidate, windows: [window] });
  }
  return joined.sort((a, b) => score(b) - score(a) || a.startSeconds - b.startSeconds).slice(0, topK);
}

function join(moment: SelectedMoment, candidate: Omit<Candidate, 'window'>, window: number): SelectedMoment {
  const surest = score(candidate) > score(moment) ? candidate : moment;
  return {
    startSeconds: Math.min(moment.startSeconds, candidate.startSeconds),
    endSeconds: Math.max(moment.endSeconds, candidate.endSeconds),
    confidence: surest.confidence,
    verification: surest.verification,
    windows: [...moment.windows, window],
  };
}

const score = ({ confidence, verification }: Omit<Candidate, 'window'>): number => confidence * (verification ?? 1);
