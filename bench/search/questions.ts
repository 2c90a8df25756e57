// Searches of every kind, drawn from the same language as the segments.
import { WORDS } from './fill.js';
import { dice, vocabulary } from './words.js';

export interface SearchQuestion {
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What filters name. */
export interface Known {
  readonly videoIds: readonly string[];
  /** An instant when part of the videos were stored. */
  readonly middle: string;
  /** Two words that stand beside each other somewhere. */
  readonly phrases: readonly string[];
}

/** `count` of each kind. */
export function searchQuestions(known: Known, count: number, seed: number): SearchQuestion[] {
  const words = vocabulary(WORDS);
  const roll = dice(seed);
  const between = (from: number, to: number): string => words[from + Math.floor(roll() * (to - from))] ?? '';
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(roll() * list.length)];
  const sentence = (): string => [between(0, 20), between(20, 300), between(300, 3000), between(3000, WORDS)].join(' ');
  const kinds: Readonly<Record<string, () => Record<string, unknown>>> = {
    rare_word: () => ({ query: between(2000, WORDS) }),
    ordinary_word: () => ({ query: between(60, 600) }),
    common_word: () => ({ query: between(0, 30) }),
    common_words: () => ({ query: `${between(0, 30)} ${between(0, 60)} ${between(10, 100)}` }),
    sentence: () => ({ query: sentence() }),
    phrase: () => ({ query: `"${one(known.phrases) ?? ''}"` }),
    without: () => ({ query: `${between(300, 3000)} -${between(0, 30)}` }),
    misspelt: () => ({ query: `${between(500, 5000).slice(0, -2)}xq` }),
    of_videos: () => ({ query: sentence(), filter: { video_ids: [one(known.videoIds), one(known.videoIds)] } }),
    of_times: () => ({ query: sentence(), filter: { start_time: 600, end_time: 1200 } }),
    of_types: () => ({ query: sentence(), filter: { types: ['goal'], min_confidence: 0.7 } }),
    of_new_videos: () => ({ query: sentence(), filter: { created_after: known.middle } }),
    by_video: () => ({ query: sentence(), group_by: 'video' }),
  };
  const all = Object.entries(kinds).flatMap(([kind, body]) => Array.from({ length: count }, () => ({ kind, body: body() })));
  return all.map((question) => ({ question, at: roll() })).sort((a, b) => a.at - b.at).map(({ question }) => question);
}
