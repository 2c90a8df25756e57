// What a clip list is, and as which file it is wanted.
import { z } from 'zod';
import { exportQuery, FORMATS } from '../exports/index.js';
import { plainText } from '../platform/http/text.js';

const MOST_CLIPS = 1000;

const clip = z
  .strictObject({
    video_id: z.uuid(),
    start_time: z.number().min(0).describe('Seconds from the first presented frame.'),
    end_time: z.number().positive(),
    text: plainText(1000).optional().describe('What it shows; default the name of its video.'),
  })
  .refine(({ start_time: from, end_time: to }) => to > from, { path: ['end_time'], message: 'must be after start_time' });

/** What a reel is made of. */
export const clipsInOrder = z.array(clip).min(1).max(MOST_CLIPS).describe('In the order in which they are to be seen; of any videos.');

export const clipListRequest = z.strictObject({
  clips: clipsInOrder,
  format: z.enum(FORMATS).describe('json is the list with the names of its videos; edl, fcpxml and otio are cut lists; vtt and srt are the words of the reel that the clips make.'),
  rate: exportQuery.rate.describe('Frame rate of edl, fcpxml and otio; default that of the first clip.'),
  name: plainText(120).default('Clip list').describe('Name of the file and of what is in it.'),
});

/** The list as `json`. */
export const clipListResource = z.object({ name: z.string(), clips: z.array(clip.extend({ video_name: z.string() })) }).meta({ id: 'ClipListFile' });

export type ClipListBody = z.infer<typeof clipListRequest>;
export type ClipBody = ClipListBody['clips'][number];
