// Writes down the pieces of an answer while it goes on: what comes while one write is under way goes with the next.
import { setTimeout as pause } from 'node:timers/promises';
import { type AnswerPiece } from '../../src/chat/index.js';

/** Least time between two writes: a reader sees no more than this of a delay. */
const PAUSE_MS = 60;

export class PieceWriter {
  private waiting: AnswerPiece[] = [];
  private written = 0;
  private writing: Promise<void> = Promise.resolve();
  private isUnderWay = false;
  private fault: unknown;

  constructor(private readonly write: (first: number, pieces: readonly AnswerPiece[]) => Promise<void>) {}

  add(piece: AnswerPiece): void {
    this.waiting.push(piece);
    if (this.isUnderWay || this.fault !== undefined) return;
    this.isUnderWay = true;
    this.writing = this.drain();
  }

  /** Resolves once all of it is written; rejects with what prevented it. */
  async end(): Promise<void> {
    await this.writing;
    if (this.fault !== undefined) throw this.fault as Error;
  }

  private async drain(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const pieces = this.waiting;
        this.waiting = [];
        await this.write(this.written, pieces);
        this.written += pieces.length;
        await pause(PAUSE_MS);
      }
    } catch (error) {
      this.fault = error;
    } finally {
      this.isUnderWay = false;
    }
  }
}
