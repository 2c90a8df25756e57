// Installs what ours is compared with from the registries into a folder of its own; nothing of the product needs it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
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
  const folder = peersFolder();
  const peers = { python: await installTorch(folder), gguf: join(folder, 'gguf'), llama: join(folder, 'llama') };
  if (!existsSync(join(peers.gguf, 'gguf'))) await run(peers.python, ['-m', 'pip', 'install', '-q', '--no-deps', '--target', peers.gguf, 'gguf', 'pyyaml', 'tqdm'], LONG);
  if (!existsSync(join(peers.llama, 'node_modules/node-llama-cpp'))) {
    tell('Installing llama.cpp');
    await mkdir(peers.llama, { recursive: true });
    await writeFile(join(peers.llama, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--ignore-scripts', LLAMA], { ...LONG, cwd: peers.llama });
  }
  return peers;
}

export interface VideoPeers {
  readonly python: string;
  /** For the Python that runs bench/peers/video_peer.py. */
  readonly env: Readonly<Record<string, string>>;
}

/** PyAV brings the libraries of ffmpeg along that torchcodec looks for under their plain names. */
const VIDEO = ['decord', 'torchcodec', 'qwen-vl-utils', 'av', 'torchvision', 'requests', 'charset_normalizer', 'idna', 'urllib3', 'certifi', 'packaging', 'pillow'];

/** decord, torchcodec and qwen-vl-utils beside torch. */
export async function installVideoPeers(): Promise<VideoPeers> {
  const folder = peersFolder();
  const python = await installTorch(folder);
  const [packages, libraries] = [join(folder, 'video'), join(folder, 'video/ffmpeg')];
  if (!existsSync(libraries)) {
    tell('Installing decord, torchcodec and qwen-vl-utils');
    await run(python, ['-m', 'pip', 'install', '-q', '--no-deps', '--target', packages, ...VIDEO], LONG);
    await mkdir(libraries, { recursive: true });
    for (const name of await readdir(join(packages, 'av.libs'))) {
      const [, library, version] = /^(lib(?:av|sw)\w+)-\w+\.so\.(\d+)/.exec(name) ?? [];
      if (library !== undefined) await symlink(join('../av.libs', name), join(libraries, `${library}.so.${version}`));
    }
  }
  return { python, env: { PYTHONPATH: packages, LD_LIBRARY_PATH: [libraries, join(packages, 'av.libs')].join(':') } };
}

const peersFolder = (): string => resolve(process.env['BENCH_PEERS'] ?? join(loadConfig().DATA_DIR, 'peers'));

/** A Python that has torch and transformers. */
async function installTorch(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const python = process.env['BENCH_PYTHON'] ?? join(folder, 'python/bin/python');
  if (!existsSync(python)) {
    tell('Installing torch and transformers');
    await run('python3', ['-m', 'venv', join(folder, 'python')]);
    await run(python, ['-m', 'pip', 'install', '-q', ...TORCH], LONG);
  }
  return python;
}

const LONG = { maxBuffer: 64 * 1024 ** 2 };
