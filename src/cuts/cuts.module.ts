// Wires the cuts.
import { Module } from '@nestjs/common';
import { VideosModule } from '../videos/index.js';
import { CutsController } from './cuts.controller.js';
import { CutsService } from './cuts.service.js';
import { CutState } from './cut-state.js';

@Module({ imports: [VideosModule], controllers: [CutsController], providers: [CutsService, CutState], exports: [CutState] })
export class CutsModule {}
