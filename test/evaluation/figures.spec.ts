// Figures of prediction files against figures that others computed: an independent script, and, where their files are at hand, the authors of QVHighlights.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EvaluatedVideo, type Figure, fileDataset, type JudgedVideo, judgeVideo, readPredictions, summarise } from '../../src/evaluation/index.js';
import { HIGHLIGHT_LEVELS } from '../../src/model/metrics/highlights.js';
import { averagePrecisions, LENGTH_RANGES, meanAveragePrecision, PRECISION_THRESHOLDS, truthsOfLength } from '../../src/model/metrics/moment-precision.js';
import { isRecalled } from '../../src/model/metrics/localisation.js';
import { mean } from '../../src/model/metrics/statistics.js';

async function judge(file: string, predictionFile: string): Promise<JudgedVideo[]> {
  const predictions = await readPredictions(predictionFile);
  const dataset = await fileDataset({ file, seed: 1 });
  const videos: EvaluatedVideo[] = [];
  for await (const video of dataset.videos()) videos.push(video);
  return videos.map((video) => judgeVideo(video, predictions));
}

const valuesOf = (figures: readonly Figure[]): Record<string, number> => Object.fromEntries(figures.map(({ name, value }) => [name, value]));

describe('made-up predictions, scored by test/evaluation/score.py', () => {
  it('have the same figures here', async () => {
    const judged = await judge('test/evaluation/truth.jsonl', 'test/evaluation/predictions.jsonl');
    const figures = valuesOf(summarise('made-up', judged, 1).figures);
    const expected = JSON.parse(readFileSync('test/evaluation/expected.json', 'utf8')) as Record<string, number>;
    expect(Object.keys(expected).length).toBeGreaterThan(20);
    for (const [name, value] of Object.entries(expected)) expect(figures[name], name).toBeCloseTo(value, 9);
  });

  it('have intervals around each figure', async () => {
    const { figures } = summarise('made-up', await judge('test/evaluation/truth.jsonl', 'test/evaluation/predictions.jsonl'), 1);
    for (const { name, value, low, high } of figures) {
      expect(low, name).toBeLessThanOrEqual(value + 1e-9);
      expect(high, name).toBeGreaterThanOrEqual(value - 1e-9);
    }
  });
});

/** A folder with highlight_val_release.jsonl, sample_val_preds.jsonl and sample_val_preds_metrics_raw.json of the authors; their licence forbids a copy here. */
const FOLDER = process.env['QVHIGHLIGHTS_DIR'] ?? '';
const inFolder = (name: string): string => join(FOLDER, name);

type Published = Record<string, Record<string, Record<string, number> | number>>;

describe.skipIf(!existsSync(inFolder('sample_val_preds.jsonl')))('the sample predictions of QVHighlights', () => {
  it('have the figures that their authors publish, all 90', async () => {
    const judged = await judge(inFolder('highlight_val_release.jsonl'), inFolder('sample_val_preds.jsonl'));
    const published = JSON.parse(readFileSync(inFolder('sample_val_preds_metrics_raw.json'), 'utf8')) as Published;
    const ours = publishedForm(judged);
    let compared = 0;
    for (const [group, metrics] of Object.entries(published).filter(([name]) => name !== 'brief')) {
      for (const [metric, figure] of Object.entries(metrics)) {
        for (const [key, value] of Object.entries(typeof figure === 'number' ? { all: figure } : figure)) {
          expect(Math.abs((ours[`${group} ${metric} ${key}`] ?? NaN) - value), `${group} ${metric} ${key}`).toBeLessThanOrEqual(0.0101);
          compared += 1;
        }
      }
    }
    expect(compared).toBe(90);
  });
});

/** In the names and per cent of the published file. */
function publishedForm(videos: readonly JudgedVideo[]): Record<string, number> {
  const judged = videos.flatMap(({ questions }) => questions);
  const figures: Record<string, number> = {};
  const ranges = [...LENGTH_RANGES, { name: 'full', over: -Infinity, upTo: Infinity }];
  for (const range of ranges) {
    const rows = judged
      .map(({ question, prediction }) => ({ truths: truthsOfLength(question.windows, range), moments: prediction?.moments ?? [] }))
      .filter(({ truths }) => truths.length > 0);
    figures[`${range.name} MR-mAP average`] = 100 * mean(rows.map(({ moments, truths }) => meanAveragePrecision(moments, truths)));
    PRECISION_THRESHOLDS.forEach((threshold, k) => {
      const key = String(threshold);
      figures[`${range.name} MR-mAP ${key}`] = 100 * mean(rows.map(({ moments, truths }) => averagePrecisions(moments, truths)[k] ?? NaN));
      figures[`${range.name} MR-R1 ${key}`] = 100 * mean(rows.map(({ moments, truths }) => Number(isRecalled(moments, truths, threshold))));
    });
  }
  HIGHLIGHT_LEVELS.forEach(({ name }, k) => {
    const group = `HL-min-${{ fair: 'Fair', good: 'Good', very_good: 'VeryGood' }[name]}`;
    figures[`${group} HL-Hit1 all`] = 100 * mean(judged.map(({ highlights }) => Number(highlights[k]?.hit)));
    figures[`${group} HL-mAP all`] = 100 * mean(judged.map(({ highlights }) => highlights[k]?.precision ?? NaN));
  });
  return figures;
}
