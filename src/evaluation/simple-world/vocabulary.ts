// What the bundled checkpoint knows: the colours, shapes and actions of its world, and the words for them.

export const COLOURS = ['red', 'green', 'blue', 'yellow', 'white', 'purple'] as const;
export const SHAPES = ['circle', 'square', 'triangle', 'cross', 'ring'] as const;
export const ACTIONS = ['appears', 'moves left', 'moves right', 'moves up', 'moves down', 'grows', 'shrinks', 'blinks'] as const;

export type Colour = (typeof COLOURS)[number];
export type Shape = (typeof SHAPES)[number];
export type Action = (typeof ACTIONS)[number];

/** Who does what. */
export interface Content {
  readonly colour: Colour;
  readonly shape: Shape;
  readonly action: Action;
}

/** @example queryOf({ colour: 'red', shape: 'triangle', action: 'grows' }) // 'red triangle grows' */
export const queryOf = ({ colour, shape, action }: Content): string => `${colour} ${shape} ${action}`;

/** All 240, in a fixed order. */
export const EVERY_CONTENT: readonly Content[] = COLOURS.flatMap((colour) =>
  SHAPES.flatMap((shape) => ACTIONS.map((action) => ({ colour, shape, action }))),
);

/** sRGB as rendered, each channel 0 to 255; every object is a little off. */
export const RGB: Readonly<Record<Colour, readonly [number, number, number]>> = {
  red: [217, 40, 40],
  green: [42, 196, 54],
  blue: [48, 79, 230],
  yellow: [226, 216, 46],
  white: [236, 238, 234],
  purple: [168, 50, 195],
};
