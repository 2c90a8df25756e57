// Grammars by derivatives: a term is a set of texts, and the step by a byte gives the texts that may follow that byte.

/** The shortest way to finish a text, as bytes (one character each). */
export interface Closing {
  readonly bytes: string;
  /** Tokens that should be left beyond these bytes for the end to be worth something, such as the words of a description. */
  readonly comfort: number;
}

/** What a kind of term is made of. */
export interface Shape {
  /** Whether the text may end here. */
  readonly isNullable: boolean;
  readonly closing: Closing;
  derive(byte: number): Term | undefined;
  /** A list that holds as many items as it may: what refuses the next one is a limit, not the form. */
  readonly isFull?: boolean;
}

/** Equal terms of one `Terms` are the same object, so that what is known of a term is known wherever it comes up again. */
export class Term {
  private readonly steps = new Map<number, Term | undefined>();
  private nullable: boolean | undefined;
  private shortest: Closing | undefined;

  constructor(
    readonly id: number,
    private readonly shape: Shape,
  ) {}

  get isNullable(): boolean {
    return (this.nullable ??= this.shape.isNullable);
  }

  get closing(): Closing {
    return (this.shortest ??= this.shape.closing);
  }

  get isFull(): boolean {
    return this.shape.isFull ?? false;
  }

  /** Only the empty text is left. */
  get isFinal(): boolean {
    return this.isNullable && !Array.from({ length: 256 }, (_, byte) => this.step(byte)).some(Boolean);
  }

  /** The texts that follow `byte`; undefined where the byte is not allowed. */
  step(byte: number): Term | undefined {
    const known = this.steps.get(byte);
    if (known || this.steps.has(byte)) return known;
    const next = this.shape.derive(byte);
    this.steps.set(byte, next);
    return next;
  }
}

const FINISHED: Closing = { bytes: '', comfort: 0 };
const NEWLINE_AND_INDENT = 16;

/** The terms of one grammar. */
export class Terms {
  private readonly known = new Map<string, Term>();
  /** Only the empty text. */
  readonly empty: Term = this.intern('', () => ({ isNullable: true, closing: FINISHED, derive: () => undefined }));
  /** The empty text behind the last item that a list may hold. */
  readonly full: Term = this.intern('full', () => ({ isNullable: true, isFull: true, closing: FINISHED, derive: () => undefined }));

  get size(): number {
    return this.known.size;
  }

  /** The term of this key; `make` gives its shape when it is new. */
  intern(key: string, make: () => Shape): Term {
    let term = this.known.get(key);
    if (!term) this.known.set(key, (term = new Term(this.known.size, make())));
    return term;
  }

  /** Exactly these bytes, one character each; `utf8` makes them of a text. */
  bytes(bytes: string): Term {
    if (bytes === '') return this.empty;
    return this.intern(`"${bytes}`, () => ({
      isNullable: false,
      closing: { bytes, comfort: 0 },
      derive: (byte) => (bytes.charCodeAt(0) === byte ? this.bytes(bytes.slice(1)) : undefined),
    }));
  }

  literal(text: string): Term {
    return this.bytes(utf8(text));
  }

  /** One after the other. */
  sequence(...[first = this.empty, ...others]: readonly Term[]): Term {
    const rest = others.length > 0 ? this.sequence(...others) : this.empty;
    if (first === this.empty) return rest;
    if (rest === this.empty) return first;
    return this.intern(`${first.id}+${rest.id}`, () => ({
      get isNullable() {
        return first.isNullable && rest.isNullable;
      },
      get isFull() {
        return first.isFull;
      },
      get closing() {
        return { bytes: first.closing.bytes + rest.closing.bytes, comfort: first.closing.comfort + rest.closing.comfort };
      },
      derive: (byte) => {
        const inside = first.step(byte);
        const behind = first.isNullable ? rest.step(byte) : undefined;
        return inside ? this.either(this.sequence(inside, rest), behind) : behind;
      },
    }));
  }

  /** Any of the terms; those that are undefined count for nothing. */
  either(...terms: readonly (Term | undefined)[]): Term {
    const options = [...new Set(terms.filter((term) => term !== undefined))].sort((a, b) => a.id - b.id);
    const [only = this.empty] = options;
    if (options.length <= 1) return only;
    const { empty, full } = this;
    return this.intern(options.map(({ id }) => id).join('|'), () => ({
      get isNullable() {
        return options.some((option) => option.isNullable);
      },
      get isFull() {
        return options.some((option) => option.isFull);
      },
      get closing() {
        if (options.some((option) => option === empty || option === full)) return FINISHED;
        return options.map((option) => option.closing).reduce((best, each) => (costOf(each) < costOf(best) ? each : best));
      },
      derive: (byte) => {
        const next = options.map((option) => option.step(byte)).filter((term) => term !== undefined);
        return next.length > 0 ? this.either(...next) : undefined;
      },
    }));
  }

  optional(term: Term): Term {
    return this.either(this.empty, term);
  }

  /** A term that is only built when a text comes to it. */
  lazy(key: string, make: () => Term): Term {
    let made: Term | undefined;
    const term = (): Term => (made ??= make());
    return this.intern(`lazy ${key}`, () => ({
      get isNullable() {
        return term().isNullable;
      },
      get isFull() {
        return term().isFull;
      },
      get closing() {
        return term().closing;
      },
      derive: (byte) => term().step(byte),
    }));
  }

  /** `least` to `most` items with `separator` between them. */
  list(item: Term, separator: Term, { least, most }: { readonly least: number; readonly most: number }): Term {
    const others = (held: number): Term => {
      if (held >= most) return this.full;
      const more = this.lazy(`${item.id} ${separator.id} ${held} ${least} ${most}`, () => this.sequence(separator, item, others(held + 1)));
      return held >= least ? this.optional(more) : more;
    };
    if (most <= 0) return this.full;
    const some = this.sequence(item, others(1));
    return least > 0 ? some : this.optional(some);
  }

  /** The white space that may stand between two marks of JSON: none, a space, or a new line with an indent. */
  gap(): Term {
    let indent = this.empty;
    for (let spaces = 0; spaces < NEWLINE_AND_INDENT; spaces++) indent = this.optional(this.sequence(this.literal(' '), indent));
    return this.either(this.empty, this.literal(' '), this.sequence(this.literal('\n'), indent));
  }
}

const costOf = ({ bytes, comfort }: Closing): number => bytes.length + comfort;

/** The UTF-8 bytes of a text, one character each. */
export function utf8(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}
