// Hostile media: files made to read what belongs to others, to call out, to eat the machine or to hang it; none of them gets anything.
import { execFile } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FfmpegBinaries } from '../../src/platform/media/index.js';
import { type CommandEnd, MAX_PIXELS, startFfmpeg, startFfprobe } from '../../src/platform/media/command.js';
import { asRefusal } from '../../src/videos/video.errors.js';
import { type Clip, clipFolder, constantRate, convert, encode, makeClip } from '../medium/clips.js';
import { collect, media, openClip } from '../medium/media.js';

const MOST_RESIDENT_KB = 600 * 1024;

const folder = clipFolder();
const at = (name: string): string => join(folder.path, name);
const write = (name: string, content: string | Buffer): string => {
  writeFileSync(at(name), content);
  return at(name);
};
const run = promisify(execFile);

let binaries: FfmpegBinaries;
let clip: Clip;
/** A video of somebody else, in a container whose parts a playlist may name. */
let victim: string;

beforeAll(async () => {
  binaries = await media.binaries();
  clip = await makeClip(folder.path, { name: 'clip.mp4', ...constantRate(25, 1, 25), width: 160, height: 96 });
  victim = await convert([clip.file], at('victim.ts'), ['-bsf:v', 'h264_mp4toannexb']);
});
afterAll(() => folder.remove());

interface Outcome extends CommandEnd {
  /** Of decoded pictures. */
  readonly bytes: number;
}

/** Decodes the first video stream under the product's rules, whatever the probe thinks of the file. */
async function decode(file: string, limits: { seconds?: number; maxBytes?: number } = {}): Promise<Outcome> {
  const command = startFfmpeg(binaries, {
    file,
    outputOptions: ['-map', '0:v:0', '-f', 'rawvideo'],
    timeoutSeconds: limits.seconds ?? 60,
    maxOutputBytes: limits.maxBytes ?? Infinity,
  });
  let bytes = 0;
  for await (const chunk of command) bytes += chunk.length;
  return { ...(await command.end), bytes };
}

/** The same by a bare ffmpeg, as one would start it who thinks no evil; what it gives shows that the attack is one. */
async function bareDecode(file: string): Promise<number> {
  const decoded = run(binaries.ffmpeg.path, ['-v', 'error', '-nostdin', '-i', file, '-f', 'rawvideo', '-'], { encoding: 'buffer', maxBuffer: 2 ** 28, timeout: 60_000 });
  return (await decoded.catch((error: { stdout?: Buffer }) => ({ stdout: error.stdout ?? Buffer.alloc(0) }))).stdout.length;
}

/** Whether anybody reads the file during `work`, as its access time tells. */
async function isRead(file: string, work: () => Promise<unknown>): Promise<boolean> {
  const [long, longer] = [new Date(2001, 0, 1), new Date(2000, 0, 1)];
  utimesSync(file, longer, long); // read before it was written: the next reading is noted down
  await work();
  return statSync(file).atime.getTime() !== longer.getTime();
}

/** Whether this file system notes down when a file is read. */
const notesReading = (): Promise<boolean> =>
  isRead(victim, () => {
    const handle = openSync(victim, 'r');
    readSync(handle, Buffer.alloc(16));
    closeSync(handle);
    return Promise.resolve();
  });

