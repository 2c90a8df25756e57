// Inner products of one vector with many that are kept as bytes, sixteen at a time: WebAssembly with SIMD, written out by hand.

/** Sides that are worked on at a time: a row of codes is a multiple of them. */
export const SIDES_AT_A_TIME = 16;

/**
 * Writes the inner product of `query` and each of `count` rows of `sides` bytes from `codes` on to `out`, all of them byte offsets into the
 * memory. `query` holds int16, codes are int8, products int32: whoever calls sees to it that no sum overflows.
 */
export type CodeProducts = (query: number, codes: number, count: number, sides: number, out: number) => void;

/** Memory that grows by pages of 64 KiB; its buffer is another one afterwards. */
export interface GrowingMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

// what of it is used: its types come with those of browsers alone
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => GrowingMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

const I32 = 0x7f;
const V128 = 0x7b;
const SIMD = 0xfd;

/** LEB128, signed; of what is not negative also the unsigned form where it is below 64. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
const add = [0x6a];
const plus = (constant: number): number[] => [0x41, ...leb(constant), ...add];
const loop = (...body: readonly number[][]): number[] => [0x03, 0x40, ...body.flat(), 0x0b];
const AGAIN = [0x0d, 0]; // br_if to the loop

const load = (offset: number): number[] => [SIMD, 0x00, 0, ...unsigned(offset)];
const zero = [SIMD, 0x0c, ...new Array<number>(16).fill(0)];
const firstHalf = [SIMD, ...unsigned(0x87)]; // i16x8.extend_low_i8x16_s
const secondHalf = [SIMD, ...unsigned(0x88)];
const products = [SIMD, ...unsigned(0xba)]; // i32x4.dot_i16x8_s
const addLanes = [SIMD, ...unsigned(0xae)];
const lane = (k: number): number[] => [SIMD, 0x1b, k];

const [QUERY, CODES, COUNT, SIDES, OUT, AT, END, SUM, BYTES] = [0, 1, 2, 3, 4, 5, 6, 7, 8];

const BODY = [
  ...loop(
    [...get(QUERY), ...set(AT), ...get(CODES), ...get(SIDES), ...add, ...set(END), ...zero, ...set(SUM)],
    loop(
      [...get(CODES), ...load(0), ...set(BYTES)],
      [...get(BYTES), ...firstHalf, ...get(AT), ...load(0), ...products],
      [...get(BYTES), ...secondHalf, ...get(AT), ...load(16), ...products],
      [...addLanes, ...get(SUM), ...addLanes, ...set(SUM)],
      [...get(AT), ...plus(2 * SIDES_AT_A_TIME), ...set(AT)],
      [...get(CODES), ...plus(SIDES_AT_A_TIME), ...tee(CODES), ...get(END), 0x49, ...AGAIN],
    ),
    [...get(OUT), ...get(SUM), ...lane(0)],
    ...[1, 2, 3].map((k) => [...get(SUM), ...lane(k), ...add]),
    [0x36, 2, 0], // i32.store
    [...get(OUT), ...plus(4), ...set(OUT)],
    [...get(COUNT), ...plus(-1), ...tee(COUNT), ...AGAIN],
  ),
  0x0b,
];

const MODULE = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [1, 0x60, 5, I32, I32, I32, I32, I32, 0]),
  ...section(2, [1, 1, 0x65, 1, 0x6d, 2, 0, 1]), // "e" "m": a memory of one page or more
  ...section(3, [1, 0]),
  ...section(7, [1, 1, 0x66, 0, 0]), // "f"
  ...section(10, [1, ...sized([2, 2, I32, 2, V128, ...BODY])]),
]);

const compiled = new WebAssembly.Module(MODULE);

/** Memory of one page, and the products on it; `count` must not be 0, `sides` a multiple of 16. */
export function openCodeProducts(): { readonly memory: GrowingMemory; readonly products: CodeProducts } {
  const memory = new WebAssembly.Memory({ initial: 1 });
  return { memory, products: new WebAssembly.Instance(compiled, { e: { m: memory } }).exports['f'] as CodeProducts };
}
