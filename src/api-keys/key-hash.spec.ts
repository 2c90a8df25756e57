// Tests of the pepper and of what is hashed under it.
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyHasher, KeyHasher } from './key-hash.js';
import { keyOfSession, sessionToken } from './session.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pepper-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hasherOf = (API_KEY_PEPPER?: string): Promise<KeyHasher> => createKeyHasher({ API_KEY_PEPPER, DATA_DIR: folder });

describe('the pepper', () => {
  it('is made once, for all processes that start at once, and is readable to its owner alone', async () => {
    const hashes = (await Promise.all(Array.from({ length: 8 }, () => hasherOf()))).map((hasher) => hasher.hash('key', 'x'));
    expect(new Set([...hashes, (await hasherOf()).hash('key', 'x')]).size).toBe(1);
    const file = join(folder, 'api-key-pepper');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const pepper = readFileSync(file, 'utf8').trim();
    expect(hashes[0]).toBe(createHmac('sha256', pepper).update('key\nx').digest('hex'));
  });

  it('of the configuration goes before, and leaves no file', async () => {
    expect((await hasherOf('p'.repeat(32))).hash('key', 'x')).toBe(new KeyHasher('p'.repeat(32)).hash('key', 'x'));
    expect(() => statSync(join(folder, 'api-key-pepper'))).toThrow('ENOENT');
  });

  it('that was cut short stops the start instead of shutting every key out', async () => {
    writeFileSync(join(folder, 'api-key-pepper'), 'abc');
    await expect(hasherOf()).rejects.toMatchObject({ code: 'secret.unusable' });
  });
});

describe('a session', () => {
  const hasher = new KeyHasher('p'.repeat(32));
  const token = sessionToken(hasher, 'id', 1000);

  it('names its key for twelve hours', () => {
    expect(keyOfSession(hasher, token, 1000)).toBe('id');
    expect(keyOfSession(hasher, token, 1000 + 12 * 3600 * 1000 - 1)).toBe('id');
    expect(keyOfSession(hasher, token, 1000 + 12 * 3600 * 1000)).toBeUndefined();
  });

  it('cannot be made longer, passed to another key, or made from what is stored of a key', () => {
    const [id = '', end = '', hash = ''] = token.split('.');
    for (const forged of [`${id}.${Number(end) + 1}.${hash}`, `other.${end}.${hash}`, `${id}.${end}.`, `${id}.${end}.${hasher.hash('key', `${id}.${end}`)}`, '', 'a.b', `${id}.${end}.é${hash.slice(1)}`]) {
      expect(keyOfSession(hasher, forged, 1000), forged).toBeUndefined();
    }
  });
});
