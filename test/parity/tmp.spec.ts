import { it } from 'vitest';
import { runVectorSuite } from '../../src/parity/suite.js';
import { vectorSuites } from '../../src/parity/vector-suites.js';
it('all', async () => { for (const s of vectorSuites) { const r = await runVectorSuite(s, '/work/shared/golden'); console.log(s.file, r?.cases, r?.largestDifference, r?.tolerance, r?.note ?? '', r?.failures.length, r?.failures.slice(0,6)); } });
