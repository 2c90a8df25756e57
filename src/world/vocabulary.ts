// The words and the letters of the world: what there is, what it does, how it is said and how it is printed.
import vocabulary from './vocabulary.json' with { type: 'json' };

export type Rgb = readonly [number, number, number];
export type Action = keyof typeof vocabulary.actions;
export type Shape = 'circle' | 'square' | 'triangle' | 'cross' | 'ring' | 'diamond';

export const COLOURS = Object.keys(vocabulary.colours);
export const COLOUR_VALUES = vocabulary.colours as unknown as Readonly<Record<string, Rgb>>;
export const SHAPES = vocabulary.shapes as Shape[];
export const ACTIONS = Object.keys(vocabulary.actions) as Action[];
export const WORDINGS = vocabulary.actions;
export const NUMBERS = vocabulary.numbers;
/** The simple world has the first so many of each. */
export const SIMPLE = vocabulary.simple;
/** Descriptions of what the world has nothing of. */
export const UNRELATED = vocabulary.unrelated;
export const WORDS = vocabulary.words;
/** Letters and digits that cannot be taken for one another. */
export const LABEL_CHARACTERS = vocabulary.labelCharacters;
/** Seven rows of five bits, top first, the highest bit on the left. */
export const FONT = vocabulary.font as unknown as Readonly<Record<string, readonly number[]>>;
