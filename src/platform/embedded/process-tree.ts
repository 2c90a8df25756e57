// The children of this process: started one after the other, stopped in reverse order.
import { type ChildSpec, SupervisedChild } from './supervised-child.js';

export class ProcessTree {
  private readonly children: SupervisedChild[] = [];
  private stopped: Promise<void> | undefined;

  /** Resolves once the child has started; rejects with `process.start_failed`. */
  async start(spec: ChildSpec): Promise<SupervisedChild> {
    const child = new SupervisedChild(spec);
    this.children.push(child);
    await child.start();
    return child;
  }

  /** Whoever was started last, and so may need the others, goes first. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    for (const child of [...this.children].reverse()) await child.stop();
  }
}
