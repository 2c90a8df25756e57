// `secondsight world`: a scene of the world of shapes as a video file, and what is true of it beside it.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../app-error.js';
import { loadConfig } from '../platform/config/config.js';
import { Media } from '../platform/media/index.js';
import { framePainter, makeScene, questionsOf, type Scene, type SceneOptions } from '../world/index.js';

export interface WorldOptions {
  readonly seed: number | undefined;
  readonly out: string | undefined;
  readonly seconds: number | undefined;
  readonly events: number | undefined;
  readonly shortest: number | undefined;
  readonly longest: number | undefined;
  readonly simple: boolean;
  readonly size: string | undefined;
  readonly fps: number | undefined;
}

const SIZES = { rich: '640x360', simple: '224x224' };
const MOST_PIXELS = 3840 * 2160;
const LARGEST_SEED = 2 ** 32 - 1;

/** Throws `usage.invalid` for what cannot be drawn. */
export async function world(options: WorldOptions): Promise<number> {
  const { seed = 1, out, seconds = 30, fps = 25 } = options;
  if (out === undefined) throw new AppError('usage.invalid', '--out FILE says where the video goes.');
  if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) throw new AppError('usage.invalid', `--seed: a whole number from 0 to ${LARGEST_SEED}.`);
  for (const [name, value] of Object.entries({ seconds, fps, shortest: options.shortest ?? 1, longest: options.longest ?? 1 })) {
    if (!(value > 0)) throw new AppError('usage.invalid', `--${name} must be more than 0.`);
  }
  const kind = options.simple ? 'simple' : 'rich';
  const [width, height] = sizeOf(options.size ?? SIZES[kind]);
  const scene = makeScene(seed, sceneOptions(options, { kind, seconds, aspect: Math.round((width / height) * 1000) / 1000 }));
  const file = resolve(out);
  const paint = framePainter(scene, width, height);
  const pictures = function* (): Generator<Uint8Array> {
    for (let k = 0; k < Math.round(seconds * fps); k++) yield paint(k / fps);
  };
  await new Media(loadConfig()).writeVideo({ file, width, height, fps, pictures: pictures() });
  await writeFile(`${file}.json`, `${JSON.stringify({ scene, questions: questionsOf(scene) }, null, 1)}\n`);
  process.stdout.write(`${report(scene)}\n${file}\n${file}.json\n`);
  return 0;
}

function sizeOf(size: string): [width: number, height: number] {
  const [width = 0, height = 0] = (/^(\d+)x(\d+)$/.exec(size) ?? []).slice(1).map(Number);
  const isDrawable = width > 0 && height > 0 && width % 2 === 0 && height % 2 === 0 && width * height <= MOST_PIXELS;
  if (!isDrawable) throw new AppError('usage.invalid', `--size: ${size} is not WIDTHxHEIGHT, both even, at most 3840x2160.`);
  return [width, height];
}

const sceneOptions = ({ events, shortest, longest }: WorldOptions, rest: SceneOptions): SceneOptions => ({
  ...rest,
  ...(events !== undefined && { events }),
  ...(shortest !== undefined && { shortestSeconds: shortest }),
  ...(longest !== undefined && { longestSeconds: longest }),
});

const report = ({ events }: Scene): string =>
  events.map(({ start, end, sentence }) => `${start.toFixed(2).padStart(8)} - ${end.toFixed(2).padStart(7)}  ${sentence}`).join('\n') || 'Nothing happens.';
