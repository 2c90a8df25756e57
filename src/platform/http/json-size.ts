// Refuses JSON of too many or too deeply nested values before it is parsed: a few bytes of text become many of memory, and all at once.
import { AppError } from '../../app-error.js';

/** Values and names, whole and nested; no honest request comes near. */
const MOST_VALUES = 200_000;

const MOST_DEPTH = 200;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [ARRAY, ARRAY_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d];

/** `json` is UTF-8. Throws `request.too_many_values` or `request.nested_too_deep`; whether it is JSON at all is the parser's to say. */
export function requireModestJson(json: Uint8Array): void {
  let values = 1;
  let depth = 0;
  for (let k = 0; k < json.length; k++) {
    const byte = json[k];
    if (byte === QUOTE) k = endOfString(json, k);
    if (byte === ARRAY || byte === OBJECT) depth++;
    else if (byte === ARRAY_END || byte === OBJECT_END) depth--;
    else if (byte !== QUOTE && byte !== COMMA) continue;
    if (++values > MOST_VALUES) throw new AppError('request.too_many_values', `The JSON holds more than ${MOST_VALUES} values; send less at once.`);
    if (depth > MOST_DEPTH) throw new AppError('request.nested_too_deep', `The JSON is nested more than ${MOST_DEPTH} levels deep.`);
  }
}

/** Index of the quote that ends the string which begins at `start`, or the length. */
function endOfString(json: Uint8Array, start: number): number {
  let k = start + 1;
  while (k < json.length && json[k] !== QUOTE) k += json[k] === BACKSLASH ? 2 : 1;
  return k;
}
