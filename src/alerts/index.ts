// Front door of the alerts domain.
export { Alert, AlertMatch } from './alert.entity.js';
export { AlertFollowUp } from './alert-follow-up.js';
export { alertErrors } from './alerts.errors.js';
export { AlertsModule } from './alerts.module.js';
