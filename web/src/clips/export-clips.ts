// Asks the service for the clip list as a file, and saves it.
import { callForFile } from '../api/call';
import type { ClipListRequest } from '../api/resources';
import type { FileFormat } from '../exports/formats';
import type { Clip } from './clip-list';

/** The clips as the service is told of them. */
export const clipsOf = (clips: readonly Clip[]): ClipListRequest['clips'] => clips.map(({ videoId, start, end, text }) => ({ video_id: videoId, start_time: start, end_time: end, ...(text !== '' && { text }) }));

export async function exportClips(clips: readonly Clip[], format: FileFormat): Promise<void> {
  const response = await callForFile('post', '/v1/clips/export', { body: { format, clips: clipsOf(clips) } });
  save(await response.blob(), `clip-list.${format}`);
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
