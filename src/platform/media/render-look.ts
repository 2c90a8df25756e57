// What the pictures of a file need before every screen shows them right: fields taken apart, a high dynamic range brought down to the usual one.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { startFfprobe } from './command.js';
import { type FfmpegBinaries } from './ffmpeg-binaries.js';
import { type ReadOptions } from './probe.js';

export interface RenderLook {
  /** Before they are brought to size. */
  readonly first: readonly string[];
  /** At their new size; without any, the scaler itself turns the colours into those of BT.709. */
  readonly colours: readonly string[];
}

const answerSchema = z.object({ streams: z.array(z.object({ field_order: z.string().optional(), color_transfer: z.string().optional() })) });

/** Two fields of different times in each frame; ffprobe names which comes first, in the stream and on the screen. */
const INTERLACED = ['tt', 'bb', 'tb', 'bt'];
/** PQ and HLG (ITU-R BT.2100). */
const HIGH_RANGE = ['smpte2084', 'arib-std-b67'];
const MOST_ANSWER_BYTES = 1024 ** 2;

/** Each frame stays one frame at its own time. Where this ffmpeg cannot map tones, a high range is left as it is. */
export async function renderLook(binaries: FfmpegBinaries, file: string, streamIndex: number, options: ReadOptions): Promise<RenderLook> {
  const { field_order: fields = '', color_transfer: transfer = '' } = await described(binaries, file, streamIndex, options);
  return {
    first: INTERLACED.includes(fields) ? ['yadif=deint=interlaced'] : [],
    colours: HIGH_RANGE.includes(transfer) && (await mapsTones(binaries)) ? toneMapping(transfer) : [],
  };
}

async function described(binaries: FfmpegBinaries, file: string, streamIndex: number, { timeoutSeconds, signal }: ReadOptions): Promise<z.output<typeof answerSchema>['streams'][number]> {
  const entries = ['-select_streams', String(streamIndex), '-show_entries', 'stream=field_order,color_transfer', '-of', 'json'];
  const command = startFfprobe(binaries, { file, timeoutSeconds, signal, outputOptions: entries, maxOutputBytes: MOST_ANSWER_BYTES });
  const chunks: Buffer[] = [];
  for await (const chunk of command) chunks.push(chunk);
  const { exitCode } = await command.end;
  return exitCode === 0 ? (answerSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))).streams[0] ?? {}) : {};
}

const mapping = new Map<string, Promise<boolean>>();

function mapsTones({ ffmpeg: { path } }: FfmpegBinaries): Promise<boolean> {
  const known = mapping.get(path) ?? promisify(execFile)(path, ['-hide_banner', '-filters']).then(({ stdout }) => ['zscale', 'tonemap'].every((name) => stdout.includes(` ${name} `)));
  mapping.set(path, known);
  return known;
}

/** White of 100 cd/m2 stays white; what is brighter is pressed below it. */
const toneMapping = (transfer: string): string[] => [
  `zscale=tin=${transfer}:min=2020_ncl:pin=2020:t=linear:p=709:npl=100`,
  'format=gbrpf32le',
  'tonemap=hable:desat=0',
  'zscale=t=709:m=709:r=tv',
];
