// The report of an evaluation: one HTML file that needs nothing else.
import { type Figure } from '../figures.js';
import { type JudgedQuestion, type JudgedVideo } from '../judge.js';
import { type RunSettings } from '../journal.js';
import { type Summary } from '../summary.js';
import { escaped } from './chart.js';
import { errorOverLength, overlapOverPosition, recallOverIou, rejection, reliability, risk } from './charts.js';
import { STYLE } from './style.js';

export interface ReportContent {
  readonly summary: Summary;
  readonly videos: readonly JudgedVideo[];
  readonly settings: RunSettings;
}

/** Figures shown large, those of them that were measured. */
const HEADLINES = ['miou', 'r1_05', 'r1_07', 'map', 'hit1_very_good', 'absent_rejected', 'present_lost', 'dense_f1', 'ece', 'boundary_error_ms'];

/** Wrong answers that are listed. */
const LISTED = 40;

export function reportPage({ summary, videos, settings }: ReportContent): string {
  const questions = videos.flatMap((video) => video.questions);
  const title = `${summary.dataset}: ${summary.questions} questions`;
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style><main>` +
    `<header><h1>${escaped(title)}</h1><p>${escaped(countsOf(summary))}</p></header>` +
    `<div class="cards">${HEADLINES.map((name) => card(summary.figures.find((figure) => figure.name === name))).join('')}</div>` +
    `<div class="charts">${charts(questions)}</div>` +
    section('Figures', 'Bars are 95 % intervals, from drawing the videos (the questions, where there are few videos) anew a thousand times.', figureTable(summary.figures)) +
    kindSection(summary) +
    lengthSection(summary) +
    wrongSection(questions) +
    section('Cost', '', rows([], costRows(summary))) +
    section('Settings', 'The same settings give the same answers.', rows([], Object.entries(settings).filter(([, value]) => value !== null).map(([name, value]) => [`<code>${escaped(name)}</code>`, escaped(String(value))]))) +
    `</main></html>\n`
  );
}

const countsOf = ({ videos, present, absent, unanswered, parseFailures }: Summary): string =>
  `${videos} videos, ${present} questions about what happens, ${absent} about what does not. ${unanswered} were not answered; ${parseFailures} answers of the model could not be read.`;

function card(figure: Figure | undefined): string {
  if (!figure) return '';
  return `<div class="card"><span>${escaped(figure.title)}</span><b>${number(figure, figure.value)}</b><span>${number(figure, figure.low)} – ${number(figure, figure.high)}</span></div>`;
}

const number = ({ unit }: Figure, value: number): string => (unit === 'milliseconds' ? `${Math.round(value)} ms` : value.toFixed(3));

const CHARTS: readonly (readonly [title: string, text: string, draw: (questions: readonly JudgedQuestion[]) => string])[] = [
  ['Recall over IoU', 'Share of questions whose first moment overlaps the truth by at least so much.', recallOverIou],
  ['Reliability', 'How often answers of a confidence are right (IoU 0.5). Amber is what they said, the number how many there are; on the dashed line a confidence means what it says.', reliability],
  ['Rejection', 'Where a higher threshold takes absent questions away, and which present ones go with them.', rejection],
  ['Risk over coverage', 'Wrong answers among the surest.', risk],
  ['Error over the length of the event', 'Each dot an answer, red below IoU 0.5; the line is the median.', errorOverLength],
  ['Overlap over the place in the video', 'Each dot a question; the line is the mean.', overlapOverPosition],
];

const charts = (questions: readonly JudgedQuestion[]): string =>
  CHARTS.map(([title, text, draw]) => {
    const drawn = draw(questions);
    return drawn && `<figure><figcaption><h2>${title}</h2><p>${text}</p></figcaption>${drawn}</figure>`;
  }).join('');

function figureTable(figures: readonly Figure[]): string {
  return rows(
    ['figure', 'value', 'interval', '', 'what'],
    figures.map((figure) => [
      `<code>${figure.name}</code>`,
      `<b>${number(figure, figure.value)}</b>`,
      `${number(figure, figure.low)} – ${number(figure, figure.high)}`,
      figure.unit === 'share' ? interval(figure) : '',
      escaped(figure.title),
    ]),
  );
}

function interval({ value, low, high }: Figure): string {
  const place = (share: number): string => `${(100 * Math.min(1, Math.max(0, share))).toFixed(1)}%`;
  return `<div class="span"><i><u style="left:${place(low)};right:calc(100% - ${place(high)})"></u><s style="left:${place(value)}"></s></i></div>`;
}

function kindSection({ kinds }: Summary): string {
  if (kinds.length < 2) return '';
  const cells = kinds.map(({ kind, count, miou, rejected }) => [escaped(kind), String(count), miou?.toFixed(3) ?? '–', rejected.toFixed(3)]);
  return section('Kinds of questions', 'What happens by what it is about, what does not by how it differs from what does.', rows(['kind', '#asked', '#mIoU', '#rejected'], cells));
}

function lengthSection({ lengths }: Summary): string {
  if (lengths.length === 0) return '';
  const cells = lengths.map(({ from, to, count, miou, boundaryErrorMs }) => [
    Number.isFinite(to) ? `${from} – ${to} s` : `from ${from} s`,
    ...[String(count), miou.toFixed(3), boundaryErrorMs === null ? '–' : `${Math.round(boundaryErrorMs)} ms`],
  ]);
  return section('Length of the event', '', rows(['length', '#asked', '#mIoU', '#median error of a boundary'], cells));
}

/** The surest of what is wrong first. */
function wrongSection(questions: readonly JudgedQuestion[]): string {
  const wrong = questions.filter(({ isPresent, isRejected, iou }) => (isPresent ? iou < 0.5 : !isRejected));
  if (wrong.length === 0) return '';
  const sure = ({ confidence }: JudgedQuestion): number => confidence?.confidence ?? 0;
  const listed = [...wrong].sort((a, b) => sure(b) - sure(a)).slice(0, LISTED);
  const cells = listed.map((judged) => {
    const { question, prediction, iou, isPresent } = judged;
    const truth = isPresent ? spans(question.windows) : `absent (${question.kind})`;
    const said = prediction?.error ?? (prediction?.moments.length ? spans(prediction.moments.slice(0, 1)) : 'not in this video');
    return [escaped(question.query), `<code>${escaped(question.video)}</code>`, escaped(truth), `<span class="bad">${escaped(said)}</span>`, isPresent ? iou.toFixed(2) : '–', sure(judged).toFixed(2)];
  });
  return section('Wrong answers', `${wrong.length} of ${questions.length}: less than half an overlap, or an answer to what does not happen. The surest ${listed.length} first.`, rows(['question', 'video', 'truth', 'answer', '#IoU', '#confidence'], cells));
}

const spans = (ranges: readonly { readonly startSeconds: number; readonly endSeconds: number }[]): string =>
  ranges.map(({ startSeconds, endSeconds }) => `${startSeconds.toFixed(1)} – ${endSeconds.toFixed(1)} s`).join(', ');

function costRows({ cost: { videoSeconds, videoTokens, cpuSeconds, questionSeconds } }: Summary): string[][] {
  return [
    ['Video analysed', `${videoSeconds.toFixed(0)} s`],
    ['Tokens of pictures', String(videoTokens)],
    ...(cpuSeconds === null ? [] : [['CPU of worker, inference and tools', `${cpuSeconds.toFixed(0)} s`]]),
    ...(questionSeconds ? [['A question, median and 95th percentile', `${questionSeconds.p50.toFixed(2)} s, ${questionSeconds.p95.toFixed(2)} s`]] : []),
  ];
}

const section = (title: string, text: string, content: string): string =>
  `<section><h2>${title}</h2>${text && `<p>${escaped(text)}</p>`}<div class="scroll">${content}</div></section>`;

/** Cells are HTML; a head that begins with # is of a column of numbers. */
function rows(heads: readonly string[], cells: readonly (readonly string[])[]): string {
  const kind = (k: number): string => (heads[k]?.startsWith('#') ? ' class="n"' : '');
  const head = heads.length === 0 ? '' : `<tr>${heads.map((text, k) => `<th${kind(k)}>${text.replace('#', '')}</th>`).join('')}</tr>`;
  return `<table>${head}${cells.map((row) => `<tr>${row.map((cell, k) => `<td${kind(k)}>${cell}</td>`).join('')}</tr>`).join('')}</table>`;
}
