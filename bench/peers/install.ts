// Installs what ours is compared with from the registries into a folder of its own; nothing of the product needs it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { loadConfig } from '../../src/platform/config/config.js';
import { tell } from '../harness/report.js';

const run = promisify(execFile);

export interface Peers {
  /** Python with torch and transformers. */
  readonly python: string;
  /** Folder of Python's `gguf`, for PYTHONPATH. */
  readonly gguf: string;
  /** Folder with node-llama-cpp and its builds of llama.cpp. */
  readonly llama: string;
}

const LLAMA = 'node-llama-cpp@3.22.1';
const TORCH = ['torch', 'transformers==5.24.0', 'safetensors', 'tokenizers', 'pillow', 'torchvision'];

/** BENCH_PEERS names the folder, BENCH_PYTHON a Python that has torch and transformers already: both take minutes and 6 GB. */
export async function installPeers(): Promise<Peers> {
  const folder = resolve(process.env['BENCH_PEERS'] ?? join(loadConfig().DATA_DIR, 'peers'));
  await mkdir(folder, { recursive: true });
  const peers = { python: process.env['BENCH_PYTHON'] ?? join(folder, 'python/bin/python'), gguf: join(folder, 'gguf'), llama: join(folder, 'llama') };
  if (!existsSync(peers.python)) {
    tell('Installing torch and transformers');
    await run('python3', ['-m', 'venv', join(folder, 'python')]);
    await run(peers.python, ['-m', 'pip', 'install', '-q', ...TORCH], LONG);
  }
  if (!existsSync(join(peers.gguf, 'gguf'))) await run(peers.python, ['-m', 'pip', 'install', '-q', '--no-deps', '--target', peers.gguf, 'gguf', 'pyyaml', 'tqdm'], LONG);
  if (!existsSync(join(peers.llama, 'node_modules/node-llama-cpp'))) {
    tell('Installing llama.cpp');
    await mkdir(peers.llama, { recursive: true });
    await writeFile(join(peers.llama, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--ignore-scripts', LLAMA], { ...LONG, cwd: peers.llama });
  }
  return peers;
}

const LONG = { maxBuffer: 64 * 1024 ** 2 };
