// llama.cpp as a peer: reads tasks as lines of JSON, answers each with the processor seconds it took.
//   node llama_peer.mjs NODE_LLAMA_CPP_FOLDER MODEL.gguf THREADS
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [packages, path, threads] = process.argv.slice(2);
const { getLlama } = await import(pathToFileURL(createRequire(`${packages}/package.json`).resolve('node-llama-cpp')).href);
const llama = await getLlama({ gpu: false, build: 'never', maxThreads: Number(threads), skipDownload: true });
const model = await llama.loadModel({ modelPath: path });
const context = await model.createContext({ contextSize: 4096, batchSize: 512, threads: Number(threads), flashAttention: process.env.FLASH === '1' });
const sequence = context.getSequence();

const TASKS = {
  /** Begins anew and takes in `tokens` tokens. */
  async prefill({ tokens }) {
    await sequence.clearHistory();
    return take(Array.from({ length: tokens }, (_, k) => (k * 7919) % 150_000));
  },
  /** Goes on by `tokens` tokens, one at a time. */
  async decode({ tokens }) {
    for (let k = 0; k < tokens; k++) await take([(k * 104_729) % 150_000]);
  },
};

/** With the logits of the last one. */
async function take(tokens) {
  for await (const _ of sequence.evaluate(tokens, { temperature: 0 })) break;
}

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  const before = process.cpuUsage();
  await TASKS[task.task](task);
  const { user, system } = process.cpuUsage(before);
  say({ seconds: (user + system) / 1e6 });
}
process.exit(0);
