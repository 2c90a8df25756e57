// The text of a key: `ss_<env>_<id>_<secret>`, of which only the secret is one.

/** `ss_live_0193...`: names the key, and may be shown. */
export const prefixOf = (env: string, id: string): string => `ss_${env}_${id.replaceAll('-', '')}`;

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 32 bytes have as many digits at most: 62^43 > 2^256. */
const LENGTH = 43;
const KEY = /^ss_[a-z]+_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[0-9A-Za-z]{43}$/;

/** The whole key. `secret`: 32 random bytes. */
export function keyText(prefix: string, secret: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(secret).toString('hex')}`);
  let digits = '';
  for (let k = 0; k < LENGTH; k++) {
    digits = (DIGITS[Number(value % 62n)] ?? '') + digits;
    value /= 62n;
  }
  return `${prefix}_${digits}`;
}

/** Whether a header means a key of this service, though it may hold none. */
export const meansKey = (authorization: string): boolean => authorization.includes('ss_');

/** The id that a text names; undefined for what is no key. */
export function idOf(text: string): string | undefined {
  return KEY.exec(text)?.slice(1).join('-');
}
