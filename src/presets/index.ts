// Front door of the presets domain.
export { Preset } from './preset.entity.js';
export { presetId } from './preset.schema.js';
export { presetErrors } from './presets.errors.js';
export { PresetsModule } from './presets.module.js';
export { PresetsService } from './presets.service.js';
export { requireDefinitions, segmentDefinitions } from './segment-definitions.schema.js';
