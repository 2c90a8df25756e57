// Front door of the metrics.
export { Installation } from './installation.js';
export { MetricsModule } from './metrics.module.js';
