// Front door of the health domain.
export { HealthModule } from './health.module.js';
export { WorkerHeartbeat, type WorkerModel } from './worker-heartbeat.entity.js';
export { HEARTBEAT_SECONDS, WorkersService } from './workers.service.js';
