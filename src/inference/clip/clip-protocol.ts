// What a process and its CLIP child say to each other. Requests are answered one after the other.
import { type WireError } from '../protocol.js';

/** Given to the child as JSON when it is started. */
export interface ClipSettings {
  readonly directory: string;
  readonly threads?: number | undefined;
}

export type ToClip =
  | { readonly type: 'name'; readonly id: number }
  | { readonly type: 'texts'; readonly id: number; readonly texts: readonly string[] }
  | { readonly type: 'pictures'; readonly id: number; readonly pictures: readonly Uint8Array[] };

export type FromClip =
  | { readonly type: 'result'; readonly id: number; readonly value: string | readonly Float32Array[] }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError };
