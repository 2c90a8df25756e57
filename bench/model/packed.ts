// Packed weights of a checkpoint of a bench: made once, without the check that real ones must pass, as random numbers answer nothing.
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { readCheckpoint } from '../../src/inference/checkpoint.js';
import { type Model, openModel } from '../../src/inference/model.js';
import { packModel } from '../../src/inference/packed/pack-model.js';
import { machineKey } from '../../src/inference/packed/machine-key.js';
import { PACKING_VERSION } from '../../src/inference/packed/packed-folder.js';
import { type PackingScheme } from '../../src/model/qwen2-5-vl/packing.js';
import { tell } from '../harness/report.js';

export async function packedFor(checkpoint: string, scheme: PackingScheme): Promise<string> {
  const folder = `${checkpoint}-${scheme}-${PACKING_VERSION}-${machineKey()}`;
  if (existsSync(folder)) return folder;
  tell(`packing ${checkpoint} into ${scheme}`);
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await packModel(await readCheckpoint(checkpoint), scheme, part);
  await rename(part, folder);
  return folder;
}

export async function openAs(checkpoint: string, scheme: PackingScheme | 'fp32', threads: number): Promise<Model> {
  const packedFolder = scheme === 'fp32' ? undefined : await packedFor(checkpoint, scheme);
  return openModel(await readCheckpoint(checkpoint), { threads, packedFolder });
}
