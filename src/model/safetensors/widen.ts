// Stored numbers widened to float32: bfloat16 and float16 are subsets of it, so nothing is lost.

export type StoredFloat = 'float32' | 'float16' | 'bfloat16';

/** Little-endian `bytes` of `target.length` numbers into `target`. */
export function widen(bytes: Uint8Array, type: StoredFloat, target: Float32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case 'float32':
      for (let k = 0; k < target.length; k++) target[k] = view.getFloat32(4 * k, true);
      return;
    case 'bfloat16': {
      // Spec 10: the two bytes are the upper half of a float32.
      const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
      for (let k = 0; k < target.length; k++) bits[k] = view.getUint16(2 * k, true) << 16;
      return;
    }
    case 'float16':
      for (let k = 0; k < target.length; k++) target[k] = halfToNumber(view.getUint16(2 * k, true));
  }
}

/** IEEE 754 half precision: 1 sign bit, 5 exponent bits, 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
