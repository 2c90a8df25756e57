// `npm run bench -- sampling`: CPU of two pictures a second of a video, ours with their resize beside a plain decode, decord, torchcodec and qwen-vl-utils.
import { loadConfig } from '../../src/platform/config/config.js';
import { Media } from '../../src/platform/media/index.js';
import { clipOf, FPS, plain, seenSize, SIZES, windows } from '../decode/decode.js';
import { spent } from '../harness/processor-seconds.js';
import { withFolder } from '../harness/product.js';
import { type Figures } from '../harness/report.js';
import { compete, type Contestant, Peer, printRounds, ratioOf } from '../model/contestants.js';
import { installVideoPeers } from '../peers/install.js';

export interface SamplingOptions {
  /** Of each clip; the peers hold all its pictures in memory. */
  readonly minutes: number;
  readonly rounds: number;
  /** Keeps the clips here, and takes those that are there. */
  readonly folder?: string | undefined;
}

const PEERS = ['decord', 'torchcodec', 'qwen_vl_utils'] as const;

export async function sampling({ minutes, rounds, folder: given }: SamplingOptions): Promise<Figures> {
  const { python, env } = await installVideoPeers();
  return withFolder(given, async (folder) => {
    const media = new Media(loadConfig());
    const ratios: Record<string, ReturnType<typeof ratioOf>> = {};
    for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
      const clip = await clipOf(media, folder, size, minutes);
      const seconds = await compete(
        {
          plain: () => spent(() => plain(media, clip)),
          ours: () => spent(() => windows(media, clip, { size: seenSize(clip) })),
          ...Object.fromEntries(PEERS.map((task): [string, Contestant] => [task, () => byPeer(python, env, { task, file: clip.file, fps: FPS })])),
        },
        rounds,
      );
      printRounds(`${size}, ${minutes} min, two pictures a second`, seconds);
      ratios[`plain_decode_${size}`] = ratioOf(seconds, 'ours', 'plain');
      ratios[`decord_${size}`] = ratioOf(seconds, 'ours', 'decord');
      ratios[`torchcodec_${size}`] = ratioOf(seconds, 'ours', 'torchcodec');
      ratios[`qwen_vl_utils_${size}`] = ratioOf(seconds, 'ours', 'qwen_vl_utils');
    }
    const worst = ['plain_decode', ...PEERS].map((peer) => [`sampling_against_${peer}`, Math.min(...Object.keys(SIZES).map((size) => ratios[`${peer}_${size}`]?.median ?? NaN))]);
    return { ...(Object.fromEntries(worst) as Record<string, number>), sampling_ratios: ratios };
  });
}

/** In a process of its own, that has ended before another contestant begins. */
async function byPeer(python: string, env: Readonly<Record<string, string>>, task: Readonly<Record<string, unknown>>): Promise<number> {
  const peer = await new Peer(python, ['video_peer.py'], env).ready();
  const seconds = await peer.task(task);
  await peer.close();
  return seconds;
}
