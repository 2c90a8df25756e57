// Draws charts as inline SVG: axes with ticks, and marks between them.

export interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly format?: (value: number) => string;
  /** Equal factors take equal room; `from` must be above 0. */
  readonly isLogarithmic?: boolean;
}

export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

/** From a value to its place in the picture, kept between the ends of the axis. */
export type Scale = (value: number) => number;

export interface Point {
  readonly x: number;
  readonly y: number;
}

const [WIDTH, HEIGHT] = [560, 300];
const EDGE = { left: 68, right: 26, top: 16, bottom: 46 };
export const PLOT = { left: EDGE.left, right: WIDTH - EDGE.right, top: EDGE.top, bottom: HEIGHT - EDGE.bottom };

/** `marks` gets the scales and returns SVG. `title` is read out in place of the picture. */
export function chart({ x, y }: Axes, title: string, marks: (x: Scale, y: Scale) => string): string {
  const [sx, sy] = [scaleOf(x, PLOT.left, PLOT.right), scaleOf(y, PLOT.bottom, PLOT.top)];
  const vertical = y.ticks.map((tick) => {
    const at = fixed(sy(tick));
    return `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${at}" y2="${at}"/><text x="${PLOT.left - 8}" y="${at}" dy="0.35em" text-anchor="end">${textOf(y, tick)}</text>`;
  });
  const horizontal = x.ticks.map((tick) => `<text x="${fixed(sx(tick))}" y="${PLOT.bottom + 18}" text-anchor="middle">${textOf(x, tick)}</text>`);
  const labels =
    `<text class="label" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escaped(x.label)}</text>` +
    `<text class="label" transform="translate(13 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`;
  const axis = `<line class="axis" x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}"/>`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">${vertical.join('')}${horizontal.join('')}${labels}${marks(sx, sy)}${axis}</svg>`;
}

function scaleOf({ from, to, isLogarithmic = false }: Axis, start: number, end: number): Scale {
  const along = isLogarithmic ? Math.log : (value: number): number => value;
  return (value) => {
    const share = (along(Math.max(value, from)) - along(from)) / (along(to) - along(from));
    return start + (end - start) * Math.min(1, share);
  };
}

const textOf = ({ format = String }: Axis, tick: number): string => escaped(format(tick));

export function line(points: readonly Point[], x: Scale, y: Scale, kind: string): string {
  const path = points.map((point, k) => `${k === 0 ? 'M' : 'L'}${fixed(x(point.x))} ${fixed(y(point.y))}`).join('');
  return points.length === 0 ? '' : `<path class="line ${kind}" d="${path}"/>`;
}

/** The same line, filled down to the axis. */
export function area(points: readonly Point[], x: Scale, y: Scale, kind: string): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return '';
  const along = points.map((point) => `L${fixed(x(point.x))} ${fixed(y(point.y))}`).join('');
  return `<path class="area ${kind}" d="M${fixed(x(first.x))} ${PLOT.bottom}${along}L${fixed(x(last.x))} ${PLOT.bottom}Z"/>`;
}

/** `hint` is shown while the pointer rests on it. */
export const dot = ({ x: left, y: top }: Point, x: Scale, y: Scale, kind: string, radius: number, hint = ''): string =>
  `<circle class="dot ${kind}" cx="${fixed(x(left))}" cy="${fixed(y(top))}" r="${radius}">${hint && `<title>${escaped(hint)}</title>`}</circle>`;

export const note = (text: string, left: number, top: number, anchor: 'start' | 'middle' | 'end' = 'start', kind = ''): string =>
  `<text class="note ${kind}" x="${fixed(left)}" y="${fixed(top)}" text-anchor="${anchor}">${escaped(text)}</text>`;

export const fixed = (value: number): string => value.toFixed(1);

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
