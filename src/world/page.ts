// Small printed pages from seeds: a heading and paragraphs, with the box of each.
import { type Box } from './boxes.js';
import { Dice, rounded, STREAM } from './dice.js';
import { drawLines } from './draw-frame.js';
import { WORDS } from './vocabulary.js';

export interface PageLine {
  readonly kind: 'h2' | 'p';
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly dot: number;
}

export interface Page {
  readonly seed: number;
  readonly paper: number; // grey levels
  readonly ink: number;
  readonly lines: readonly PageLine[];
}

/** Heights of the page: one dot of the letters, of which a heading has larger ones. */
const DOT = { h2: 0.024, p: 0.018 } as const;
const LONGEST_LINE = 8; // letters

/** One to four lines of one or two words. The page is square. */
export function makePage(seed: number): Page {
  const dice = new Dice(seed, STREAM.page);
  const [paper, ink] = [215 + dice.below(40), dice.below(60)];
  const count = 1 + dice.below(4);
  const lines: PageLine[] = [];
  for (let k = 0, top = dice.between(0.03, 0.1); k < count; k++) {
    const kind = k === 0 && count > 1 && dice.chance(0.6) ? 'h2' : 'p';
    const [first, second] = [dice.pick(WORDS), dice.pick(WORDS)];
    const both = `${first} ${second}`;
    const text = kind === 'p' && both.length <= LONGEST_LINE ? both : first;
    lines.push({ kind, text, x: dice.between(0.04, 0.12), y: top, dot: DOT[kind] });
    top = rounded(top + DOT[kind] * 8 + dice.between(0.03, 0.08));
  }
  return { seed, paper, ink, lines };
}

export const lineBox = ({ text, x, y, dot }: PageLine): Box => ({ left: x, top: y, right: x + (6 * text.length - 1) * dot, bottom: y + 7 * dot });

/** RGB bytes, [height, width, 3]. */
export const drawPage = ({ paper, ink, lines }: Page, width: number, height: number): Uint8Array =>
  drawLines({ width, height, paper: [paper, paper, paper] }, lines.map((line) => ({ ...line, ink: [ink, ink, ink] as const })));
