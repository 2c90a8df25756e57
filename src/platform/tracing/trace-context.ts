// Where a span stands in its trace, as W3C Trace Context writes it: `traceparent`.
import { randomBytes } from 'node:crypto';

export interface SpanContext {
  readonly traceId: string; // 32 hex digits
  readonly spanId: string; // 16 hex digits
  /** Whoever began the trace wants it to be kept. */
  readonly sampled: boolean;
}

const FORM = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;

/** `00-<trace>-<span>-01`; undefined for what is none. */
export function parseTraceparent(text: string | null | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = FORM.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export const formatTraceparent = ({ traceId, spanId, sampled }: SpanContext): string => `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;

/** A child of `parent`, or the first span of a trace of its own. */
export const newContext = (parent?: SpanContext): SpanContext => ({
  traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
  sampled: parent?.sampled ?? true,
});
