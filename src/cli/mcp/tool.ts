// What an MCP tool is: its name and words for the agent, the schemas of what it takes and gives, and what it does.
import { type ImageContent } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { type AppError } from '../../app-error.js';
import { type ApiClient } from '../api-client.js';
import { type OpenFile } from '../open-file.js';

/** One call of a tool. */
export interface Call {
  /** Whatever is asked of it ends with the call. */
  readonly api: ApiClient;
  /** Aborted when the caller cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Opens a file that the caller may have uploaded; rejects with `path.*` or `file.not_found`. */
  readonly open: (path: string) => Promise<OpenFile>;
  /** Tells the caller how far the call is, in a unit of the tool's own; `total` is unknown where it is left out. */
  readonly progress: (done: number, message: string, total?: number) => void;
  /** Runs once the caller has canceled the call, though not when it has only gone away: what the call began is to end too. */
  readonly onCancel: (end: (api: ApiClient) => Promise<unknown>) => void;
}

export interface ToolResult {
  /** Follows the output schema. */
  readonly structured: Readonly<Record<string, unknown>>;
  readonly images?: readonly ImageContent[];
}

export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: z.ZodObject;
  /** Changes nothing that a later call could notice. */
  readonly readOnly: boolean;
  /** Rejects with an AppError for whatever the agent should know of. */
  readonly run: (given: z.output<Input>, call: Call) => Promise<ToolResult>;
}

/** Arguments have been checked by the input schema when `run` gets them. */
export const tool = <Input extends z.ZodObject>(definition: Tool<Input>): Tool => definition;

/** Resolves with undefined when the time is over, whatever `work` still waits for. */
export async function within<T>(seconds: number, { api, signal }: Call, work: (api: ApiClient) => Promise<T>): Promise<T | undefined> {
  const time = AbortSignal.timeout(seconds * 1000);
  try {
    return await work(api.until(AbortSignal.any([signal, time])));
  } catch (error) {
    if (time.aborted && !signal.aborted && !isAppError(error)) return undefined;
    throw error;
  }
}

const isAppError = (error: unknown): error is AppError => error instanceof Error && error.name === 'AppError';

export const videoId = z.uuid().describe('Id of a video, as upload_by_path, list_videos and search give it.');

export const startTime = z.number().min(0).optional().describe('Begin of the range, in seconds from the first frame; default 0.');

export const endTime = z.number().positive().optional().describe('End of the range, in seconds from the first frame; default the end of the video.');

/** Callers give up after a minute unless they are told of progress. */
export const waitSeconds = z
  .number()
  .min(0)
  .max(3600)
  .default(45)
  .describe('Seconds to wait for the result before the state so far is given; call again to go on waiting. Beyond 50 only where your client waits longer than a minute.');

export const cursor = z.string().max(512).optional().describe('next_cursor of the page before.');

export const nextCursor = z.string().nullable().describe('Give it as cursor for the next page; null on the last one.');

export const seconds = z.number().describe('Seconds from the first frame of the video.');

export const confidence = z.number().nullable().describe('From 0 to 1; null where nothing estimates it.');

/** The first ones: an answer is read by a model that pays for every word. */
const MOST_WARNINGS = 20;

export const warnings = z.array(z.object({ code: z.string(), message: z.string() })).describe(`What may be missing from the result; at most ${MOST_WARNINGS}.`);

export const presentWarnings = (all: readonly { code: string; message: string }[]): { code: string; message: string }[] =>
  all.slice(0, MOST_WARNINGS).map(({ code, message }) => ({ code, message }));

export const limitation = z.string().nullable().describe('What the model that answers does not know; take it into account, and tell the user.');

export const limitationOf = async (api: ApiClient): Promise<string | null> => (await api.models()).map((model) => model.limitation).find((text) => text !== null) ?? null;

export const next = z.string().describe('What to do with this result.');
