// What this process measures of itself and of the requests it answers, in the form of Prometheus.
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export const processMetrics = new Registry();

collectDefaultMetrics({ register: processMetrics });

/** `route` is the template of the route, never a path: an id would make a series of its own. */
export const requestSeconds = new Histogram({
  name: 'secondsight_http_request_duration_seconds',
  help: 'Seconds from the first byte of a request to the last of its answer.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
  registers: [processMetrics],
});
