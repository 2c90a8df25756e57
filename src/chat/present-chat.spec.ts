// What an answer means in pixels of the original.
import { describe, expect, it } from 'vitest';
import { type ChatAnswer, type ChatCompletion, type MediumReport } from './chat-completion.entity.js';
import { presentChat } from './present-chat.js';

const image: MediumReport = { type: 'image', tokens: 4, width: 56, height: 28, original_width: 112, original_height: 84, image_grid_thw: [1, 2, 4] };
const answering = (text: string): ChatAnswer => ({ pieces: [{ text }], finishReason: 'stop', promptTokens: 9, promptHash: '', modelHash: 'h', media: [image] });
const asked = (wishes: object): ChatCompletion =>
  ({ id: '01900000-0000-7000-8000-000000000000', model: 'm', createdAt: new Date(0), request: { question: { tools: [] }, wishes: { logprobs: false, document: false, ...wishes } } }) as never;

describe('places', () => {
  it('are told as written, and in pixels of the original', () => {
    const text = '```json\n[{"bbox_2d": [14, 7, 28, 28], "label": "a"}, {"point_2d": [1, 1], "label": "b"}, {"bbox_2d": [1]}]\n```';
    const shown = presentChat(asked({ grounding: 0 }), answering(text));
    expect(shown.choices[0]!.message.content).toBe(text);
    expect(shown.grounding).toEqual([
      { kind: 'box', label: 'a', bbox_2d: [28, 21, 56, 84], media: 0 },
      { kind: 'point', label: 'b', point_2d: [2, 3], media: 0 },
    ]);
    expect(shown.grounding_unparsed).toBe(1);
    expect(presentChat(asked({}), answering(text))).not.toHaveProperty('grounding');
  });
});

describe('a document', () => {
  it('is told in blocks with boxes of the original, and as Markdown', () => {
    const { document } = presentChat(asked({ document: true }), answering('<h1 data-bbox="0 0 56 14">A</h1><p>b</p>'));
    expect(document).toEqual({
      blocks: [
        { kind: 'heading', level: 1, bbox: [0, 0, 112, 42], text: 'A', markdown: '# A' },
        { kind: 'paragraph', bbox: null, text: 'b', markdown: 'b' },
      ],
      markdown: '# A\n\nb',
    });
  });
});

it('what looks like a call is words where no tools were offered', () => {
  const text = '<tool_call>\n{"name": "find", "arguments": {}}\n</tool_call>';
  expect(presentChat(asked({}), answering(text)).choices[0]).toMatchObject({ message: { content: text }, finish_reason: 'stop' });
});
