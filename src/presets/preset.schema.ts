// The preset resource: what may be saved, and what the API shows.
import { z } from 'zod';
import { pageOf } from '../platform/http/cursor.js';
import { plainText } from '../platform/http/text.js';
import { type Preset } from './preset.entity.js';
import { segmentDefinitions } from './segment-definitions.schema.js';

export const presetId = z.uuid().describe('Id of a preset.');

export const presetRequest = z.strictObject({
  name: plainText(100).describe('No other preset of the tenant has it.'),
  segment_definitions: segmentDefinitions,
});
export type PresetBody = z.infer<typeof presetRequest>;

export const presetChange = presetRequest.partial();
export type PresetChange = z.infer<typeof presetChange>;

/** The ETag of a preset names its version. */
export const ifMatch = z
  .string()
  .regex(/^(?:W\/)?"[1-9]\d{0,8}"$|^\*$/, 'must be the ETag of the preset as it was read')
  .optional()
  .transform((tag) => (tag === undefined || tag === '*' ? undefined : Number(tag.replace(/\D/g, ''))));

export const presetResource = z
  .object({
    id: presetId,
    object: z.literal('preset'),
    name: z.string(),
    segment_definitions: segmentDefinitions,
    version: z.number().int().describe('Counts the changes; the ETag is made of it.'),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Preset' });

export const presetPage = pageOf(presetResource).meta({ id: 'PresetPage' });

export const etagOf = ({ version }: Preset): string => `"${version}"`;

export const presentPreset = (preset: Preset): z.infer<typeof presetResource> => ({
  id: preset.id,
  object: 'preset',
  name: preset.name,
  segment_definitions: preset.segmentDefinitions as z.infer<typeof segmentDefinitions>,
  version: preset.version,
  created_at: preset.createdAt.toISOString(),
  updated_at: preset.updatedAt.toISOString(),
});
