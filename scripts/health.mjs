// Health checks of the containers: `health.mjs` asks the API, `health.mjs worker` asks it about the worker on this host.
import { hostname } from 'node:os';

const url = process.env.HEALTH_URL ?? `http://127.0.0.1:${process.env.PORT || 8080}/health/ready`;

const response = await fetch(url);
const { workers } = await response.json();
const isHere = ({ id, status }) => id.startsWith(`${hostname()}:`) && status === 'ready';
const healthy = process.argv[2] === 'worker' ? workers.some(isHere) : response.ok;
process.exit(healthy ? 0 : 1);
