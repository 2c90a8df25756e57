// The picture of a scene at a time, at any size.
import { poseAt } from './boxes.js';
import { hash, mix, STREAM } from './dice.js';
import { shapeDistance } from './shapes.js';
import { groundOf } from './ground.js';
import { type Darkness, type Label, type Scene, type SceneObject, type Shot } from './scene.js';
import { FONT, type Rgb } from './vocabulary.js';

/** What the lights leave when they are out. */
const LIGHTS_OUT = 0.05;

/** Pixels of a picture that is being drawn, with the height of the world in pixels. */
interface Canvas {
  readonly levels: Float64Array; // [height, width, 3]
  readonly width: number;
  readonly height: number;
  readonly aspect: number;
}

/** RGB bytes of the picture at a time, [height, width, 3]. The whole of the scene is stretched to the size that is asked for. */
export const drawFrame = (scene: Scene, seconds: number, width: number, height: number): Uint8Array => framePainter(scene, width, height)(seconds);

/** Draws one picture after another; a ground that stands still is kept for the next. */
export function framePainter(scene: Scene, width: number, height: number): (seconds: number) => Uint8Array {
  const { aspect, camera } = scene;
  const edge = Math.max(1 / height, camera.blur);
  let kept: { shot: Shot; levels: Float64Array } | undefined;
  return (seconds) => {
    const shot = scene.shots.findLast(({ start }) => seconds >= start) ?? scene.shots[0]!;
    const isStill = shot.panX === 0 && shot.panY === 0;
    if (!isStill || kept?.shot !== shot) kept = { shot, levels: drawGround(scene, shot, { seconds, width, height }) };
    const canvas: Canvas = { levels: kept.levels.slice(), width, height, aspect };
    for (const object of scene.objects) drawObject(canvas, object, seconds, edge);
    for (const label of scene.labels) if (seconds >= label.start && seconds < label.end) drawLabel(canvas, label);
    return expose(canvas, scene, seconds);
  };
}

function drawGround({ aspect, seed, shots }: Scene, shot: Shot, { seconds, width, height }: { seconds: number; width: number; height: number }): Float64Array {
  const levels = new Float64Array(width * height * 3);
  const ground = groundOf(shot, { aspect, seconds, height, cloudSeed: hash(seed, STREAM.clouds, shots.indexOf(shot)) });
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += 3) ground(((column + 0.5) / width) * aspect, (row + 0.5) / height, levels, at);
  }
  return levels;
}

function drawObject(canvas: Canvas, object: SceneObject, seconds: number, edge: number): void {
  const pose = poseAt(object, seconds);
  if (!pose) return;
  const reach = pose.radius * 1.2 + edge;
  const box = { left: pose.x - reach, right: pose.x + reach, top: pose.y - reach, bottom: pose.y + reach };
  paint(canvas, box, object.rgb, (x, y) => 0.5 - shapeDistance(object.shape, x - pose.x, y - pose.y, pose.radius) / edge);
}

function drawLabel(canvas: Canvas, { text, x, y, dot, plate, ink }: Label): void {
  const [width, height] = [(6 * text.length + 1) * dot, 9 * dot];
  const box = { left: x - dot, right: x + width + dot, top: y - dot, bottom: y + height + dot };
  const edge = 1 / canvas.height;
  paint(canvas, box, plate, (px, py) => 0.5 - Math.max(Math.abs(px - x - width / 2) - width / 2, Math.abs(py - y - height / 2) - height / 2) / edge);
  drawText(canvas, { text, x: x + dot, y: y + dot, dot, ink });
}

/** A square page of printed lines, RGB bytes, [height, width, 3]. */
export function drawLines({ width, height, paper }: { width: number; height: number; paper: Rgb }, lines: readonly Print[]): Uint8Array {
  const canvas: Canvas = { levels: new Float64Array(width * height * 3).map((_, at) => paper[at % 3]!), width, height, aspect: 1 };
  for (const line of lines) drawText(canvas, line);
  return Uint8Array.from(canvas.levels, (level) => Math.floor(level + 0.5));
}

type Print = Pick<Label, 'text' | 'x' | 'y' | 'dot' | 'ink'>;

/** Letters from their top left corner; between the middles of the dots the ink runs over evenly. */
function drawText(canvas: Canvas, { text, x, y, dot, ink }: Print): void {
  const box = { left: x - dot, right: x + (6 * text.length + 1) * dot, top: y - dot, bottom: y + 8 * dot };
  paint(canvas, box, ink, (px, py) => inkAt(text, (px - x) / dot - 0.5, (py - y) / dot - 0.5));
}

function inkAt(text: string, column: number, row: number): number {
  const [c, r] = [Math.floor(column), Math.floor(row)];
  const [u, v] = [column - c, row - r];
  const top = dotAt(text, c, r) * (1 - u) + dotAt(text, c + 1, r) * u;
  return top * (1 - v) + (dotAt(text, c, r + 1) * (1 - u) + dotAt(text, c + 1, r + 1) * u) * v;
}

function dotAt(text: string, column: number, row: number): number {
  if (column < 0 || row < 0 || row > 6 || column % 6 === 5) return 0;
  const rows = FONT[text.charAt(Math.floor(column / 6))];
  return rows ? (rows[row]! >> (4 - (column % 6))) & 1 : 0;
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Lays a colour over the pixels of a box, as densely as `cover` says, kept in 0 to 1. */
function paint({ levels, width, height, aspect }: Canvas, box: Area, rgb: Rgb, cover: (x: number, y: number) => number): void {
  const [firstRow, lastRow] = [Math.max(0, Math.floor(box.top * height)), Math.min(height - 1, Math.ceil(box.bottom * height))];
  const [first, last] = [Math.max(0, Math.floor((box.left / aspect) * width)), Math.min(width - 1, Math.ceil((box.right / aspect) * width))];
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = first; column <= last; column++) {
      const share = Math.min(1, cover(((column + 0.5) / width) * aspect, (row + 0.5) / height));
      if (share <= 0) continue;
      const at = (row * width + column) * 3;
      for (let c = 0; c < 3; c++) levels[at + c]! += (rgb[c]! - levels[at + c]!) * share;
    }
  }
}

/** Light, gain, noise, bytes. The noise of a pixel is the sum of the four bytes of its number, brought to deviation 1. */
function expose({ levels, width, height }: Canvas, { camera, dark, seed }: Scene, seconds: number): Uint8Array {
  const light = dark.reduce((least, darkness) => Math.min(least, lightIn(darkness, seconds)), 1);
  const base = mix(hash(seed, STREAM.noise, 0) ^ Math.imul(Math.floor(seconds * 1000 + 0.5) + 1, 0x9e3779b1));
  const bytes = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    let noise = 0;
    if (camera.noise > 0) {
      const h = mix(base ^ Math.imul(pixel + 1, 0x85ebca6b));
      noise = (((h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510) / 147.8) * camera.noise;
    }
    for (let at = pixel * 3; at < pixel * 3 + 3; at++) {
      bytes[at] = Math.max(0, Math.min(255, Math.floor(levels[at]! * light * camera.gain + camera.bias + noise + 0.5)));
    }
  }
  return bytes;
}

function lightIn({ kind, start, end }: Darkness, seconds: number): number {
  if (seconds < start || seconds >= end) return 1;
  return kind === 'lights' ? LIGHTS_OUT : Math.abs((2 * (seconds - start)) / (end - start) - 1);
}
