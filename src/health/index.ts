// Front door of the health domain.
export { HealthModule } from './health.module.js';
export { WorkerHeartbeat } from './worker-heartbeat.entity.js';
export { HEARTBEAT_SECONDS, WorkersService } from './workers.service.js';
