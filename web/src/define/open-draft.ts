// Puts other kinds where some are being written; what was written comes back with a click.
import { changeQuery } from '../address/address';
import { call } from '../api/call';
import { readPreset } from '../api/presets';
import { showToast } from '../shell/toasts';
import { type Draft, draftOfPreset, draftOfTask, isWritten, setDraft } from './draft';
import { clearFaults } from './faults';

/** Of what was opened last: what comes later of something that was asked for before is not wanted any more. */
let opening = 0;

/** `presetId`: what the address is to name. */
export function replaceDraft(next: Draft, presetId: string | null): void {
  opening++;
  clearFaults();
  setDraft((before) => {
    if (isWritten(before)) showToast({ text: 'What was not saved was put aside.', seconds: 10, action: { label: 'Undo', run: () => replaceDraft(before, before.preset?.id ?? null) } });
    return next;
  });
  changeQuery({ preset: presetId });
}

/** Rejects with an ApiProblem. */
export async function openPreset(id: string): Promise<void> {
  const turn = ++opening;
  const preset = await readPreset(id);
  if (turn === opening) replaceDraft(draftOfPreset(preset), id);
}

/** What an analysis was asked for; rejects with an ApiProblem. */
export async function openTask(id: string): Promise<void> {
  const turn = ++opening;
  const { segment_definitions: definitions } = await call('get', '/v1/analyze/tasks/{id}', { path: { id } });
  if (definitions && turn === opening) replaceDraft(draftOfTask(id, definitions), null);
}
