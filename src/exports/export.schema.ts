// What a route that gives files takes in its query, and the format it answers in.
import type { Request } from 'express';
import { z } from 'zod';
import { FILE_FORMATS, type FileFormat, FORMATS, formats } from './formats.js';
import { RATE_NAMES, type RateName } from './frame-rate.js';

/** Names that leave drop-frame open. */
const SHORT_NAMES: Readonly<Record<string, RateName>> = { '23.98': '23.976', '29.97': '29.97df', '59.94': '59.94df' };

export const exportQuery = {
  format: z.enum(FORMATS).optional().describe('Default json, or what Accept asks for.'),
  rate: z
    .enum([...RATE_NAMES, '23.98', '29.97', '59.94'])
    .optional()
    .describe(
      'Frame rate of edl, fcpxml and otio; df and ndf are drop-frame and non-drop. Default the standard rate nearest to that of the video. ' +
        'A segment covers the frames presented from its start up to its end.',
    ),
  start_timecode: z.string().max(11).optional().describe('Timecode of the first frame in edl, fcpxml and otio, for instance 01:00:00:00.'),
  cut: z.enum(['true', 'false']).optional().describe('fcpxml and otio: a row of clips instead of marks on the whole video; edl is always one.'),
};

export type ExportQuery = z.infer<z.ZodObject<typeof exportQuery>>;

export const rateNamed = (name: NonNullable<ExportQuery['rate']>): RateName => SHORT_NAMES[name] ?? (name as RateName);

const ACCEPTED = new Map(FILE_FORMATS.flatMap((name) => formats[name].mediaTypes.map((type) => [type, name] as const)));

/** `format` of the query, else the best of Accept, else json; then the answer says that it varies. */
export function chosenFormat(query: ExportQuery, request: Request): FileFormat | 'json' {
  if (query.format) return query.format;
  request.res?.vary('accept');
  const type = request.accepts(['application/json', ...ACCEPTED.keys()]);
  return (type && ACCEPTED.get(type)) || 'json';
}
