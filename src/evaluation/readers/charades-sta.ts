// Charades-STA as published: `3MSZA 24.3 30.4##person turn a light on.` a line; the length of the video is not told.
import { query, type ReadQuestion, span } from './question-schema.js';
import { fitted, invalid } from './rows.js';

const LINE = /^(\S+)\s+(\S+)\s+(\S+)\s*##(.*)$/;

/** Throws `dataset.line_invalid`. */
export function readCharades(file: string, text: string): ReadQuestion[] {
  return text.split(/\r?\n/).flatMap((line, k) => {
    if (line.trim() === '') return [];
    const place = `line ${k + 1}`;
    const [, video = '', start, end, words] = LINE.exec(line) ?? [];
    if (words === undefined) throw invalid('dataset', file, place, 'must read VIDEO START END##QUERY');
    const window = fitted('dataset', file, place, [Number(start), Number(end)], span);
    return [{ qid: String(k + 1), video, query: fitted('dataset', file, place, words, query), windows: [window], duration: undefined, kind: 'present', place }];
  });
}
