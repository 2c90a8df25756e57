// What can be asked about a scene, with the true answers: queries that happen, and queries that are wrong in one way.
import { Dice, STREAM } from './dice.js';
import { type Scene, type SceneEvent, type SceneObject } from './scene.js';
import { ACTIONS, COLOURS, LABEL_CHARACTERS, NUMBERS, SHAPES, SIMPLE, UNRELATED } from './vocabulary.js';
import { groupWording, labelWording, lightsWording, oneWording, partWording, plural, touchWording } from './wordings.js';

/** What is wrong in a query that does not happen. */
export type AbsentKind = 'unrelated' | 'colour' | 'shape' | 'action' | 'order' | 'count' | 'label' | 'lights';

export interface Question {
  readonly query: string;
  /** `part`: only colour or shape is told; `order`: before or after something else; else the kind of the event. */
  readonly kind: SceneEvent['kind'] | 'part' | 'order' | 'absent';
  /** Null where the query happens. */
  readonly absent: AbsentKind | null;
  /** True times in seconds, in order; empty where the query does not happen. */
  readonly ranges: readonly (readonly [start: number, end: number])[];
}

type Ranges = Question['ranges'];

/** Two events are one after the other only with so much between them. */
const APART = 0.5;

/**
 * For each event one query that happens and, where the event allows, one of each kind that does not; at the end one about something
 * else altogether. The same scene gives the same questions.
 */
export function questionsOf(scene: Scene): Question[] {
  const dice = new Dice(scene.seed, STREAM.questions);
  const questions = scene.events.flatMap((event) => {
    const asked = [present(dice, scene, event), ...absents(dice, scene, event)];
    return [...asked, ...ordered(dice, scene, event)];
  });
  const hasLights = scene.events.some(({ kind }) => kind === 'lights');
  if (scene.kind === 'rich' && !hasLights) questions.push(missing('lights', lightsWording(dice)));
  return [...questions, missing('unrelated', dice.pick(UNRELATED))];
}

const missing = (absent: AbsentKind, query: string): Question => ({ query, kind: 'absent', absent, ranges: [] });

/** Times of all events that say the same. */
const timesOf = (scene: Scene, text: string): Ranges =>
  scene.events.filter((event) => event.text === text).map(({ start, end }): [number, number] => [start, end]);

const objectOf = (scene: Scene, { objects }: SceneEvent, k = 0): SceneObject => scene.objects[objects[k]!]!;

function present(dice: Dice, scene: Scene, event: SceneEvent): Question {
  const happens = (query: string, kind: Question['kind'] = event.kind): Question => ({ query, kind, absent: null, ranges: timesOf(scene, event.text) });
  switch (event.kind) {
    case 'one': {
      const object = objectOf(scene, event);
      const isPart = dice.chance(0.25);
      const byShape = dice.chance(0.5);
      const told = byShape ? { shape: object.shape } : { colour: object.colour };
      if (isPart && object.action !== 'appears' && isOnly(scene, event, told)) return happens(partWording(told, object.action), 'part');
      return happens(oneWording(dice, object));
    }
    case 'touch':
      return happens(touchWording(dice, objectOf(scene, event), objectOf(scene, event, 1)));
    case 'group':
      return happens(groupWording(dice, NUMBERS[event.objects.length - 1]!, objectOf(scene, event)));
    case 'label':
      return happens(labelWording(dice, labelText(event)));
    case 'lights':
      return happens(lightsWording(dice));
  }
}

const labelText = ({ text }: SceneEvent): string => text.split(' ')[1]!;

/** Nothing else of that shape, or of that colour, does the same. */
function isOnly(scene: Scene, event: SceneEvent, told: Partial<SceneObject>): boolean {
  const { action } = objectOf(scene, event);
  const alike = scene.objects.filter(
    (object) => object.action === action && (told.shape ?? object.shape) === object.shape && (told.colour ?? object.colour) === object.colour,
  );
  return alike.length === 1;
}

function absents(dice: Dice, scene: Scene, event: SceneEvent): Question[] {
  switch (event.kind) {
    case 'one':
      return absentOnes(dice, scene, objectOf(scene, event));
    case 'touch': {
      const [a, b] = [objectOf(scene, event), objectOf(scene, event, 1)];
      const colour = dice.pick(COLOURS);
      return isThere(scene, { ...b, colour }) ? [] : [missing('colour', touchWording(dice, a, { ...b, colour }))];
    }
    case 'group': {
      const object = objectOf(scene, event);
      const count = event.objects.length === 2 ? 3 : 2;
      const query = groupWording(dice, NUMBERS[count - 1]!, object);
      return scene.events.some(({ text }) => text === `${NUMBERS[count - 1]} ${object.colour} ${plural(object.shape)} appear`) ? [] : [missing('count', query)];
    }
    case 'label': {
      const text = labelText(event);
      const [at, other] = [dice.below(text.length), dice.pick([...LABEL_CHARACTERS])];
      const changed = `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
      return scene.labels.some((label) => label.text === changed) ? [] : [missing('label', labelWording(dice, changed))];
    }
    case 'lights':
      return [];
  }
}

/** One word away from what happens: a colour or a shape that is nowhere, or something that no such object does. */
function absentOnes(dice: Dice, scene: Scene, object: SceneObject): Question[] {
  const simple = scene.kind === 'simple';
  const colour = dice.pick(simple ? COLOURS.slice(0, SIMPLE.colours) : COLOURS);
  const shape = dice.pick(simple ? SHAPES.slice(0, SIMPLE.shapes) : SHAPES);
  // What moves or grows appears as well: nobody would call that wrong.
  const action = dice.pick(ACTIONS.slice(1, simple ? SIMPLE.actions : ACTIONS.length));
  const questions: Question[] = [];
  if (!isThere(scene, { ...object, colour })) questions.push(missing('colour', oneWording(dice, { ...object, colour })));
  if (!isThere(scene, { ...object, shape })) questions.push(missing('shape', oneWording(dice, { ...object, shape })));
  const isDone = scene.objects.some((other) => isSame(other, object) && other.action === action);
  if (!isDone) questions.push(missing('action', oneWording(dice, { ...object, action })));
  return questions;
}

const isSame = (a: Pick<SceneObject, 'colour' | 'shape'>, b: Pick<SceneObject, 'colour' | 'shape'>): boolean =>
  a.colour === b.colour && a.shape === b.shape;

const isThere = (scene: Scene, body: Pick<SceneObject, 'colour' | 'shape'>): boolean => scene.objects.some((object) => isSame(object, body));

/** The event before or after another one that ends before it begins or begins after it ends, the right and the wrong way round. */
function ordered(dice: Dice, scene: Scene, event: SceneEvent): Question[] {
  const other = dice.pick(scene.events);
  if (event.kind !== 'one' || other.kind !== 'one' || timesOf(scene, event.text).length > 1 || timesOf(scene, other.text).length > 1) return [];
  const isAfter = event.start >= other.end + APART;
  if (!isAfter && event.end > other.start - APART) return [];
  const query = (word: string): string => `the ${event.text} ${word} the ${other.text}`;
  const [right, wrong] = isAfter ? ['after', 'before'] : ['before', 'after'];
  return [
    { query: query(right), kind: 'order', absent: null, ranges: timesOf(scene, event.text) },
    missing('order', query(wrong)),
  ];
}
