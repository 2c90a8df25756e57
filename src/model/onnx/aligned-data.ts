// Moves the weights that an ONNX file names in a file beside it to places that are whole multiples of an alignment.
import { ProtobufMessage, protobufFields } from './protobuf.js';

/** A stretch of the old file of weights and its place in the new one, bytes. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

export interface AlignedModel {
  readonly model: Uint8Array;
  /** In the order of their places. */
  readonly moves: readonly Move[];
}

const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_EXTERNAL_DATA = 13;

/** The same model with the weights at multiples of `alignment` of a new file, which `moves` fill. */
export function alignExternalData(model: Uint8Array, alignment: number): AlignedModel {
  const moves: Move[] = [];
  let end = 0;
  const place = (from: number, length: number): number => {
    const to = Math.ceil(end / alignment) * alignment;
    moves.push({ from, to, length });
    end = to + length;
    return to;
  };
  return { model: rewritten(model, MODEL_GRAPH, (graph) => rewritten(graph, GRAPH_INITIALIZER, (tensor) => movedTensor(tensor, place))), moves };
}

/** The message with the content of every field of that number replaced. */
function rewritten(message: Uint8Array, which: number, replace: (content: Uint8Array) => Uint8Array): Uint8Array {
  const copy = new ProtobufMessage();
  for (const { field, content, encoded } of protobufFields(message)) {
    if (field === which) copy.bytes(field, replace(content));
    else copy.encoded(encoded);
  }
  return copy.toBytes();
}

function movedTensor(tensor: Uint8Array, place: (from: number, length: number) => number): Uint8Array {
  const entries = new Map<string, string>();
  for (const { field, content } of protobufFields(tensor)) if (field === TENSOR_EXTERNAL_DATA) entries.set(...entryOf(content));
  if (!entries.has('location')) return tensor;
  const moved = new Map<string, string>();
  for (const [key, value] of entries) {
    if (key === 'offset') moved.set(key, String(place(Number(value), Number(entries.get('length')))));
    else if (key.startsWith('prepacked_')) moved.set(key, movedPrepacked(value, place));
  }
  return rewritten(tensor, TENSOR_EXTERNAL_DATA, (content) => {
    const [key, value] = entryOf(content);
    return new ProtobufMessage().string(1, key).string(2, moved.get(key) ?? value).toBytes();
  });
}

/** @example 'MatMulNBits+7087|4210688;4456574;0' // a name, then offset, length and checksum of each buffer, bars between them */
function movedPrepacked(value: string, place: (from: number, length: number) => number): string {
  const [name = '', ...buffers] = value.split('|');
  const moved = buffers.map((buffer) => {
    const [offset = '', length = '', ...rest] = buffer.split(';');
    return [place(Number(offset), Number(length)), length, ...rest].join(';');
  });
  return [name, ...moved].join('|');
}

/** StringStringEntryProto. */
function entryOf(content: Uint8Array): [key: string, value: string] {
  const [key = '', value = ''] = [...protobufFields(content)].map((part) => new TextDecoder().decode(part.content));
  return [key, value];
}
