// The rules of the model against the stored numbers of the reference implementation.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runVectorSuite } from '../../src/parity/suite.js';
import { vectorSuites } from '../../src/parity/vector-suites.js';

const GOLDEN = join(import.meta.dirname, 'golden');

describe('every vector file of the reference', () => {
  it.each(vectorSuites)('$file agrees within its tolerance', async (suite) => {
    const report = await runVectorSuite(suite, GOLDEN);
    expect(report?.failures).toEqual([]);
    expect(report?.cases).toBeGreaterThan(0);
    expect(report?.largestDifference).toBeLessThanOrEqual(report?.tolerance ?? 0);
  });
});
