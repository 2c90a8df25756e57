// Several servers of one model: each is examined before it is asked, the least busy goes first, and one that fails is set aside until it passes again.
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../app-error.js';
import { log } from '../../platform/log/log.js';
import { abortError } from '../aborted.js';

export interface PoolSettings {
  /** Requests under way at one server. */
  readonly concurrency: number;
  /** How long a server that did not pass is left alone. */
  readonly asideMs: number;
  /** How long one that passed is believed, where it is idle then: what stands between may have changed. */
  readonly againMs: number;
  /** Waits before the second try and those after it; between half of it and all of it, so that not all come back at once. */
  readonly retryMs: readonly number[];
}

export interface PooledServer {
  readonly name: string;
  readonly url: string;
}

export interface TurnOptions {
  /** Goes before what waits and is not urgent. */
  readonly urgent?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** False once an answer cannot be begun anew. */
  readonly mayRetry?: () => boolean;
}

interface Seat<Server> {
  readonly server: Server;
  state: 'unknown' | 'fit' | 'aside';
  fault: AppError | undefined;
  load: number;
  failuresInARow: number;
  examination: Promise<void> | undefined;
  /** `performance.now()` from which it may be looked at again. */
  dueMs: number;
}

interface Waiting<Server> {
  readonly key: string;
  readonly urgent: boolean;
  readonly tried: ReadonlySet<Seat<Server>>;
  readonly begin: (seat: Seat<Server>) => void;
  readonly refuse: (error: AppError) => void;
}

/** After so many failures in a row a server is set aside. */
const MOST_FAILURES = 3;

/** What a fault says about the server: that it must be examined again, that it may be tried again, or nothing, as the fault lies in the request. */
const EXAMINE_AGAIN = /^inference\.(server_(unreachable|timeout|changed|misconfigured|too_old)|frames_lost|timing_lost)$/;
const TRY_AGAIN = /^inference\.(server_(busy|failed)|reply_invalid)$/;

export class ServerPool<Server extends PooledServer> {
  private readonly seats: readonly Seat<Server>[];
  private readonly waiting: Waiting<Server>[] = [];
  private readonly closed = new AbortController();

  constructor(
    servers: readonly Server[],
    private readonly examine: (server: Server, signal: AbortSignal) => Promise<void>,
    private readonly settings: PoolSettings,
  ) {
    this.seats = servers.map((server) => ({ server, state: 'unknown', fault: undefined, load: 0, failuresInARow: 0, examination: undefined, dueMs: 0 }));
  }

  /** Servers that have passed. */
  get fit(): Server[] {
    return this.seats.filter(({ state }) => state === 'fit').map(({ server }) => server);
  }

  /**
   * Examines the servers that are due, and resolves as soon as one is fit. Rejects with `inference.no_server`, which says of each server
   * what is wrong with it.
   */
  async ready(): Promise<void> {
    if (this.closed.signal.aborted) throw abortError(this.closed.signal);
    const now = performance.now();
    const due = this.seats.filter(({ state, dueMs, load }) => dueMs <= now && (state !== 'fit' || load === 0)).map((seat) => this.admit(seat));
    if (this.fit.length > 0) return;
    await Promise.any(due).catch(() => undefined);
    if (this.fit.length === 0) throw this.noServer();
  }

  /** Settles as `work` does, which is tried again, at another server where there is one, for what may pass. Requests with one `key` prefer one server. */
  async run<Value>(key: string, work: (server: Server) => Promise<Value>, { urgent = false, signal, mayRetry = () => true }: TurnOptions = {}): Promise<Value> {
    const tried = new Set<Seat<Server>>();
    for (let attempt = 0; ; attempt++) {
      await this.ready();
      const seat = await this.take({ key, urgent, tried }, signal);
      let fault: unknown;
      try {
        const value = await work(seat.server);
        seat.failuresInARow = 0;
        return value;
      } catch (error) {
        fault = error;
      } finally {
        seat.load--;
        this.fill();
      }
      if (signal?.aborted) throw abortError(signal);
      if (this.closed.signal.aborted) throw abortError(this.closed.signal);
      const isOfServer = this.note(seat, fault);
      tried.add(seat);
      const wait = this.settings.retryMs[attempt];
      if (!isOfServer || wait === undefined || !mayRetry()) throw fault;
      const isElsewhere = this.seats.some((each) => each.state === 'fit' && !tried.has(each));
      if (!isElsewhere) await pause(waitOf(fault, wait), undefined, { signal }).catch(() => undefined);
    }
  }

