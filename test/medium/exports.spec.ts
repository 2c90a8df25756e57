// What other programs read in the exported files, to the frame, and what the routes say of formats.
import 'reflect-metadata';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/app-error.js';
import { type ExportRecord, type SourceVideo } from '../../src/exports/index.js';
import { formats, type FileFormat } from '../../src/exports/formats.js';
import { type FrameRate, FRAME_RATES, perSecond, RATE_NAMES, type RateName } from '../../src/exports/frame-rate.js';
import { timecodeOf } from '../../src/exports/timecode.js';
import { timingOf } from '../../src/exports/timing.js';
import { configureHttp } from '../../src/http-server.js';
import { readBody } from '../../src/read-body.js';
import { MomentsController } from '../../src/moments/moments.controller.js';
import { MomentsService } from '../../src/moments/index.js';
import { Outlines } from '../../src/segments/outlines.js';
import { SegmentsController } from '../../src/segments/segments.controller.js';
import { SegmentsService } from '../../src/segments/index.js';
import { VideosService } from '../../src/videos/index.js';
import { asLocalCaller } from './local-caller.js';
import { temporaryFolder } from './servers.js';

const framesPerDay = ({ nominal, dropped }: FrameRate): number => 144 * (600 * nominal - 9 * dropped);
/** Frame k is presented from k / rate on. */
const secondsOfFrame = (frame: number, { num, den }: FrameRate): number => (frame * den) / num;

const VIDEO_ID = '01890000-0000-7000-8000-000000000000';
const NAME = 'Köln & 旅行.mp4';

const video: SourceVideo = {
  ...{ id: VIDEO_ID, name: NAME, sha256: 'a'.repeat(64), width: 640, height: 360, duration: 3700, startTime: 10 },
  ...{ frameRate: 25, timeBaseNum: 1, timeBaseDen: 90000, hasAudio: true },
};

/** A Python that has what outside-reader.txt names; `.ci/run` makes one. */
const python = process.env['OTIO_PYTHON'];

