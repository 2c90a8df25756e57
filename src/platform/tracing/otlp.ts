// Spans in the JSON form of the OpenTelemetry protocol (OTLP 1.x, ExportTraceServiceRequest).
import { type Attributes, type FinishedSpan, type SpanKind } from './span.js';

const KINDS: Readonly<Record<SpanKind, number>> = { internal: 1, server: 2, client: 3, consumer: 5 };
const ERROR = 2;

export interface Resource {
  readonly service: string;
  readonly instance: string;
}

export function exportRequest(spans: readonly FinishedSpan[], { service, instance }: Resource): object {
  const attributes = attributesOf({ 'service.name': service, 'service.namespace': 'secondsight', 'service.instance.id': instance });
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: 'secondsight' }, spans: spans.map(spanOf) }] }] };
}

function spanOf({ name, kind, context, parentId, startMs, endMs, attributes, links, error }: FinishedSpan): object {
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    ...(parentId !== undefined && { parentSpanId: parentId }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: attributesOf(attributes),
    links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    status: error === undefined ? {} : { code: ERROR, message: error },
  };
}

const attributesOf = (attributes: Attributes): object[] => Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));

function valueOf(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** 64-bit integers are text in JSON; a microsecond is as fine as the clock. */
const nanoseconds = (ms: number): string => `${Math.round(ms * 1000)}000`;
