// Kinds of segments that were saved under a name.
import { useQuery } from '@tanstack/react-query';
import { call } from './call';
import { queryClient } from './query-client';
import type { Preset, SegmentDefinition } from './resources';

/** More than a tenant may have. */
const ALL = 1000;
const presetsKey = ['presets'];

export interface PresetContent {
  readonly name: string;
  readonly segment_definitions: SegmentDefinition[];
}

export const usePresets = () =>
  useQuery({ queryKey: presetsKey, queryFn: async ({ signal }) => (await call('get', '/v1/presets', { query: { limit: ALL }, signal })).data.sort((a, b) => a.name.localeCompare(b.name)) });

export const readPreset = (id: string): Promise<Preset> => call('get', '/v1/presets/{id}', { path: { id } });

export async function savePreset(body: PresetContent): Promise<Preset> {
  const preset = await call('post', '/v1/presets', { body });
  await queryClient.invalidateQueries({ queryKey: presetsKey });
  return preset;
}

/** `version`: as it was read; without it whatever is saved there is replaced. */
export async function changePreset(id: string, body: PresetContent, version?: number): Promise<Preset> {
  const preset = await call('patch', '/v1/presets/{id}', { path: { id }, body, ifMatch: version === undefined ? undefined : `"${version}"` });
  await queryClient.invalidateQueries({ queryKey: presetsKey });
  return preset;
}

export async function deletePreset(id: string): Promise<void> {
  await call('delete', '/v1/presets/{id}', { path: { id } });
  await queryClient.invalidateQueries({ queryKey: presetsKey });
}
