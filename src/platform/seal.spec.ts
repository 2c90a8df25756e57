// Tests of what is sealed.
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { seal, unseal } from './seal.js';

const key = randomBytes(32);
const plain = Buffer.from('a secret');

it('is opened by its key alone, and looks different each time', () => {
  const sealed = seal(key, plain);
  expect(unseal(key, sealed)).toEqual(plain);
  expect(seal(key, plain)).not.toEqual(sealed);
  expect(() => unseal(randomBytes(32), sealed)).toThrow();
});

it('opens as it was sealed before: nonce, tag, text', () => {
  const sealed = Buffer.from('000102030405060708090a0b7dc612e0e21a36e1f43088c24eb3cdd973e49904', 'hex');
  expect(unseal(Buffer.alloc(32, 7), sealed).toString()).toBe('kept');
});

it.each([0, 12, 28])('of which byte %i was changed is not opened, nor what was cut', (at) => {
  const sealed = seal(key, plain);
  expect(() => unseal(key, sealed.subarray(0, at))).toThrow();
  sealed[at]! ^= 1;
  expect(() => unseal(key, sealed)).toThrow();
});
