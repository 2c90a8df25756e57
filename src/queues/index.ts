// Front door of the board of the queue.
export { QueuesModule } from './queues.module.js';
