// Front door of the domain of quotas: what there may not be more of.
export { requireFewQuestions } from './overload.js';
export { quotaErrors } from './quotas.errors.js';
export { QuotasModule } from './quotas.module.js';
export { RoomForWork, type WaitingWork } from './room-for-work.js';
export { requireTaskQuota, requireVideoQuota, type TenantQuotas } from './tenant-quotas.js';
