// Caption files as they are found: with every small fault that players forgive.
import { describe, expect, it } from 'vitest';
import { parseCaptions } from './parse-captions.js';

describe('WebVTT', () => {
  it('is read with settings, ids, tags, notes and styles, hours or not', () => {
    const file = [
      'WEBVTT - a title',
      'X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0',
      '',
      'NOTE',
      'not 00:00:09.000 --> 00:00:10.000 shown',
      '',
      'STYLE',
      '::cue { color: red }',
      '',
      'intro',
      '00:01.500 --> 00:03.000 align:start position:10%',
      '<v Anna>Hello &amp; <i>welcome</i>',
      'to the <c.loud>show</c> <00:02.000>now',
      '',
      '01:00:00.000 --> 01:00:01.250',
      '1 < 2 &lt; 3&#33;',
    ].join('\n');
    expect(parseCaptions(file)).toEqual({
      captions: [
        { startSeconds: 1.5, endSeconds: 3, text: 'Hello & welcome\nto the show now' },
        { startSeconds: 3600, endSeconds: 3601.25, text: '1 < 2 < 3!' },
      ],
      broken: 0,
    });
  });

  it('may hold no cue', () => {
    expect(parseCaptions('WEBVTT\n')).toEqual({ captions: [], broken: 0 });
  });
});

describe('SubRip', () => {
  it('is read with a byte order mark, CRLF, overrides, and blank lines where none should be', () => {
    const file = '\uFEFF1\r\n00:00:01,000 --> 00:00:02,500\r\n{\\an8}<b>One</b>\r\n\r\nstill one\r\n\r\n2\r\n0:00:02,0 --> 0:00:04,75 X1:1\r\nTwo\r\n';
    expect(parseCaptions(file).captions).toEqual([
      { startSeconds: 1, endSeconds: 2.5, text: 'One\nstill one' },
      { startSeconds: 2, endSeconds: 4.75, text: 'Two' },
    ]);
  });

  it('keeps overlapping cues, by start, and tells cues apart that no line divides', () => {
    const file = '1\n00:00:05,000 --> 00:00:09,000\nB\n2\n00:00:01,000 --> 00:00:06,000\nA\n';
    expect(parseCaptions(file).captions.map(({ text, startSeconds }) => [startSeconds, text])).toEqual([
      [1, 'A'],
      [5, 'B'],
    ]);
  });

  it('counts broken cues and goes on', () => {
    const file = '1\n00:00:0x,000 --> 00:00:02,000\nA\n\n2\n00:00:04,000 --> 00:00:03,000\nB\n\n3\n00:00:05,000 --> 00:00:06,000\nC\n';
    expect(parseCaptions(file)).toMatchObject({ broken: 2, captions: [{ text: 'C' }] });
  });
});

it.each(['', 'Dear sir or madam', '{"a": 1}', '1\n00:00:99,000 --> 00:00:99,500\nA\n'])('%j is no caption file', (text) => {
  expect(() => parseCaptions(text)).toThrow(expect.objectContaining({ code: 'captions.not_captions' }) as Error);
});

it('takes no time over what is made to take long', () => {
  const started = performance.now();
  for (const text of ['<'.repeat(200_000), '{\\'.repeat(100_000), '&#'.repeat(100_000), '\n \n'.repeat(100_000), `${' '.repeat(200_000)}-->`]) {
    parseCaptions(`WEBVTT\n\n00:01.000 --> 00:02.000\n${text}\n\n00:03.000 --> 00:04.000\nend`);
  }
  expect(performance.now() - started).toBeLessThan(2000);
});
