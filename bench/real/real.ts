// `npm run bench -- hour --real DIR`: an hour of joined real clips through the whole product: every join a shot, every time right, and the bill.
import { table } from '../../src/cli/table.js';
import { analyseUpload, since } from '../hour/analysis.js';
import { stages } from '../hour/stages.js';
import { askAbsent } from '../hour/questions.js';
import { withFolder, withProduct } from '../harness/product.js';
import { type Figures, print, tell } from '../harness/report.js';
import { rounded } from '../../src/model/metrics/statistics.js';
import { joinClips, RATE } from './join.js';
import { driftedSegments, joinsOf, missedJoins } from './joins.js';

export interface RealOptions {
  readonly clips: string;
  readonly seed: number;
  readonly minutes: number;
  readonly folder?: string | undefined;
}

/** What they find means nothing with the bundled checkpoint; what they cost does. */
const QUESTIONS = ['a person walks through the picture', 'a car drives by', 'the picture turns black'];

export async function real(options: RealOptions): Promise<Figures> {
  return withFolder(options.folder, async (folder) => {
    const started = performance.now();
    const { file, clips, rounds, framesOfRound } = await joinClips(options.clips, folder, options);
    tell(`${clips.length} clips joined, ${rounds} times, in ${since(started).toFixed(0)} s`);
    return withProduct(async (product) => {
      const analysis = await analyseUpload(product, file);
      const segments = await product.api.segments(analysis.video.id);
      const asked = await askAbsent(product, analysis.video.id, QUESTIONS);
      const joins = joinsOf(clips, rounds);
      const missed = missedJoins(joins, segments, RATE);
      if (missed.length > 0) print(table(['missed join at', 'from', 'to'], missed.map(({ frame, from, to }) => [(frame / RATE).toFixed(2), from, to])));
      const measured = segments.filter(({ source }) => source === 'signal');
      const drifted = driftedSegments(measured, framesOfRound / RATE, rounds);
      if (drifted.length > 0) print(table(['not in every round', 'start', 'end'], drifted.map((s) => [s.type, s.start_time, s.end_time])));
      return {
        clips: clips.length,
        minutes: rounded((rounds * framesOfRound) / RATE / 60, 1),
        joins: joins.length,
        joins_missed: missed.length,
        signals: measured.length,
        signals_drifted: drifted.length,
        first_segment_seconds: rounded(analysis.firstSegmentSeconds, 2),
        analysis_seconds: rounded(analysis.analysisSeconds, 1),
        cpu_seconds_by_stage: stages(analysis.cost, asked),
      };
    });
  });
}
