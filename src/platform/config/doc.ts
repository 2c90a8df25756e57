// What a reader of the documentation is told about a variable.

type Doc = {
  readonly description: string;
  readonly unit?: string;
  /** Shown instead of the default where that is worked out at run time. */
  readonly otherwise?: string;
};

export const doc = (description: string, more: Omit<Doc, 'description'> = {}): Doc => ({ description, ...more });