describe('a file that names other files', () => {
  const playlist = (uri: string): string => `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:1,\n${uri}\n#EXT-X-ENDLIST\n`;
  const dash = (uri: string): string =>
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">' +
    `<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1" codecs="avc1.42c00d" width="160" height="96"><BaseURL>${uri}</BaseURL></Representation></AdaptationSet></Period></MPD>`;

  /** Name, content, and whether a bare ffmpeg falls for it. */
  const references: readonly [string, (uri: string) => string, boolean][] = [
    ['a playlist with an absolute path', (uri) => playlist(`file://${uri}`), true],
    ['a playlist with a relative path', () => playlist('victim.ts'), true],
    ['a master playlist', (uri) => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfile://${uri}\n`, false],
    ['a playlist of a playlist through subfile', (uri) => playlist(`subfile,,start,0,end,0,,:${uri}`), false],
    ['a script with a relative path', () => 'ffconcat version 1.0\nfile victim.ts\n', true],
    ['a script with an absolute path', (uri) => `ffconcat version 1.0\nfile ${uri}\n`, false],
    ['a manifest', (uri) => dash(`file://${uri}`), false],
    ['a session description', () => 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n', false],
  ];

  it.each(references)('%s opens none', async (name, contentFor, isFallenFor) => {
    const file = write(`${name.replaceAll(' ', '-')}.mp4`, contentFor(victim));
    if (isFallenFor) expect(await bareDecode(file)).toBeGreaterThan(0);
    const watched = await notesReading();
    const read = await isRead(victim, async () => {
      await expect(media.probe(file)).rejects.toMatchObject({ code: 'video.not_a_video' });
      expect(await decode(file)).toMatchObject({ bytes: 0, exitCode: expect.not.toBeOneOf([0]) as number });
    });
    if (watched) expect(read).toBe(false);
  });

  it('opens none through the data references of QuickTime either', async () => {
    const file = write('reference.mov', withForeignData(readFileSync(clip.file), victim));
    const watched = await notesReading();
    const read = await isRead(victim, () => decode(file).catch(() => undefined));
    if (watched) expect(read).toBe(false);
  });
});

/** The table of data references of an MP4 says that its pictures lie in another file. */
function withForeignData(mp4: Buffer, path: string): Buffer {
  const copy = Buffer.from(mp4);
  const reference = copy.indexOf('url \0\0\0\x01', 0, 'latin1');
  expect(reference).toBeGreaterThan(0);
  copy.write('alis', reference, 'latin1');
  copy.writeUInt32BE(0, reference + 4); // not in this file
  expect(path).not.toBe('');
  return copy;
}

describe('a file that calls out', () => {
  it('is heard by nobody, whatever it names', async () => {
    const heard: string[] = [];
    const server = createServer((socket) => {
      heard.push('a call');
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const url = `http://127.0.0.1:${port}/x.ts`;
    await bareDecode(url);
    expect(heard).not.toEqual([]); // a bare ffmpeg that is given the address calls
    heard.length = 0;
    const files = {
      'call.m3u8': `#EXTM3U\n#EXTINF:1,\n${url}\n#EXT-X-ENDLIST\n`,
      'call.mp4': `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${url}"\n#EXTINF:1,\nvictim.ts\n#EXT-X-ENDLIST\n`,
      'call.mkv': `ffconcat version 1.0\nfile '${url}'\n`,
    };
    for (const [name, content] of Object.entries(files)) {
      await expect(media.probe(write(name, content))).rejects.toMatchObject({ code: 'video.not_a_video' });
      expect((await decode(at(name))).bytes).toBe(0);
    }
    expect(heard).toEqual([]);
    server.close();
  });

  it.each(['http://127.0.0.1:9/x.mp4', 'concat:/etc/passwd', 'data:video/mp4;base64,AAAA', 'clip.mp4', '-i', '/tmp/a\0b'])('is never an address: %s', (file) => {
    expect(() => startFfprobe(binaries, { file, outputOptions: [], timeoutSeconds: 1, maxOutputBytes: 1 })).toThrow(
      expect.objectContaining({ code: 'media.not_a_path' }) as Error,
    );
  });

  it('would find no network where the kernel allows a program to have none', async () => {
    if (binaries.isolation.length === 0) return;
    const command = startFfmpeg(binaries, { file: clip.file, outputOptions: ['-map', '0:v:0', '-f', 'rawvideo'], timeoutSeconds: 60, maxOutputBytes: Infinity });
    let network: string | undefined;
    for await (const _ of command) network ??= childrenOf(process.pid).map((pid) => readlinkSync(`/proc/${pid}/ns/net`)).find((found) => found !== readlinkSync('/proc/self/ns/net'));
    expect(network).toMatch(/^net:/);
  });
});

describe('a file that eats the machine', () => {
  it('by enormous pictures is refused before one is decoded', async () => {
    const png = at('enormous.png');
    await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#123456' } }).png({ compressionLevel: 9 }).toFile(png);
    const file = await convert([png], at('enormous.mkv'), ['-disposition:v:0', '0']);
    expect(12_000 * 12_000).toBeGreaterThan(MAX_PIXELS);
    const peak = await peakOfChildren(async () => {
      await expect(media.probe(file)).rejects.toMatchObject({ code: 'video.too_many_pixels' });
      expect((await decode(file)).bytes).toBe(0);
    });
    expect(peak).toBeLessThan(MOST_RESIDENT_KB);
  });

  it('by fifty thousand frames a second is refused without decoding them', async () => {
    const pictures = Array.from({ length: 4000 }, () => () => Buffer.alloc(256));
    const timing = ['-vf', 'settb=1/50000,setpts=N', '-vsync', '0', '-enc_time_base', '1:50000', '-video_track_timescale', '50000'];
    const file = await encode(at('rapid.mp4'), { width: 16, height: 16 }, pictures, ['-c:v', 'mpeg4', ...timing]);
    await expect(openClip(file)).rejects.toMatchObject({ code: 'video.too_many_frames' });
  });

  it('by processor time is ended', async () => {
    const endless = startFfmpeg(binaries, {
      file: clip.file,
      outputOptions: ['-filter_complex', '[0:v]loop=-1:25[v]', '-map', '[v]', '-f', 'null', '-', '-map', '0:v', '-f', 'rawvideo'],
      timeoutSeconds: 1,
      maxOutputBytes: Infinity,
    });
    const read = async (): Promise<void> => {
      for await (const _ of endless);
      await endless.end;
    };
    await expect(read()).rejects.toMatchObject({ code: expect.toBeOneOf(['video.took_too_long', 'ffmpeg.died']) as string });
  });

  it('by what it writes is stopped at the bytes that were agreed', async () => {
    await expect(decode(clip.file, { maxBytes: 1000 })).rejects.toMatchObject({ code: 'video.too_much_output' });
    const copied = startFfmpeg(binaries, {
      ...{ file: victim, timeoutSeconds: 60, maxOutputBytes: 0 },
      outputOptions: ['-c', 'copy', '-f', 'mpegts'],
      output: { file: at('copy.ts'), maxBytes: 1024 },
    });
    await collect(copied).catch(() => undefined);
    await copied.end.catch(() => undefined);
    if (binaries.prlimit !== undefined) expect(statSync(at('copy.ts')).size).toBeLessThanOrEqual(1024);
  });

  it('by streams without number is refused', async () => {
    const sound = await convert(['sine=d=1'], at('sound.mp4'), ['-c:a', 'aac']);
    const file = await convert([clip.file, sound], at('streams.mkv'), ['-map', '0', ...Array.from({ length: 80 }, () => ['-map', '1:a']).flat()]);
    await expect(media.probe(file)).rejects.toMatchObject({ code: 'video.unreadable' });
    const { stderr } = await decode(file);
    expect(stderr).toMatch(/max_streams|Number of streams/i);
  });
});

describe('a file that lies', () => {
  it('by a title without end fills no memory', async () => {
    const file = write('titled.mp4', withTitle(readFileSync(clip.file), 'T'.repeat(24 * 1024 ** 2)));
    const before = process.memoryUsage().rss;
    const { bytes, stderr } = await decode(file);
    expect(bytes).toBe((await decode(clip.file)).bytes);
    expect(stderr.length).toBeLessThanOrEqual(8192);
    await expect(media.probe(file)).rejects.toMatchObject({ code: 'video.too_much_output' });
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 ** 2);
  });

  it.each(['\u2028', '\u2029', '\r', '\n'])('by a title that imitates the log moves no frame (%j)', async (separator) => {
    const line = `${separator}[showinfo@main @ 0x1] [info] n:   0 pts:  99 pts_time:9 ${separator}`;
    const file = write('imitating.mp4', withTitle(readFileSync(clip.file), line.repeat(3)));
    const [{ video, index }, original] = [await openClip(file), await openClip(clip.file)];
    const decoded = await collect(media.decodeFrames(file, video, { pts: [...index.pts], keyframePts: index.keyframePts }));
    expect(decoded.map(({ pts }) => pts)).toEqual([...original.index.pts]);
  });

  it('of samples that are not there is refused', async () => {
    const whole = await convert([clip.file], at('truncated.mp4'), ['-movflags', '+faststart']);
    truncateSync(whole, readFileSync(whole).indexOf('mdat') + 8);
    await expect(openClip(whole).catch((error: unknown) => Promise.reject(asRefusal(error) as Error))).rejects.toMatchObject({ code: 'video.unreadable' });
  });
});

/** An MP4 that carries a title of any length and any characters, after its pictures and before their table. */
function withTitle(mp4: Buffer, title: string): Buffer {
  const box = (type: string, ...content: (Buffer | string)[]): Buffer => {
    const body = Buffer.concat(content.map((part) => Buffer.from(part)));
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length + 8);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, body]);
  };
  const handler = box('hdlr', Buffer.alloc(8), 'mdirappl', Buffer.alloc(9));
  const list = box('ilst', box('\u00a9nam', box('data', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]), title)));
  const table = mp4.indexOf('moov') - 4;
  return Buffer.concat([mp4.subarray(0, table), box('udta', box('meta', Buffer.alloc(4), handler, list)), mp4.subarray(table)]);
}

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(/^\d+ \(.*\) \S (\d+)/s.exec(procFile(pid, 'stat'))?.[1]) === parent);

/** Most kilobytes that any child of ours had in memory while `work` ran. */
async function peakOfChildren(work: () => Promise<void>): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    for (const pid of childrenOf(process.pid)) peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(procFile(pid, 'status'))?.[1] ?? 0));
  }, 5);
  await work().finally(() => clearInterval(timer));
  expect(peak).toBeGreaterThan(0);
  return peak;
}

function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
