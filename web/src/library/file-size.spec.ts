// Bytes in words.
import { expect, it } from 'vitest';
import { fileSize } from './file-size';

it.each([[0, '0 bytes'], [1, '1 byte'], [6, '6 bytes'], [1500, '1.5 kB'], [1_100_000, '1.1 MB']])('says %i bytes as %s', (bytes, words) => {
  expect(fileSize(bytes)).toBe(words);
});
