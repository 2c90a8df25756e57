// MCP tools for videos themselves: bringing one in, listing them, looking at a frame.
import { z } from 'zod';
import { type VideoJson } from '../api-types.js';
import { cursor, next, nextCursor, seconds, tool, videoId } from './tool.js';

const video = z.object({
  video_id: z.uuid(),
  name: z.string().describe('File name.'),
  duration: z.number().describe('Seconds from the first frame to the end of the last.'),
  width: z.number().int().describe('Pixels.'),
  height: z.number().int().describe('Pixels.'),
});

const presentVideo = ({ id, name, duration, width, height }: VideoJson) => ({ video_id: id, name, duration, width, height });

export const uploadByPath = tool({
  name: 'upload_by_path',
  title: 'Upload a video',
  description:
    'Brings a video file of the machine that this server runs on into secondsight, and gives its video_id. The same bytes are stored once: ' +
    'uploading them again is harmless and gives the video that is there. Tells progress in bytes.',
  input: z.strictObject({ path: z.string().min(1).max(4096).describe('Absolute path of a video file.') }),
  output: video.extend({ next }),
  readOnly: false,
  run: async ({ path }, { api, open, progress }) => {
    const file = await open(path);
    try {
      const uploaded = await api.uploadFile(file, (bytes) => progress(bytes, `uploading ${file.name}`, file.bytes));
      return { structured: { ...presentVideo(uploaded), next: 'Ask it with find_moments, or call analyze first for a description of everything that happens.' } };
    } finally {
      await file.handle.close();
    }
  },
});

export const listVideos = tool({
  name: 'list_videos',
  title: 'List videos',
  description: 'Lists the videos that secondsight has, newest first, a page at a time.',
  input: z.strictObject({ limit: z.number().int().min(1).max(200).default(50).describe('Videos per page.'), cursor }),
  output: z.object({ videos: z.array(video), next_cursor: nextCursor }),
  readOnly: true,
  run: async (query, { api }) => {
    const { data, next_cursor } = await api.videos(query);
    return { structured: { videos: data.map(presentVideo), next_cursor } };
  },
});

export const getFrame = tool({
  name: 'get_frame',
  title: 'Look at a frame',
  description: 'Gives the picture that a viewer of the video sees at a second, as JPEG: use it to check a moment or a segment.',
  input: z.strictObject({
    video_id: videoId,
    time: z.number().min(0).describe('Second of the video, from the first frame on; before its end.'),
    width: z.number().int().min(16).max(1920).default(640).describe('Most pixels across; a smaller video is not enlarged.'),
  }),
  output: z.object({ video_id: z.uuid(), frame_time: seconds.describe('When the picture is presented: at the second asked for or before it.') }),
  readOnly: true,
  run: async ({ video_id, time, width }, { api }) => {
    const { jpeg, seconds: frameTime } = await api.frame(video_id, { t: time, width });
    const image = { type: 'image' as const, data: Buffer.from(jpeg).toString('base64'), mimeType: 'image/jpeg' };
    return { structured: { video_id, frame_time: frameTime }, images: [image] };
  },
});
