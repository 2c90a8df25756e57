// `secondsight model inspect DIR`: what is in a checkpoint folder, what is wrong with it, and what it needs to be run.
import { resolve } from 'node:path';
import { AppError } from '../../app-error.js';
import { type Checkpoint, readCheckpointFiles, type ShardFile } from '../../inference/checkpoint.js';
import { packedRoot } from '../../inference/index.js';
import { describeModel } from '../../inference/model-card.js';
import { packedFolder, readPacked } from '../../inference/packed/packed-folder.js';
import { loadTokenizer } from '../../inference/text-tokenizer.js';
import { blocksOf } from '../../model/quantization/block-quantization.js';
import { type ModelConfig } from '../../model/qwen2-5-vl/config.js';
import { type PackedForm, packedForms, type PackingScheme, WEIGHT_SCHEMES, type WeightScheme } from '../../model/qwen2-5-vl/packing.js';
import { expectedShapes, findWeights, publishedName, type Weights } from '../../model/qwen2-5-vl/weights.js';
import { loadConfig } from '../../platform/config/config.js';
import { table } from '../table.js';

interface Report {
  readonly name: string;
  readonly hash: string;
  readonly directory: string;
  readonly parameters: { readonly all: number; readonly vision: number; readonly text: number };
  readonly vision: ModelConfig['vision'];
  readonly text: ModelConfig['text'];
  readonly tied_embeddings: boolean;
  readonly dtypes: Readonly<Record<string, number>>; // bytes
  readonly shards: readonly { readonly file: string; readonly bytes: number; readonly tensors: number }[];
  readonly tokenizer: { readonly tokens: number } | { readonly fault: string };
  /** Names of tensors, and what is odd about them. */
  readonly missing: readonly string[];
  readonly odd: readonly string[];
  readonly unknown: readonly string[];
  readonly cache_bytes_per_token: number;
  /** What the weights of a scheme take in memory; packed ones are shared by all processes of a machine. */
  readonly weights: Readonly<Record<WeightScheme, { readonly bytes: number; readonly packed: string | null }>>;
}

/** Exit code 0, 1 where something is missing or odd. Rejects with `checkpoint.*` for a folder that cannot be read at all. */
export async function inspect(directory: string, json: boolean): Promise<number> {
  const report = await reportOf(resolve(directory));
  process.stdout.write(json ? `${JSON.stringify({ ...report, vision: inSnakeCase(report.vision), text: inSnakeCase(report.text) })}\n` : describe(report));
  return report.missing.length + report.odd.length > 0 || 'fault' in report.tokenizer ? 1 : 0;
}

async function reportOf(directory: string): Promise<Report> {
  const checkpoint = await readCheckpointFiles(directory);
  const { config, files } = checkpoint;
  const card = await describeModel(checkpoint);
  const faults = faultsOf(config, files);
  const isWhole = faults.missing.length + faults.odd.length === 0;
  const place = { root: packedRoot(loadConfig()), modelHash: card.hash };
  const packed = async (scheme: PackingScheme): Promise<string | null> => {
    const folder = packedFolder({ ...place, scheme });
    return (await readPacked(folder)) ? folder : null;
  };
  const bytes = (scheme: WeightScheme): number => (isWhole ? weightBytes(checkpoint, findWeights(config, files), scheme) : NaN);
  return {
    ...{ name: card.name, hash: card.hash, directory, parameters: parametersOf(files) },
    ...{ vision: config.vision, text: config.text, tied_embeddings: config.tieWordEmbeddings },
    dtypes: bytesByDtype(files),
    shards: files.map(({ name, size, header }) => ({ file: name, bytes: size, tensors: header.tensors.size })),
    tokenizer: await tokenizerOf(directory),
    ...faults,
    cache_bytes_per_token: 2 * config.text.numHiddenLayers * config.text.numKeyValueHeads * config.text.headDim * Float32Array.BYTES_PER_ELEMENT,
    weights: {
      fp32: { bytes: bytes('fp32'), packed: null },
      int8: { bytes: bytes('int8'), packed: await packed('int8') },
      int4: { bytes: bytes('int4'), packed: await packed('int4') },
    },
  };
}

