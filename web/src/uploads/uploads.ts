// The uploads of this page: files one at a time, in order, wherever the reader goes, and fetches by URL; what is new is analysed.
import { navigate } from '../address/address';
import { queryClient } from '../api/query-client';
import { startAnalysis } from '../api/tasks';
import { videosKey } from '../api/videos';
import { showFailure, showToast } from '../shell/toasts';
import { createStore, useStore } from '../store/store';
import type { Arrival, Send, SendOptions } from './uploader';
import { followUpload, runningImports, sendByUrl } from './url-import';

export interface Upload {
  readonly id: number;
  readonly name: string;
  /** Null while that is not known. */
  readonly bytes: number | null;
  /** A file waits for the one before it; the service fetches by itself. */
  readonly source: 'file' | 'url';
  readonly send: Send;
  readonly status: 'waiting' | 'sending' | 'checking' | 'failed';
  readonly sent: number;
  /** Bytes per second so far. */
  readonly rate: number;
  readonly error?: unknown;
}

const uploads = createStore<readonly Upload[]>([]);
/** The video that was brought in once more. */
const pointedAt = createStore<string | undefined>(undefined);
const aborts = new Map<number, AbortController>();
/** How long the video is pointed at. */
const TOLD_SECONDS = 10;
let lastId = 0;
let isSending = false;

export const useUploads = (): readonly Upload[] => useStore(uploads);

export const usePointedAt = (): string | undefined => useStore(pointedAt);

export function addUploads(files: readonly File[]): void {
  files.forEach((file) => add({ name: file.name, bytes: file.size, source: 'file', send: sendFile(file) }));
}

export function addUrl(url: string): void {
  add({ name: url, bytes: null, source: 'url', send: (options) => sendByUrl(url, options) });
}

/** Shows the fetches again that were begun before the page was loaded. */
export async function resumeImports(): Promise<void> {
  for (const { id, url, name, bytes } of await runningImports()) {
    if (!uploads.get().some((upload) => upload.name === url)) add({ name: url ?? name, bytes, source: 'url', send: (options) => followUpload(id, options) });
  }
}

/** Stops it where it is being sent. */
export function removeUpload(id: number): void {
  aborts.get(id)?.abort();
  uploads.set((known) => known.filter((upload) => upload.id !== id));
}

export function retryUpload(id: number): void {
  change(id, { status: 'waiting', sent: 0, rate: 0 });
  begin(id);
}

/** The client of the protocol is loaded with the first file. */
const sendFile =
  (file: File) =>
  async (options: SendOptions): Promise<Arrival> =>
    (await import('./tus-uploader')).sendInPieces(file, options);

function add(upload: Pick<Upload, 'name' | 'bytes' | 'source' | 'send'>): void {
  const id = ++lastId;
  uploads.set((known) => [...known, { ...upload, id, status: 'waiting', sent: 0, rate: 0 }]);
  begin(id);
}

const change = (id: number, values: Partial<Upload>): void => uploads.set((known) => known.map((upload) => (upload.id === id ? { ...upload, ...values } : upload)));

function begin(id: number): void {
  const upload = uploads.get().find((known) => known.id === id);
  if (upload?.source === 'url') void send(upload);
  else void sendWaiting();
}

async function sendWaiting(): Promise<void> {
  if (isSending) return;
  isSending = true;
  for (let next = firstWaiting(); next; next = firstWaiting()) await send(next);
  isSending = false;
}

const firstWaiting = (): Upload | undefined => uploads.get().find(({ status, source }) => status === 'waiting' && source === 'file');

async function send({ id, name, send: sendIt }: Upload): Promise<void> {
  const abort = new AbortController();
  aborts.set(id, abort);
  change(id, { status: 'sending' });
  try {
    const { videoId, isDuplicate } = await sendIt({ onProgress: progressOf(id), signal: abort.signal });
    uploads.set((known) => known.filter((upload) => upload.id !== id));
    await queryClient.invalidateQueries({ queryKey: videosKey });
    if (isDuplicate) tellKnown(name, videoId);
    else await startAnalysis({ video_id: videoId, priority: 'normal' }).catch(showFailure); // the video is there all the same
  } catch (error) {
    if (!abort.signal.aborted) change(id, { status: 'failed', error });
  } finally {
    aborts.delete(id);
  }
}

/** Analysed or not, it stays as it is. */
function tellKnown(name: string, videoId: string): void {
  pointedAt.set(videoId);
  setTimeout(() => pointedAt.set(undefined), TOLD_SECONDS * 1000);
  showToast({ text: `${name} is already in the library.`, action: { label: 'Open', run: () => navigate(`/videos/${videoId}`) }, seconds: TOLD_SECONDS });
}

function progressOf(id: number): SendOptions['onProgress'] {
  let first: { readonly sent: number; readonly at: number } | undefined;
  return (sent, bytes) => {
    first ??= { sent, at: performance.now() }; // what had arrived before is no work of now
    const rate = (sent - first.sent) / Math.max(0.1, (performance.now() - first.at) / 1000);
    change(id, { sent, bytes, rate, status: bytes !== null && sent >= bytes ? 'checking' : 'sending' });
  };
}
