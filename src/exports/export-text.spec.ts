// Text fit for files, and the names of files.
import { describe, expect, it } from 'vitest';
import { contentDisposition, exportFileName, oneLine, shortened, spelledInAscii } from './export-text.js';

describe('text', () => {
  it('is one line', () => expect(oneLine(' a\r\n\tb\u2028c\0d ')).toBe('a b c d'));

  it('is spelled in ASCII where there is a spelling', () => {
    expect(spelledInAscii('Café – Köln “ß” ﬁn…')).toBe('Cafe - Koln "ss" fin...');
    expect(spelledInAscii('旅行 🎬')).toBe('旅行 🎬');
  });

  it('is cut between characters', () => expect(shortened('ab🎬🎬🎬', 4)).toBe('a...'));
});

describe('the name of a file', () => {
  it.each([
    ['match 1.final.mp4', 'match 1.final.edl'],
    ['../../etc/passwd', 'passwd.edl'],
    ['C:\\clips\\a.mov', 'a.edl'],
    ['a: b?"<x>|.mp4', 'a_ b___x__.edl'],
    ['.mp4', 'mp4.edl'],
    ['...', 'video.edl'],
    ['', 'video.edl'],
    ['con.mp4', 'video-con.edl'],
    ['旅行.mp4', '旅行.edl'],
    ['a\r\nset-cookie: x.mp4', 'a set-cookie_ x.edl'],
    [`${'x'.repeat(300)}.mp4`, `${'x'.repeat(80)}.edl`],
  ])('of %j is safe', (name, file) => expect(exportFileName(name, 'edl')).toBe(file));

  it('is told in ASCII and in UTF-8', () => {
    expect(contentDisposition('inline', 'a.vtt')).toBe('inline; filename="a.vtt"');
    const encoded = 'K%C3%B6ln%20%E6%97%85%20%281%29%27.edl';
    expect(contentDisposition('attachment', "Köln 旅 (1)'.edl")).toBe(`attachment; filename="Koln _ (1)'.edl"; filename*=UTF-8''${encoded}`);
  });
});
