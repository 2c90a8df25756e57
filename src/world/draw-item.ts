// One thing that may happen in a scene, drawn from the dice: objects with their motions, or a label, or the lights going out.
import { labelBox, REACH } from './boxes.js';
import { type Dice, rounded } from './dice.js';
import { type Label, type Scene, type SceneEvent, type SceneObject } from './scene.js';
import { type Action, ACTIONS, COLOUR_VALUES, COLOURS, LABEL_CHARACTERS, NUMBERS, type Rgb, type Shape, SHAPES, SIMPLE } from './vocabulary.js';
import { plural } from './wordings.js';

export interface Item {
  readonly start: number;
  readonly end: number;
  readonly objects: readonly SceneObject[];
  readonly labels: readonly Label[];
  readonly isDark: boolean;
  /** Their indexes count from the first object of the item. */
  readonly events: readonly SceneEvent[];
}

export interface ItemLimits extends Pick<Scene, 'kind' | 'seconds' | 'aspect'> {
  readonly shortest: number;
  readonly longest: number;
  readonly steady: number;
}

interface Body {
  readonly shape: Shape;
  readonly colour: string;
  readonly rgb: Rgb;
  readonly size: SceneObject['size'];
  readonly radius: number;
}

const sentence = (text: string, article = 'The '): string => `${article}${article === '' ? text.charAt(0).toUpperCase() + text.slice(1) : text}.`;

/** The order in which the dice are read is part of the world's definition. */
export function drawItem(dice: Dice, limits: ItemLimits): Item {
  const kind = limits.kind === 'simple' ? 0 : dice.unit();
  const share = dice.unit();
  const length = rounded(limits.shortest + (limits.longest - limits.shortest) * share * share);
  const start = rounded(dice.unit() * (limits.seconds - length));
  const time = { start, end: rounded(start + length) };
  if (kind >= 0.94 && length >= 0.6) return drawLightsOut(time);
  if (kind >= 0.86 && kind < 0.94) return drawLabel(dice, limits, time);
  if (kind >= 0.76 && kind < 0.86) return drawGroup(dice, limits, time);
  if (kind >= 0.64 && kind < 0.76 && length >= 2 * limits.steady && limits.aspect >= 1) return drawTouch(dice, limits, time);
  return drawOne(dice, limits, time);
}

type Time = Pick<Item, 'start' | 'end'>;

function drawBody(dice: Dice, { kind }: ItemLimits): Body {
  const simple = kind === 'simple';
  const colour = dice.pick(simple ? COLOURS.slice(0, SIMPLE.colours) : COLOURS);
  const shape = dice.pick(simple ? SHAPES.slice(0, SIMPLE.shapes) : SHAPES);
  const [r, g, b] = COLOUR_VALUES[colour]!;
  const jitter = (level: number): number => Math.min(255, level + dice.below(25) - 12);
  const rgb: Rgb = [jitter(r), jitter(g), jitter(b)];
  const size = simple ? 1 : dice.unit();
  if (size < 0.3) return { shape, colour, rgb, size: 'small', radius: dice.between(0.07, 0.085) };
  if (size < 0.5) return { shape, colour, rgb, size: 'large', radius: dice.between(0.16, 0.19) };
  return { shape, colour, rgb, size: null, radius: simple ? dice.between(0.12, 0.18) : dice.between(0.1, 0.13) };
}

function drawOne(dice: Dice, limits: ItemLimits, time: Time): Item {
  const body = drawBody(dice, limits);
  const actions = limits.kind === 'simple' ? ACTIONS.slice(0, SIMPLE.actions) : ACTIONS;
  const drawn = dice.pick(actions);
  const action = time.end - time.start < limits.steady ? 'appears' : drawn;
  const object = place(dice, limits, { body, action, time });
  const text = `${body.colour} ${body.shape} ${action}`;
  return { ...time, objects: [object], labels: [], isDark: false, events: [{ ...time, kind: 'one', text, sentence: sentence(text), objects: [0] }] };
}

/** Puts a body where its motion stays inside the picture. */
function place(dice: Dice, { aspect, kind }: ItemLimits, { body, action, time }: { body: Body; action: Action; time: Time }): SceneObject {
  const { start, end } = time;
  const [scaleFrom, scaleTo] = action === 'grows' ? [0.5, 1.4] : action === 'shrinks' ? [1.4, 0.5] : [1, 1];
  const reach = body.radius * Math.max(scaleFrom, scaleTo) * 1.1 + (action === 'shakes' ? 0.035 : 0);
  const across = action === 'moves left' ? -1 : action === 'moves right' ? 1 : 0;
  const along = action === 'moves up' ? -1 : action === 'moves down' ? 1 : 0;
  const room = across !== 0 ? aspect - 2 * reach : 1 - 2 * reach;
  const way = rounded(room * (0.45 + 0.55 * dice.unit()));
  const drift = kind === 'simple' && across !== along ? dice.between(-0.06, 0.06) : 0;
  const [dx, dy] = across !== 0 ? [across * way, drift] : along !== 0 ? [drift, along * way] : [0, 0];
  const x = rounded(reach + Math.max(0, -dx) + (aspect - 2 * reach - Math.abs(dx)) * dice.unit());
  const y = rounded(reach + Math.max(0, -dy) + (1 - 2 * reach - Math.abs(dy)) * dice.unit());
  const period = action === 'blinks' ? blink(dice, end - start) : action === 'shakes' ? dice.between(0.73, 0.97) : 0;
  return { ...body, action, start, end, x, y, dx, dy, moved: end, scaleFrom, scaleTo, period };
}

