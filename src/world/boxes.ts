// Where objects and labels are at a time.
import { type Label, type Scene, type SceneObject } from './scene.js';
import { type Shape } from './vocabulary.js';

/** A corner to corner box in heights of the picture, origin at the top left. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface PlacedBox extends Box {
  /** `red circle`, or the text of a label. */
  readonly name: string;
  readonly kind: 'object' | 'label';
  readonly index: number;
}

export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Greatest way from the middle that a shake goes, heights. */
export const SHAKE = 0.035;

/** How far each shape reaches from its middle, in radii: to the sides, up and down. */
export const REACH: Readonly<Record<Shape, readonly [side: number, up: number, down: number]>> = {
  circle: [1, 1, 1],
  square: [0.9, 0.9, 0.9],
  triangle: [1, 1, 0.8],
  cross: [1, 1, 1],
  ring: [1, 1, 1],
  diamond: [1.1, 1.1, 1.1],
};

/** Undefined while the object is not visible: before, after, and in the pauses of a blink. */
export function poseAt(object: SceneObject, seconds: number): Pose | undefined {
  const { start, end, action, period } = object;
  if (seconds < start || seconds >= end) return undefined;
  if (action === 'blinks' && Math.floor((seconds - start) / period) % 2 === 1) return undefined;
  const way = Math.min(1, (seconds - start) / (object.moved - start));
  const turns = action === 'shakes' ? (seconds - start) / period : 0;
  const swing = action === 'shakes' ? SHAKE * (1 - 4 * Math.abs(turns - Math.floor(turns) - 0.5)) : 0;
  return {
    x: object.x + object.dx * way + swing,
    y: object.y + object.dy * way,
    radius: object.radius * (object.scaleFrom + (object.scaleTo - object.scaleFrom) * way),
  };
}

/** Everything the object covers while it is there. */
export function sweptBox(object: SceneObject): Box {
  const radius = object.radius * Math.max(object.scaleFrom, object.scaleTo);
  const [side, up, down] = REACH[object.shape];
  const swing = object.action === 'shakes' ? SHAKE : 0;
  return {
    left: object.x + Math.min(0, object.dx) - side * radius - swing,
    top: object.y + Math.min(0, object.dy) - up * radius,
    right: object.x + Math.max(0, object.dx) + side * radius + swing,
    bottom: object.y + Math.max(0, object.dy) + down * radius,
  };
}

export const labelBox = ({ text, x, y, dot }: Pick<Label, 'text' | 'x' | 'y' | 'dot'>): Box => ({
  left: x,
  top: y,
  right: x + (6 * text.length + 1) * dot,
  bottom: y + 9 * dot,
});

/** The boxes of everything visible at a time, objects before labels; nothing while it is dark. */
export function boxesAt(scene: Scene, seconds: number): PlacedBox[] {
  if (scene.dark.some(({ start, end }) => seconds >= start && seconds < end)) return [];
  const objects = scene.objects.flatMap((object, index): PlacedBox[] => {
    const pose = poseAt(object, seconds);
    if (!pose) return [];
    const [side, up, down] = REACH[object.shape].map((reach) => reach * pose.radius) as [number, number, number];
    const box = { left: pose.x - side, top: pose.y - up, right: pose.x + side, bottom: pose.y + down };
    return [{ ...box, name: `${object.colour} ${object.shape}`, kind: 'object', index }];
  });
  const labels = scene.labels.flatMap((label, index): PlacedBox[] =>
    seconds >= label.start && seconds < label.end ? [{ ...labelBox(label), name: label.text, kind: 'label', index }] : [],
  );
  return [...objects, ...labels];
}
