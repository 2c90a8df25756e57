// Gives every module the configuration, the database, the queue, the storage and the media tools; closes them at the end.
import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { CLOCK } from './clock.js';
import { CONFIG, type Config, requireDatabaseUrl } from './config/config.js';
import { createDataSource } from './database/data-source.js';
import { createNotifications, NOTIFICATIONS, type Notifications } from './database/notifications.js';
import { GuardedFetch } from './http/guarded-fetch.js';
import { log } from './log/log.js';
import { Media } from './media/index.js';
import { Totals } from './metrics/totals.js';
import { createQueue, QUEUE, type Queue } from './queue/queue.js';
import { createStorage, ImportBuckets, STORAGE } from './storage/index.js';

const SHARED = [CONFIG, CLOCK, DataSource, NOTIFICATIONS, QUEUE, STORAGE, Media, GuardedFetch, ImportBuckets, Totals];

@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    private readonly totals: Totals,
    @Inject(NOTIFICATIONS) private readonly notifications: Notifications,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  static with(config: Config, entities: EntityTarget<ObjectLiteral>[]): DynamicModule {
    const databaseUrl = requireDatabaseUrl(config);
    return {
      module: PlatformModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: CLOCK, useValue: () => new Date() },
        { provide: DataSource, useFactory: () => createDataSource({ url: databaseUrl, entities }).initialize() },
        { provide: NOTIFICATIONS, useFactory: () => createNotifications(databaseUrl) },
        { provide: QUEUE, useFactory: () => createQueue({ databaseUrl, redisUrl: config.REDIS_URL, lockSeconds: config.LEASE_SECONDS }) },
        { provide: STORAGE, useFactory: () => createStorage(config) },
        { provide: Media, useFactory: () => openMedia(config) },
        { provide: Totals, useFactory: (dataSource: DataSource) => new Totals(dataSource), inject: [DataSource] },
        { provide: GuardedFetch, useFactory: () => new GuardedFetch(config.OUTGOING_ALLOW) },
        { provide: ImportBuckets, useFactory: () => new ImportBuckets(config) },
      ],
      exports: SHARED,
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
    await this.notifications.close();
    await this.totals.close();
    await this.dataSource.destroy();
  }
}

/** Finds ffmpeg at the start, so that a machine without one is refused at once, and says which one it is. */
async function openMedia(config: Config): Promise<Media> {
  const media = new Media(config);
  const { ffmpeg, ffprobe } = await media.binaries();
  log.info({ ffmpeg: `${ffmpeg.path} ${ffmpeg.version}`, ffprobe: `${ffprobe.path} ${ffprobe.version}` }, 'media tools');
  if (ffmpeg.source === 'npm') {
    log.warn('this ffmpeg comes from npm and is a build of 2018: install a current one before you take files from strangers');
  }
  return media;
}
