// The grounds of a scene, its cuts and its camera.
import { type Dice, rounded } from './dice.js';
import { type Item, type ItemLimits } from './draw-item.js';
import { type Camera, type Darkness, type Distractor, type Scene, type Shot } from './scene.js';
import { type Rgb } from './vocabulary.js';

const FADE_SECONDS = 0.8;
/** A shot is no shorter. */
const LEAST_SHOT = 2;

/** Times of the changes of shot, and those of them that fade through black. */
export function drawCuts(dice: Dice, { kind, seconds }: ItemLimits, items: readonly Item[]): { times: number[]; fades: Darkness[] } {
  const tries = kind === 'simple' || !dice.chance(0.4) ? 0 : Math.floor((1 + dice.below(3)) * Math.max(1, seconds / 30));
  const times: number[] = [];
  const fades: Darkness[] = [];
  for (let k = 0; k < tries; k++) {
    const at = rounded(dice.unit() * seconds);
    const fade = { kind: 'fade' as const, start: rounded(at - FADE_SECONDS / 2), end: rounded(at + FADE_SECONDS / 2) };
    const isFade = dice.chance(0.4) && items.every(({ start, end }) => end <= fade.start || start >= fade.end);
    if (at < LEAST_SHOT || at > seconds - LEAST_SHOT || times.some((time) => Math.abs(time - at) < LEAST_SHOT)) continue;
    times.push(at);
    if (isFade) fades.push(fade);
  }
  return { times: times.sort((a, b) => a - b), fades };
}

export function drawCamera(dice: Dice, kind: Scene['kind']): Camera {
  if (kind === 'simple') return { noise: dice.between(1, 7), gain: 1, bias: 0, blur: 0 };
  return { noise: dice.between(0, 9), gain: dice.between(0.75, 1.1), bias: dice.between(-8, 14), blur: dice.chance(0.5) ? dice.between(0, 0.02) : 0 };
}

export function drawShot(dice: Dice, { kind, aspect, start }: Pick<ItemLimits, 'kind' | 'aspect'> & { start: number }): Shot {
  const simple = kind === 'simple';
  const level = simple ? dice.below(40) : 15 + dice.below(115);
  const tint = simple ? 50 : 24;
  const from = colour(dice, level, tint);
  const isFlat = dice.chance(simple ? 0.5 : 0.25);
  const to = isFlat ? from : colour(dice, Math.max(0, level + dice.below(81) - 40), tint);
  const slope = { across: dice.between(-1, 1), down: dice.between(-1, 1), offset: dice.between(0, 1) };
  const clouds = !simple && dice.chance(0.7) ? dice.between(4, 26) : 0;
  const cells = dice.between(2, 10);
  const stripes = !simple && dice.chance(0.3) ? dice.between(3, 14) : 0;
  const [stripesAcross, stripesDown] = [dice.between(-9, 9), dice.between(-9, 9)];
  const isPanned = !simple && dice.chance(0.25);
  const [panX, panY] = [dice.between(-0.03, 0.03), dice.between(-0.015, 0.015)];
  const distractors = Array.from({ length: dice.below(5) }, () => drawDistractor(dice, { simple, aspect, level }));
  return {
    ...{ start, from, to, ...slope, clouds, cells, stripes, stripesAcross, stripesDown },
    ...{ panX: isPanned ? panX : 0, panY: isPanned ? panY : 0, distractors },
  };
}

const colour = (dice: Dice, level: number, tint: number): Rgb => [level + dice.below(tint), level + dice.below(tint), level + dice.below(tint)];

/** Dull: nothing that has a name in this world is grey and dark. */
function drawDistractor(dice: Dice, { simple, aspect, level }: { simple: boolean; aspect: number; level: number }): Distractor {
  const [x, y] = [rounded(dice.unit() * aspect), dice.between(0, 1)];
  const [halfWidth, halfHeight] = [dice.between(0.02, 0.2), dice.between(0.02, 0.2)];
  const round = !simple && dice.chance(0.4);
  return { x, y, halfWidth, halfHeight, round, rgb: colour(dice, Math.max(0, level + dice.below(61) - 30), 14) };
}
