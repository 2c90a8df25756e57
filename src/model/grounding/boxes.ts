// Boxes and points in what the model wrote (spec 11.2), from the pixels of the resized picture to those of the original.
import { type Size } from '../qwen2-5-vl/smart-resize.js';
import { findObjects, objectField } from './loose-json.js';

export type Point = readonly [x: number, y: number];
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Something that was pointed out, in pixels of the picture as the model saw it. */
export type WrittenPlace = { readonly label: string | null } & ({ readonly kind: 'box'; readonly box: Box } | { readonly kind: 'point'; readonly point: Point });

export interface WrittenPlaces {
  readonly places: readonly WrittenPlace[];
  /** Objects that look like places and cannot be read. */
  readonly unparsed: number;
  /** The answer breaks off inside one. */
  readonly truncated: boolean;
}

const BOX_KEYS = ['bbox_2d', 'bbox', 'box_2d'];
const POINT_KEYS = ['point_2d', 'point'];
const LABEL_KEYS = ['label', 'text_content', 'text', 'name'];
const POINTS = /<points\b([^<>]*)>([^<]*)(?:<\/points>)?/gi;

/** JSON objects with `bbox_2d` or `point_2d`, or else `<points x1=".." y1=".." alt="..">label</points>`, in the order written. */
export function readPlaces(text: string): WrittenPlaces {
  const { objects, broken, truncated } = findObjects(text);
  const found = objects.map(({ value }) => placeOf(value));
  const places = found.filter((place) => place !== undefined);
  const points = [...text.matchAll(POINTS)].flatMap(([, attributes = '', words = '']) => pointsOf(attributes, words.trim()));
  return { places: [...places, ...points], unparsed: broken + found.length - places.length, truncated };
}

/** `[x1, y1, x2, y2]` or `[x, y]` in order, whichever way round it was written; undefined for anything else. */
export function readBox(value: unknown): Box | undefined {
  const [a, b, c, d] = numbers(value, 4) ?? [];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/**
 * From the pixels of the resized picture to those of the original; what lies outside is brought to the edge.
 *
 * @example mapBox([0, 0, 28, 56], { width: 56, height: 56 }, { width: 112, height: 224 }) // [0, 0, 56, 224]
 */
export function mapBox([left, top, right, bottom]: Box, seen: Size, original: Size): Box {
  const [x1, y1] = mapPoint([left, top], seen, original);
  const [x2, y2] = mapPoint([right, bottom], seen, original);
  return [x1, y1, x2, y2];
}

export function mapPoint([x, y]: Point, seen: Size, original: Size): Point {
  const along = (at: number, from: number, to: number): number => (Math.min(Math.max(at, 0), from) / from) * to;
  return [along(x, seen.width, original.width), along(y, seen.height, original.height)];
}

function placeOf(value: Readonly<Record<string, unknown>>): WrittenPlace | undefined {
  const written = objectField(value, LABEL_KEYS);
  const label = typeof written === 'string' ? written : null;
  const box = readBox(objectField(value, BOX_KEYS));
  if (box) return { kind: 'box', box, label };
  const [x, y] = numbers(objectField(value, POINT_KEYS), 2) ?? [];
  return x === undefined || y === undefined ? undefined : { kind: 'point', point: [x, y], label };
}

/** `x1="3" y1="4" x2=...`; the words between the tags, or else `alt`, name them. */
function pointsOf(attributes: string, words: string): WrittenPlace[] {
  const values = new Map([...attributes.matchAll(/([a-z]+\d*)\s*=\s*["']([^"']*)["']/gi)].map(([, key = '', value = '']) => [key.toLowerCase(), value]));
  const label = words || values.get('alt') || null;
  return [...values.keys()].flatMap((key): WrittenPlace[] => {
    const number = /^x(\d*)$/.exec(key)?.[1];
    const [x, y] = numbers([Number(values.get(key)), Number(values.get(`y${number}`))], 2) ?? [];
    return number === undefined || x === undefined || y === undefined ? [] : [{ kind: 'point', point: [x, y], label }];
  });
}

function numbers(value: unknown, count: number): readonly number[] | undefined {
  const isList = Array.isArray(value) && value.length === count && value.every((each) => typeof each === 'number' && Number.isFinite(each));
  return isList ? (value as number[]) : undefined;
}
