// The uploads of this page: one file at a time, in order, wherever the reader goes; what has arrived is analysed.
import { queryClient } from '../api/query-client';
import { startAnalysis } from '../api/tasks';
import { videosKey } from '../api/videos';
import { createStore, useStore } from '../store/store';
import { multipartUploader } from './multipart-uploader';

export interface Upload {
  readonly id: number;
  readonly file: File;
  readonly status: 'waiting' | 'sending' | 'checking' | 'failed';
  readonly sent: number;
  /** Bytes per second so far. */
  readonly rate: number;
  readonly error?: unknown;
}

const uploads = createStore<readonly Upload[]>([]);
const aborts = new Map<number, AbortController>();
let lastId = 0;
let isSending = false;

export const useUploads = (): readonly Upload[] => useStore(uploads);

export function addUploads(files: readonly File[]): void {
  uploads.set((known) => [...known, ...files.map((file): Upload => ({ id: ++lastId, file, status: 'waiting', sent: 0, rate: 0 }))]);
  void sendWaiting();
}

/** Stops it where it is being sent. */
export function removeUpload(id: number): void {
  aborts.get(id)?.abort();
  uploads.set((known) => known.filter((upload) => upload.id !== id));
}

export function retryUpload(id: number): void {
  change(id, { status: 'waiting', sent: 0, rate: 0 });
  void sendWaiting();
}

const change = (id: number, values: Partial<Upload>): void => uploads.set((known) => known.map((upload) => (upload.id === id ? { ...upload, ...values } : upload)));

async function sendWaiting(): Promise<void> {
  if (isSending) return;
  isSending = true;
  for (let next = firstWaiting(); next; next = firstWaiting()) await send(next);
  isSending = false;
}

const firstWaiting = (): Upload | undefined => uploads.get().find(({ status }) => status === 'waiting');

async function send({ id, file }: Upload): Promise<void> {
  const abort = new AbortController();
  aborts.set(id, abort);
  const began = performance.now();
  const onProgress = (sent: number): void => {
    const rate = sent / Math.max(0.1, (performance.now() - began) / 1000);
    change(id, { sent: Math.min(sent, file.size), rate, status: sent >= file.size ? 'checking' : 'sending' });
  };
  change(id, { status: 'sending' });
  try {
    const video = await multipartUploader.send(file, { onProgress, signal: abort.signal });
    uploads.set((known) => known.filter((upload) => upload.id !== id));
    await queryClient.invalidateQueries({ queryKey: videosKey });
    await startAnalysis({ video_id: video.id, priority: 'normal' });
  } catch (error) {
    if (!abort.signal.aborted) change(id, { status: 'failed', error });
  } finally {
    aborts.delete(id);
  }
}
