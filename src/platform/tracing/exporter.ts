// Sends spans to an OpenTelemetry collector over HTTP, many at a time; a collector that is away costs spans and nothing else.
import { hostname } from 'node:os';
import { AppError } from '../../app-error.js';
import { type Config } from '../config/config.js';
import { postJson } from '../http/post-json.js';
import { log } from '../log/log.js';
import { exportRequest, type Resource } from './otlp.js';
import { type FinishedSpan, sendSpansTo } from './span.js';

const FLUSH_MS = 2000;
const BATCH = 512;
/** Spans that wait while the collector is away; then the oldest go. */
const MOST_WAITING = 4096;
const TIMEOUT_MS = 5000;
const MOST_ANSWER_BYTES = 64 * 1024;

type TracingConfig = Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_HEADERS'>;

/** Where an endpoint is configured, sends the spans of this process to it; returns how to send the last ones and stop. */
export function startTracing(config: TracingConfig, process: 'api' | 'worker'): () => Promise<void> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers } = config;
  if (endpoint === undefined) return () => Promise.resolve();
  const exporter = new Exporter(`${endpoint.replace(/\/+$/, '')}/v1/traces`, parseHeaders(headers), { service: `secondsight-${process}`, instance: `${hostname()}:${globalThis.process.pid}` });
  sendSpansTo((span) => exporter.take(span));
  return () => exporter.stop();
}

/** `name=value,name=value`, values as in a URL. */
function parseHeaders(list = ''): Record<string, string> {
  const pairs = list.split(',').filter((pair) => pair !== '').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  return Object.fromEntries(pairs.map(([name, value]) => [name.trim().toLowerCase(), decodeURIComponent(value.trim())]));
}

class Exporter {
  private waiting: FinishedSpan[] = [];
  private sending: Promise<void> = Promise.resolve();
  private isAway = false;
  private readonly timer = setInterval(() => this.flush(), FLUSH_MS).unref();

  constructor(
    private readonly url: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly resource: Resource,
  ) {}

  take(span: FinishedSpan): void {
    this.waiting.push(span);
    if (this.waiting.length >= BATCH) this.flush();
  }

  async stop(): Promise<void> {
    sendSpansTo(undefined);
    clearInterval(this.timer);
    this.flush();
    await this.sending;
  }

  private flush(): void {
    this.sending = this.sending.then(() => this.send());
  }

  private async send(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH);
      try {
        await postJson(this.url, exportRequest(batch, this.resource), { headers: this.headers, timeoutMs: TIMEOUT_MS, maxBytes: MOST_ANSWER_BYTES });
        this.isAway = false;
      } catch (error) {
        if (error instanceof AppError && error.code === 'http.not_json') continue; // it has them all the same
        if (!this.isAway) log.warn({ err: error }, 'traces do not reach the collector; they are tried again');
        this.isAway = true;
        this.waiting = [...batch, ...this.waiting].slice(-MOST_WAITING);
        return;
      }
    }
  }
}
