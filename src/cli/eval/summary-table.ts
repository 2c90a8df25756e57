// The figures of an evaluation on a terminal.
import { type Figure, type PictureSummary, type Summary } from '../../evaluation/index.js';
import { table } from '../table.js';

/** Several tables under one another. */
export function summaryTable(summary: Summary): string {
  const { figures, kinds, lengths, cost } = summary;
  const counts = `${summary.dataset}: ${summary.questions} questions about ${summary.videos} videos, ${summary.present} present, ${summary.absent} absent`;
  const failures = `unanswered ${summary.unanswered}, answers that could not be read ${summary.parseFailures}`;
  const parts = [`${counts}; ${failures}`, figureTable(figures)];
  if (kinds.length > 1) {
    parts.push(table(['kind', 'asked', 'mIoU', 'rejected'], kinds.map(({ kind, count, miou, rejected }) => [kind, count, miou?.toFixed(3) ?? '-', rejected.toFixed(3)])));
  }
  if (lengths.length > 1) {
    parts.push(
      table(
        ['length', 'asked', 'mIoU', 'error ms'],
        lengths.map(({ from, to, count, miou, boundaryErrorMs }) => [lengthRange(from, to), count, miou.toFixed(3), boundaryErrorMs?.toFixed(0) ?? '-']),
      ),
    );
  }
  const costs = costLine(cost);
  return [...parts, ...(costs === '' ? [] : [costs])].join('\n\n');
}

/** Of questions about pictures. */
export const pictureTable = ({ questions, unanswered, parseFailures, figures }: PictureSummary): string =>
  `world-pictures: ${questions} questions; unanswered ${unanswered}, answers that could not be read ${parseFailures}\n\n${figureTable(figures)}`;

const figureTable = (figures: readonly Figure[]): string => table(['figure', 'value', '95 % interval', 'what'], figures.map(figureRow));

function figureRow({ name, title, unit, value, low, high }: Figure): (string | number)[] {
  const digits = unit === 'milliseconds' ? 0 : 3;
  return [name, value.toFixed(digits), `${low.toFixed(digits)} - ${high.toFixed(digits)}`, title];
}

const lengthRange = (from: number, to: number): string => (Number.isFinite(to) ? `${from} - ${to} s` : `from ${from} s`);

function costLine({ videoSeconds, videoTokens, cpuSeconds, questionSeconds }: Summary['cost']): string {
  const parts = [
    ...(videoSeconds > 0 ? [`${videoSeconds.toFixed(0)} s of video, ${videoTokens} tokens of pictures`] : []),
    ...(cpuSeconds === null || videoSeconds === 0 ? [] : [`${cpuSeconds.toFixed(0)} CPU s, ${(cpuSeconds / videoSeconds).toFixed(3)} a second of video`]),
    ...(questionSeconds && videoSeconds > 0 ? [`a question ${questionSeconds.p50.toFixed(2)} s (p95 ${questionSeconds.p95.toFixed(2)})`] : []),
  ];
  return parts.length === 0 ? '' : `Cost: ${parts.join('; ')}`;
}