function faultsOf(config: ModelConfig, files: readonly ShardFile[]): Pick<Report, 'missing' | 'odd' | 'unknown'> {
  const expected = new Map(expectedShapes(config));
  const found = new Map<string, string[]>();
  const odd: string[] = [];
  const unknown: string[] = [];
  for (const { name: file, header } of files) {
    for (const [stored, { shape, dtype }] of header.tensors) {
      const name = publishedName(stored);
      const wanted = expected.get(name);
      if (!wanted) unknown.push(stored);
      else if (wanted.join() !== shape.join()) odd.push(`${stored} is [${shape.join(', ')}], config.json asks for [${wanted.join(', ')}]`);
      else if (!['F32', 'F16', 'BF16'].includes(dtype)) odd.push(`${stored} is stored as ${dtype}`);
      found.set(name, [...(found.get(name) ?? []), file]);
    }
  }
  for (const [name, holders] of found) if (holders.length > 1) odd.push(`${name} is held by ${holders.join(' and ')}`);
  return { missing: [...expected.keys()].filter((name) => !found.has(name)), odd, unknown };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

function parametersOf(files: readonly ShardFile[]): Report['parameters'] {
  let [vision, text] = [0, 0];
  for (const { header } of files) {
    for (const [name, { shape }] of header.tensors) {
      if (publishedName(name).startsWith('visual.')) vision += sizeOf(shape);
      else text += sizeOf(shape);
    }
  }
  return { all: vision + text, vision, text };
}

function bytesByDtype(files: readonly ShardFile[]): Record<string, number> {
  const bytes: Record<string, number> = {};
  for (const { header } of files) for (const { dtype, start, end } of header.tensors.values()) bytes[dtype] = (bytes[dtype] ?? 0) + end - start;
  return bytes;
}

/** The embedding matrix stays on disk, unless it is the head too. */
function weightBytes({ config }: Pick<Checkpoint, 'config'>, weights: Weights, scheme: WeightScheme): number {
  const forms = scheme === 'fp32' ? new Map<string, PackedForm>() : packedForms(config, weights, scheme);
  let bytes = 0;
  for (const [name, { shape }] of weights) {
    const form = forms.get(name.replace(/\.weight$/, ''));
    if (name === 'model.embed_tokens.weight' && !config.tieWordEmbeddings) continue;
    bytes += form && name.endsWith('.weight') ? packedBytes(shape, form) : 4 * sizeOf(shape);
  }
  return bytes;
}

function packedBytes([outputs = 0, inputs = 0]: readonly number[], form: PackedForm): number {
  if (form.kind === 'columns') return outputs * inputs + 4 * outputs;
  return outputs * blocksOf(inputs, form) * ((form.blockSize * form.bits) / 8 + 4);
}

async function tokenizerOf(directory: string): Promise<Report['tokenizer']> {
  try {
    return { tokens: (await loadTokenizer(directory)).knownTokens };
  } catch (error) {
    if (error instanceof AppError) return { fault: error.message };
    throw error;
  }
}

/** Names as config.json has them. */
const inSnakeCase = (record: object): object =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value as unknown]));

const SHOWN = 10;

function describe(report: Report): string {
  const { text, vision, parameters, shards, tokenizer } = report;
  const facts = [
    ['name', `${report.name} (${report.hash})`],
    ['parameters', `${millions(parameters.all)}: tower ${millions(parameters.vision)}, decoder ${millions(parameters.text)}`],
    ['tower', `${vision.depth} blocks of ${vision.hiddenSize}, ${vision.numHeads} heads, whole frames in blocks ${vision.fullattBlockIndexes.join(', ')}`],
    ['decoder', `${text.numHiddenLayers} layers of ${text.hiddenSize}, ${text.numAttentionHeads} heads on ${text.numKeyValueHeads}, ${text.vocabSize} tokens, head ${report.tied_embeddings ? 'tied' : 'of its own'}`],
    ['stored as', Object.entries(report.dtypes).map(([dtype, bytes]) => `${dtype} ${size(bytes)}`).join(', ')],
    ['tokenizer', 'fault' in tokenizer ? tokenizer.fault : `${tokenizer.tokens} tokens`],
    ['keys and values', `${size(report.cache_bytes_per_token)} a token`],
  ];
  const weights = WEIGHT_SCHEMES.map((scheme) => {
    const { bytes, packed } = report.weights[scheme];
    return [scheme, Number.isNaN(bytes) ? '?' : size(bytes), scheme === 'fp32' ? 'read at start' : (packed ?? 'not packed yet')];
  });
  const faults = [...listed('missing', report.missing), ...listed('odd', report.odd), ...listed('unknown, left alone', report.unknown)];
  return [
    table(['fact', 'value'], facts),
    table(['file', 'size', 'tensors'], shards.map(({ file, bytes, tensors }) => [file, size(bytes), tensors])),
    table(['weights', 'memory', 'where'], weights),
    ...(faults.length > 0 ? [faults.join('\n')] : []),
    '',
  ].join('\n\n');
}

function listed(what: string, names: readonly string[]): string[] {
  const more = names.length > SHOWN ? [`${what}: and ${names.length - SHOWN} more`] : [];
  return [...names.slice(0, SHOWN).map((name) => `${what}: ${name}`), ...more];
}

const millions = (count: number): string => `${(count / 1e6).toFixed(1)} million`;
const size = (bytes: number): string => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`);