describe.skipIf(python === undefined)(`an outside reader${python === undefined ? ' (skipped: OTIO_PYTHON names none)' : ''}`, () => {
  const folder = temporaryFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  interface Wanted {
    readonly rate: RateName;
    readonly format: FileFormat;
    readonly cut?: boolean;
    readonly start_timecode?: string;
  }
  const read = new Map<string, unknown>();
  const key = ({ rate, format, cut }: Wanted): string => `${rate}.${cut ? 'cut.' : ''}${format}`;
  const wanted: Wanted[] = RATE_NAMES.flatMap((rate) => [
    { rate, format: 'otio' },
    { rate, format: 'otio', cut: true },
    { rate, format: 'edl' },
    { rate, format: 'fcpxml' },
    { rate, format: 'fcpxml', cut: true },
  ]);
  wanted.push({ rate: '25', format: 'vtt' }, { rate: '25', format: 'srt' });

  /** Frames at which labels and rounding go wrong: turns of minutes, ten minutes and the hour, and the frames of minute 59. */
  const spans = (rate: RateName): (readonly [number, number])[] => {
    const { nominal, dropped } = FRAME_RATES[rate];
    const minute = 60 * nominal - dropped;
    const tenMinutes = framesPerDay(FRAME_RATES[rate]) / 144;
    const late = 6 * tenMinutes - 17;
    return [
      ...([[0, 1], [1, nominal], [minute, minute + dropped + 1], [minute - 1, 2 * minute + 1]] as const),
      ...([[tenMinutes, tenMinutes + 7], [late, late + 16], [late, late + 40]] as const),
    ];
  };
  const starts: Partial<Record<RateName, string>> = { '29.97df': '10:09:59;28', '59.94ndf': '01:00:00:00', '25': '22:00:00:00' };
  const startFrames: Partial<Record<RateName, number>> = { '29.97df': 1_096_900, '59.94ndf': 216_000, '25': 1_980_000 };
  const textOf = (k: number): string => `Ereignis ${k}: Müll & "<b>" --> 旅`;

  const records = (rate: RateName): ExportRecord[] =>
    spans(rate).map(([first, end], k) => ({
      ...(k % 2 ? { type: 'shot', source: 'signal', confidence: null } : { type: 'event', source: 'model', confidence: 0.5 }),
      ...{ id: `id-${k}`, text: textOf(k), resource: {} },
      ...{ startSeconds: secondsOfFrame(first, FRAME_RATES[rate]), endSeconds: secondsOfFrame(end, FRAME_RATES[rate]) },
    }));

  beforeAll(async () => {
    const asked = [];
    for (const file of wanted) {
      const path = join(folder, key(file));
      const timing = timingOf(video, { rate: file.rate, start_timecode: starts[file.rate] });
      let text = '';
      for await (const part of formats[file.format].write({ source: video, timing, cut: file.cut ?? false }, records(file.rate))) text += part;
      writeFileSync(path, text);
      asked.push({ file: path, format: file.format, rate: perSecond(timing.rate), drop: timing.rate.dropped > 0 });
    }
    const script = join(import.meta.dirname, 'outside-reader.py');
    const output = execFileSync(python!, [script], { input: JSON.stringify(asked), stdio: ['pipe', 'pipe', 'inherit'] });
    (JSON.parse(output.toString()) as unknown[]).forEach((found, k) => read.set(key(wanted[k]!), found));
  });

  describe.each(RATE_NAMES)('at %s', (rate) => {
    const from = startFrames[rate] ?? 0;
    const total = timingOf(video, { rate }).frames;
    const inMedia = spans(rate).map(([first, end]) => [from + first, from + end]);
    const texts = spans(rate).map((_, k) => textOf(k));

    it('finds the markers of OTIO', () => {
      expect(read.get(key({ rate, format: 'otio' }))).toEqual({
        rate: perSecond(FRAME_RATES[rate]),
        start: timecodeOf(from, FRAME_RATES[rate]),
        clips: [[from, from + total, NAME]],
        markers: inMedia.map((span, k) => [...span, texts[k]]),
        media: [encodeURIComponent(NAME), from, from + total],
      });
    });

    it('finds the clips of an OTIO cut list', () => {
      expect(read.get(key({ rate, format: 'otio', cut: true }))).toMatchObject({ markers: [], clips: inMedia.map((span, k) => [...span, texts[k]]) });
    });

    it('finds the events of the EDL, and where each lies in the cut', () => {
      const { clips, records: placed } = read.get(key({ rate, format: 'edl' })) as { clips: unknown[][]; records: number[][] };
      expect(clips.map((clip) => clip.slice(0, 2))).toEqual(inMedia);
      expect(clips.map((clip) => clip.slice(2))).toEqual(texts.map((text) => [NAME, 'KOLN', `COMMENT: ${text.replace('ü', 'u')}`]));
      let at = placed[0]![0]!;
      for (const [k, [first, end]] of spans(rate).entries()) {
        expect(placed[k]).toEqual([at, at + end - first]);
        at += end - first;
      }
    });

    it('finds the marks of FCPXML', () => {
      expect(read.get(key({ rate, format: 'fcpxml' }))).toEqual({
        clips: [[from, from + total, NAME]],
        offsets: [from],
        markers: inMedia.map((span, k) => [...span, texts[k]]),
        keywords: inMedia.map((span, k) => [...span, k % 2 ? 'shot' : 'event']),
        adapter: [[NAME, texts]],
      });
    });

    it('finds the clips of an FCPXML cut list', () => {
      const { clips, offsets } = read.get(key({ rate, format: 'fcpxml', cut: true })) as { clips: unknown[][]; offsets: number[] };
      expect(clips).toEqual(inMedia.map((span, k) => [...span, texts[k]]));
      expect(offsets.slice(1).map((offset, k) => offset - offsets[k]!)).toEqual(spans(rate).slice(0, -1).map(([first, end]) => end - first));
    });
  });

  it.each(['vtt', 'srt'] as const)('finds the cues of %s', (format) => {
    const cues = read.get(key({ rate: '25', format })) as [number, number, string][];
    const close = (seconds: number): unknown => expect.closeTo(seconds, 3);
    expect(cues).toEqual(spans('25').map(([first, end], k) => [close(first / 25), close(end / 25), written(textOf(k), format)]));
  });

  const written = (text: string, format: FileFormat): string => {
    const arrow = text.replace('-->', '->');
    return format === 'srt' ? arrow : arrow.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  };
});

