// An ONNX graph under construction: inputs, constants, stored weights and nodes in, the bytes of a model file out.
import { type StoredFloat } from '../safetensors/widen.js';
import { ProtobufMessage } from './protobuf.js';

/** ONNX TensorProto.DataType. */
const ELEMENT_TYPE = { float32: 1, uint8: 2, int8: 3, int64: 7, bool: 9, float16: 10, bfloat16: 16 } as const;
export type ElementType = keyof typeof ELEMENT_TYPE;

/** The name of a tensor inside the graph. */
export type Value = string;
/** A side of a tensor: a length, or a name for one that is only known when the graph runs. */
export type Side = number | string;
export type Attribute = number | { readonly float: number } | readonly number[];

/** What the numbers of a stored weight may be. */
export type StoredType = StoredFloat | 'uint8' | 'int8';

/** Where a weight lies: a byte range of a file, the file's path relative to the folder given to the runtime. */
export interface StoredWeight<Type extends StoredType = StoredFloat> {
  readonly location: string;
  readonly offset: number;
  readonly byteLength: number;
  readonly type: Type;
  readonly shape: readonly number[];
}

interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: 'com.microsoft';
  /** Names of the outputs; by default one output with a name of its own. */
  readonly outputs?: readonly string[];
}

const OPSET = 24;
const IR_VERSION = 11;

export class OnnxGraph {
  private readonly nodes: ProtobufMessage[] = [];
  private readonly initializers: ProtobufMessage[] = [];
  private readonly inputs: ProtobufMessage[] = [];
  private readonly outputs: ProtobufMessage[] = [];
  private readonly stored = new Map<string, Value>();
  private readonly constants = new Map<string, Value>();
  private nextName = 0;

  constructor(private readonly name: string) {}

  input(name: string, type: ElementType, shape: readonly Side[]): Value {
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(value: Value, type: ElementType, shape: readonly Side[]): void {
    this.outputs.push(valueInfo(value, type, shape));
  }

  /** A constant list of integers, as the shape operators take them. */
  integers(values: readonly number[]): Value {
    const key = values.join();
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.freshName();
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.initializers.push(tensor(name, 'int64', [values.length]).bytes(9, bytes));
    this.constants.set(key, name);
    return name;
  }

  /** A constant number. */
  scalar(type: 'float32' | 'uint8', value: number): Value {
    const key = `${type} ${value}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.freshName();
    const bytes = type === 'uint8' ? Uint8Array.of(value) : new Uint8Array(Float32Array.of(value).buffer);
    this.initializers.push(tensor(name, type, []).bytes(9, bytes));
    this.constants.set(key, name);
    return name;
  }

  /** A weight read from its file by the runtime: of floating point as float32 whatever it is stored as; asked for twice, it is declared once. */
  weight(weight: StoredWeight<StoredType>): Value {
    const key = `${weight.location}@${weight.offset}`;
    const known = this.stored.get(key);
    if (known !== undefined) return known;
    const name = this.freshName();
    const proto = tensor(name, weight.type, weight.shape);
    for (const [field, value] of Object.entries({ location: weight.location, offset: weight.offset, length: weight.byteLength })) {
      proto.message(13, new ProtobufMessage().string(1, field).string(2, String(value)));
    }
    this.initializers.push(proto.int(14, 1)); // data_location: EXTERNAL
    const isHalf = weight.type === 'float16' || weight.type === 'bfloat16';
    const value = isHalf ? this.node('Cast', [name], { attributes: { to: ELEMENT_TYPE.float32 } }) : name;
    this.stored.set(key, value);
    return value;
  }

  /** Adds an operator with one output and returns the output. */
  node(operator: string, inputs: readonly Value[], options: NodeOptions = {}): Value {
    const outputs = options.outputs ?? [this.freshName()];
    const proto = new ProtobufMessage();
    for (const input of inputs) proto.string(1, input);
    for (const output of outputs) proto.string(2, output);
    proto.string(3, `${operator}_${this.nodes.length}`).string(4, operator);
    for (const [name, value] of Object.entries(options.attributes ?? {})) proto.message(5, attribute(name, value));
    if (options.domain) proto.string(7, options.domain);
    this.nodes.push(proto);
    return outputs[0] ?? '';
  }

  /** Adds a Split along `axis` into equal or given parts. */
  split(input: Value, axis: number, parts: number | readonly number[], outputs?: readonly string[]): Value[] {
    const lengths = typeof parts === 'number' ? undefined : parts;
    const count = lengths?.length ?? Number(parts);
    const names = outputs ?? Array.from({ length: count }, () => this.freshName());
    const attributes = lengths ? { axis } : { axis, num_outputs: count };
    this.node('Split', lengths ? [input, this.integers(lengths)] : [input], { attributes, outputs: names });
    return [...names];
  }

  /** Adds a Reshape; 0 keeps the side of the input, -1 is worked out. */
  reshape(input: Value, shape: readonly number[]): Value {
    return this.node('Reshape', [input, this.integers(shape)]);
  }

  /** The model file, without any of the weights. */
  toBytes(): Uint8Array {
    const graph = new ProtobufMessage();
    for (const node of this.nodes) graph.message(1, node);
    graph.string(2, this.name);
    for (const initializer of this.initializers) graph.message(5, initializer);
    for (const input of this.inputs) graph.message(11, input);
    for (const output of this.outputs) graph.message(12, output);
    return new ProtobufMessage()
      .int(1, IR_VERSION)
      .string(2, 'secondsight')
      .message(7, graph)
      .message(8, new ProtobufMessage().string(1, '').int(2, OPSET))
      .message(8, new ProtobufMessage().string(1, 'com.microsoft').int(2, 1))
      .toBytes();
  }

  private freshName(): string {
    return `t${this.nextName++}`;
  }
}

function tensor(name: string, type: ElementType, shape: readonly number[]): ProtobufMessage {
  return new ProtobufMessage().packedInts(1, shape).int(2, ELEMENT_TYPE[type]).string(8, name);
}

function valueInfo(name: string, type: ElementType, shape: readonly Side[]): ProtobufMessage {
  const sides = new ProtobufMessage();
  for (const side of shape) {
    sides.message(1, typeof side === 'number' ? new ProtobufMessage().int(1, side) : new ProtobufMessage().string(2, side));
  }
  const tensorType = new ProtobufMessage().int(1, ELEMENT_TYPE[type]).message(2, sides);
  return new ProtobufMessage().string(1, name).message(2, new ProtobufMessage().message(1, tensorType));
}

/** AttributeProto: its type is 1 for a float, 2 for an integer, 7 for integers. */
function attribute(name: string, value: Attribute): ProtobufMessage {
  const proto = new ProtobufMessage().string(1, name);
  if (typeof value === 'number') return proto.int(3, value).int(20, 2);
  if ('float' in value) return proto.float(2, value.float).int(20, 1);
  for (const element of value) proto.int(8, element);
  return proto.int(20, 7);
}
