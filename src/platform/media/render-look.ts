// What the pictures of a file need before every screen shows them right: fields taken apart, a high dynamic range brought down to the usual one.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError } from '../../app-error.js';
import { startFfprobe } from './command.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type ReadOptions } from './probe.js';

export interface RenderLook {
  /** Filters before the pictures are brought to size. */
  readonly first: readonly string[];
  /** Options of the scaler. */
  readonly scaling: string;
  /** Filters at their new size. */
  readonly colours: readonly string[];
  /** Options of the encoder: what its colours mean. */
  readonly tags: readonly string[];
}

const colour = z.string().optional().transform((name) => (name === 'unknown' || name === 'reserved' ? undefined : name));
const streamSchema = z.object({ field_order: z.string().optional(), color_space: colour, color_transfer: colour, color_primaries: colour });
const answerSchema = z.object({ streams: z.array(streamSchema) });

type Described = Partial<z.output<typeof streamSchema>>;

/** Two fields of different times in each frame; ffprobe names which comes first, in the stream and on the screen. */
const INTERLACED = ['tt', 'bb', 'tb', 'bt'];
/** PQ and HLG (ITU-R BT.2100). */
const HIGH_RANGE = ['smpte2084', 'arib-std-b67'];
const MOST_ANSWER_BYTES = 1024 ** 2;

/** Each frame stays one frame at its own time. Where this ffmpeg cannot map tones, a high range is left as it is, and says so. */
export async function renderLook(binaries: FfmpegBinaries, file: string, streamIndex: number, options: ReadOptions): Promise<RenderLook> {
  const stream = await described(binaries, file, streamIndex, options);
  const { field_order: fields = '', color_space: space = 'bt2020nc', color_transfer: transfer = 'bt709', color_primaries: primaries = 'bt2020' } = stream;
  const first = INTERLACED.includes(fields) ? ['yadif=deint=interlaced'] : [];
  if (!HIGH_RANGE.includes(transfer)) return { first, scaling: ':out_color_matrix=bt709:out_range=tv', colours: [], tags: tagsOf('bt709', 'bt709', 'bt709') };
  if (!(await mapsTones(binaries, options))) return { first, scaling: ':out_range=tv', colours: [], tags: tagsOf(space, transfer, primaries) };
  return { first, scaling: '', colours: toneMapping(transfer, stream), tags: tagsOf('bt709', 'bt709', 'bt709') };
}

const tagsOf = (space: string, transfer: string, primaries: string): string[] => ['-colorspace', space, '-color_trc', transfer, '-color_primaries', primaries, '-color_range', 'tv'];

async function described(binaries: FfmpegBinaries, file: string, streamIndex: number, { timeoutSeconds, signal }: ReadOptions): Promise<Described> {
  const entries = ['-select_streams', String(streamIndex), '-show_entries', 'stream=field_order,color_space,color_transfer,color_primaries', '-of', 'json'];
  const command = startFfprobe(binaries, { file, timeoutSeconds, signal, outputOptions: entries, maxOutputBytes: MOST_ANSWER_BYTES });
  const chunks: Buffer[] = [];
  for await (const chunk of command) chunks.push(chunk);
  const { exitCode } = await command.end;
  return exitCode === 0 ? (answerSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))).streams[0] ?? {}) : {};
}

const mapping = new Map<string, Promise<boolean>>();

/** Rejects with `ffmpeg.not_runnable`, and is then asked again. */
function mapsTones({ ffmpeg: { path } }: FfmpegBinaries, { timeoutSeconds }: ReadOptions): Promise<boolean> {
  const known = mapping.get(path) ?? hasFilters(path, timeoutSeconds, ['zscale', 'tonemap']);
  mapping.set(path, known);
  known.catch(() => mapping.delete(path));
  return known;
}

async function hasFilters(path: string, timeoutSeconds: number, names: readonly string[]): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-hide_banner', '-filters'], { timeout: timeoutSeconds * 1000 });
    return names.every((name) => stdout.includes(` ${name} `));
  } catch (cause) {
    throw new AppError('ffmpeg.not_runnable', `${path} does not say which filters it has.`, { cause });
  }
}

/** White of 100 cd/m2 stays white; what is brighter is pressed below it. Colours that the file does not name are those of BT.2020. */
const toneMapping = (transfer: string, { color_space: space, color_primaries: primaries }: Described): string[] => [
  `zscale=tin=${transfer}${space ? '' : ':min=2020_ncl'}${primaries ? '' : ':pin=2020'}:t=linear:p=709:npl=100`,
  'format=gbrpf32le',
  'tonemap=hable:desat=0',
  'zscale=t=709:m=709:r=tv',
];
