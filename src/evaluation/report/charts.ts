// The charts of a report; each is empty text where there is nothing to draw.
import { reliabilityBins, riskCoverage } from '../../model/metrics/reliability.js';
import { rejectionCurve } from '../../model/metrics/rejection.js';
import { mean, median } from '../../model/metrics/statistics.js';
import { type JudgedQuestion } from '../judge.js';
import { lengthOf } from '../summary.js';
import { area, type Axis, chart, dot, fixed, line, note, PLOT, type Point, type Scale } from './chart.js';

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const FIFTHS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const SHARE: Omit<Axis, 'label'> = { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1], format: percent };
const UNIT: Omit<Axis, 'label'> = { from: 0, to: 1, ticks: FIFTHS, format: (value) => value.toFixed(1) };

type Questions = readonly JudgedQuestion[];

/** Share of the first moments that overlap the truth by at least so much. */
export function recallOverIou(questions: Questions): string {
  const present = questions.filter(({ isPresent }) => isPresent);
  if (present.length === 0) return '';
  const curve = (ious: readonly number[]): Point[] => steps(100).map((x) => ({ x, y: ious.filter((iou) => iou >= x && iou > 0).length / ious.length }));
  const points = curve(present.map(({ iou }) => iou));
  const knowable = present.flatMap(({ knowableIou }) => knowableIou ?? []);
  const axes = { x: { ...UNIT, label: 'IoU of at least' }, y: { ...SHARE, label: 'questions' } };
  return chart(axes, 'Recall of the first moment over the overlap that is asked for', (x, y) => {
    const marked = [0.3, 0.5, 0.7].map((at) => {
      const share = points.find((point) => point.x >= at - 1e-9)?.y ?? 0;
      return dot({ x: at, y: share }, x, y, 'asked', 4, `R1 at ${at}`) + note(percent(share), x(at), y(share) - 10, 'middle', 'strong');
    });
    const known = knowable.length === 0 ? '' : line(curve(knowable), x, y, 'machine dashed') + note('against what the sampled pictures can tell', PLOT.left + 8, PLOT.bottom - 10, 'start', 'machine');
    return area(points, x, y, 'asked') + known + line(points, x, y, 'asked') + marked.join('');
  });
}

/** How often answers of a confidence are right, beside how often they should be. */
export function reliability(questions: Questions): string {
  const judged = questions.flatMap(({ confidence }) => confidence ?? []);
  if (judged.length === 0) return '';
  const bins = reliabilityBins(judged).filter(({ count }) => count > 0);
  const axes = { x: { ...UNIT, label: 'confidence' }, y: { ...SHARE, label: 'right' } };
  return chart(axes, 'Reliability: share of right answers for each confidence', (x, y) => {
    const bars = bins.map(({ from, to, count, confidence, right }) => {
      const [left, width] = [x(from) + 1, x(to) - x(from) - 2];
      const bar = rect(left, y(right), width, PLOT.bottom - y(right), 'machine', `${count} answers, ${percent(right)} right`);
      const said = rect(left, y(confidence) - 1.5, width, 3, 'asked', `said ${percent(confidence)}`);
      return bar + said + note(String(count), left + width / 2, PLOT.bottom - 5, 'middle', right > 0.06 ? 'inside' : '');
    });
    return bars.join('') + line([{ x: 0, y: 0 }, { x: 1, y: 1 }], x, y, 'ideal dashed');
  });
}

/** Error of both boundaries over the length of the event. */
export function errorOverLength(questions: Questions): string {
  const answered = questions.filter(({ boundaryError }) => boundaryError !== undefined);
  if (answered.length === 0) return '';
  const points = answered.map((judged) => ({ x: lengthOf(judged), y: worse(judged), judged }));
  const most = Math.max(1, ...points.map(({ y }) => y));
  const [shortest, longest] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))];
  const axes = {
    x: secondsAxis('length of the event', Math.max(0.1, shortest * 0.9), longest * 1.1),
    y: secondsAxis('error of the worse boundary', LEAST_ERROR, most * 1.2),
  };
  return chart(axes, 'Error of the worse boundary over the length of the event', (x, y) => cloud(points, x, y) + trend(points, x, y, median, 6, true));
}

/** Overlap of the first moment over where in its video the event lies. */
export function overlapOverPosition(questions: Questions): string {
  const placed = questions.flatMap((judged) => {
    const { windows, duration } = judged.question;
    const [window] = windows;
    return window && duration ? [{ x: (window.startSeconds + window.endSeconds) / 2 / duration, y: judged.iou, judged }] : [];
  });
  if (placed.length === 0) return '';
  const axes = { x: { ...SHARE, label: 'middle of the event, share of the video' }, y: { ...UNIT, label: 'IoU' } };
  return chart(axes, 'Overlap over the place of the event in its video', (x, y) => cloud(placed, x, y) + trend(placed, x, y, mean, 10, false));
}

