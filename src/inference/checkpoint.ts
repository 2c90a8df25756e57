// A checkpoint folder as published: configuration, tokenizer and the place of every weight, read and checked without reading the weights.
import { existsSync } from 'node:fs';
import { open, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { AppError } from '../app-error.js';
import { type ModelConfig, parseConfig } from '../model/qwen2-5-vl/config.js';
import { type GenerationSettings, parseGenerationConfig } from '../model/qwen2-5-vl/generation.js';
import { type CheckpointFile, findWeights, type Weights } from '../model/qwen2-5-vl/weights.js';
import { headerSize, parseHeader } from '../model/safetensors/header.js';

export interface Checkpoint {
  readonly directory: string;
  readonly config: ModelConfig;
  readonly weights: Weights;
  /** The weights' locations are relative to this folder. */
  readonly weightsFolder: string;
  readonly files: readonly ShardFile[];
  readonly generation: GenerationSettings;
}

/** One .safetensors file of the checkpoint, with its real path: published folders are often made of links. */
export interface ShardFile extends CheckpointFile {
  readonly path: string;
  readonly size: number; // bytes
  /** The length and the JSON at the start of the file. */
  readonly headerBytes: Uint8Array;
}

const INDEX = 'model.safetensors.index.json';
const SINGLE = 'model.safetensors';

/** Throws `checkpoint.*`, naming the file and, where there is one, the tensor. */
export async function readCheckpoint(directory: string): Promise<Checkpoint> {
  const { config, files, ...rest } = await readCheckpointFiles(directory);
  return { ...rest, config, files, weights: findWeights(config, files) };
}

/** Everything but the weights by name, which need not be those that config.json asks for. Throws `checkpoint.*`. */
export async function readCheckpointFiles(directory: string): Promise<Omit<Checkpoint, 'weights'>> {
  if (!existsSync(directory)) {
    throw new AppError('checkpoint.directory_missing', `There is no folder ${directory}; MODEL_DIR must name a checkpoint folder.`);
  }
  const configJson = await readCheckpointJson(directory, 'config.json');
  const config = asCheckpointFault('config.json', () => parseConfig(configJson));
  const generation = await readGeneration(directory, configJson);
  const { files, weightsFolder } = await readShards(directory);
  return { directory, config, generation, files, weightsFolder };
}

/** The parsed JSON of a file of the checkpoint. Throws `checkpoint.file_missing` or `checkpoint.json_invalid`. */
export async function readCheckpointJson(directory: string, name: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(join(directory, name), 'utf8');
  } catch (cause) {
    throw new AppError('checkpoint.file_missing', `${name} cannot be read in ${directory}.`, { cause, details: { file: name } });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('checkpoint.json_invalid', `${name} in ${directory} is not JSON.`, { cause, details: { file: name } });
  }
}

/** Spec 1.5. Without a generation_config.json answers are greedy and end where config.json says. */
async function readGeneration(directory: string, configJson: unknown): Promise<GenerationSettings> {
  const name = 'generation_config.json';
  if (existsSync(join(directory, name))) {
    const json = await readCheckpointJson(directory, name);
    return asCheckpointFault(name, () => parseGenerationConfig(json));
  }
  const { eos_token_id: eos, text_config: text } = configJson as { eos_token_id?: unknown; text_config?: { eos_token_id?: unknown } };
  return asCheckpointFault('config.json', () => parseGenerationConfig({ eos_token_id: eos ?? text?.eos_token_id }));
}

/** A fault in one of the checkpoint's own files is a fault of the checkpoint, not of the product's configuration. */
function asCheckpointFault<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError('checkpoint.config_invalid', cause.message, { cause, details: { ...cause.details, file, fault: cause.code } });
  }
}

async function readShards(directory: string): Promise<{ files: ShardFile[]; weightsFolder: string }> {
  const tensorsOf = await listShards(directory);
  const paths = new Map<string, string>();
  for (const [name, tensors] of tensorsOf) paths.set(name, await realShardPath(directory, name, tensors[0]));
  // The runtime refuses weights outside the folder it is given, links included, so it is given the one that holds all real files.
  const weightsFolder = commonFolder([...paths.values()]);
  const files: ShardFile[] = [];
  for (const [name, path] of paths) {
    const file = await readShard(name, path, weightsFolder);
    requireTensors(file, tensorsOf.get(name) ?? []);
    files.push(file);
  }
  return { files, weightsFolder };
}

/** Spec 10: the shards by name, each with the tensors that the index expects in it. */
async function listShards(directory: string): Promise<Map<string, string[]>> {
  if (!existsSync(join(directory, INDEX))) return new Map([[SINGLE, []]]);
  const index = (await readCheckpointJson(directory, INDEX)) as { weight_map?: unknown } | null;
  const map = index?.weight_map;
  if (typeof map !== 'object' || map === null || Object.values(map).some((file) => typeof file !== 'string')) {
    throw new AppError('checkpoint.json_invalid', `${INDEX} in ${directory} has no weight_map.`, { details: { file: INDEX } });
  }
  const tensorsOf = new Map<string, string[]>();
  for (const [tensor, file] of Object.entries(map as Record<string, string>)) tensorsOf.set(file, [...(tensorsOf.get(file) ?? []), tensor]);
  return tensorsOf;
}

async function realShardPath(directory: string, name: string, tensor: string | undefined): Promise<string> {
  try {
    return await realpath(join(directory, name));
  } catch (cause) {
    const details = { file: name, ...(tensor === undefined ? {} : { tensor }) };
    const needed = tensor === undefined ? '' : `, which should hold ${tensor}`;
    throw new AppError('checkpoint.file_missing', `${name} is missing in ${directory}${needed}.`, { cause, details });
  }
}

async function readShard(name: string, path: string, weightsFolder: string): Promise<ShardFile> {
  const { size } = await stat(path);
  const handle = await open(path);
  try {
    const firstBytes = new Uint8Array(Math.min(8, size));
    await handle.read(firstBytes, 0, firstBytes.length, 0);
    const headerBytes = new Uint8Array(headerSize(firstBytes, { name, size }));
    await handle.read(headerBytes, 0, headerBytes.length, 0);
    const location = relative(weightsFolder, path).split(sep).join('/');
    return { name, path, size, location, headerBytes, header: parseHeader(headerBytes, { name, size }) };
  } finally {
    await handle.close();
  }
}

function requireTensors(file: ShardFile, tensors: readonly string[]): void {
  const missing = tensors.find((tensor) => !file.header.tensors.has(tensor));
  if (missing === undefined) return;
  const details = { file: file.name, tensor: missing };
  throw new AppError('checkpoint.tensor_missing', `${file.name} does not hold ${missing}, though ${INDEX} says so.`, { details });
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0] ?? sep);
  while (!paths.every((path) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep))) folder = dirname(folder);
  return folder;
}
