// Processor seconds of a piece of work, whatever else the machine does meanwhile.
import { toolSeconds } from '../../src/platform/embedded/process-cost.js';

/** Of this process. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Of the programs that it starts. */
export async function spentByTools(work: () => Promise<unknown>): Promise<number> {
  const before = await toolSeconds();
  await work();
  return (await toolSeconds()) - before;
}

/** Of this process and of the programs that it starts. */
export async function spent(work: () => Promise<unknown>): Promise<number> {
  let own = 0;
  const tools = await spentByTools(async () => (own = await timed(work)));
  return own + tools;
}
