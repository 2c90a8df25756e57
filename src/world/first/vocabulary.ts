// What there is in the simple world: the first colours, shapes and actions of the drawn world, and the words for them.
import { type Action as WorldAction, ACTIONS as WORLD_ACTIONS, COLOURS as WORLD_COLOURS, type Rgb, type Shape as WorldShape, SHAPES as WORLD_SHAPES, SIMPLE } from '../vocabulary.js';

export type Shape = Exclude<WorldShape, 'diamond'>;
export type Action = Exclude<WorldAction, 'shakes'>;

export const COLOURS: readonly string[] = WORLD_COLOURS.slice(0, SIMPLE.colours);
export const SHAPES = WORLD_SHAPES.slice(0, SIMPLE.shapes) as readonly Shape[];
export const ACTIONS = WORLD_ACTIONS.slice(0, SIMPLE.actions) as readonly Action[];

/** Who does what. */
export interface Content {
  readonly colour: string;
  readonly shape: Shape;
  readonly action: Action;
}

/** @example queryOf({ colour: 'red', shape: 'triangle', action: 'grows' }) // 'red triangle grows' */
export const queryOf = ({ colour, shape, action }: Content): string => `${colour} ${shape} ${action}`;

/** All 240, in a fixed order. */
export const EVERY_CONTENT: readonly Content[] = COLOURS.flatMap((colour) =>
  SHAPES.flatMap((shape) => ACTIONS.map((action) => ({ colour, shape, action }))),
);

/** sRGB as rendered, each channel 0 to 255; every object is a little off. Measured off the demo clips of the checkpoint. */
const RGB: Readonly<Record<string, Rgb>> = {
  red: [217, 40, 40],
  green: [42, 196, 54],
  blue: [48, 79, 230],
  yellow: [226, 216, 46],
  white: [236, 238, 234],
  purple: [168, 50, 195],
};

export const colourOf = ({ colour }: Pick<Content, 'colour'>): Rgb => RGB[colour] ?? [0, 0, 0];
