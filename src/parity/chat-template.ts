// Parity of rendered conversations and their expanded placeholders.
import { type Grid } from '../model/qwen2-5-vl/patches.js';
import { type ChatMessage, expandPlaceholders, renderChat } from '../model/qwen2-5-vl/prompt.js';
import { Score, type VectorSuite } from './suite.js';
import { readVectors } from './vectors.js';

interface Case {
  readonly messages: readonly ChatMessage[];
  readonly add_generation_prompt: boolean;
  readonly add_vision_id: boolean;
  readonly image_grid_thw: readonly Grid[];
  readonly video_grid_thw: readonly Grid[];
  readonly rendered: string;
  readonly expanded: string;
}

export const chatTemplate: VectorSuite = {
  file: 'chat_template.json',
  async run(directory) {
    const { cases } = await readVectors<{ cases: Case[] }>(directory, this.file);
    const score = new Score();
    for (const [k, vector] of cases.entries()) {
      score.case(`conversation ${k + 1}`, () => {
        const rendered = renderChat(vector.messages, { addGenerationPrompt: vector.add_generation_prompt, addVisionId: vector.add_vision_id });
        score.same('the rendering', rendered, vector.rendered);
        const grids = { images: vector.image_grid_thw, videos: vector.video_grid_thw };
        score.same('the expansion', expandPlaceholders(rendered, grids), vector.expanded);
      });
    }
    return score.report();
  },
};