describe('the routes', () => {
  let app: INestApplication;
  let baseUrl: string;
  let failure: AppError | undefined;
  const segment = (k: number) => ({
    ...{ id: VIDEO_ID, videoId: VIDEO_ID, taskId: VIDEO_ID, ordinal: k, startTime: k, endTime: k + 1, type: 'event', text: `event ${k}` },
    ...{ confidence: 0.5, source: 'model', evidence: {}, createdAt: new Date(0) },
  });
  const question = {
    ...{ id: VIDEO_ID, videoId: VIDEO_ID, query: 'a bee', status: 'ready', answer: 'found', searched: null, request: {}, warnings: [] },
    ...{ createdAt: new Date(0), finishedAt: new Date(0) },
  };
  const moment = (rank: number, startTime: number) => ({
    ...{ id: VIDEO_ID, rank, startTime, endTime: startTime + 1, confidence: 0.9, source: 'model', scores: {} },
    evidence: { model: { name: 'm', hash: 'h' }, windows: [], verification: null },
  });

  beforeAll(async () => {
    const segments = {
      page: () => Promise.resolve({ data: [segment(0)], next_cursor: null }),
      // eslint-disable-next-line @typescript-eslint/require-await
      all: async function* () {
        if (failure) throw failure;
        for (let k = 0; k < 3000; k++) yield segment(k);
      },
    };
    const answer = (id: string) => ({
      question: id === VIDEO_ID ? question : { ...question, status: 'processing' },
      moments: [moment(1, 20), moment(2, 5)],
    });
    const services = [
      { provide: VideosService, useValue: { get: () => Promise.resolve(video) } },
      { provide: SegmentsService, useValue: segments },
      { provide: Outlines, useValue: {} }, // of no export
      { provide: MomentsService, useValue: { get: (_video: string, id: string) => Promise.resolve(answer(id)) } },
    ];
    class TestModule {}
    Module({ controllers: [SegmentsController, MomentsController], providers: services })(TestModule);
    app = await NestFactory.create(TestModule, { logger: false });
    configureHttp(app, '0');
    app.use(asLocalCaller, readBody);
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    baseUrl = `http://127.0.0.1:${port}`;
  });
  afterAll(() => app?.close());

  const segmentsOf = (query: string, accept = '*/*'): Promise<Response> =>
    fetch(`${baseUrl}/v1/videos/${VIDEO_ID}/segments${query}`, { headers: { accept } });
  const problem = async (response: Response): Promise<unknown> => [response.status, ((await response.json()) as { code: string }).code];

  it.each(Object.entries(formats))('give %s by format and by Accept, with its type and a name', async (name, { mediaTypes, disposition }) => {
    for (const response of [await segmentsOf(`?format=${name}`), ...(await Promise.all(mediaTypes.map((type) => segmentsOf('', type))))]) {
      expect(response.headers.get('content-type')).toContain(mediaTypes[0]);
      const fileName = `filename="Koln & __.${name}"; filename*=UTF-8''K%C3%B6ln%20%26%20%E6%97%85%E8%A1%8C.${name}`;
      expect(response.headers.get('content-disposition')).toBe(`${disposition}; ${fileName}`);
      expect(await response.text()).toContain('event 2999');
    }
  });

  it('give JSON to whoever asks for anything, for a page, or for what there is not', async () => {
    for (const accept of ['*/*', 'text/html,application/xhtml+xml,*/*;q=0.8', 'application/json', 'image/png']) {
      const { headers } = await segmentsOf('', accept);
      expect(headers.get('content-type')).toContain('application/json');
      expect(headers.get('vary')).toContain('accept');
    }
  });

  it('weigh what Accept prefers', async () => {
    expect((await segmentsOf('', 'text/csv;q=0.5, text/vtt')).headers.get('content-type')).toContain('text/vtt');
  });

  it('write at the rate that is asked for', async () => {
    expect(await (await segmentsOf('?format=edl&rate=29.97')).text()).toContain('FCM: DROP FRAME');
    expect(await (await segmentsOf('?format=edl&rate=29.97ndf&start_timecode=02:00:00:00')).text()).toContain('02:00:01:00');
    expect(await (await segmentsOf('?format=otio&cut=true&rate=23.976')).text()).toContain('"rate":23.976');
  });

  it.each([
    ['?format=edl&rate=17', 400, 'request.invalid'],
    ['?format=edl&rate=0', 400, 'request.invalid'],
    ['?format=docx', 400, 'request.invalid'],
    ['?format=edl&cut=perhaps', 400, 'request.invalid'],
    ['?format=edl&start_timecode=soon', 422, 'export.invalid_timecode'],
    ['?format=edl&rate=29.97df&start_timecode=00:01:00;00', 422, 'export.invalid_timecode'],
  ])('refuse %s', async (query, status, code) => {
    expect(await problem(await segmentsOf(query))).toEqual([status, code]);
  });

  it('tell what fails before the file has begun', async () => {
    failure = new AppError('request.invalid_cursor', 'no such place');
    expect(await problem(await segmentsOf('?format=edl'))).toEqual([400, 'request.invalid_cursor']);
    failure = undefined;
  });

  it('give the moments of a question, in order of time, once it is answered', async () => {
    const momentsOf = (id: string, query = ''): Promise<Response> => fetch(`${baseUrl}/v1/videos/${VIDEO_ID}/moments/${id}${query}`);
    expect(await (await momentsOf(VIDEO_ID)).json()).toMatchObject({ object: 'moments', data: [{ rank: 1 }, { rank: 2 }] });
    const edl = await (await momentsOf(VIDEO_ID, '?format=edl')).text();
    expect([...edl.matchAll(/C {8}(\S+)/g)].map((match) => match[1])).toEqual(['00:00:05:00', '00:00:20:00']);
    expect(edl).toContain('* COMMENT: a bee\r\n* COMMENT: moment model 90%');
    expect(await problem(await momentsOf(VIDEO_ID.replace(/0$/, '1'), '?format=edl'))).toEqual([409, 'moments.not_answered']);
  });

  it('document every format', async () => {
    interface Documented {
      readonly paths: Record<string, { readonly get: { readonly responses: Record<string, { readonly content: object }> } }>;
    }
    const document = (await (await fetch(`${baseUrl}/openapi.json`)).json()) as Documented;
    for (const path of ['/v1/videos/{id}/segments', '/v1/videos/{id}/moments/{questionId}']) {
      const types = ['application/json', ...Object.values(formats).map(({ mediaTypes }) => mediaTypes[0])];
      expect(Object.keys(document.paths[path]!.get.responses['200']!.content).sort()).toEqual(types.sort());
    }
    expect(JSON.stringify(document)).toContain('29.97ndf');
  });
});
