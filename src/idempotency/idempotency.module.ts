// Wires the answers that are given again.
import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/index.js';
import { KeptAnswers } from './kept-answers.js';

@Module({ imports: [ApiKeysModule], providers: [KeptAnswers], exports: [KeptAnswers] })
export class IdempotencyModule {}
