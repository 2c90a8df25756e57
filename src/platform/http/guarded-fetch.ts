// Requests to addresses that somebody else named: webhooks, videos and pictures by URL. Every connection passes the guard.
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent } from 'undici';
import { z } from 'zod';
import { AppError } from '../../app-error.js';
import { AddressGuard } from './address-guard.js';
import { guardedConnector, type Resolve, systemResolve } from './guarded-connector.js';
import { nameOf, type OutgoingRequest, type OutgoingResponse, sendRequest } from './outgoing-request.js';

/** An address that the product may be told to call. */
export const outgoingUrl = z
  .url({ protocol: /^https?$/, error: ({ input }) => (/^https?:\/\//i.test(String(input)) ? 'is no address: its host or its port cannot be' : 'must be an address that begins with https:// or http://') })
  .max(2048)
  .refine((url) => !URL.canParse(url) || (!new URL(url).username && !new URL(url).password), 'must not hold a name or a password');

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_HEADER_BYTES = 16 * 1024;

export interface GuardedRequest extends OutgoingRequest {
  /** Redirects to follow with the same method, each of them guarded again; default 0: a redirect is an answer like any other. */
  readonly maxRedirects?: number;
}

const withoutSecrets = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(authorization|cookie)$/i.test(name)));

@Injectable()
export class GuardedFetch implements OnApplicationShutdown {
  private readonly guard: AddressGuard;
  private readonly agent: Agent;

  /** `allow`: entries of OUTGOING_ALLOW. */
  constructor(allow: readonly string[], resolve: Resolve = systemResolve) {
    this.guard = new AddressGuard(allow);
    this.agent = new Agent({ connect: guardedConnector(this.guard, resolve), maxHeaderSize: MAX_HEADER_BYTES });
  }

  /** Throws `address.refused` for a URL that can be refused by its looks, before anything is kept of it. */
  check(url: string): void {
    this.guard.checkUrl(url);
  }

  /**
   * Any answer, whatever its status. Rejects with `address.refused`, `address.unresolvable`, `http.unreachable`, `http.timeout` or
   * `http.redirects`, or with the reason of `signal`.
   */
  async request(url: string, { maxRedirects = 0, ...options }: GuardedRequest): Promise<OutgoingResponse> {
    const deadline = performance.now() + options.timeoutMs;
    let [at, headers] = [url, options.headers ?? {}];
    for (let followed = 0; ; followed++) {
      if (!/^https?:$/.test(new URL(at).protocol)) throw new AppError('address.refused', 'Only http:// and https:// addresses are called.');
      const response = await sendRequest(at, { ...options, headers, timeoutMs: Math.max(1, Math.round(deadline - performance.now())) }, this.agent);
      const { location } = response.headers;
      if (maxRedirects === 0 || !REDIRECTS.has(response.status) || location === undefined) return response;
      response.body.destroy();
      if (followed === maxRedirects) throw new AppError('http.redirects', `${nameOf(url)} redirects more than ${maxRedirects} times.`);
      if (!URL.canParse(location, at)) throw new AppError('http.redirects', `${nameOf(url)} redirects to what is no address.`);
      const next = new URL(location, at);
      if (next.origin !== new URL(at).origin) headers = withoutSecrets(headers);
      at = next.href;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}
