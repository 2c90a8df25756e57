// Tests of the text of keys.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newId } from '../platform/database/id.js';
import { idOf, keyText, prefixOf } from './key-text.js';

it('a key names its id, and holds every one of its 32 bytes', () => {
  const id = newId();
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (secret) => {
      const text = keyText(prefixOf('live', id), secret);
      expect(idOf(text)).toBe(id);
      const bytes = Buffer.from(secret).toString('hex');
      expect(seen.get(text) ?? bytes).toBe(bytes);
      seen.set(text, bytes);
    }),
  );
  expect(keyText('p', Buffer.alloc(32, 0xff))).toMatch(/^p_[0-9A-Za-z]{43}$/);
  expect(keyText('p', Buffer.alloc(32, 0xff))).not.toBe(keyText('p', Buffer.from(`${'ff'.repeat(31)}fe`, 'hex')));
});

it.each(['', 'x', 'ss_live_', `ss_live_${'0'.repeat(32)}_short`, `ss_LIVE_${'0'.repeat(32)}_${'a'.repeat(43)}`, `ss_live_${'g'.repeat(32)}_${'a'.repeat(43)}`])('%s is no key', (text) => {
  expect(idOf(text)).toBeUndefined();
});
