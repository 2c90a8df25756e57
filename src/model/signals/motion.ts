// How much the picture changes in each second, and whether that is the camera: still, panning or shaking.
import { type CameraMotion } from './chunk-findings.js';
import { globalShift } from './global-shift.js';
import { type Part } from './shots.js';
import { difference, type SmallPicture, WIDTH } from './small-picture.js';

/** Pictures are compared at this distance, however many there are between. */
const SPACING = 0.2; // seconds

/** A picture that is held longer does not make its successor's change smaller. */
const LONGEST_STEP = 1; // seconds

/** Speeds of the whole picture, picture widths a second; below the first it is said to stand. */
const SPEED = { pan: 0.016, shake: 0.03 };

/** Length of the way from start to end against the way gone: 1 for a straight one. */
const STRAIGHT = 0.65;

/** So many steps of a second must tell how the picture moved. */
const LEAST_STEPS = 3;

interface Second {
  change: number; // grey levels
  seconds: number;
  readonly speeds: { readonly x: number; readonly y: number }[]; // picture widths a second
}

export interface SecondOfMotion {
  readonly motion: number;
  readonly camera: CameraMotion | null;
  readonly cameraSpeed: number | null;
}

/** Takes pictures in order, those before the part included. */
export class MotionMeter {
  private last: SmallPicture | undefined;
  private readonly seconds = new Map<number, Second>(); // of the part

  constructor(private readonly part: Part) {}

  add(picture: SmallPicture): void {
    const { last, part } = this;
    if (last && cellOf(picture.seconds) === cellOf(last.seconds)) return;
    this.last = picture;
    if (!last || picture.seconds < part.startSeconds || picture.seconds >= part.endSeconds) return;
    const second = this.secondOf(picture.seconds);
    const elapsed = Math.min(LONGEST_STEP, picture.seconds - last.seconds);
    second.change += difference(last, picture);
    second.seconds += elapsed;
    const shift = elapsed < LONGEST_STEP ? globalShift(last, picture) : undefined;
    if (shift) second.speeds.push({ x: shift.x / WIDTH / elapsed, y: shift.y / WIDTH / elapsed });
  }

  /** What was measured of the second that begins at `second`; nothing moves while one picture is held. */
  of(second: number): SecondOfMotion {
    const found = this.seconds.get(second);
    if (!found) return { motion: 0, camera: 'still', cameraSpeed: 0 };
    const motion = found.change / Math.max(found.seconds, SPACING / 2);
    return { motion, ...cameraOf(found, motion) };
  }

  private secondOf(seconds: number): Second {
    const at = Math.floor(seconds + 1e-6);
    const second = this.seconds.get(at) ?? { change: 0, seconds: 0, speeds: [] };
    this.seconds.set(at, second);
    return second;
  }
}

const cellOf = (seconds: number): number => Math.floor(seconds / SPACING + 1e-6);

/** Change, grey levels a second, with which even a flat picture is known to stand. */
const UNMOVED = 2;

function cameraOf({ speeds }: Second, motion: number): Omit<SecondOfMotion, 'motion'> {
  if (motion < UNMOVED) return { camera: 'still', cameraSpeed: 0 };
  if (speeds.length < LEAST_STEPS) return { camera: null, cameraSpeed: null };
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const cameraSpeed = mean(speeds.map(({ x, y }) => Math.hypot(x, y)));
  const drift = Math.hypot(mean(speeds.map(({ x }) => x)), mean(speeds.map(({ y }) => y)));
  const isStraight = drift >= STRAIGHT * cameraSpeed;
  if (isStraight && drift >= SPEED.pan) return { camera: 'pan', cameraSpeed };
  return { camera: !isStraight && cameraSpeed >= SPEED.shake ? 'shake' : 'still', cameraSpeed };
}
