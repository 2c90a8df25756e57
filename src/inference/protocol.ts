// What the worker and its inference child say to each other. One request is under way at a time.
import { AppError, type ErrorCode } from '../app-error.js';
import { type MediaConfig } from '../platform/media/index.js';
import { type ChatPiece, type ChatRequest, type ChatResult, type ModelCard, type WindowProgress, type WindowRequest, type WindowResult } from './inference.js';
import { type Provider } from '../platform/config/devices.js';

/** Given to the child as JSON when it is started. */
export interface InferenceSettings {
  readonly modelDirectory: string;
  readonly provider: Provider;
  /** Which of several graphics cards; of no meaning on cpu. */
  readonly deviceId?: number | undefined;
  readonly threads?: number | undefined;
  /** Default true; see `EngineOptions`. */
  readonly absoluteTime?: boolean | undefined;
  /** Folder and room of what was seen of windows; see FeatureCache. */
  readonly featureFolder: string;
  readonly featureBytes: number;
  /** Memory for prefixes of windows; see PrefixCache. */
  readonly prefixBytes: number;
  readonly media: MediaConfig;
}

export type ToChild =
  | { readonly type: 'model'; readonly id: number }
  | { readonly type: 'run'; readonly id: number; readonly request: WindowRequest }
  | { readonly type: 'chat'; readonly id: number; readonly request: ChatRequest }
  | { readonly type: 'abort'; readonly id: number };

export type FromChild =
  | { readonly type: 'result'; readonly id: number; readonly value: Value }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  | { readonly type: 'progress'; readonly id: number; readonly progress: WindowProgress }
  | { readonly type: 'piece'; readonly id: number; readonly piece: ChatPiece };

/** What a request may be answered with. */
export type Value = ModelCard | WindowResult | ChatResult;

/** An AppError on its way between the processes. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Record<string, unknown> | undefined;
}

/** What is not an AppError is a fault of ours and goes as `inference.unexpected`, with its stack. */
export function toWire(error: unknown): WireError {
  if (error instanceof AppError) return { code: error.code, message: error.message, details: error.details };
  const stack = error instanceof Error ? error.stack : undefined;
  return { code: 'inference.unexpected', message: error instanceof Error ? error.message : String(error), details: { stack } };
}

export function fromWire({ code, message, details }: WireError): AppError {
  return new AppError(code, message, details === undefined ? {} : { details });
}
