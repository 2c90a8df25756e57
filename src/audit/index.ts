// Front door of the audit.
export { type AuditAction, AuditEvent } from './audit-event.entity.js';
export { AuditModule } from './audit.module.js';
export { forgetOldEvents, note } from './note.js';
