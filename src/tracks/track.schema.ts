// The track resource as the API shows it.
import { z } from 'zod';
import { plainText } from '../platform/http/text.js';
import { type Track } from './track.entity.js';

export const trackId = z.uuid().describe('Id of a track.');

export const trackQuery = z.object({ language: plainText(35).optional().describe('Language of the words, for instance en or pt-BR.') });

export const trackResource = z
  .object({
    id: trackId,
    object: z.literal('track'),
    video_id: z.uuid(),
    kind: z.enum(['embedded', 'sidecar', 'chapters']),
    name: z.string(),
    language: z.string().nullable(),
    cues: z.number().int().describe('Segments it gave, of type speech or chapter.'),
    broken: z.number().int().describe('Cues that could not be read.'),
    outside: z.number().int().describe('Cues that lie outside the video, and were left out.'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Track' });

export const trackList = z.object({ data: z.array(trackResource) }).meta({ id: 'TrackList' });

export function presentTrack({ id, videoId, createdAt, ...track }: Track): z.infer<typeof trackResource> {
  return { id, object: 'track', video_id: videoId, ...track, created_at: createdAt.toISOString() };
}