/** What each threshold on the confidence turns away. */
export function rejection(questions: Questions): string {
  const scores = (isPresent: boolean): (number | null)[] => questions.filter((each) => each.isPresent === isPresent).map(({ confidence }) => confidence?.confidence ?? null);
  const [present, absent] = [scores(true), scores(false)];
  if (present.length === 0 || absent.length === 0 || questions.every(({ confidence }) => confidence === undefined)) return '';
  const curve = rejectionCurve(present, absent, 100);
  const axes = { x: { ...UNIT, label: 'confidence below which an answer is rejected' }, y: { ...SHARE, label: 'questions' } };
  return chart(axes, 'Absent questions rejected and present ones lost, for each threshold', (x, y) => {
    const rejected = curve.map(({ threshold, absent_rejected: share }) => ({ x: threshold, y: share }));
    const lost = curve.map(({ threshold, present_lost: share }) => ({ x: threshold, y: share }));
    const names = note('absent, rejected', x(0.5), y(rejected[50]?.y ?? 0) - 10, 'middle', 'machine') + note('present, lost', x(0.5), y(lost[50]?.y ?? 0) - 10, 'middle', 'lost');
    return area(lost, x, y, 'lost') + line(rejected, x, y, 'machine') + line(lost, x, y, 'lost') + names;
  });
}

/** What is wrong among the surest answers. */
export function risk(questions: Questions): string {
  const judged = questions.flatMap(({ confidence }) => confidence ?? []);
  if (judged.length === 0) return '';
  const points = riskCoverage(judged).map(({ coverage, risk: wrong }) => ({ x: coverage, y: wrong }));
  const axes = { x: { ...SHARE, label: 'answers that are kept, the surest first' }, y: { ...SHARE, label: 'wrong among them' } };
  return chart(axes, 'Share of wrong answers among the surest', (x, y) => area(points, x, y, 'lost') + line(points, x, y, 'lost'));
}

const steps = (count: number): number[] => Array.from({ length: count + 1 }, (_, k) => k / count);

const LEAST_ERROR = 0.01; // seconds: nearer is drawn as this

const worse = ({ boundaryError: error }: JudgedQuestion): number => (error ? Math.max(Math.abs(error.startSeconds), Math.abs(error.endSeconds)) : 0);

interface Placed extends Point {
  readonly judged: JudgedQuestion;
}

const cloud = (points: readonly Placed[], x: Scale, y: Scale): string =>
  points.map((point) => dot(point, x, y, point.judged.iou >= 0.5 ? 'machine faint' : 'lost faint', 3, `${point.judged.question.query}: IoU ${point.judged.iou.toFixed(2)}`)).join('');

/** The middle of the points in stretches of equal width, where a stretch has three or more. */
function trend(points: readonly Point[], x: Scale, y: Scale, middle: (values: readonly number[]) => number, stretches: number, isLogarithmic: boolean): string {
  const along = isLogarithmic ? Math.log : (value: number): number => value;
  const places = points.map((point) => along(point.x));
  const [least, most] = [Math.min(...places), Math.max(...places)];
  const width = (most - least) / stretches || 1;
  const middles = Array.from({ length: stretches }, (_, k): Point[] => {
    const inside = points.filter((_each, n) => Math.min(stretches - 1, Math.floor(((places[n] ?? 0) - least) / width)) === k);
    const centre = least + (k + 0.5) * width;
    return inside.length < 3 ? [] : [{ x: isLogarithmic ? Math.exp(centre) : centre, y: middle(inside.map((point) => point.y)) }];
  }).flat();
  return line(middles, x, y, 'asked') + middles.map((point) => dot(point, x, y, 'asked', 3.5)).join('');
}

/** Steps of a decade, from coarse to fine: the first that gives enough ticks is taken. */
const DECADES = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 4, 5, 7]];
const LEAST_TICKS = 4;

/** Seconds, by equal factors. */
function secondsAxis(label: string, from: number, to: number): Axis {
  const decades = Array.from({ length: 7 }, (_, k) => 10 ** (k - 2));
  const choices = DECADES.map((steps) => decades.flatMap((decade) => steps.map((step) => Number((step * decade).toPrecision(2)))).filter((tick) => tick >= from && tick <= to));
  const ticks = choices.find(({ length }) => length >= LEAST_TICKS) ?? choices.at(-1) ?? [];
  return { label, from, to, ticks, isLogarithmic: true, format: (value) => `${value} s` };
}

const rect = (left: number, top: number, width: number, height: number, kind: string, hint: string): string =>
  `<rect class="bar ${kind}" x="${fixed(left)}" y="${fixed(top)}" width="${fixed(width)}" height="${fixed(Math.max(0, height))}"><title>${hint}</title></rect>`;
