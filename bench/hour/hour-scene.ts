// The scene of the benches: an hour of the simple world with one event a minute.
import { type Random, randomOf } from '../../src/world/first/random.js';
import { castBackdrop, castClutter, castEvent, type Clutter, type Scene, type SceneEvent } from '../../src/world/first/scene.js';
import { type Content, EVERY_CONTENT } from '../../src/world/first/vocabulary.js';

export interface HourOptions {
  readonly seed: number;
  readonly minutes: number;
}

/** Each event has a minute of its own, in which it lies anywhere. */
const SLOT_SECONDS = 60;
const EVENT_SECONDS = { from: 6, to: 12 };
/** The backdrop changes, with a cut, in the quiet part of every third minute. */
const BACKDROP_EVERY = 3; // slots

/**
 * One event a minute of 6 to 12 s, no description twice; long quiet stretches, in which dull rectangles come and go, and
 * cuts to other backdrops.
 */
export function hourScene({ seed, minutes }: HourOptions): Scene {
  const random = randomOf(seed);
  const contents = distinct(random, minutes);
  const events = contents.map((content, slot) => {
    const length = random.between(EVENT_SECONDS.from, EVENT_SECONDS.to);
    const start = slot * SLOT_SECONDS + random.between(1, SLOT_SECONDS - length - 1);
    return castEvent(random, content, start, start + length);
  });
  const seconds = minutes * SLOT_SECONDS;
  const cuts = events.flatMap((event, slot) => (slot % BACKDROP_EVERY === BACKDROP_EVERY - 1 ? [quietTime(random, events, slot)] : []));
  const backdrops = [0, ...cuts].map((start) => castBackdrop(random, start));
  const clutter = [0, ...cuts].flatMap((start, k) => pieces(random, start, cuts[k] ?? seconds));
  return { seconds, seed, backdrops, clutter, events };
}

/** Other seeds take other contents, but no content is much more frequent than another: every pair of colour and shape once before any twice. */
function distinct(random: Random, count: number): Content[] {
  if (count > EVERY_CONTENT.length) throw new Error(`There are only ${EVERY_CONTENT.length} descriptions.`);
  const rounds = new Map<string, number>();
  const ranked = random.shuffled(EVERY_CONTENT).map((content) => {
    const object = `${content.colour} ${content.shape}`;
    const round = rounds.get(object) ?? 0;
    rounds.set(object, round + 1);
    return { content, round };
  });
  return random.shuffled(ranked.sort((a, b) => a.round - b.round).slice(0, count).map(({ content }) => content));
}

/** Some second of the slot at which nothing happens. */
function quietTime(random: Random, events: readonly SceneEvent[], slot: number): number {
  const event = events[slot]!;
  const before = event.startSeconds - slot * SLOT_SECONDS;
  const after = (slot + 1) * SLOT_SECONDS - event.endSeconds;
  return before > after ? event.startSeconds - random.between(0.3, 0.7) * before : event.endSeconds + random.between(0.3, 0.7) * after;
}

/** Rectangles that stay as long as their backdrop, and some that come and go. */
function pieces(random: Random, from: number, to: number): Clutter[] {
  const lasting = Array.from({ length: random.below(3) }, () => castClutter(random, from, to));
  const passing = Array.from({ length: Math.round((to - from) / 120) }, () => {
    const start = random.between(from, to);
    return castClutter(random, start, Math.min(to, start + random.between(8, 40)));
  });
  return [...lasting, ...passing];
}
