// What of the resources of the REST API the commands look at.

export interface VideoJson {
  readonly id: string;
  readonly name: string;
  readonly duration: number;
  readonly decoded_until: number | null;
  readonly width: number;
  readonly height: number;
  readonly warnings: readonly WarningJson[];
  readonly created_at: string;
}

/** What an upload became. */
export interface UploadedJson extends VideoJson {
  /** The same bytes were a video already: it is this one. */
  readonly duplicate: boolean;
}

export interface TaskJson {
  readonly id: string;
  readonly video_id: string;
  readonly status: 'queued' | 'processing' | 'ready' | 'failed' | 'canceled';
  readonly stage: string;
  readonly progress: number;
  readonly eta_seconds: number | null;
  readonly windows: { readonly done: number; readonly total: number };
  readonly unparsed: number;
  readonly warnings: readonly WarningJson[];
  readonly error: ErrorJson | null;
}

export interface ErrorJson {
  readonly code: string;
  readonly message: string;
}

export interface WarningJson extends ErrorJson {
  readonly start_time?: number;
  readonly end_time?: number;
}

export interface SpanJson {
  readonly start_time: number;
  readonly end_time: number;
  readonly confidence: number | null;
}

export interface SegmentJson extends SpanJson {
  readonly id: string;
  readonly type: string;
  readonly text: string;
  readonly source: 'model' | 'signal' | 'track';
  readonly fields: Readonly<Record<string, unknown>> | null;
}

export interface MomentsJson {
  readonly id: string;
  readonly status: string;
  readonly answer: 'found' | 'not_in_video' | null;
  readonly data: readonly SpanJson[];
  /** Everything of the range before this second was searched. */
  readonly searched_until: number | null;
  /** The best candidate where none was believed. */
  readonly best_rejected: { readonly start_time: number; readonly end_time: number; readonly confidence: number } | null;
  readonly curve: { readonly start_time: number; readonly step_seconds: number; readonly values: readonly (number | null)[] } | null;
  readonly searched: { readonly unparsed: number } | null;
  readonly warnings: readonly WarningJson[];
  readonly error: ErrorJson | null;
}

export interface HitJson extends SpanJson {
  readonly video_id: string;
  readonly score: number;
  readonly type: string | null;
  readonly text: string | null;
  readonly source: 'model' | 'signal' | 'track' | null;
}

/** What a conversation's answer means in pixels of its only picture, and as a document. */
export interface ChatJson {
  readonly grounding?: readonly ChatPlaceJson[];
  readonly grounding_unparsed?: number;
  readonly document?: { readonly blocks: readonly { readonly text: string }[] };
}

export interface ChatPlaceJson {
  readonly label: string | null;
  readonly bbox_2d?: readonly [number, number, number, number];
  readonly point_2d?: readonly [number, number];
}

export interface ModelJson {
  readonly id: string;
  readonly hash: string;
  readonly limitation: string | null;
}

/** What of a window tells how closely it was looked at. */
export interface WindowJson {
  readonly video_grid_thw: readonly number[] | null;
}

export interface PageJson<Row> {
  readonly data: readonly Row[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

/** How a window is looked at, in place of what the model recommends. */
export interface SamplingJson {
  readonly fps?: number;
  readonly max_frames?: number;
}

export interface AskOptions {
  readonly start_time?: number | undefined;
  readonly end_time?: number | undefined;
  readonly top_k?: number;
  readonly allow_none?: boolean;
  readonly curve?: boolean;
  readonly sampling?: SamplingJson;
  readonly wait?: number;
}

export const isRunning = ({ status }: { readonly status: string }): boolean => status === 'queued' || status === 'processing';
