// The kinds of segments that are being written: kept in this browser, so that no reload loses them.
import type { Preset, SegmentDefinition } from '../api/resources';
import { newKey } from '../store/key';
import { createKeptStore, useStore } from '../store/store';

export type FieldType = SegmentDefinition['fields'][number]['type'];

export interface DraftField {
  readonly key: string;
  readonly name: string;
  readonly type: FieldType;
  readonly description: string;
  /** Of words: the only ones it may be; none: any. */
  readonly values: readonly string[];
}

export interface DraftKind {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly fields: readonly DraftField[];
}

export interface Draft {
  /** Of the preset. */
  readonly name: string;
  readonly kinds: readonly DraftKind[];
  /** Where it came from, as it was read there. */
  readonly preset?: { readonly id: string; readonly version: number };
  /** The analysis that tried it last. */
  readonly tried?: string;
  /** What it was when it was loaded or saved. */
  readonly base: string;
}

export const newField = (): DraftField => ({ key: newKey(), name: '', type: 'string', description: '', values: [] });
export const newKind = (): DraftKind => ({ key: newKey(), name: '', description: '', fields: [] });

export function newDraft(): Draft {
  const draft = { name: '', kinds: [newKind()], base: '' };
  return { ...draft, base: contentOf(draft) };
}

/** As the API takes them, in the order in which they are written. */
export const definitionsOf = ({ kinds }: Pick<Draft, 'kinds'>): SegmentDefinition[] =>
  kinds.map(({ name, description, fields }) => ({
    ...{ name, description },
    fields: fields.map((field) => ({
      ...{ name: field.name, type: field.type },
      ...(field.description.trim() !== '' && { description: field.description }),
      ...(field.type === 'string' && field.values.length > 0 && { enum: [...field.values] }),
    })),
  }));

const contentOf = (draft: Pick<Draft, 'name' | 'kinds'>): string => JSON.stringify([draft.name, definitionsOf(draft)]);

export const isChanged = (draft: Draft): boolean => contentOf(draft) !== draft.base;

/** Whether there is anything in it that somebody would miss. */
export const isWritten = (draft: Draft): boolean => isChanged(draft) && contentOf(draft) !== newDraft().base;

export const kindsOf = (definitions: readonly SegmentDefinition[]): DraftKind[] =>
  definitions.map(({ name, description, fields }) => ({
    ...{ key: newKey(), name, description },
    fields: fields.map((field) => ({ key: newKey(), name: field.name, type: field.type, description: field.description ?? '', values: field.enum ?? [] })),
  }));

export function draftOfPreset({ id, version, name, segment_definitions: definitions }: Preset): Draft {
  const draft = { name, kinds: kindsOf(definitions), preset: { id, version }, base: '' };
  return { ...draft, base: contentOf(draft) };
}


/** What an analysis was asked for, to go on from. */
export function draftOfTask(taskId: string, definitions: readonly SegmentDefinition[]): Draft {
  const draft = { name: '', kinds: kindsOf(definitions), tried: taskId, base: '' };
  return { ...draft, base: contentOf(draft) };
}

const kept = createKeptStore<Draft>('definitions', newDraft());

export const useDraft = (): Draft => useStore(kept);

/** `sent` was saved, what was written meanwhile was not; false where another draft was opened meanwhile. */
export function noteSaved(sent: Draft, { id, version }: Preset): boolean {
  if (kept.get().base !== sent.base) return false;
  kept.set((now) => ({ ...now, preset: { id, version }, base: contentOf(sent) }));
  return true;
}

export const setDraft = (change: Draft | ((before: Draft) => Draft)): void => kept.set(change);
