// Documents as the model writes them: blocks, boxes and Markdown, also of what is badly closed.
import { describe, expect, it } from 'vitest';
import { documentMarkdown, readDocument } from './document.js';

const ANSWER = `\`\`\`html
<html><body>
<h2 data-bbox="10 20 300 60">Results &amp; more</h2>
<p data-bbox="10 70 300 120">The <b>best</b> run took 3 * 4 s.<br>See below.
<table data-bbox="10 130 300 220" class="table1"><tr><th>Run</th><th colspan="2">Time</th></tr><tr><td rowspan="2">a|b<td>1<td>2<tr><td>3</td></tr></table>
<div class="formula" data-bbox="10 230 300 260"><img data-bbox="12 232 298 258" /><div>$E = mc^2$</div></div>
<div class="image caption" data-bbox="10 270 300 400"><img data-bbox="10 270 300 380"/><p>A [red] circle</p></div>
<div class="music sheet" format="abc notation" data-bbox="1 2 3 4"><img data-bbox="1 2 3 4"/>X:1
K:C
CDEF</div>
<div class="chemical formula" format="smile" data-bbox="1 2 3 4"><img data-bbox="1 2 3 4"/><div>CCO</div></div>
<ol><li>one<li>two</ol>
</body></html>
\`\`\``;

describe('readDocument', () => {
  const blocks = readDocument(ANSWER);

  it('finds every block with its box, in order', () => {
    expect(blocks.map(({ kind, box }) => [kind, box])).toEqual([
      ['heading', [10, 20, 300, 60]],
      ['paragraph', [10, 70, 300, 120]],
      ['table', [10, 130, 300, 220]],
      ['formula', [10, 230, 300, 260]],
      ['image caption', [10, 270, 300, 400]],
      ['music sheet', [1, 2, 3, 4]],
      ['chemical formula', [1, 2, 3, 4]],
      ['list', null],
    ]);
    expect(blocks[3]!.imageBox).toEqual([12, 232, 298, 258]);
    expect(blocks[0]).toMatchObject({ level: 2, text: 'Results & more' });
  });

  it('writes Markdown', () => {
    expect(documentMarkdown(blocks)).toBe(
      [
        '## Results & more',
        'The **best** run took 3 \\* 4 s. See below.',
        '| Run | Time |  |\n| --- | --- | --- |\n| a\\|b | 1 | 2 |\n|  | 3 |  |',
        '$$\nE = mc^2\n$$',
        '![A \\[red\\] circle]()',
        '```abc\nX:1\nK:C\nCDEF\n```',
        '```smiles\nCCO\n```',
        '1. one\n2. two',
      ].join('\n\n'),
    );
  });

  it('takes an answer that breaks off, and one that is no document, for what is there', () => {
    expect(readDocument('<html><body><p data-bbox="1 2 3 4">half a sen')).toMatchObject([{ kind: 'paragraph', box: [1, 2, 3, 4], text: 'half a sen' }]);
    expect(readDocument('<p data-bbox="1 2')).toMatchObject([{ kind: 'paragraph', box: null }]);
    expect(readDocument(`${'<p "'.repeat(50_001)}`)).toHaveLength(1); // read in one go
    expect(readDocument('plain words')).toEqual([{ kind: 'paragraph', box: null, text: 'plain words', markdown: 'plain words' }]);
  });
});
