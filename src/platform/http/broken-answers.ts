// Answers that began well and broke off: their status has gone out and does not tell.
import type { Response } from 'express';

const broken = new WeakSet<Response>();

export const markBroken = (response: Response): void => void broken.add(response);

export const isBroken = (response: Response): boolean => broken.has(response);
