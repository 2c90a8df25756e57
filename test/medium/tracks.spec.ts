// Chapters, subtitles and the time of recording that a container holds, on the clock of the video.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Tracks } from '../../src/platform/media/index.js';
import { clipFolder, constantRate, convert, makeClip } from './clips.js';
import { media, openClip, realClip } from './media.js';

const folder = clipFolder();
const at = (name: string): string => join(folder.path, name);
afterAll(folder.remove);

const srt = `1\n00:00:01,000 --> 00:00:02,000\n<i>Hello</i> there\n\n2\n00:00:03,000 --> 00:00:04,500\nTwo\nlines\n`;
const chapters =
  ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2500\ntitle=First part\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2500\nEND=5000\n';
let video: string;

beforeAll(async () => {
  await writeFile(at('cues.srt'), srt);
  await writeFile(at('chapters.txt'), chapters);
  video = (await makeClip(folder.path, { name: 'clip.mp4', ...constantRate(25, 1, 125) })).file;
});

async function tracksOf(file: string): Promise<Tracks> {
  const { index } = await openClip(file);
  return media.tracks(file, { originSeconds: (index.originPts * index.timeBase.num) / index.timeBase.den });
}

const withTracks = (name: string, ...options: string[]): Promise<string> =>
  convert([video, at('cues.srt'), at('chapters.txt')], at(name), ['-map', '0:v', '-map', '1', '-map_metadata', '2', ...options]);

const cues = [
  { startSeconds: 1, endSeconds: 2, text: 'Hello there' },
  { startSeconds: 3, endSeconds: 4.5, text: 'Two\nlines' },
];
const parts = [
  { startSeconds: 0, endSeconds: 2.5, title: 'First part' },
  { startSeconds: 2.5, endSeconds: 5, title: 'Chapter 2' },
];

describe('the tracks of a file', () => {
  it.each([
    ['MP4', 'tracks.mp4', 'mov_text', 'mov_text'],
    ['Matroska with SubRip', 'subrip.mkv', 'subrip', 'subrip'],
    ['Matroska with SubStation', 'station.mkv', 'ass', 'ass'],
    ['WebM', 'tracks.mkv', 'webvtt', 'webvtt'],
  ])('are read from %s', async (_, name, encoder, codec) => {
    const tags = ['-metadata:s:s:0', 'language=deu', '-metadata', 'creation_time=2024-05-06T07:08:09Z'];
    const tracks = await tracksOf(await withTracks(name, '-c:s', encoder, ...tags));
    expect(tracks.chapters).toEqual(parts);
    expect(tracks.texts).toMatchObject([{ codec, cues }]);
    expect(tracks.texts[0]?.language).toMatch(/^(deu|ger)$/);
  });

  it('count from the first frame of the video, not of the file', async () => {
    const late = await convert([video], at('late.mkv'), ['-output_ts_offset', '1.5']);
    const file = await convert([late, at('cues.srt')], at('late-tracks.mkv'), ['-map', '0:v', '-map', '1', '-c:s', 'subrip'], ['-copyts']);
    const { index } = await openClip(file);
    const origin = (index.originPts * index.timeBase.num) / index.timeBase.den;
    const [track] = (await media.tracks(file, { originSeconds: (index.originPts * index.timeBase.num) / index.timeBase.den })).texts;
    expect(track?.cues?.map(({ endSeconds }) => endSeconds)).toEqual([2, 4.5].map((seconds) => Math.round((seconds - origin) * 1e6) / 1e6).filter((s) => s > 0));
  });

  it('tell when the recording began', async () => {
    const apple = ['-movflags', 'use_metadata_tags', '-metadata', 'com.apple.quicktime.creationdate=2023-07-01T12:34:56+0200'];
    const phone = await convert([video], at('phone.mp4'), [...apple, '-metadata', 'creation_time=2023-07-02T00:00:00Z']);
    const { wallClock } = await tracksOf(phone);
    expect(wallClock).toEqual({ at: new Date('2023-07-01T10:34:56Z'), source: 'com.apple.quicktime.creationdate' });
    const camera = await convert([video], at('camera.mp4'), ['-metadata', 'creation_time=2024-05-06T07:08:09.5Z']);
    expect((await tracksOf(camera)).wallClock).toMatchObject({ source: 'creation_time' });
    expect((await tracksOf(video)).wallClock).toBeUndefined();
  });

  it('may be none', async () => {
    expect(await tracksOf(video)).toEqual({ chapters: [], texts: [], wallClock: undefined });
  });
});

describe.skipIf(realClip('') === undefined)('a real clip', () => {
  it('has the subtitles that a player shows', async () => {
    const { texts } = await tracksOf(realClip('nasa-13013-17s.mp4') ?? '');
    expect(texts.length).toBeGreaterThan(0);
    expect(texts[0]?.cues?.length).toBeGreaterThan(0);
  });
});
