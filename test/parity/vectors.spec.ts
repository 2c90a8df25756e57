// The rules of the model against the stored numbers of the reference implementation.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runVectorSuite } from '../../src/parity/suite.js';
import { vectorSuites } from '../../src/parity/vector-suites.js';

const GOLDEN = join(import.meta.dirname, 'golden');

describe('the stored vectors', () => {
  it('are the files that were recorded', async () => {
    const sums = (await readFile(join(GOLDEN, 'SHA256SUMS'), 'utf8')).trim().split('\n');
    for (const line of sums) {
      const [recorded, file = ''] = line.split('  ');
      const sum = createHash('sha256').update(await readFile(join(GOLDEN, file))).digest('hex');
      expect(sum, file).toBe(recorded);
    }
  });

  it.each(vectorSuites)('of $file agree with ours within their tolerance', async (suite) => {
    const report = await runVectorSuite(suite, GOLDEN);
    expect(report?.failures).toEqual([]);
    expect(report?.cases).toBeGreaterThan(0);
  });
});
