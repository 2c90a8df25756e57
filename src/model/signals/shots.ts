// Turns transitions into shots that cover the analysed part of the video.
import { type Signal, type Transition } from './signal.js';

/** Seconds of the video. */
export interface Part {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

interface Beginning extends Omit<Transition, 'startSeconds' | 'endSeconds' | 'type'> {
  readonly seconds: number;
  readonly method: string;
}

/** Longest flat picture between a fade-out and the fade-in that answers it. */
const LONGEST_PAUSE_SECONDS = 3;

/** A shot begins with the first frame of a cut, in the middle of a dissolve, and in the middle between a fade-out and a fade-in. */
export function shotsOf(transitions: readonly Transition[], { startSeconds, endSeconds }: Part, shotsBefore = 0): Signal[] {
  const beginnings = beginningsOf([...transitions].sort((a, b) => a.startSeconds - b.startSeconds))
    .filter(({ seconds }) => seconds > startSeconds && seconds < endSeconds)
    .sort((a, b) => a.seconds - b.seconds);
  const first: Beginning = { seconds: startSeconds, method: 'start', confidence: 1, measured: {} };
  return [first, ...beginnings].map(({ seconds, method, confidence, measured }, i) => ({
    type: 'shot',
    startSeconds: seconds,
    endSeconds: beginnings[i]?.seconds ?? endSeconds,
    text: i === 0 ? `Shot ${shotsBefore + 1}.` : `Shot ${shotsBefore + i + 1}, begins with a ${method}.`,
    ...{ confidence, method, measured },
  }));
}

function beginningsOf(transitions: readonly Transition[]): Beginning[] {
  return transitions.flatMap(({ type, startSeconds, endSeconds, confidence, measured }, i) => {
    const begin = (seconds: number, method: string): Beginning[] => [{ seconds, method, confidence, measured }];
    const before = transitions[i - 1];
    switch (type) {
      case 'cut':
        return begin(startSeconds, 'cut');
      case 'dissolve':
        return begin((startSeconds + endSeconds) / 2, 'dissolve');
      case 'fade-in': {
        const answers = before?.type === 'fade-out' && startSeconds - before.endSeconds <= LONGEST_PAUSE_SECONDS;
        return begin(answers ? (before.endSeconds + startSeconds) / 2 : startSeconds, 'fade');
      }
      case 'fade-out':
        return [];
    }
  });
}
