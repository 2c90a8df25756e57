// The checkpoint's own tokenizer: text to ids, and generated ids back to text as they come.
import * as library from '@huggingface/tokenizers';
import { AppError } from '../app-error.js';
import { readCheckpointJson } from './checkpoint.js';

/** What is used of the library; its own declarations cannot be resolved by the rules for ES modules. */
interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: number[] };
  decode(ids: readonly number[], options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }): string;
  id_to_token(id: number): string | undefined;
  get_vocab(withAddedTokens: boolean): Map<string, number>;
  get_added_tokens_decoder(): Map<number, { readonly content: string; readonly special: boolean }>;
}
const { Tokenizer } = library as unknown as { Tokenizer: new (tokenizerJson: unknown, tokenizerConfig: unknown) => LibraryTokenizer };

export class TextTokenizer {
  /** Ids from here on are padding rows of the embedding matrix (spec 1.3). */
  readonly knownTokens: number;
  private readonly addedTokens: ReadonlyMap<number, { readonly content: string; readonly special: boolean }>;

  constructor(private readonly tokenizer: LibraryTokenizer) {
    this.addedTokens = tokenizer.get_added_tokens_decoder();
    this.knownTokens = [...tokenizer.get_vocab(true).values()].reduce((largest, id) => Math.max(largest, id), -1) + 1;
  }

  /** Spec 1.3: nothing is added before or after; special tokens that are spelled out become their ids. */
  encode(text: string): number[] {
    return this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** The bytes of every token that is text, one character each, by id; undefined for added ones, such as special tokens. */
  tokenBytes(): (string | undefined)[] {
    return Array.from({ length: this.knownTokens }, (_, id) => {
      const token = this.addedTokens.has(id) ? undefined : this.tokenizer.id_to_token(id);
      return token === undefined ? undefined : String.fromCharCode(...bytesOf(token));
    });
  }

  /** A token by itself: its bytes need not be whole characters. */
  textOf(id: number): { text: string; bytes: number[] } {
    const added = this.addedTokens.get(id);
    const bytes = added ? new TextEncoder().encode(added.content) : bytesOf(this.tokenizer.id_to_token(id) ?? '');
    return { text: new TextDecoder('utf-8').decode(bytes), bytes: [...bytes] };
  }

  /** Special tokens are kept. */
  decode(ids: readonly number[]): string {
    return this.tokenizer.decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false });
  }

  /** Decodes one answer: each call returns the text that the id completes, '' for special tokens and inside a character. */
  stream(): (id: number) => string {
    const utf8 = new TextDecoder('utf-8');
    return (id) => {
      const added = this.addedTokens.get(id);
      if (added) return utf8.decode() + (added.special ? '' : added.content);
      return utf8.decode(bytesOf(this.tokenizer.id_to_token(id) ?? ''), { stream: true });
    };
  }
}

/** Throws `checkpoint.file_missing`, `checkpoint.json_invalid` or `checkpoint.tokenizer_invalid`. */
export async function loadTokenizer(directory: string): Promise<TextTokenizer> {
  const json = await readCheckpointJson(directory, 'tokenizer.json');
  try {
    return new TextTokenizer(new Tokenizer(json, {}));
  } catch (cause) {
    const details = { file: 'tokenizer.json' };
    throw new AppError('checkpoint.tokenizer_invalid', `tokenizer.json in ${directory} cannot be used.`, { cause, details });
  }
}

/**
 * Byte-level BPE writes each byte as one printable character: the printable ones of Latin-1 as themselves, the 68 others, in order,
 * as the characters from U+0100 on.
 */
const BYTE_OF_CHARACTER = new Map(
  (() => {
    const printable = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    const others = bytes.filter((byte) => !printable(byte));
    return bytes.map((byte): [string, number] => [String.fromCodePoint(printable(byte) ? byte : 0x100 + others.indexOf(byte)), byte]);
  })(),
);

function bytesOf(token: string): Uint8Array {
  return Uint8Array.from([...token].map((character) => BYTE_OF_CHARACTER.get(character) ?? 0));
}
