// Search over all videos: lists, fused, cut into pages, grouped, and put to the model where that is asked for.
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import { requirePlainText } from '../model/grounding/prompts.js';
import { decodeCursor, encodeCursor } from '../platform/http/cursor.js';
import { type FusedHit, fuseHits } from './fused-hits.js';
import { GroundedSearch } from './grounded-search.js';
import { presentHits } from './hit-rows.js';
import { toldWarnings } from './told-warnings.js';
import { type RankedList, type Retrieved } from './ranked-list.js';
import { Retrieval } from './retrieval.js';
import { fingerprintOfPicture, readPicture } from './search-image.js';
import { type SearchBody, type SearchResource } from './search.schema.js';
import { type SegmentScope } from './segment-scope.js';

/** Longest a list may be, and so how deep pages go. */
const DEPTH = 1000;

/** Hits that are shown of one video. */
const HITS_OF_VIDEO = 5;

/** How many results came before, and a mark of the search they belong to. */
const place = z.tuple([z.number().int().min(1).max(DEPTH * 10), z.string()]);

interface Page {
  readonly offset: number;
  readonly mark: string;
}

@Injectable()
export class SearchService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly retrieval: Retrieval,
    private readonly grounding: GroundedSearch,
  ) {}

  /** Rejects with `search.image_invalid`, `search.too_slow`, `request.invalid_cursor` or `prompt.special_token`. */
  async search(tenantId: string, body: SearchBody, image: Uint8Array | undefined, stopping: Promise<void>): Promise<SearchResource> {
    const page = pageOf(body, image);
    const { query } = body;
    if (query !== undefined) requirePlainText(query);
    const scope = scopeOf(tenantId, body.filter);
    const looked = image ? await this.lookFor(image, scope) : undefined;
    const read = query === undefined ? { lists: [], warnings: [] } : await this.retrieval.byWords(query, scope, DEPTH);
    const hits = fuseHits([...read.lists.filter((list) => isAsked(list, body.filter)), ...(looked?.lists ?? [])]);
    const grounded = query !== undefined && body.ground ? await this.grounding.ask({ ...body, query }, scope, hits, stopping) : null;
    const results = body.group_by === 'video' ? await this.groups(hits, body, page) : await this.hits(hits, body, page);
    const shown = results.data.flatMap((each) => ('hits' in each ? each.hits : [each]));
    return {
      object: 'search',
      method: looked?.method ?? 'words',
      ...results,
      grounded,
      warnings: [...read.warnings, ...(looked?.warnings ?? []), ...(await toldWarnings(this.dataSource, shown, grounded))].map((warning) => ({ ...warning })),
    };
  }

  /** By meaning where there is an embedder for pictures and it answers, else by fingerprint. */
  private async lookFor(image: Uint8Array, scope: SegmentScope): Promise<Retrieved & { method: 'embedding' | 'fingerprint' }> {
    const picture = await readPicture(image);
    const meant = await this.retrieval.byPictureMeaning(picture, scope, DEPTH);
    if (meant.lists.length > 0) return { ...meant, method: 'embedding' };
    const hash = await fingerprintOfPicture(picture);
    return { lists: [await this.retrieval.byFingerprint(hash, scope, DEPTH)], warnings: meant.warnings, method: 'fingerprint' };
  }

  private async hits(hits: readonly FusedHit[], { query, limit }: SearchBody, { offset, mark }: Page) {
    const shown = hits.slice(offset, offset + limit);
    return { data: await presentHits(this.dataSource, shown, query), next_cursor: next(hits.length, offset + limit, mark) };
  }

  private async groups(hits: readonly FusedHit[], { query, limit }: SearchBody, { offset, mark }: Page) {
    const videos = byVideo(hits);
    const shown = videos.slice(offset, offset + limit);
    const rows = await presentHits(this.dataSource, shown.flatMap(([, all]) => all.slice(0, HITS_OF_VIDEO)), query);
    const data = shown.map(([videoId, all]) => ({
      object: 'video_hits' as const,
      video_id: videoId,
      score: all[0]?.score ?? 0,
      hits_total: all.length,
      hits: rows.filter(({ video_id }) => video_id === videoId),
    }));
    return { data, next_cursor: next(videos.length, offset + limit, mark) };
  }
}

/** Videos in order of their best hit. */
function byVideo(hits: readonly FusedHit[]): [string, FusedHit[]][] {
  const videos = new Map<string, FusedHit[]>();
  for (const hit of hits) videos.set(hit.videoId, [...(videos.get(hit.videoId) ?? []), hit]);
  return [...videos];
}

const next = (total: number, end: number, mark: string): string | null => (end < total ? encodeCursor([end, mark]) : null);

/** A cursor of another search is refused: `request.invalid_cursor`. */
function pageOf({ query, filter, group_by, cursor }: SearchBody, image: Uint8Array | undefined): Page {
  const mark = createHash('sha256').update(JSON.stringify([query, filter, group_by])).update(image ?? '').digest('hex').slice(0, 16);
  const after = decodeCursor(cursor, place);
  if (after && after[1] !== mark) throw new AppError('request.invalid_cursor', 'cursor: it belongs to another search.');
  return { offset: after?.[0] ?? 0, mark };
}

/** Pictures have no type, source or confidence: who filters by these wants segments. */
const isAsked = ({ list }: RankedList, { types, sources, min_confidence }: SearchBody['filter']): boolean =>
  list !== 'frames' || (!types && !sources && min_confidence === undefined);

const scopeOf = (tenantId: string, filter: SearchBody['filter']): SegmentScope => ({
  tenantId,
  videoIds: filter.video_ids,
  types: filter.types,
  sources: filter.sources,
  minConfidence: filter.min_confidence,
  startTime: filter.start_time,
  endTime: filter.end_time,
  createdAfter: filter.created_after === undefined ? undefined : new Date(filter.created_after),
});
