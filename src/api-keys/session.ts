// A session of the page: a cookie that names a key and ends by itself, so that the key itself need not stay in a browser.
import type { CookieOptions, Request } from 'express';
import { type KeyHasher } from './key-hash.js';

export const SESSION_COOKIE = 'secondsight_session';

const LASTS_MS = 12 * 3600 * 1000;

/** `<id of the key>.<end, ms since 1970>.<hash>`. */
export function sessionToken(hasher: KeyHasher, keyId: string, now: number): string {
  const text = `${keyId}.${now + LASTS_MS}`;
  return `${text}.${hasher.hash('session', text)}`;
}

/** The id of the key; undefined for what is no session, or none any more. */
export function keyOfSession(hasher: KeyHasher, token: string, now: number): string | undefined {
  const [id = '', end = '', hash = ''] = token.split('.');
  return hasher.matches('session', `${id}.${end}`, hash) && Number(end) > now ? id : undefined;
}

/** Scripts cannot read it, and a page of another site cannot make a browser send it. */
export const sessionCookie = (request: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  path: '/',
  secure: request.secure || request.headers['x-forwarded-proto'] === 'https',
});

export const SESSION_MS = LASTS_MS;

/** The session that a browser sent; undefined without one. */
export function sessionOf({ headers }: Request): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === SESSION_COOKIE)?.[1];
}
