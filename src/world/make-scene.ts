// A scene from its seed: what happens, before which grounds, seen by which camera.
import { sweptBox, labelBox, type Box } from './boxes.js';
import { Dice, rounded, STREAM } from './dice.js';
import { drawCamera, drawCuts, drawShot } from './draw-setting.js';
import { drawItem, type Item, type ItemLimits } from './draw-item.js';
import { type Darkness, type Scene, type SceneOptions } from './scene.js';

/** How often an event that does not fit is drawn anew, for each that is wanted. */
const TRIES = 24;

/** Seconds between the dark and anything that it would hide. */
const APART = 0.3;

/** The same seed and options give the same scene on every machine. */
export function makeScene(seed: number, options: SceneOptions = {}): Scene {
  const { kind = 'rich', seconds = 30 } = options;
  const simple = kind === 'simple';
  const aspect = options.aspect ?? rounded(simple ? 1 : 16 / 9);
  const longest = Math.max(0.3, Math.min(options.longestSeconds ?? Math.min(simple ? 10 : 120, seconds / 2), seconds));
  const limits: ItemLimits = {
    ...{ kind, seconds, aspect, longest },
    shortest: Math.min(options.shortestSeconds ?? (simple ? 2 : 1), longest),
    steady: options.steadySeconds ?? 1,
  };
  const dice = new Dice(seed, STREAM.plan);
  const most = simple ? 5 : 8;
  const share = dice.unit();
  const wanted = options.events ?? Math.floor(share * (most + 1) * Math.max(1, seconds / 30));
  const items = drawItems(dice, limits, wanted);
  const cuts = drawCuts(new Dice(seed, STREAM.cuts), limits, items);
  const shots = [0, ...cuts.times].map((start, k) => drawShot(new Dice(seed, STREAM.shot + k), { kind, aspect, start }));
  return { ...{ seed, kind, seconds, aspect }, camera: drawCamera(new Dice(seed, STREAM.camera), kind), shots, ...collect(items, cuts.fades) };
}

function drawItems(dice: Dice, limits: ItemLimits, wanted: number): Item[] {
  const items: Item[] = [];
  const said = new Set<string>();
  for (let tries = 0, events = 0; events < wanted && tries < wanted * TRIES; tries++) {
    const item = drawItem(dice, limits);
    const isNew = item.events.every(({ text }) => !said.has(text) || said.size > 200);
    if (!isNew || !fits(item, items, limits)) continue;
    items.push(item);
    for (const { text } of item.events) said.add(text);
    events += item.events.length;
  }
  return items;
}

/** At most four things at a time (two in the simple world), nothing before anything else, nothing in the dark. */
function fits(item: Item, others: readonly Item[], { kind }: ItemLimits): boolean {
  const near = others.filter((other) => meets(item, other, item.isDark || other.isDark ? APART : 0));
  if (near.some(({ isDark }) => isDark) || (item.isDark && near.length > 0)) return false;
  const most = kind === 'simple' ? 2 : 4;
  if (near.reduce((sum, other) => sum + partsOf(other), partsOf(item)) > most) return false;
  return kind === 'simple' || near.every((other) => boxesOf(item).every((a) => boxesOf(other).every((b) => !overlap(a, b))));
}

const meets = (a: Pick<Item, 'start' | 'end'>, b: Pick<Item, 'start' | 'end'>, apart: number): boolean =>
  a.start < b.end + apart && b.start < a.end + apart;

const partsOf = ({ objects, labels }: Item): number => objects.length + labels.length;

const boxesOf = ({ objects, labels }: Item): Box[] => [...objects.map(sweptBox), ...labels.map(labelBox)];

const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function collect(items: readonly Item[], fades: readonly Darkness[]): Pick<Scene, 'objects' | 'labels' | 'dark' | 'events'> {
  const lights = items.filter(({ isDark }) => isDark).map(({ start, end }): Darkness => ({ kind: 'lights', start, end }));
  let first = 0;
  const events = items.flatMap((item) => {
    const own = item.events.map((event) => ({ ...event, objects: event.objects.map((index) => index + first) }));
    first += item.objects.length;
    return own;
  });
  return {
    objects: items.flatMap(({ objects }) => objects),
    labels: items.flatMap(({ labels }) => labels),
    dark: [...lights, ...fades].sort((a, b) => a.start - b.start),
    events: events.sort((a, b) => a.start - b.start || a.end - b.end || (a.text < b.text ? -1 : 1)),
  };
}
