// An embedder for benches: a text means the sum of its words, and a word a direction of its own; served as OpenAI-compatible embeddings.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { dice } from './words.js';

/** Decimals that a vector is written with. */
const DECIMALS = 4;

export class Meanings {
  private readonly known = new Map<string, Float32Array>();

  constructor(readonly sides: number) {}

  /** Of length 1. */
  of(text: string): Float32Array {
    const sum = new Float32Array(this.sides);
    for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
      const direction = this.ofWord(word);
      for (let k = 0; k < this.sides; k++) sum[k] = (sum[k] ?? 0) + (direction[k] ?? 0);
    }
    const length = Math.hypot(...sum) || 1;
    return sum.map((value) => Number((value / length).toFixed(DECIMALS)));
  }

  private ofWord(word: string): Float32Array {
    let direction = this.known.get(word);
    if (!direction) {
      const roll = dice([...word].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 17));
      direction = Float32Array.from({ length: this.sides }, () => roll() + roll() + roll() - 1.5);
      this.known.set(word, direction);
    }
    return direction;
  }
}

/** Serves them on a free port until `stop`. */
export async function serveMeanings(meanings: Meanings): Promise<{ readonly url: string; stop(): void }> {
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const data = (body as { input: string[] }).input.map((text, index) => ({ index, embedding: [...meanings.of(text)] }));
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => void server.close() };
}
