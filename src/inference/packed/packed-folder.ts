// Where the packed weights of a checkpoint lie, and whether they are whole.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../app-error.js';
import { type PackingScheme, WEIGHT_SCHEMES } from '../../model/qwen2-5-vl/packing.js';
import { machineKey } from './machine-key.js';

export const GRAPHS = { vision: 'vision.onnx', language: 'language.onnx' } as const;
export const MANIFEST = 'packed.json';

/** Changes whenever weights are packed in another way. */
export const PACKING_VERSION = 1;

const manifestSchema = z.object({
  scheme: z.enum(WEIGHT_SCHEMES),
  /** The checkpoint's own name and folder, for people. */
  name: z.string(),
  directory: z.string(),
  /** Bytes of every other file here. */
  files: z.record(z.string(), z.number()),
  /** What the check against fp32 found. */
  figures: z.record(z.string(), z.number()),
});
export type PackedManifest = z.output<typeof manifestSchema>;

export interface PackedPlace {
  /** Folder of everything that is packed. */
  readonly root: string;
  readonly modelHash: string;
  readonly scheme: PackingScheme;
}

/** A processor or a runtime that lays weights out in another way has another folder. */
export function packedFolder({ root, modelHash, scheme }: PackedPlace): string {
  return join(root, `${modelHash}-${scheme}-${PACKING_VERSION}-${machineKey()}`);
}

/** Undefined where there is none, or where a file is not as long as it was. */
export async function readPacked(folder: string): Promise<PackedManifest | undefined> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const manifest = manifestSchema.safeParse(parsed(text));
  if (!manifest.success) return undefined;
  for (const [name, bytes] of Object.entries(manifest.data.files)) {
    if ((await stat(join(folder, name)).catch(() => undefined))?.size !== bytes) return undefined;
  }
  return manifest.data;
}

/** Throws `checkpoint.not_packed`. */
export async function requirePacked(place: PackedPlace, directory: string): Promise<string> {
  const folder = packedFolder(place);
  if (await readPacked(folder)) return folder;
  const what = `There are no whole ${place.scheme} weights of ${directory} for this processor and runtime in ${place.root}`;
  throw new AppError('checkpoint.not_packed', `${what}: run \`secondsight model quantize ${directory} --scheme ${place.scheme}\`, or set WEIGHTS=fp32.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
