// No address that somebody else names leads inside: not by its spelling, not by its name, not by a redirect.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { isPublic } from '../../src/platform/http/address-guard.js';
import { GuardedFetch, outgoingUrl } from '../../src/platform/http/guarded-fetch.js';

const IPV4 = [
  ...['0.0.0.0', '0.255.255.255', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.254', '127.0.0.1', '127.255.255.254'],
  ...['169.254.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.0.170', '192.0.2.1', '192.88.99.1'],
  ...['192.168.0.1', '192.168.255.255', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255'],
  ...['240.0.0.1', '255.255.255.254', '255.255.255.255'],
];

const IPV6 = [
  ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:7f00:1', '::ffff:0:127.0.0.1'],
  ...['64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '100::1', '2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ...['2001:db8::1', '2002:7f00:1::', '2002:a00:1::1', '3fff::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fdff::1', 'fe80::1', 'febf::1', 'fec0::1', 'ff02::1'],
];

/** Loopback and its neighbours as nobody writes them. */
const SPELLINGS = [
  ...['2130706433', '0x7f000001', '017700000001', '0177.0.0.1', '0x7f.0.0.1', '127.1', '127.0.1', '0x7f.1', '127.0.0.1.', '0'],
  ...['0xa9fea9fe', '2852039166', '0251.0376.0251.0376', '１２７.０.０.１', '127。0。0。1', '%31%32%37.0.0.1', 'localhost', 'LOCALHOST.', 'a.localhost'],
  ...['[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[0000::0001]', '[::127.0.0.1]'],
];

const PUBLIC = ['100.63.255.254', '100.128.0.1', '64:ff9c::1', '2001:4860:4860::8888', '8.8.8.8', '::ffff:8.8.8.8', '172.32.0.1', '11.0.0.1', '2001:200::1', '128.0.0.1'];

let inside: Server;
let port: number;
let seen: string[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  inside = createServer((request, response) => answer(request, response));
  inside.on('connection', () => seen.push('connection'));
  await new Promise<void>((resolve) => inside.listen(0, '::', resolve));
  port = (inside.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => inside.close(resolve)));
beforeEach(() => {
  seen = [];
  answer = (_request, response) => response.end('inside');
});

type Resolver = NonNullable<ConstructorParameters<typeof GuardedFetch>[1]>;
const standsFor =
  (...answers: string[][]): Resolver =>
  () => Promise.resolve((answers.length > 1 ? answers.shift() ?? [] : answers[0] ?? []).map((address) => ({ address, family: isIP(address) })));

const options = { timeoutMs: 5_000, maxBytes: 1000 };

/** The code of the refusal, or what was answered. */
async function outcome(guarded: GuardedFetch, url: string, more: { maxRedirects?: number } = {}): Promise<string> {
  try {
    const { status, body } = await guarded.request(url, { ...options, ...more });
    return `${status} ${Buffer.concat(await body.toArray()).toString()}`;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  } finally {
    await guarded.onApplicationShutdown();
  }
}

describe('an address', () => {
  it.each([...IPV4, ...IPV6])('%s is not public', (address) => expect(isPublic(address)).toBe(false));

  it.each(PUBLIC)('%s is public', (address) => expect(isPublic(address)).toBe(true));
});

describe('a listener inside sees no connection', () => {
  it.each([...IPV4, ...IPV6.map((address) => `[${address}]`), ...SPELLINGS])('for http://%s', async (host) => {
    const guarded = new GuardedFetch([]);
    const url = `http://${host}:${port}/`;
    expect(() => guarded.check(url)).toThrow(expect.objectContaining({ code: 'address.refused' }) as Error);
    // not every resolver knows every name of loopback
    expect(await outcome(guarded, url)).toMatch(/localhost/i.test(host) ? /^address\.(refused|unresolvable)$/ : /^address\.refused$/);
    expect(seen).toEqual([]);
  });

  it.each([...IPV4, ...IPV6])('for a name that stands for %s', async (address) => {
    expect(await outcome(new GuardedFetch([], standsFor([address])), `http://receiver.example:${port}/`)).toBe('address.refused');
    expect(seen).toEqual([]);
  });

  it('for a name that was public when it was looked at, and is loopback when it is connected to', async () => {
    const resolve = standsFor(['8.8.8.8'], ['127.0.0.1']);
    expect(await resolve('rebinding.example')).toEqual([{ address: '8.8.8.8', family: 4 }]);
    expect(await outcome(new GuardedFetch([], resolve), `http://rebinding.example:${port}/`)).toBe('address.refused');
    expect(seen).toEqual([]);
  });

  it.each(['file:///etc/passwd', 'ftp://127.0.0.1/', 'gopher://127.0.0.1/', 'data:,x'])('for %s', async (url) => {
    expect(outgoingUrl.safeParse(url).success).toBe(false);
    expect(await outcome(new GuardedFetch([]), url)).toBe('address.refused');
  });
});

describe('a redirect', () => {
  const allowed = (): GuardedFetch => new GuardedFetch(['outside.example'], standsFor(['127.0.0.1']));
  const redirectTo = (location: string): void => {
    answer = (request, response) => {
      seen.push(request.headers.host ?? '');
      response.writeHead(302, { location }).end();
    };
  };

  it('is an answer to whoever does not follow redirects', async () => {
    redirectTo(`http://outside.example:${port}/again`);
    expect(await outcome(allowed(), `http://outside.example:${port}/`)).toBe('302 ');
    expect(seen).toEqual(['connection', `outside.example:${port}`]);
  });

  it.each(['127.0.0.1', '[::1]', '2130706433', 'other.example'])('to %s is followed by nobody', async (host) => {
    redirectTo(`http://${host}:${port}/secret`);
    expect(await outcome(allowed(), `http://outside.example:${port}/`, { maxRedirects: 3 })).toBe('address.refused');
    expect(seen).toEqual(['connection', `outside.example:${port}`]);
  });

  it('to another protocol is refused', async () => {
    redirectTo('file:///etc/passwd');
    expect(await outcome(allowed(), `http://outside.example:${port}/`, { maxRedirects: 3 })).toBe('address.refused');
  });

  it('is followed as often as it was asked for, without the secrets of the first address', async () => {
    answer = (request, response) => {
      seen.push(`${request.url} ${request.headers.authorization ?? '-'} ${request.headers.range ?? '-'}`);
      if (request.url === '/') response.writeHead(307, { location: `http://also.example:${port}/two` }).end();
      else response.end('there');
    };
    const guarded = new GuardedFetch(['outside.example', '127.0.0.0/8'], standsFor(['127.0.0.1']));
    const headers = { authorization: 'Bearer secret', range: 'bytes=3-' };
    const { url, body } = await guarded.request(`http://outside.example:${port}/`, { ...options, headers, maxRedirects: 1 });
    expect([url, Buffer.concat(await body.toArray()).toString()]).toEqual([`http://also.example:${port}/two`, 'there']);
    expect(seen.filter((line) => line !== 'connection')).toEqual(['/ Bearer secret bytes=3-', '/two - bytes=3-']);
    redirectTo(`http://outside.example:${port}/`);
    expect(await outcome(guarded, `http://outside.example:${port}/`, { maxRedirects: 2 })).toBe('http.redirects');
  });
});

describe('what the operator allows', () => {
  it.each([
    ['a name', ['Receiver.example'], 'receiver.example'],
    ['an address', ['127.0.0.1'], 'receiver.example'],
    ['a range', ['10.0.0.0/8', '127.0.0.0/8'], '127.0.0.1'],
    ['a range of IPv6', ['::1/128'], '[::1]'],
  ])('is reached by %s', async (_kind, allow, host) => {
    expect(loadConfig({ OUTGOING_ALLOW: allow.join(', ') }).OUTGOING_ALLOW).toEqual(allow);
    expect(await outcome(new GuardedFetch(allow, standsFor(['127.0.0.1'])), `http://${host}:${port}/`)).toBe('200 inside');
  });

  it('is nothing else', async () => {
    expect(await outcome(new GuardedFetch(['10.0.0.0/8', 'receiver.example'], standsFor(['127.0.0.1'])), `http://other.example:${port}/`)).toBe('address.refused');
    expect(seen).toEqual([]);
  });

  it('is refused at the start where it makes no sense', () => {
    expect(() => loadConfig({ OUTGOING_ALLOW: '10.0.0.0/33,http://x' })).toThrow(/OUTGOING_ALLOW/);
  });
});

describe('the bounds', () => {
  const reach = (more: Partial<typeof options> & { idleMs?: number }) =>
    new GuardedFetch(['127.0.0.1']).request(`http://127.0.0.1:${port}/`, { ...options, ...more }).then(async ({ body }) => (await body.toArray()).length);

  it('cut an answer that is too large, too slow, or broken off', async () => {
    answer = (_request, response) => response.end(Buffer.alloc(1001));
    await expect(reach({})).rejects.toMatchObject({ code: 'http.too_large' });
    answer = (_request, response) => void response.write('and then nothing');
    await expect(reach({ timeoutMs: 300 })).rejects.toMatchObject({ code: 'http.timeout' });
    answer = () => undefined;
    await expect(reach({ timeoutMs: 300 })).rejects.toMatchObject({ code: 'http.timeout' });
    await expect(reach({ idleMs: 300 })).rejects.toMatchObject({ code: 'http.timeout' });
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('x');
      setImmediate(() => response.destroy());
    };
    await expect(reach({})).rejects.toMatchObject({ code: 'http.interrupted' });
    answer = (_request, response) => void response.writeHead(200, { x: 'y'.repeat(20_000) }).end();
    await expect(reach({})).rejects.toMatchObject({ code: 'http.unreachable' });
  });

  it('say of a name that nobody knows, and of a port that nobody listens on, what it is', async () => {
    const unknown: Resolver = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    expect(await outcome(new GuardedFetch([], unknown), 'http://nobody.example/')).toBe('address.unresolvable');
    expect(await outcome(new GuardedFetch(['127.0.0.1']), 'http://127.0.0.1:1/')).toBe('http.unreachable');
  });
});
