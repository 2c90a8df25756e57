// A CLIP-style pair small enough to be made by a test: three sides, "red", "green" and "blue", for words and for pictures.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OnnxGraph } from '../../src/model/onnx/graph.js';

const VOCABULARY = ['[UNK]', '[END]', 'red', 'green', 'blue', 'car'];
const SIDES = 3;
/** [words, sides] */
const TABLE = [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0.2, 0.2, 0.2];

export function writeClipPair(folder: string): void {
  const text = new OnnxGraph('text');
  const ids = text.input('input_ids', 'int64', ['texts', 'tokens']);
  const table = text.weight({
    ...{ location: 'table.bin', offset: 0, byteLength: TABLE.length * 4, type: 'float32' },
    shape: [VOCABULARY.length, SIDES],
  });
  const words = text.node('Gather', [table, ids]); // [texts, tokens, sides]
  text.node('ReduceSum', [words, text.integers([1])], { attributes: { keepdims: 0 }, outputs: ['text_embeds'] });
  text.output('text_embeds', 'float32', ['texts', SIDES]);

  const vision = new OnnxGraph('vision');
  const pixels = vision.input('pixel_values', 'float32', ['pictures', 3, 'height', 'width']);
  vision.node('ReduceMean', [pixels, vision.integers([2, 3])], { attributes: { keepdims: 0 }, outputs: ['image_embeds'] });
  vision.output('image_embeds', 'float32', ['pictures', SIDES]);

  const tokenizer = {
    version: '1.0',
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '[END]', type_id: 0 } }],
      pair: [],
      special_tokens: { '[END]': { id: '[END]', ids: [1], tokens: ['[END]'] } },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    added_tokens: [],
    model: {
      ...{ type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100 },
      vocab: Object.fromEntries(VOCABULARY.map((word, id) => [word, id])),
    },
  };
  const preprocessor = {
    ...{ do_resize: true, size: { shortest_edge: 8 }, do_center_crop: true, crop_size: { width: 8, height: 8 } },
    ...{ do_rescale: true, rescale_factor: 1 / 255, do_normalize: true, image_mean: [0, 0, 0], image_std: [1, 1, 1] },
  };
  writeFileSync(join(folder, 'table.bin'), new Uint8Array(Float32Array.from(TABLE).buffer));
  writeFileSync(join(folder, 'text_model.onnx'), text.toBytes());
  writeFileSync(join(folder, 'vision_model.onnx'), vision.toBytes());
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ model_max_length: 8 }));
  writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify(preprocessor));
}
