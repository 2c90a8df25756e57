// Spans: what was done, from when to when, and on whose behalf. Lines of the log carry the trace whether or not spans are sent anywhere.
import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from '../../app-error.js';
import { withLogFields } from '../log/log-fields.js';
import { formatTraceparent, newContext, parseTraceparent, type SpanContext } from './trace-context.js';

export type SpanKind = 'internal' | 'server' | 'client' | 'consumer';
export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  readonly kind?: SpanKind;
  /** Absent: the span that is open here. */
  readonly parent?: SpanContext | undefined;
  readonly attributes?: Attributes;
}

export interface FinishedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parentId: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly links: readonly SpanContext[];
  readonly error: string | undefined;
}

const open = new AsyncLocalStorage<Span>();
let sink: ((span: FinishedSpan) => void) | undefined;

/** Hands every span that ends to `receive`; without it they are forgotten. */
export function sendSpansTo(receive: ((span: FinishedSpan) => void) | undefined): void {
  sink = receive;
}

export class Span {
  readonly context: SpanContext;
  name: string;
  private readonly parent: SpanContext | undefined;
  private readonly startMs = performance.timeOrigin + performance.now();
  private readonly links: SpanContext[] = [];
  private attributes: Attributes;
  private error: string | undefined;

  constructor(
    name: string,
    private readonly options: SpanOptions = {},
  ) {
    this.name = name;
    this.parent = options.parent ?? open.getStore()?.context;
    this.context = newContext(this.parent);
    this.attributes = options.attributes ?? {};
  }

  /** Spans and lines of the log that arise in `work` belong to it. */
  run<T>(work: () => T): T {
    return withLogFields({ trace_id: this.context.traceId }, () => open.run(this, work));
  }

  set(attributes: Attributes): void {
    this.attributes = { ...this.attributes, ...attributes };
  }

  /** It has to do with a span of another trace. */
  link(other: SpanContext | undefined): void {
    if (other && other.traceId !== this.context.traceId) this.links.push(other);
  }

  fail(error: unknown): void {
    this.error = error instanceof AppError ? error.code : error instanceof Error ? error.message : String(error);
  }

  end(): void {
    if (!this.context.sampled) return;
    const { name, context, attributes, links, error, startMs } = this;
    sink?.({ name, context, attributes, links, error, startMs, kind: this.options.kind ?? 'internal', parentId: this.parent?.spanId, endMs: performance.timeOrigin + performance.now() });
  }
}

/** Runs `work` in a span that ends with it, and fails with it. */
export async function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const span = new Span(name, options);
  try {
    return await span.run(() => work(span));
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}

/** The span that is open here. */
export const currentSpan = (): Span | undefined => open.getStore();

/** What is stored beside work that others will do, so that their spans join; null outside of any span. */
export function currentTraceparent(): string | null {
  const span = currentSpan();
  return span ? formatTraceparent(span.context) : null;
}

/** The span of a request that has no trace of its own belongs to the trace of what it is about, too. */
export const linkTo = (traceparent: string | null): void => currentSpan()?.link(parseTraceparent(traceparent));
