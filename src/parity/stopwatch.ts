// Wall and processor seconds of named stages.

export class Stopwatch {
  readonly seconds = new Map<string, { wall: number; cpu: number }>();

  async time<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const [started, cpuBefore] = [performance.now(), process.cpuUsage()];
    const result = await work();
    const { user, system } = process.cpuUsage(cpuBefore);
    this.seconds.set(stage, { wall: (performance.now() - started) / 1e3, cpu: (user + system) / 1e6 });
    return result;
  }
}
