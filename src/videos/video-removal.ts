// Videos that go: deleted with all that hangs on them, or emptied of their bytes; and what a crash left behind.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { note } from '../audit/index.js';
import { STORAGE, type Storage } from '../platform/storage/storage.js';
import { orphanedObjects } from './orphans.js';
import { Video } from './video.entity.js';

/** An object is nobody's when it has no video and is older than the probing of one may take. */
export const ORPHAN_MS = 24 * 3600 * 1000;
/** How often the storage is gone through for such objects. */
const ORPHAN_SEARCH_MS = 3600 * 1000;

@Injectable()
export class VideoRemoval {
  private orphansSoughtAt = -Infinity;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(STORAGE) private readonly storage: Storage,
  ) {}

  /** The row goes last: a crash in between leaves a video marked `deleting` that the sweeper finishes. */
  async delete(video: Video): Promise<void> {
    const { id, tenantId, name } = video;
    await this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.update(Video, { id, status: 'ready' }, { status: 'deleting' });
      if (affected) await note(manager, { action: 'video.deleted', subject: { type: 'video', id }, tenantId, details: { name } });
    });
    await this.finishDelete(video);
  }

  /**
   * Removes the bytes and pictures; what was found in them stays. First it stands for its bytes no more, so that the same bytes that arrive
   * meanwhile are another video; marked when they are gone, so that a crash in between is made good by another call. What is made of them
   * meanwhile goes with the mark.
   */
  async removeContent(id: string): Promise<void> {
    await this.dataSource.query('UPDATE videos SET stands_for_bytes = false WHERE id = $1', [id]);
    const keys = await objectsOf(this.dataSource.manager, id);
    await removeCuts(this.dataSource.manager, id);
    for (const key of keys) await this.storage.remove(key);
    const late = await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM videos WHERE id = $1 FOR UPDATE', [id]); // whoever holds the video ends first
      const made = await objectsOf(manager, id);
      await removeCuts(manager, id);
      await manager.query('DELETE FROM proxies WHERE id = $1', [id]);
      const [[video]] = await manager.query<[{ tenant_id: string; name: string }[], number]>('UPDATE videos SET content_removed_at = now() WHERE id = $1 RETURNING tenant_id, name', [id]);
      if (video) await note(manager, { action: 'video.content_removed', subject: { type: 'video', id }, tenantId: video.tenant_id, details: { name: video.name, why: 'retention' } });
      return made;
    });
    for (const key of late) await this.storage.remove(key);
  }

  /** Completes deletions that a crash interrupted. */
  async finishDeletes(): Promise<void> {
    for (const video of await this.dataSource.manager.findBy(Video, { status: 'deleting' })) await this.finishDelete(video);
  }

  /** Removes the objects that a crash left without a video; most calls return at once. */
  async removeOrphans(): Promise<void> {
    const now = Date.now();
    if (now - this.orphansSoughtAt < ORPHAN_SEARCH_MS) return;
    this.orphansSoughtAt = now;
    for await (const { key } of orphanedObjects(this.dataSource, this.storage, new Date(now - ORPHAN_MS))) await this.storage.remove(key);
  }

  /** What is written down while the objects are removed is removed after the row. */
  private async finishDelete({ id }: Video): Promise<void> {
    for (const key of await objectsOf(this.dataSource.manager, id)) await this.storage.remove(key);
    const late = await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM videos WHERE id = $1 FOR UPDATE', [id]); // whoever holds the video ends first
      const keys = await objectsOf(manager, id);
      await removeCuts(manager, id);
      await manager.delete(Video, { id });
      return keys;
    });
    for (const key of late) await this.storage.remove(key);
  }
}

/** Whatever shows a video that goes, goes with it: whole cuts, as a part of one cannot be taken out. */
async function removeCuts(manager: EntityManager, videoId: string): Promise<void> {
  await manager.query('DELETE FROM cuts WHERE id IN (SELECT cut_id FROM cut_clips WHERE video_id = $1)', [videoId]);
}

async function objectsOf(manager: EntityManager, videoId: string): Promise<string[]> {
  const rows = await manager.query<{ key: string }[]>('SELECT key FROM stored_objects WHERE video_id = $1', [videoId]);
  return rows.map(({ key }) => key);
}
