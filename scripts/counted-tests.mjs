// Runs tests and counts them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { root } from './install.mjs';

/** Arguments of `vitest run`; a run that ends before it could count is one failure. */
export function countedTests(args, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'counted-tests-'));
  const counts = join(folder, 'counts.json');
  const vitest = resolve(root, 'node_modules/vitest/vitest.mjs');
  try {
    const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env, VERIFY: counts } };
    const content = spawnSync(process.execPath, [vitest, 'run', ...args], options).status === 0;
    const counted = JSON.parse(readFileSync(counts, 'utf8'));
    return content || counted.failed > 0 ? counted : { ...counted, failed: 1 };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
