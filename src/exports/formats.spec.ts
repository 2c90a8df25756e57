// Every export format: what it writes, to the frame, and what untrusted text cannot do to it.
import { describe, expect, it } from 'vitest';
import { type ExportRecord, type SourceVideo } from './export-record.js';
import { reelName, reelNames } from './edl.js';
import { FILE_FORMATS, type FileFormat, formats } from './formats.js';
import { timingOf, type TimingOptions } from './timing.js';

const video: SourceVideo = {
  ...{ id: '01890000-0000-7000-8000-000000000000', name: 'flower & <bee>.mp4', sha256: 'a'.repeat(64), width: 640, height: 360 },
  ...{ duration: 3600, startTime: 0, frameRate: 30000 / 1001, timeBaseNum: 1, timeBaseDen: 30000, hasAudio: true },
};

const stretch = (startSeconds: number, endSeconds: number, text = 'A bee lands.'): ExportRecord => ({
  ...{ id: 'id-1', startSeconds, endSeconds, type: 'event', text, confidence: 0.875, source: 'model', resource: { text } },
});

interface Options extends TimingOptions {
  readonly cut?: boolean;
  readonly source?: Partial<SourceVideo>;
}

async function write(format: FileFormat, records: readonly ExportRecord[], { cut = false, source = {}, ...options }: Options = {}): Promise<string> {
  const file = { ...video, ...source };
  let text = '';
  for await (const part of formats[format].write({ source: file, timing: timingOf(file, options), cut }, records)) text += part;
  return text;
}

describe('an EDL', () => {
  it('is a cut list at the timecode of the video', async () => {
    expect(await write('edl', [stretch(60.06, 61.061), stretch(600.6, 600.6)])).toBe(
      [
        'TITLE: flower & <bee>.mp4',
        'FCM: DROP FRAME',
        '',
        '001  FLOWERBE V     C        00:01:00;02 00:01:01;02 01:00:00;00 01:00:01;00',
        '* FROM CLIP NAME: flower & <bee>.mp4',
        '* COMMENT: A bee lands.',
        '* COMMENT: event model 88%',
        '',
        '002  FLOWERBE V     C        00:10:00;18 00:10:00;19 01:00:01;00 01:00:01;01',
        '* FROM CLIP NAME: flower & <bee>.mp4',
        '* COMMENT: A bee lands.',
        '* COMMENT: event model 88%',
        '',
        '',
      ].join('\r\n'),
    );
  });

  it('names a clip by its title and its file, the file once', async () => {
    const clip = { ...stretch(1, 2), type: 'clip', source: video.name, confidence: null };
    expect(await write('edl', [clip])).toMatch(/01:00:01[;:]00\r\n\* FROM CLIP NAME: flower & <bee>\.mp4\r\n\* COMMENT: A bee lands\.\r\n\r\n$/);
    expect((await write('edl', [{ ...clip, text: video.name }])).split(video.name)).toHaveLength(3); // the title of the list, and the file
  });

  it('is right to the frame an hour into 29.97 drop', async () => {
    const [late] = (await write('edl', [stretch(3599.596, 3599.963)])).match(/^001.*/m)!;
    expect(late).toContain('00:59:59;18 00:59:59;29'); // frames 107880 to 107891, of 107892 an hour
  });

  it('says at which rate a video of another is written', async () => {
    const text = await write('edl', [stretch(1, 2)], { source: { frameRate: 29.5 } });
    expect(text).toContain('* COMMENT: The video has 29.5 frames a second on average; written at 29.97df.');
  });

  it('has no line that a text could end or begin', async () => {
    const text = await write('edl', [stretch(1, 2, 'a\r\n002  X V C 00:00:00:00\nCafé 旅行')]);
    expect(text).toContain('* COMMENT: a 002 X V C 00:00:00:00 Cafe 旅行\r\n');
    expect(text.match(/^\d/gm)).toHaveLength(1);
  });

  it('counts beyond 999', async () => {
    const text = await write('edl', Array.from({ length: 1001 }, (_, k) => stretch(k, k + 1)));
    expect(text.match(/^\d+/gm)!.slice(998)).toEqual(['999', '1000', '1001']);
  });

  it.each([
    ['flower-5s.mp4', 'FLOWER5S'],
    ['Über 1.mov', 'UBER1'],
    ['旅行.mp4', 'AX'],
    ['black.mp4', 'AX'],
    ['a very long name.mkv', 'AVERYLON'],
  ])('names the reel of %s %s', (name, reel) => expect(reelName(name)).toBe(reel));

  it('gives every source a reel of its own, of eight characters', () => {
    const names = ['scene-01-take-A.mp4', 'scene-01-take-B.mp4', 'scene 012.mp4', '旅行.mp4', '旅.mp4', 'scene-01-take-C.mp4'];
    const reels = reelNames(names.map((name, k) => ({ id: String(k), name })));
    expect([...reels.values()]).toEqual(['SCENE01T', 'SCENE012', 'SCENE013', 'AX', 'AX2', 'SCENE014']);
  });
});

