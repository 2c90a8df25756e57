// The embedder port: texts, and with some embedders pictures, to vectors whose inner product says how alike they mean.

/** Injection token of the Embedders. */
export const EMBEDDERS = Symbol('Embedders');

export interface EmbedOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Vectors have length 1. Every call rejects with an AppError `embeddings.*` when the embedder is away or answers nonsense. */
export interface Embedder {
  /** What vectors are stored under: those of one name may be compared with each other. */
  name(): Promise<string>;
  /** One vector for each text, in order. Rejects with `embeddings.refused` where sending the same again is no use. */
  texts(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** Pictures as JPEG, PNG or WebP, in the same space as its texts. */
export interface PictureEmbedder extends Embedder {
  pictures(pictures: readonly Uint8Array[], options?: EmbedOptions): Promise<Float32Array[]>;
}

/** What the configuration names; without either, search goes by words alone. */
export interface Embedders {
  /** For what is said of a video. */
  readonly texts: Embedder | undefined;
  /** For what is seen of it. */
  readonly pictures: PictureEmbedder | undefined;
}

/** Of length 1; a vector of zeros stays one. */
export function unit(vector: ArrayLike<number>): Float32Array {
  const values = Float32Array.from(vector);
  const length = Math.hypot(...values) || 1;
  return values.map((value) => value / length);
}