  /** What is under way is broken off. */
  close(): void {
    const closed = new AppError('inference.closed', 'The model has been closed.');
    this.closed.abort(closed);
    for (const { refuse } of this.waiting.splice(0)) refuse(closed);
  }

  get closing(): AbortSignal {
    return this.closed.signal;
  }

  /** Resolves when the server has passed; rejects when it has not. */
  private admit(seat: Seat<Server>): Promise<void> {
    seat.examination ??= this.examine(seat.server, this.closed.signal)
      .then(
        () => {
          if (seat.state === 'aside') log.info({ server: seat.server.name }, 'the server of the model passes again');
          Object.assign(seat, { state: 'fit', fault: undefined, failuresInARow: 0, dueMs: performance.now() + this.settings.againMs });
        },
        (error: unknown) => {
          this.setAside(seat, asFault(error));
          throw error;
        },
      )
      .finally(() => {
        seat.examination = undefined;
        this.fill();
      });
    seat.examination.catch(() => undefined);
    return seat.examination;
  }

  private setAside(seat: Seat<Server>, fault: AppError): void {
    if (fault.code !== seat.fault?.code) log.warn({ server: seat.server.name, code: fault.code }, `a server of the model is set aside: ${fault.message}`);
    const dueMs = seat.examination ? performance.now() + this.settings.asideMs : 0; // what was well a moment ago is looked at again at once
    Object.assign(seat, { state: 'aside', fault, dueMs });
    this.fill();
  }

  /** True where the fault may pass, or is of the server alone. */
  private note(seat: Seat<Server>, error: unknown): boolean {
    if (!(error instanceof AppError)) return false;
    if (EXAMINE_AGAIN.test(error.code)) {
      this.setAside(seat, error);
      return true;
    }
    if (!TRY_AGAIN.test(error.code)) return false;
    if (error.code !== 'inference.server_busy' && ++seat.failuresInARow >= MOST_FAILURES) this.setAside(seat, error);
    return true;
  }

  private take(wish: Pick<Waiting<Server>, 'key' | 'urgent' | 'tried'>, signal: AbortSignal | undefined): Promise<Seat<Server>> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        if (signal) reject(abortError(signal));
      };
      const settle = <Argument>(how: (argument: Argument) => void) => (argument: Argument): void => {
        signal?.removeEventListener('abort', leave);
        how(argument);
      };
      const waiting: Waiting<Server> = { ...wish, begin: settle(resolve), refuse: settle(reject) };
      const place = wish.urgent ? this.waiting.findIndex(({ urgent }) => !urgent) : -1;
      this.waiting.splice(place < 0 ? this.waiting.length : place, 0, waiting);
      if (signal?.aborted) leave();
      else signal?.addEventListener('abort', leave, { once: true });
      this.fill();
    });
  }

  private fill(): void {
    if (this.fit.length === 0) for (const { refuse } of this.waiting.splice(0)) refuse(this.noServer());
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const seat = this.best(next);
      if (!seat) return;
      this.waiting.shift();
      seat.load++;
      next.begin(seat);
    }
  }

  /** The least busy of those that have not failed it yet; of equals always the same for one key, where its window is still in the cache. */
  private best({ key, tried }: Waiting<Server>): Seat<Server> | undefined {
    const free = this.seats.filter(({ state, load }) => state === 'fit' && load < this.settings.concurrency);
    const fresh = free.filter((seat) => !tried.has(seat));
    const order = (fresh.length > 0 ? fresh : free).map((seat) => ({ seat, rank: rankOf(key, seat.server.url) }));
    return order.sort((a, b) => a.seat.load - b.seat.load || (a.rank < b.rank ? -1 : 1))[0]?.seat;
  }

  private noServer(): AppError {
    const servers = this.seats.map(({ server, fault }) => ({ server: server.name, code: fault?.code ?? null, message: fault?.message ?? 'not examined yet' }));
    return new AppError('inference.no_server', `No server of the model can be used. ${servers.map(({ code, message }) => `${message} (${code})`).join(' ')}`, { details: { servers } });
  }
}

const asFault = (error: unknown): AppError =>
  error instanceof AppError ? error : new AppError('inference.server_failed', error instanceof Error ? error.message : String(error), { cause: error });

const rankOf = (key: string, url: string): string => createHash('sha256').update(`${key} ${url}`).digest('hex');

/** As long as the server asks for, else somewhere between half of `wait` and all of it. */
function waitOf(fault: unknown, wait: number): number {
  const asked = fault instanceof AppError ? fault.details?.['retryAfterMs'] : undefined;
  return typeof asked === 'number' ? asked : wait * (0.5 + Math.random() / 2);
}
