// `npm run bench -- all`: every figure that something is wanted of, and which of them fall short.
import { type Figures, print, tell } from './harness/report.js';
import { table } from '../src/cli/table.js';

export interface Wanted {
  readonly bench: string;
  readonly figure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A figure whose bench is not among those that are run, or fails, falls short. */
export const WANTED: readonly Wanted[] = [
  { bench: 'vision', figure: 'vision_fp32_share_of_peak', atLeast: 0.85 },
  { bench: 'vision', figure: 'vision_fp32_against_transformers', atLeast: 1.3 },
  { bench: 'vision', figure: 'vision_int8_against_fp32', atLeast: 2.5 },
  { bench: 'vision', figure: 'vision_int8_error', atMost: 0.05 },
  { bench: 'prefill', figure: 'prefill_int4_against_llama_q4', atLeast: 1 },
  { bench: 'prefill', figure: 'prefill_int8_against_llama_q8', atLeast: 1 },
  { bench: 'prefill', figure: 'prefill_int4_against_transformers', atLeast: 3 },
  { bench: 'prefill', figure: 'prefill_int8_against_transformers', atLeast: 3 },
  { bench: 'prefill', figure: 'prefix_kept_work', atMost: 0.05 },
  { bench: 'decode-tokens', figure: 'decode_int4_against_llama_q4', atLeast: 1 },
  { bench: 'decode-tokens', figure: 'decode_int8_against_llama_q8', atLeast: 1 },
  { bench: 'load', figure: 'packed_load_seconds', atMost: 2 },
  { bench: 'load', figure: 'second_worker_private_share', atMost: 0.25 },
  { bench: 'sampling', figure: 'sampling_against_plain_decode', atLeast: 1 },
  { bench: 'sampling', figure: 'sampling_against_decord', atLeast: 1 },
  { bench: 'sampling', figure: 'sampling_against_torchcodec', atLeast: 1 },
  { bench: 'sampling', figure: 'sampling_against_qwen_vl_utils', atLeast: 1 },
  { bench: 'patches', figure: 'patches_against_decode', atMost: 0.25 },
  { bench: 'whole-hour', figure: 'whole_hour_cpu_against_naive', atLeast: 5 },
  { bench: 'whole-hour', figure: 'whole_hour_miou_above_naive', atLeast: 0.001 },
  { bench: 'search', figure: 'search_p95_ms', atMost: 50 },
  { bench: 'queue', figure: 'queue_ms_per_window', atMost: 10 },
  { bench: 'api', figure: 'api_ratio', atLeast: 0.5 },
];

/** A bench that fails is told with its reason, and its figures fall short; the others are run all the same. */
export async function all(run: (bench: string) => Promise<Figures>): Promise<Figures> {
  const found: Record<string, unknown> = {};
  const failed: Record<string, string> = {};
  for (const bench of new Set(WANTED.map((each) => each.bench))) {
    tell(`\n${bench}`);
    try {
      Object.assign(found, await run(bench));
    } catch (error) {
      failed[bench] = String(error);
      tell(`${bench} failed: ${failed[bench]}`);
    }
  }
  const figures = WANTED.map(({ figure, atLeast, atMost }) => ({ name: figure, value: numberOf(found[figure]), wanted: atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}` }));
  const short = WANTED.filter(({ figure, ...limits }) => !isEnough(numberOf(found[figure]), limits)).map(({ figure }) => figure);
  print(table(['figure', 'value', 'wanted', ''], figures.map(({ name, value, wanted }) => [name, value ?? '-', wanted, short.includes(name) ? 'falls short' : ''])));
  return { figures, falls_short: short, failed };
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

function isEnough(value: number | null, { atLeast = -Infinity, atMost = Infinity }: Pick<Wanted, 'atLeast' | 'atMost'>): boolean {
  return value !== null && value >= atLeast && value <= atMost;
}
