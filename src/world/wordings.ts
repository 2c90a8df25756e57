// The ways in which a thing is asked for.
import { type Dice } from './dice.js';
import { type SceneObject } from './scene.js';
import { type Action, WORDINGS } from './vocabulary.js';

export type Asked = Pick<SceneObject, 'colour' | 'shape' | 'action' | 'size'>;

/** `crosses`, `circles`. */
export const plural = (shape: string): string => (shape.endsWith('s') ? `${shape}es` : `${shape}s`);

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);

/** One thing and what it does, for instance `a small red circle moving left`. */
export function oneWording(dice: Dice, { colour, shape, action, size }: Asked): string {
  const { do: bare, does, doing, other } = WORDINGS[action];
  const isSized = dice.chance(0.5) && size !== null;
  const noun = `${isSized ? `${size} ` : ''}${colour} ${shape}`;
  return [
    `${noun} ${does}`,
    `the ${noun} ${does}`,
    `${article(noun)} ${doing}`,
    `the ${noun} ${other}`,
    `when does the ${noun} ${bare}?`,
    `the moment when the ${noun} ${does}`,
  ][dice.below(6)]!;
}

/** A thing of which only the shape, or only the colour is told. */
export const partWording = (told: { colour: string } | { shape: string }, action: Action): string =>
  'shape' in told ? `${article(told.shape)} ${WORDINGS[action].does}` : `something ${told.colour} ${WORDINGS[action].does}`;

export const touchWording = (dice: Dice, a: Pick<Asked, 'colour' | 'shape'>, b: Pick<Asked, 'colour' | 'shape'>): string =>
  [
    `${a.colour} ${a.shape} touches the ${b.colour} ${b.shape}`,
    `the ${a.colour} ${a.shape} touches the ${b.colour} ${b.shape}`,
    `the ${a.colour} ${a.shape} reaches the ${b.colour} ${b.shape}`,
  ][dice.below(3)]!;

export const groupWording = (dice: Dice, count: string, { colour, shape }: Pick<Asked, 'colour' | 'shape'>): string =>
  [`${count} ${colour} ${plural(shape)} appear`, `${count} ${colour} ${plural(shape)} at once`][dice.below(2)]!;

export const labelWording = (dice: Dice, text: string): string =>
  [`label ${text} appears`, `the label ${text} appears`, `a label that reads ${text}`][dice.below(3)]!;

export const lightsWording = (dice: Dice): string => ['the lights go out', 'lights go out', 'it gets dark'][dice.below(3)]!;
