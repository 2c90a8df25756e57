// Under which name the kinds are saved, and which saved ones are being written on.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { changeQuery } from '../address/address';
import { changePreset, deletePreset, savePreset, usePresets } from '../api/presets';
import { ApiProblem } from '../api/problem';
import type { Preset } from '../api/resources';
import { SureButton } from '../operate/sure-button';
import { showToast } from '../shell/toasts';
import { definitionsOf, type Draft, isChanged, newDraft, noteSaved, setDraft } from './draft';
import { clearFaults, showFaults, useFault } from './faults';
import { openPreset, replaceDraft } from './open-draft';
import styles from './preset-bar.module.css';
import { useCommandKey } from './use-command-key';

export function PresetBar({ draft }: { readonly draft: Draft }) {
  const { data: presets = [] } = usePresets();
  const [failure, setFailure] = useState<Error>();
  const { preset } = draft;
  const attempt = async (save: () => Promise<Preset>): Promise<void> => {
    setFailure(undefined);
    clearFaults();
    try {
      const saved = await save();
      if (noteSaved(draft, saved)) changeQuery({ preset: saved.id });
      showToast({ text: `Saved ${saved.name}.` });
    } catch (error) {
      if (!showFaults(error)) setFailure(asError(error));
    }
  };
  const content = { name: draft.name, segment_definitions: definitionsOf(draft) };
  const saveNew = (): Promise<void> => attempt(() => savePreset(content));
  const save = (): Promise<void> => (preset ? attempt(() => changePreset(preset.id, content, preset.version)) : saveNew());
  useCommandKey('s', () => void save());
  const isBehind = failure instanceof ApiProblem && failure.code === 'preset.changed_meanwhile';
  return (
    <section className={styles.bar} aria-label="Preset">
      <NativeSelect
        size="xs"
        label="Preset"
        value={preset?.id ?? ''}
        data={[{ value: '', label: 'New' }, ...presets.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={({ currentTarget: { value } }) => {
          setFailure(undefined);
          if (value === '') replaceDraft(newDraft(), null);
          else void openPreset(value).catch((error: unknown) => setFailure(asError(error)));
        }}
      />
      <TextInput size="xs" label="Name" placeholder="Match highlights" value={draft.name} error={useFault('name')} onChange={({ currentTarget: { value: name } }) => { clearFaults('name'); setDraft((now) => ({ ...now, name })); }} />
      <div className={styles.actions}>
        <Button size="compact-sm" disabled={!isChanged(draft) || draft.name.trim() === ''} onClick={() => void save()}>
          Save
        </Button>
        {preset && (
          <>
            <Button size="compact-sm" variant="default" onClick={() => void saveNew()}>
              Save as new
            </Button>
            <SureButton label="Delete" of={draft.name} run={async () => { await deletePreset(preset.id); replaceDraft(newDraft(), null); }} />
          </>
        )}
        <span className="dim">{isChanged(draft) ? 'not saved' : preset ? `version ${preset.version}` : ''}</span>
      </div>
      {failure !== undefined && (
        <p className={styles.failure} role="alert">
          {failure.message}
          {isBehind && preset && (
            <span className={styles.actions}>
              <Button size="compact-xs" variant="default" onClick={() => void openPreset(preset.id).then(() => setFailure(undefined), (error: unknown) => setFailure(asError(error)))}>
                Load the latest
              </Button>
              <Button size="compact-xs" variant="default" onClick={() => void attempt(() => changePreset(preset.id, content))}>
                Save over it
              </Button>
            </span>
          )}
        </p>
      )}
    </section>
  );
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