describe('times', () => {
  const outside = [stretch(-1, 1), stretch(5, 5), stretch(9.99, 12), stretch(20, 30)];
  const short = { source: { duration: 10, frameRate: 25, timeBaseDen: 12800 } };

  it('outside of the video are taken inside, and nothing is empty', async () => {
    const edl = await write('edl', outside, short);
    expect([...edl.matchAll(/C {8}(\S+) (\S+)/g)].map((match) => match.slice(1))).toEqual([
      ['00:00:00:00', '00:00:01:00'],
      ['00:00:05:00', '00:00:05:01'],
      ['00:00:09:24', '00:00:10:00'],
      ['00:00:09:24', '00:00:10:00'],
    ]);
    expect((await write('srt', outside, short)).match(/.* --> .*/g)).toEqual([
      '00:00:00,000 --> 00:00:01,000',
      '00:00:05,000 --> 00:00:05,001',
      '00:00:09,990 --> 00:00:10,000',
      '00:00:09,999 --> 00:00:10,000',
    ]);
  });

  it('count from zero, or from the timecode that was asked for', async () => {
    const of = async (options: Options): Promise<string> => (await write('edl', [stretch(1, 2)], options)).match(/C {8}(\S+)/)![1]!;
    expect(await of(short)).toBe('00:00:01:00');
    expect(await of({ ...short, start_timecode: '09:59:59:00' })).toBe('10:00:00:00');
    expect(await of({ rate: '29.97ndf', start_timecode: '01:00:00:00' })).toBe('01:00:01:00');
    for (const start_timecode of ['01:01:00;00', '99:00:00:00', 'soon']) {
      await expect(write('edl', [], { start_timecode })).rejects.toMatchObject({ code: 'export.invalid_timecode' });
    }
  });

  it('of a video in milliseconds mean the frames that were rounded', async () => {
    const edl = await write('edl', [stretch(0.067, 0.1)], { source: { timeBaseDen: 1000 } }); // frames 2 and 3 are at 66.7 and 100.1 ms
    expect(edl).toContain('00:00:00;02 00:00:00;03');
  });
});

describe('OTIO', () => {
  it('has a marker for each stretch on the whole video, or a clip for each', async () => {
    const whole = JSON.parse(await write('otio', [stretch(1, 2), stretch(3, 3)])) as Otio;
    const [clip] = whole.tracks.children[0]!.children;
    expect(clip!.source_range.duration).toMatchObject({ value: 107893, rate: 30000 / 1001 });
    expect(clip!.markers!.map(({ marked_range: { start_time, duration } }) => [start_time.value, duration.value])).toEqual([[30, 30], [90, 1]]);
    const cut = JSON.parse(await write('otio', [stretch(1, 2), stretch(3, 3)], { cut: true })) as Otio;
    const ranges = cut.tracks.children[0]!.children.map(({ source_range }) => source_range);
    expect(ranges.map(({ start_time, duration }) => [start_time.value, duration.value])).toEqual([[30, 30], [90, 1]]);
  });

  it('is whole without a stretch, and with a text that looks like its own', async () => {
    expect(JSON.parse(await write('otio', []))).toMatchObject({ OTIO_SCHEMA: 'Timeline.1' });
    const name = '["here"]';
    const odd = JSON.parse(await write('otio', [stretch(1, 2, name)], { source: { name } })) as Otio;
    expect(odd.tracks.children[0]!.children[0]!.markers![0]!.name).toBe(name);
    expect(odd.name).toBe(name);
  });
});

describe('FCPXML', () => {
  it('has exact times and escapes every text', async () => {
    const text = await write('fcpxml', [stretch(60.06, 61.061, `"a" & <b>\u0001'`)]);
    expect(text).toContain('frameDuration="1001/30000s"');
    const value = '&quot;a&quot; &amp; &lt;b&gt; &apos;';
    expect(text).toContain(`<marker start="1801800/30000s" duration="30030/30000s" value="${value}" note="event, model, 88 % sure"/>`);
    expect(text).toContain('src="flower%20%26%20%3Cbee%3E.mp4"');
    expect(text).toContain('tcFormat="DF"');
  });
});

describe('every format', () => {
  it.each(FILE_FORMATS)('%s takes stretches as they come, and keeps none', async (format) => {
    let read = 0;
    function* many(): Generator<ExportRecord> {
      for (; ; read++) yield stretch(read, read + 1);
    }
    let written = 0;
    for await (const _ of formats[format].write({ source: video, timing: timingOf(video, {}), cut: false }, many())) if (++written === 100) break;
    expect(read).toBeGreaterThan(90);
    expect(read).toBeLessThanOrEqual(100);
  });
});

interface Otio {
  readonly name: string;
  readonly tracks: { readonly children: readonly { readonly children: readonly OtioItem[] }[] };
}

interface OtioItem {
  readonly source_range: OtioRange;
  readonly markers?: readonly { readonly name: string; readonly marked_range: OtioRange }[];
}

interface OtioRange {
  readonly start_time: { readonly value: number; readonly rate: number };
  readonly duration: { readonly value: number; readonly rate: number };
}
