// The forms that an answer can be held to: what the decoder is not allowed to write cannot go wrong.

/** The part of JSON Schema that answers can be held to; see `compileSchema` for what is refused. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A kind of segment that a caller wants to have found, with what to note of each. */
export interface SegmentDefinition {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly SegmentField[];
}

export interface SegmentField {
  readonly name: string;
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  readonly description?: string | undefined;
  /** Of a string: the only values it may have. */
  readonly enum?: readonly string[] | undefined;
}

/** A function that an answer may call, and the schema of its arguments; none: it takes none. */
export interface CallableTool {
  readonly name: string;
  readonly parameters?: JsonSchema | undefined;
}

/** Times in an answer count on the model's clock, from the first picture of the window to `endSeconds`. */
export type AnswerForm =
  /** A fenced list of events in `mm:ss.ff` (spec 11.1), at most `maxEvents`. */
  | { readonly kind: 'events'; readonly maxEvents: number; readonly endSeconds: number }
  /** The same with a `type` and the fields of the segment definition of that name. */
  | { readonly kind: 'segments'; readonly definitions: readonly SegmentDefinition[]; readonly maxEvents: number; readonly endSeconds: number }
  /** One JSON value. */
  | { readonly kind: 'json'; readonly schema: JsonSchema }
  /** Any JSON object. */
  | { readonly kind: 'object' }
  /** A call of one of these tools, `{"name": ..., "arguments": {...}}`: what stands between the tags of the model's own format. */
  | { readonly kind: 'call'; readonly tools: readonly CallableTool[] }
  /** One of these words: nothing is generated, the probability of each is told. */
  | { readonly kind: 'choice'; readonly options: readonly string[] };
