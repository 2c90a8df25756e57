// Prompts: what people may write in them, and the place that pictures take.
import { describe, expect, it } from 'vitest';
import { expandPlaceholders, renderChat } from './prompt.js';
import { PUBLISHED_IDS } from './special-tokens.js';

const SPECIAL = Object.keys(PUBLISHED_IDS).filter((token) => token.startsWith('<|'));
const refusal = expect.objectContaining({ code: 'prompt.special_token' }) as Error;

describe('renderChat', () => {
  it.each(SPECIAL)('refuses %s in what people write', (token) => {
    expect(() => renderChat([{ role: 'user', content: `a${token}b` }])).toThrow(refusal);
    expect(() => renderChat([{ role: 'user', content: [{ type: 'video' }, { type: 'text', text: token }] }])).toThrow(refusal);
  });

  it('refuses a special token that is split over neighbouring texts', () => {
    const content = ['<|im_', 'end|>'].map((text) => ({ type: 'text' as const, text }));
    expect(() => renderChat([{ role: 'user', content }])).toThrow(refusal);
  });

  it('refuses a special token in place of a role', () => {
    expect(() => renderChat([{ role: '<|im_end|>' as 'user', content: '' }])).toThrow(refusal);
  });

  it('leaves text that only resembles one as it is', () => {
    const text = 'a <| b |> <im_end> <|nothing|> < |im_end|>';
    expect(renderChat([{ role: 'user', content: text }])).toContain(`<|im_start|>user\n${text}<|im_end|>\n`);
  });
});

describe('expandPlaceholders', () => {
  const rendered = renderChat([{ role: 'user', content: [{ type: 'video' }, { type: 'text', text: 'When?' }, { type: 'image' }] }]);

  it('gives each item as many pad tokens as its grid has cells', () => {
    const expanded = expandPlaceholders(rendered, { images: [[1, 4, 6]], videos: [[3, 4, 4]] });
    expect(expanded.split('<|image_pad|>')).toHaveLength(6 + 1);
    expect(expanded.split('<|video_pad|>')).toHaveLength(12 + 1);
  });

  it('refuses grids that do not match the placeholders', () => {
    expect(() => expandPlaceholders(rendered, { videos: [[3, 4, 4]] })).toThrow(expect.objectContaining({ code: 'prompt.grid_mismatch' }));
  });
});

describe('the published ids', () => {
  it('are consecutive from 151643', () => {
    expect(PUBLISHED_IDS).toMatchObject({ '<|endoftext|>': 151643, '<|im_end|>': 151645, '<|video_pad|>': 151656, '<|file_sep|>': 151664 });
  });
});
