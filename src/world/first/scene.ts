// A video of the simple world before it is drawn: which objects do what when, in front of what.
import { type Random } from './random.js';
import { type Rgb } from '../vocabulary.js';
import { type Action, colourOf, type Content, queryOf } from './vocabulary.js';

/** Side of the square picture everything is drawn on; larger videos are this one with larger pixels, as the checkpoint's demo clips are. */
export const SIDE = 56; // pixels

/** An object and the time it is visible: in every picture at `startSeconds <= t < endSeconds`, and in no other. */
export interface SceneEvent extends Content {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly rgb: Rgb;
  /** Where it stands, or which line it moves along; pixels from the upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly radius: number; // pixels; of one that grows or shrinks it is not used
}

/** A dull rectangle that belongs to no event. */
export interface Clutter {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly rgb: Rgb;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What lies behind the objects from a time on, until the next backdrop: a dark colour, or a gradient between two. */
export interface Backdrop {
  readonly startSeconds: number;
  readonly from: Rgb;
  readonly to: Rgb;
  /** Direction of the gradient. */
  readonly angle: number; // radians
}

export interface Scene {
  readonly seconds: number;
  readonly seed: number;
  readonly backdrops: readonly Backdrop[]; // ascending, the first at 0
  readonly clutter: readonly Clutter[];
  readonly events: readonly SceneEvent[]; // ascending
}

/** What a scene's maker knows of it, in the form of models/demo; seconds from the first picture. */
export interface TrueEvent {
  readonly start_time: number;
  readonly end_time: number;
  readonly query: string;
  readonly description: string;
}

const hundredths = (seconds: number): number => Math.round(seconds * 100) / 100;

export function truthOf({ events }: Scene): TrueEvent[] {
  return events.map((event) => {
    const query = queryOf(event);
    return { start_time: event.startSeconds, end_time: event.endSeconds, query, description: `The ${query}.` };
  });
}

/** Gives a content a time and a place. */
export function castEvent(random: Random, content: Content, startSeconds: number, endSeconds: number): SceneEvent {
  const shift = (): number => random.between(-10, 10);
  const [red, green, blue] = colourOf(content);
  const margin = isChangeOfSize(content.action) ? 0.27 : 0.25;
  const place = (): number => random.between(margin, 1 - margin) * SIDE;
  return {
    ...content,
    startSeconds: hundredths(startSeconds),
    endSeconds: hundredths(endSeconds),
    rgb: [red + shift(), green + shift(), blue + shift()],
    x: place(),
    y: place(),
    radius: random.between(0.125, 0.205) * SIDE,
  };
}

const isChangeOfSize = (action: Action): boolean => action === 'grows' || action === 'shrinks';

/** Dark, with a hue; half of them are flat. */
export function castBackdrop(random: Random, startSeconds: number): Backdrop {
  const dark = (): Rgb => [random.between(0, 92), random.between(0, 92), random.between(0, 92)];
  const from = dark();
  const to: Rgb = random.unit() < 0.5 ? from : [from[0] + random.between(-25, 25), from[1] + random.between(-25, 25), from[2] + random.between(-25, 25)];
  return { startSeconds, from, to, angle: random.between(0, 2 * Math.PI) };
}

export function castClutter(random: Random, startSeconds: number, endSeconds: number): Clutter {
  const grey = random.between(40, 75);
  const tint = (): number => grey + random.between(-8, 8);
  const [width, height] = [random.between(4, 16), random.between(4, 16)];
  return {
    ...{ startSeconds, endSeconds, width, height },
    rgb: [tint(), tint(), tint()],
    left: random.between(0, SIDE - width),
    top: random.between(0, SIDE - height),
  };
}

/**
 * What can be known of an event at `fps` pictures a second: from the first sampled picture in its time to one step after the last.
 * Evaluations score answers against this as well as against the truth.
 */
export function knowable(event: TrueEvent, fps = 2): TrueEvent {
  const step = (seconds: number): number => Math.ceil(seconds * fps - 1e-9) / fps; // both ends: the first picture not before
  return { ...event, start_time: step(event.start_time), end_time: step(event.end_time) };
}
