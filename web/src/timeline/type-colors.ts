// Which colour stands for which kind of segment: tell-apart hues, always together with a name.
import { createContext, useContext } from 'react';

/** A custom property of the page for a kind. */
export type KindColor = (kind: string) => string;

interface Described {
  readonly type: string;
  readonly text: string;
  readonly start_time: number;
}

const FIXED: Readonly<Record<string, string>> = { shot: '--shot', speech: '--violet', chapter: '--sand', camera: '--cyan', fade: '--faint', black: '--faint', dissolve: '--faint', freeze: '--faint', silence: '--faint' };
const HUES = 10;

const hue = (index: number): string => `--kind-${(index % HUES) + 1}`;

/** Events that have no type of their own are told apart by what they say. */
export const kindOf = ({ type, text }: Pick<Described, 'type' | 'text'>): string => (type === 'event' ? text : type);

/** The same for the same word, wherever it stands. */
export function typeColor(type: string): string {
  const fixed = FIXED[type];
  if (fixed !== undefined) return fixed;
  let hash = 0;
  for (const letter of type) hash = (hash * 31 + letter.charCodeAt(0)) | 0;
  return hue(Math.abs(hash));
}

/** In order of first appearance, so that the first ten kinds of a video have ten colours. */
export function kindColors(segments: readonly Described[]): KindColor {
  const inOrder = [...segments].sort((a, b) => a.start_time - b.start_time).map(kindOf);
  const places = new Map([...new Set(inOrder)].filter((kind) => FIXED[kind] === undefined).map((kind, index) => [kind, hue(index)]));
  return (kind) => places.get(kind) ?? typeColor(kind);
}

/** Of the video that is shown. */
export const KindColors = createContext<KindColor>(typeColor);

export const useKindColor = (): KindColor => useContext(KindColors);
