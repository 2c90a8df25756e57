// What a parity suite is, and how it keeps score: cases, failures and the difference that came closest to its tolerance.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Compares this implementation with the stored numbers of one vector file. */
export interface VectorSuite {
  /** Name of the file within the folder of vectors. */
  readonly file: string;
  run(directory: string): Promise<SuiteReport>;
}

export interface SuiteReport {
  readonly cases: number;
  /** Of all differences the one that uses up most of its tolerance; both are 0 where everything must be equal. */
  readonly largestDifference: number;
  readonly tolerance: number;
  /** One sentence a failed case. */
  readonly failures: readonly string[];
  readonly note?: string;
}

/** Runs a suite over a folder; undefined when its file is absent. A file that cannot be read is a failure. */
export async function runVectorSuite(suite: VectorSuite, directory: string): Promise<SuiteReport | undefined> {
  if (!existsSync(join(directory, suite.file))) return undefined;
  try {
    return await suite.run(directory);
  } catch (error) {
    return { cases: 0, largestDifference: 0, tolerance: 0, failures: [`${suite.file} cannot be read: ${String(error)}`] };
  }
}

export class Score {
  private cases = 0;
  private worst = { difference: 0, tolerance: 0, used: 0 };
  private readonly failures: string[] = [];

  /** One case: whatever `compare` throws is its failure. */
  case(name: string, compare: () => void): void {
    this.cases += 1;
    try {
      compare();
    } catch (error) {
      this.failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Numbers must be close, element by element. */
  close(what: string, actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
    if (actual.length !== expected.length) throw new Error(`${what} has ${actual.length} values, expected ${expected.length}`);
    let difference = 0;
    for (let k = 0; k < expected.length; k++) difference = Math.max(difference, Math.abs(actual[k]! - expected[k]!));
    const used = difference === 0 ? 0 : difference / tolerance;
    const isWorse = used > this.worst.used || (used === this.worst.used && tolerance > this.worst.tolerance);
    if (isWorse || Number.isNaN(used)) this.worst = { difference, tolerance, used };
    if (!(difference <= tolerance)) throw new Error(`${what} differs by ${difference}, more than ${tolerance}`);
  }

  /** Plain values must be the same. */
  same(what: string, actual: unknown, expected: unknown): void {
    const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (a !== b) throw new Error(`${what} is ${shorten(a)}, expected ${shorten(b)}`);
  }

  /** The reference refuses this input, and so must we. */
  refused(what: string, attempt: () => unknown): void {
    let result: unknown;
    try {
      result = attempt();
    } catch {
      return;
    }
    throw new Error(`${what} is ${shorten(JSON.stringify(result))}, expected a refusal`);
  }

  report(note?: string): SuiteReport {
    const { difference: largestDifference, tolerance } = this.worst;
    return { cases: this.cases, largestDifference, tolerance, failures: this.failures, ...(note === undefined ? {} : { note }) };
  }
}

const shorten = (text: string | undefined): string => (text === undefined || text.length <= 120 ? String(text) : `${text.slice(0, 117)}...`);
