// A child process for work that blocks its thread: forked at first need, and again after it died.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** How long a child may take to leave before it is killed: it may be in the middle of a matrix. */
const LEAVE_MS = 3000;

export interface ForkedChildSpec<Reply> {
  /** Path of the module that the child runs. */
  readonly module: string;
  /** Given to the child as JSON. */
  readonly settings: unknown;
  /** Flags of node. */
  readonly flags?: readonly string[];
  readonly onReply: (reply: Reply) => void;
  /** The child died, or cannot be reached; `how` is its signal or exit code. */
  readonly onLost: (how: string, cause: Error | undefined) => void;
}

export class ForkedChild<Message extends object, Reply> {
  private child: ChildProcess | undefined;
  private closed = false;

  constructor(private readonly spec: ForkedChildSpec<Reply>) {}

  /** Process id of the child that lives now. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** Not to be called once it is closed. */
  send(message: Message): void {
    const child = this.start();
    child.send(message, (error) => error && this.lose(child, error));
  }

  /** To the child that lives now, if there is one. */
  tell(message: Message): void {
    if (this.child?.connected) this.child.send(message);
  }

  kill(): void {
    this.child?.kill('SIGKILL');
  }

  /** Lets the child leave; it is not forked again. */
  async close(): Promise<void> {
    this.closed = true;
    const { child } = this;
    if (!child) return;
    const gone = once(child, 'exit');
    const killer = setTimeout(() => child.kill('SIGKILL'), LEAVE_MS);
    if (child.connected) child.disconnect();
    await gone;
    clearTimeout(killer);
  }

  private start(): ChildProcess {
    if (this.child) return this.child;
    const { module, settings, flags = [], onReply } = this.spec;
    const child = fork(module, [JSON.stringify(settings)], {
      serialization: 'advanced', // typed arrays cross as they are
      execArgv: [...flags],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (reply) => onReply(reply as Reply));
    child.once('exit', () => this.lose(child));
    child.once('error', (error) => this.lose(child, error));
    this.child = child;
    return child;
  }

  private lose(child: ChildProcess, cause?: Error): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.spec.onLost(child.signalCode ?? (child.exitCode === null ? 'no reply' : `exit code ${child.exitCode}`), cause);
  }
}
