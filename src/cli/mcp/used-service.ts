// The service that the MCP tools use: one that was named, the one that runs on DATA_DIR, or one that is started when it is first needed.
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../app-error.js';
import { loadConfig } from '../../platform/config/config.js';
import { runningService } from '../../platform/embedded/single-instance.js';
import { ApiClient } from '../api-client.js';
import { type ServiceOptions, type Stack, startStack, withoutSlash } from '../stack.js';

/** Another command may be starting the service at the same time. */
const OTHERS_START_SECONDS = 60;
const POLL_MS = 200;

export class UsedService {
  private readonly config = loadConfig();
  private stack: Promise<Stack> | undefined;

  constructor(private readonly options: ServiceOptions) {}

  /** The service at `server`, whoever calls; undefined: one of this machine. */
  get server(): string | undefined {
    const address = this.options.server ?? this.config.SECONDSIGHT_SERVER;
    return address && withoutSlash(address);
  }

  /** A client that sends `key`, else the one that this command was given. Rejects where no service can be had. */
  async client(key = this.options.key): Promise<ApiClient> {
    const given = key ?? this.config.SECONDSIGHT_API_KEY;
    if (this.server !== undefined) return new ApiClient(this.server, undefined, given);
    for (let waited = 0; ; waited += POLL_MS) {
      const running = await runningService(this.config.DATA_DIR);
      if (running?.baseUrl) return new ApiClient(running.baseUrl, undefined, key ?? (await this.stack)?.key ?? given);
      try {
        this.stack ??= startStack({ env: process.env['PORT'] ? {} : { PORT: '0' } });
        await this.stack;
      } catch (error) {
        this.stack = undefined;
        if (!isStarting(error) || waited >= OTHERS_START_SECONDS * 1000) throw error;
        await pause(POLL_MS);
      }
    }
  }

  /** Stops what was started here. */
  async stop(): Promise<void> {
    await (await this.stack?.catch(() => undefined))?.stop();
  }
}

const isStarting = (error: unknown): boolean => error instanceof AppError && error.code === 'service.already_running';
