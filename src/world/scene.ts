// What a scene is: everything that is drawn, and the truth about when it happens. Lengths are in heights of the picture.
import { type Action, type Rgb, type Shape } from './vocabulary.js';

export interface SceneOptions {
  /** `simple`: coloured shapes on a dark ground. `rich`, the default: all there is. */
  readonly kind?: 'rich' | 'simple';
  /** Default 30. */
  readonly seconds?: number;
  /** Width over height that the places are meant for; default 16 / 9, or 1 in the simple world. */
  readonly aspect?: number;
  /** How many events to try for; default 0 to 8 in each half minute (0 to 5 in the simple world). */
  readonly events?: number;
  /** Least and greatest length of an event; default 1 (simple: 2) to half the scene, at most 120 (simple: 10). */
  readonly shortestSeconds?: number;
  readonly longestSeconds?: number;
  /** What is visible for less just appears: nobody could tell what it does. Default 1. */
  readonly steadySeconds?: number;
}

export interface Scene {
  readonly seed: number;
  readonly kind: 'rich' | 'simple';
  readonly seconds: number;
  readonly aspect: number;
  readonly camera: Camera;
  /** In order of time; the first starts at 0, the others with a cut. */
  readonly shots: readonly Shot[];
  readonly objects: readonly SceneObject[]; // later ones are drawn over earlier ones
  readonly labels: readonly Label[];
  readonly dark: readonly Darkness[];
  /** In order of start. */
  readonly events: readonly SceneEvent[];
}

export interface Camera {
  /** Standard deviation of the noise, grey levels. */
  readonly noise: number;
  readonly gain: number;
  readonly bias: number;
  /** Width of an edge, heights; never less than one pixel. */
  readonly blur: number;
}

export interface Shot {
  readonly start: number;
  readonly from: Rgb;
  readonly to: Rgb;
  /** Share of the way from `from` to `to`: offset + across * x / aspect + down * y, kept in 0 to 1. */
  readonly across: number;
  readonly down: number;
  readonly offset: number;
  /** Cloudiness in grey levels and its cells a height. */
  readonly clouds: number;
  readonly cells: number;
  readonly stripes: number;
  readonly stripesAcross: number;
  readonly stripesDown: number;
  /** Heights a second by which the ground slides under the objects. */
  readonly panX: number;
  readonly panY: number;
  readonly distractors: readonly Distractor[];
}

export interface Distractor {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly round: boolean;
  readonly rgb: Rgb;
}

export interface SceneObject {
  readonly shape: Shape;
  readonly colour: string;
  readonly rgb: Rgb;
  /** Said only where it is striking. */
  readonly size: 'small' | 'large' | null;
  readonly action: Action;
  readonly start: number;
  readonly end: number;
  /** Centre at first, and how far it travels until `moved`. */
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly moved: number;
  readonly radius: number;
  readonly scaleFrom: number;
  readonly scaleTo: number;
  /** Half the time of a blink, the time of a shake; else 0. */
  readonly period: number;
}

export interface Label {
  readonly text: string;
  /** Top left corner of the plate; one dot of the letters is `dot` wide and high. */
  readonly x: number;
  readonly y: number;
  readonly dot: number;
  readonly ink: Rgb;
  readonly plate: Rgb;
  readonly start: number;
  readonly end: number;
}

export interface Darkness {
  readonly kind: 'lights' | 'fade';
  readonly start: number;
  readonly end: number;
}

export interface SceneEvent {
  readonly start: number; // seconds
  readonly end: number;
  readonly kind: 'one' | 'touch' | 'group' | 'label' | 'lights';
  /** As a query, for instance `red circle moves left`; the same words are not used twice while there are others. */
  readonly text: string;
  /** As a sentence of a description: `The red circle moves left.` */
  readonly sentence: string;
  /** Indexes of the objects it is about. */
  readonly objects: readonly number[];
}
