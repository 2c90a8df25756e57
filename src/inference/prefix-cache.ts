// The decoder's keys and values of windows seen lately, in memory: a question to one of them costs its own rows alone.
import { type DecoderPrefix } from './decoder.js';
import { type SeenWindow } from './feature-record.js';

/** A window and, once it was prefilled, what the decoder made of it. */
export interface KeptWindow {
  readonly window: SeenWindow;
  readonly prefix: DecoderPrefix;
}

/** The least recently used go first. */
export class PrefixCache {
  private readonly kept = new Map<string, KeptWindow>(); // the latest used is the last
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get(key: string): KeptWindow | undefined {
    const kept = this.kept.get(key);
    if (!kept) return undefined;
    this.kept.delete(key);
    this.kept.set(key, kept);
    return kept;
  }

  /** Whether so much can be kept at all. */
  hasRoomFor(bytes: number): boolean {
    return bytes <= this.maxBytes;
  }

  put(key: string, kept: KeptWindow): void {
    this.remove(key);
    this.kept.set(key, kept);
    this.bytes += bytesOf(kept);
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= this.maxBytes) break;
      this.remove(oldest);
    }
  }

  private remove(key: string): void {
    const kept = this.kept.get(key);
    if (!kept) return;
    this.kept.delete(key);
    this.bytes -= bytesOf(kept);
  }
}

/** The ids and positions of the prompt count little. */
const bytesOf = ({ window, prefix }: KeptWindow): number => window.features.byteLength + prefix.values.byteLength;
