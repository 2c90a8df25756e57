// The protobuf wire format: what an ONNX file is made of.

const WIRE_VARINT = 0;
const WIRE_FIXED64 = 1;
const WIRE_LENGTH = 2;
const WIRE_FIXED32 = 5;

/** A message under construction: chunks in order, so that nesting one message in another copies nothing. */
export class ProtobufMessage {
  private readonly chunks: Uint8Array[] = [];
  private size = 0;

  int(field: number, value: number | bigint): this {
    return this.tag(field, WIRE_VARINT).append(varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.tag(field, WIRE_FIXED32).append(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.tag(field, WIRE_LENGTH).append(varint(value.length)).append(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: ProtobufMessage): this {
    this.tag(field, WIRE_LENGTH).append(varint(value.size));
    for (const chunk of value.chunks) this.append(chunk);
    return this;
  }

  /** A repeated integer field in its packed form. */
  packedInts(field: number, values: readonly number[]): this {
    const packed = new ProtobufMessage();
    for (const value of values) packed.append(varint(value));
    return this.message(field, packed);
  }

  /** Fields that are encoded already. */
  encoded(fields: Uint8Array): this {
    return this.append(fields);
  }

  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for (const chunk of this.chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  private tag(field: number, wireType: number): this {
    return this.append(varint((field << 3) | wireType));
  }

  private append(bytes: Uint8Array): this {
    this.chunks.push(bytes);
    this.size += bytes.length;
    return this;
  }
}

/** Seven bits a byte, lowest first; a negative number is its 64-bit two's complement. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

/** One field of a message; `content` is what lies inside a field that has a length, and empty for a number. */
export interface ProtobufField {
  readonly field: number;
  readonly content: Uint8Array;
  /** The field as it is encoded, tag included. */
  readonly encoded: Uint8Array;
}

/** The fields of a message in their order. Throws for bytes that are none. */
export function* protobufFields(message: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const number = (): number => {
    let [value, weight] = [0, 1];
    for (; at < message.length; weight *= 128) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
    throw new Error('a protobuf message ends within a number');
  };
  while (at < message.length) {
    const start = at;
    const tag = number();
    const wireType = tag % 8;
    if (wireType === WIRE_VARINT) number();
    const length = wireType === WIRE_LENGTH ? number() : wireType === WIRE_FIXED64 ? 8 : wireType === WIRE_FIXED32 ? 4 : 0;
    const content = message.subarray(at, at + length);
    at += length;
    if (at > message.length || ![WIRE_VARINT, WIRE_FIXED64, WIRE_LENGTH, WIRE_FIXED32].includes(wireType)) throw new Error('a protobuf message is cut or spoilt');
    yield { field: Math.floor(tag / 8), content, encoded: message.subarray(start, at) };
  }
}
