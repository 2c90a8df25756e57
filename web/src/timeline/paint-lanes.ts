// Draws the lanes: only what is in sight; what is narrow as columns of pixels, few and wide spans as shapes with text.
import type { Colors } from './colors';
import { type Columns, pixelOf } from './columns';
import { inSight, type Lane, type LaneCurve, type Span } from './lane';
import { type PlacedLane, rowHeight, rowTop } from './lane-layout';
import { type Extent, toX } from './scale';

export interface LanePicture {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly extent: Extent;
  readonly colors: Colors;
  /** Id of the segment or moment that stands out. */
  readonly highlighted: string | undefined;
  /** Where what is narrow is gathered. */
  readonly columns: Columns;
}

/** Corners and text are drawn for this many spans of a lane, and for what is wide; the rest are columns of pixels. */
const MOST_SHAPES = 64;
const NARROW_PIXELS = 4;
const WIDE_PIXELS = 24;

/** Text is drawn on what is at least this wide. */
const TEXT_PIXELS = 40;

export function paintLanes(picture: LanePicture, lanes: readonly PlacedLane[], height: number): void {
  const { context, width, colors, columns } = picture;
  context.clearRect(0, 0, width, height);
  if (lanes.length === 0) return;
  context.font = '11px Inter, system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (const placedLane of lanes) {
    const { lane, top } = placedLane;
    context.fillStyle = colors('--line');
    context.fillRect(0, top, width, 1);
    if (lane.knownUntil !== undefined) hatch(picture, placedLane, lane.knownUntil);
    if (lane.curve) paintCurve(picture, placedLane, lane.curve);
  }
  columns.begin(context.canvas.width, lanes.reduce((sum, { lane }) => sum + lane.rowCount, 0));
  let rows = 0;
  const marked = lanes.flatMap(({ lane, top }) => {
    const first = rows;
    rows += lane.rowCount;
    return markSpans(picture, lane, first) ? Array.from({ length: lane.rowCount }, (_, row) => ({ row: first + row, top: top + rowTop(lane, row), height: rowHeight(lane) })) : [];
  });
  if (marked.length > 0) columns.finish();
  for (const { row, ...place } of marked) columns.drawRow(context, row, { ...place, width });
  for (const { lane, top } of lanes) paintShapes(picture, lane, top);
}

/** Whether a span is drawn as columns: it is narrow, or one of very many. */
function isColumns(span: Span, pixels: number, inSight: number, highlighted: string | undefined): boolean {
  if (span.id !== undefined && span.id === highlighted) return false;
  return pixels < (inSight > MOST_SHAPES && !span.hollow ? WIDE_PIXELS : NARROW_PIXELS);
}

/** Returns whether there were any. */
function markSpans({ context, width, extent, colors, highlighted, columns }: LanePicture, lane: Lane, firstRow: number): boolean {
  const { first, end } = inSight(lane, extent);
  const pixels = context.canvas.width;
  const known = new Map<string, number>();
  let any = false;
  for (let k = first; k < end; k++) {
    const span = lane.spans[k];
    if (!span || !isColumns(span, ((span.end - span.start) / (extent.end - extent.start)) * width, end - first, highlighted)) continue;
    const color = known.get(span.color) ?? pixelOf(colors(span.color));
    known.set(span.color, color);
    columns.mark(firstRow + (lane.rows[k] ?? 0), toX(span.start, extent, pixels), toX(span.end, extent, pixels), color);
    any = true;
  }
  return any;
}

function paintShapes(picture: LanePicture, lane: Lane, laneTop: number): void {
  const { width, extent, highlighted } = picture;
  const { first, end } = inSight(lane, extent);
  const height = rowHeight(lane);
  for (let k = first; k < end; k++) {
    const span = lane.spans[k];
    if (!span) continue;
    const [left, right] = [toX(span.start, extent, width), toX(span.end, extent, width)];
    if (right < 0 || isColumns(span, right - left, end - first, highlighted)) continue;
    paintSpan(picture, span, { left: Math.max(left, -4), right: Math.min(right, width + 4), top: laneTop + rowTop(lane, lane.rows[k] ?? 0), height });
  }
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
}

function paintSpan({ context, colors, highlighted }: LanePicture, span: Span, { left, right, top, height }: Box): void {
  const width = Math.max(1.5, right - left - 1);
  context.beginPath();
  context.roundRect(left, top, width, height, Math.min(3, width / 2));
  if (span.hollow) {
    context.strokeStyle = colors(span.color);
    context.setLineDash([3, 3]);
    context.stroke();
    context.setLineDash([]);
  } else {
    context.fillStyle = colors(span.color);
    context.fill();
  }
  if (span.id !== undefined && span.id === highlighted) {
    context.strokeStyle = colors('--ink');
    context.lineWidth = 2;
    context.stroke();
    context.lineWidth = 1;
  }
  if (width < TEXT_PIXELS || span.label === '') return;
  context.save();
  context.beginPath();
  context.rect(left, top, width - 3, height); // straight edges cut for nothing, round ones for much
  context.clip();
  context.fillStyle = span.hollow ? colors('--ink') : textOn(colors(span.color));
  context.fillText(fitted(context, span.label, right - Math.max(left, 0) - 10), Math.max(left, 0) + 5, top + height / 2 + 0.5);
  context.restore();
}

/** As much of a text as there is room for, in whole letters. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let [fits, tooMany] = [0, text.length];
  while (tooMany - fits > 1) {
    const letters = (fits + tooMany) >> 1;
    if (context.measureText(`${text.slice(0, letters)}…`).width <= room) fits = letters;
    else tooMany = letters;
  }
  return fits === 0 ? '' : `${text.slice(0, fits).trimEnd()}…`;
}

/** Black or white, whichever reads better on a colour written #rrggbb. */
function textOn(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(color.slice(at, at + 2), 16) / 255));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0) > 0.18 ? '#0b0d10' : '#ffffff';
}

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function hatch({ context, width, extent, colors }: LanePicture, { top, height }: PlacedLane, from: number): void {
  const left = Math.max(0, toX(from, extent, width));
  if (left >= width) return;
  context.save();
  context.beginPath();
  context.rect(left, top + 1, width - left, height - 1);
  context.clip();
  context.strokeStyle = colors('--hatch');
  context.beginPath();
  for (let x = left - height - (left % 8); x < width; x += 8) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

function paintCurve({ context, width, extent, colors }: LanePicture, { top, height, lane }: PlacedLane, { start, step, values }: LaneCurve): void {
  const first = Math.max(0, Math.floor((extent.start - start) / step) - 1);
  const last = Math.min(values.length - 1, Math.ceil((extent.end - start) / step) + 1);
  const bottom = top + height - 2;
  const y = (value: number | null | undefined): number => bottom - (value ?? 0) * (height - 6);
  context.beginPath();
  context.moveTo(toX(start + first * step, extent, width), bottom);
  for (let k = first; k <= last; k++) {
    context.lineTo(toX(start + k * step, extent, width), y(values[k]));
    context.lineTo(toX(start + (k + 1) * step, extent, width), y(values[k]));
  }
  context.lineTo(toX(start + (last + 1) * step, extent, width), bottom);
  context.globalAlpha = 0.3;
  context.fillStyle = colors(lane.color);
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = colors(lane.color);
  context.stroke();
}
