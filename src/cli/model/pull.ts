// `secondsight model pull REPO`: a checkpoint from the hub, whole, verified and ready to be run.
import { listFiles, type ListFileEntry, modelInfo } from '@huggingface/hub';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../app-error.js';
import { readCheckpoint } from '../../inference/checkpoint.js';
import { loadConfig } from '../../platform/config/config.js';
import { diskSpace } from '../../platform/storage/disk-space.js';
import { ProgressBar } from '../table.js';
import { bytesHeld, faultMessage, fetchFile, type HubSource } from './hub-file.js';

export interface PullOptions {
  readonly revision: string;
  readonly to: string | undefined;
  readonly endpoint: string | undefined;
  readonly json: boolean;
}

const REPO = /^[\w][\w.-]*\/[\w][\w.-]*$/;
/** Files of a checkpoint: nothing in folders, and no weights in other formats. */
const WANTED = /^(?!\.)[\w.-]+\.(json|safetensors|txt|jinja|md)$|^LICENSE$/;
/** Room that is left for everything else. */
const SPARE_BYTES = 256 * 1024 ** 2;

/** Exit code 0; rejects with `pull.*` or, when what came is no checkpoint, `checkpoint.*`. */
export async function pull(repo: string, { revision, to, endpoint, json }: PullOptions): Promise<number> {
  if (!REPO.test(repo)) throw new AppError('usage.invalid', `${repo} is no repository; it is called OWNER/NAME, for instance Qwen/Qwen2.5-VL-3B-Instruct.`);
  const config = loadConfig();
  const hub = { endpoint: (endpoint ?? config.HF_ENDPOINT).replace(/\/+$/, ''), token: config.HF_TOKEN };
  const source = { repo, ...hub, revision: await commitOf(repo, revision, hub) };
  const files = await wantedFiles(source);
  const folder = resolve(to ?? join(config.DATA_DIR, 'models', repo.split('/')[1] ?? repo));
  await mkdir(folder, { recursive: true });
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let held = 0;
  for (const file of files) held += await bytesHeld(folder, file);
  await requireRoom(folder, total - held);

  const bar = new ProgressBar(process.stderr);
  const show = (file: ListFileEntry) => (count: number) => bar.draw(Math.min(1, (held += count) / total), `${(held / 1e9).toFixed(2)} of ${(total / 1e9).toFixed(2)} GB  ${file.path}`);
  let fetched = 0;
  for (const file of files) if ((await fetchFile(source, folder, file, show(file))) === 'fetched') fetched++;
  bar.finish();
  await readCheckpoint(folder);
  const facts = { repo, revision: source.revision, folder, files: files.length, fetched, bytes: total };
  process.stdout.write(json ? `${JSON.stringify(facts)}\n` : `${files.length} files of ${repo} at ${source.revision.slice(0, 12)}, verified.\nMODEL_DIR=${folder} runs it.\n`);
  return 0;
}

type Hub = Pick<HubSource, 'endpoint' | 'token'>;
const accessOf = ({ endpoint, token }: Hub) => ({ hubUrl: endpoint, ...(token === undefined ? {} : { accessToken: token }) });

async function commitOf(repo: string, revision: string, hub: Hub): Promise<string> {
  const { sha } = await asked(repo, hub, () => modelInfo({ name: repo, revision, additionalFields: ['sha'], ...accessOf(hub) }));
  return sha;
}

async function wantedFiles(source: HubSource): Promise<ListFileEntry[]> {
  const found = await asked(source.repo, source, async () => {
    const entries: ListFileEntry[] = [];
    for await (const entry of listFiles({ repo: source.repo, revision: source.revision, ...accessOf(source) })) entries.push(entry);
    return entries;
  });
  const files = found.filter(({ type, path }) => type === 'file' && WANTED.test(path));
  if (!files.some(({ path }) => path === 'config.json')) throw new AppError('pull.no_checkpoint', `${source.repo} holds no config.json: it is no checkpoint.`);
  return files.sort((a, b) => a.size - b.size);
}

/** Rejects with `pull.refused`, in the hub's own words. */
async function asked<T>(repo: string, { endpoint }: Hub, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new AppError('pull.refused', `${repo} cannot be read at ${endpoint}: ${faultMessage(cause)}. HF_TOKEN opens what is not public.`, { cause });
  }
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { freeBytes } = await diskSpace(folder);
  if (bytes === 0 || bytes + SPARE_BYTES <= freeBytes) return;
  const gigabytes = (count: number): string => (count / 1e9).toFixed(1);
  throw new AppError('pull.no_room', `${gigabytes(bytes)} GB are still to come, but the disk of ${folder} has ${gigabytes(freeBytes)} GB left; --to DIR names another.`);
}
