// Who runs against whom: ours under each kind of weights in this process, peers in processes of their own that take tasks by line.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import { once } from 'node:events';
import { median, rounded } from '../../src/model/metrics/statistics.js';
import { PROJECT_ROOT } from '../../src/platform/config/config.js';
import { table } from '../../src/cli/table.js';
import { print, tell } from '../harness/report.js';

/** Runs once and tells the processor seconds that it took. */
export type Contestant = () => Promise<number>;

/** Seconds by contestant, one entry a round. */
export type Rounds = Readonly<Record<string, readonly number[]>>;

/** All of them one after the other in every round, so that a busy neighbour disturbs them alike; the first round only warms up. */
export async function compete(contestants: Readonly<Record<string, Contestant>>, rounds: number): Promise<Rounds> {
  const seconds: Record<string, number[]> = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      const took = await run();
      if (round > 0) seconds[name]?.push(took);
    }
    tell(round === 0 ? 'warm' : `round ${round}: ${Object.entries(seconds).map(([name, all]) => `${name} ${rounded(all.at(-1) ?? NaN, 3)}`).join(', ')}`);
  }
  return seconds;
}

/** How many times as fast as `peer`: the median of the rounds' own ratios, with the least and the most. */
export function ratioOf(rounds: Rounds, ours: string, peer: string): { median: number; least: number; most: number } {
  const ratios = (rounds[ours] ?? []).map((seconds, k) => (rounds[peer]?.[k] ?? NaN) / seconds);
  return { median: rounded(median(ratios), 3), least: rounded(Math.min(...ratios), 3), most: rounded(Math.max(...ratios), 3) };
}

export function printRounds(title: string, rounds: Rounds): void {
  print(`${title}, processor seconds`);
  const rows = Object.entries(rounds).map(([name, all]) => [name, ...[median(all), Math.min(...all), Math.max(...all)].map((value) => value.toFixed(3))]);
  print(table(['who', 'median', 'least', 'most'], rows));
}

/** A program of bench/peers that answers every line with the seconds it took. */
export class Peer {
  private readonly process: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const [interpreter = '', script = '', ...rest] = [program, ...args];
    this.process = spawn(interpreter, [join(PROJECT_ROOT, 'bench/peers', script), ...rest], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    this.reader = createInterface({ input: this.process.stdout! });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  async ready(): Promise<this> {
    await this.answer();
    return this;
  }

  async task(task: Readonly<Record<string, unknown>>): Promise<number> {
    return Number((await this.request(task))['seconds']);
  }

  /** The whole of what it answers. */
  async request(task: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    this.process.stdin?.write(`${JSON.stringify(task)}\n`);
    return this.answer();
  }

  async close(): Promise<void> {
    this.process.stdin?.end();
    if (this.process.exitCode === null) await once(this.process, 'exit');
  }

  private async answer(): Promise<Record<string, unknown>> {
    const next = await this.lines.next();
    if (next.done) throw new Error('a peer ended without an answer; what it said stands above');
    return JSON.parse(next.value) as Record<string, unknown>;
  }
}
