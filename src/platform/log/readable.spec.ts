// Tests of the readable log.
import { expect, it } from 'vitest';
import { readable } from './readable.js';

const line = (fields: object): string => JSON.stringify({ level: 30, time: '2026-01-02T03:04:05.678Z', ...fields });

it('shows time, level, message and fields', () => {
  expect(readable(line({ msg: 'listening', port: 8080, host: '127.0.0.1' }))).toBe(
    '03:04:05 info  listening port=8080 host=127.0.0.1\n',
  );
});

it('shows the code of an expected failure and the stack of a bug', () => {
  const expected = line({ level: 40, msg: 'window returned', err: { message: 'no space', code: 'storage.full', stack: 'at x' } });
  expect(readable(expected)).toBe('03:04:05 WARN  window returned\n         storage.full: no space\n');
  const bug = line({ level: 50, msg: 'boom', err: { message: 'boom', stack: 'TypeError: boom\n    at x' } });
  expect(readable(bug)).toBe('03:04:05 ERROR boom\nTypeError: boom\n    at x\n');
});
