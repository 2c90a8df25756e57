// Parity of resized pixels: images exactly, frames of videos within one grey level.
import { createResizer } from '../model/qwen2-5-vl/resize.js';
import { Score, type VectorSuite } from './suite.js';
import { readVectors, TensorFile } from './vectors.js';

interface Case {
  readonly name: string;
  readonly src: readonly [number, number];
  readonly dst: readonly [number, number];
}

const VIDEO_TOLERANCE = 1; // grey levels

export const resize: VectorSuite = {
  file: 'resize.json',
  async run(directory) {
    const { cases, tensors_file: file } = await readVectors<{ cases: Case[]; tensors_file: string }>(directory, this.file);
    const tensors = await TensorFile.read(directory, file);
    const score = new Score();
    let exactVideos = 0;
    for (const { name, src, dst } of cases) {
      score.case(name, () => {
        const [source, target] = [src, dst].map(([height, width]) => ({ height, width }));
        const picture = tensors.bytes(`${name}.src`).data;
        const image = createResizer(source!, target!, 'image')(picture);
        score.close('image_path', image, tensors.bytes(`${name}.image_path`).data, 0);
        const frame = createResizer(source!, target!, 'video')(picture);
        const expected = tensors.bytes(`${name}.video_path`).data;
        if (frame.every((level, k) => level === expected[k])) exactVideos += 1;
        score.close('video_path', frame, expected, VIDEO_TOLERANCE);
      });
    }
    return score.report(`video path exact in ${exactVideos} of ${cases.length}`);
  },
};
