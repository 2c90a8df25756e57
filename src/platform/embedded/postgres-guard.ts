// A small process of its own that runs the embedded Postgres and stops it, even when its parent was killed.
import { spawn } from 'node:child_process';
import { totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { type RunAs } from './postgres-binaries.js';
import { stopOrphan, stopServer } from './orphaned-server.js';

export interface GuardOrders {
  readonly postgres: string;
  readonly data: string;
  readonly port: number;
  readonly user: RunAs;
}

/** A sixteenth of the machine's memory for pages that are read again and again; what is not used is not taken. */
const BUFFER_MEGABYTES = Math.round(Math.min(1024, Math.max(128, totalmem() / 16 / 1024 ** 2)));

const SETTINGS = [
  `shared_buffers=${BUFFER_MEGABYTES}MB`,
  'random_page_cost=1.1', // a disk without a head to move
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_min_messages=warning',
];

const orders = JSON.parse(process.argv[2] ?? '') as GuardOrders;

await stopOrphan(orders.data);
const settings = [...SETTINGS, `port=${orders.port}`].flatMap((setting) => ['-c', setting]);
const server = spawn(orders.postgres, ['-D', orders.data, ...settings], {
  ...orders.user,
  cwd: '/',
  stdio: ['ignore', 'ignore', 'pipe'],
});
createInterface({ input: server.stderr }).on('line', (line) => {
  process.stderr.write(`${line}\n`);
  if (line.includes('ready to accept connections')) process.send?.({ type: 'ready' });
});

let stopping = false;
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
server.on('exit', () => process.exit(stopping ? 0 : 1));

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stopping = true;
    if (server.pid !== undefined) void stopServer(server.pid);
  });
}
