// Keeps the installation of the packed product to one registry: onnxruntime-node would fetch CUDA libraries from another on linux/x64.
//
// npm runs every preinstall before any postinstall. Whoever wants the libraries runs that script with ONNXRUNTIME_NODE_INSTALL=cuda12.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const folders = createRequire(import.meta.url).resolve.paths('onnxruntime-node') ?? [];
const script = folders.map((folder) => resolve(folder, 'onnxruntime-node/script/install.js')).find(existsSync);
if (script !== undefined) {
  const text = readFileSync(script, 'utf8');
  writeFileSync(script, text.replace('INSTALL_FLAG = parseInstallFlag();', 'INSTALL_FLAG = parseInstallFlag() ?? false;'));
}
