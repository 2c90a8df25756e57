// Scenes of half a minute of the simple world.
import { randomOf } from './random.js';
import { castBackdrop, castClutter, castEvent, type Scene, type SceneEvent } from './scene.js';
import { EVERY_CONTENT } from './vocabulary.js';

const CLIP_SECONDS = 30;

/** Half a minute with one to four events, one backdrop, at most two events at a time. */
export function clipScene(seed: number): Scene {
  const random = randomOf(seed);
  const contents = random.shuffled(EVERY_CONTENT);
  const events: SceneEvent[] = [];
  let at = random.between(0.5, 5);
  while (at < CLIP_SECONDS - 4 && events.length < 4) {
    const end = Math.min(at + random.between(3, 9), CLIP_SECONDS - 0.5);
    events.push(castEvent(random, contents.pop()!, at, end));
    at = random.unit() < 0.3 ? at + Math.max(1, (end - at) * random.between(0.4, 0.9)) : end + random.between(0.7, 5);
    at = Math.max(at, events.at(-2)?.endSeconds ?? 0); // never three at a time
  }
  const clutter = Array.from({ length: random.below(3) }, () => castClutter(random, 0, CLIP_SECONDS));
  return { seconds: CLIP_SECONDS, seed, backdrops: [castBackdrop(random, 0)], clutter, events };
}