/** An odd number of equal times, so that the last of a blink is seen. */
function blink(dice: Dice, length: number): number {
  const pauses = Math.max(2 + dice.below(2), Math.ceil((length / 1.2 - 1) / 2));
  return length / (2 * pauses + 1);
}

/** One comes to the other and stays. */
function drawTouch(dice: Dice, limits: ItemLimits, { start, end }: Time): Item {
  const [mover, target] = [drawBody(dice, limits), drawBody(dice, limits)];
  const moved = rounded(start + (end - start) * (0.35 + 0.25 * dice.unit()));
  const side = dice.chance(0.5) ? -1 : 1; // where the mover comes from
  const contact = mover.radius * REACH[mover.shape][0] + target.radius * REACH[target.shape][0];
  const least = Math.max(mover.radius, target.radius) * 1.1;
  const room = limits.aspect - contact - 2 * least;
  const way = Math.min(dice.between(0.25, 0.45), rounded(room));
  const inset = rounded(least + (room - way) * dice.unit());
  const targetX = side < 0 ? rounded(limits.aspect - inset) : inset;
  const y = rounded(least + (1 - 2 * least) * dice.unit());
  const still = { y, dy: 0, scaleFrom: 1, scaleTo: 1, period: 0, start, end };
  const x = rounded(targetX + side * (contact + way - 0.004));
  const action = side < 0 ? 'moves right' : 'moves left';
  const objects: SceneObject[] = [
    { ...target, ...still, action: 'appears', x: targetX, dx: 0, moved: end },
    { ...mover, ...still, action, x, dx: -side * way, moved },
  ];
  const [a, b] = [`${mover.colour} ${mover.shape}`, `${target.colour} ${target.shape}`];
  const named = (text: string, from: number, until: number, about: number[], kind: SceneEvent['kind'] = 'one'): SceneEvent => ({
    ...{ start: from, end: until, kind, text, sentence: sentence(text), objects: about },
  });
  const events = [
    named(`${b} appears`, start, end, [0]),
    named(`${a} ${action}`, start, moved, [1]),
    named(`${a} touches the ${b}`, moved, end, [1, 0], 'touch'),
  ];
  return { start, end, objects, labels: [], isDark: false, events };
}

/** Two or three alike, side by side. */
function drawGroup(dice: Dice, limits: ItemLimits, time: Time): Item {
  const count = 2 + dice.below(2);
  const column = limits.aspect / count;
  const body = { ...drawBody(dice, limits), size: null, radius: Math.min(dice.between(0.08, 0.11), rounded(column * 0.4)) };
  const reach = body.radius * 1.1;
  const objects = Array.from({ length: count }, (_, k): SceneObject => {
    const x = rounded(k * column + reach + (column - 2 * reach) * dice.unit());
    const y = rounded(reach + (1 - 2 * reach) * dice.unit());
    return { ...body, ...time, action: 'appears', x, y, dx: 0, dy: 0, moved: time.end, scaleFrom: 1, scaleTo: 1, period: 0 };
  });
  const text = `${NUMBERS[count - 1]} ${body.colour} ${plural(body.shape)} appear`;
  const event: SceneEvent = { ...time, kind: 'group', text, sentence: sentence(text, ''), objects: objects.map((_, k) => k) };
  return { ...time, objects, labels: [], isDark: false, events: [event] };
}

function drawLabel(dice: Dice, { aspect }: ItemLimits, time: Time): Item {
  const count = 2 + dice.below(3);
  const text = Array.from({ length: count }, () => LABEL_CHARACTERS[dice.below(LABEL_CHARACTERS.length)]!).join('');
  const dot = Math.min(dice.between(0.026, 0.036), Math.floor((aspect * 1000) / (6 * count + 2)) / 1000);
  const { right, bottom } = labelBox({ text, x: 0, y: 0, dot });
  const [x, y] = [rounded((aspect - right) * dice.unit()), rounded((1 - bottom) * dice.unit())];
  const [dull, bright] = [dice.below(40), 215 + dice.below(40)];
  const [ink, plate] = dice.chance(0.7) ? [dull, bright] : [bright, dull];
  const label: Label = { text, x, y, dot, ink: [ink, ink, ink], plate: [plate, plate, plate], ...time };
  const words = `label ${text} appears`;
  return { ...time, objects: [], labels: [label], isDark: false, events: [{ ...time, kind: 'label', text: words, sentence: sentence(words), objects: [] }] };
}

function drawLightsOut(time: Time): Item {
  const text = 'lights go out';
  return { ...time, objects: [], labels: [], isDark: true, events: [{ ...time, kind: 'lights', text, sentence: sentence(text), objects: [] }] };
}
