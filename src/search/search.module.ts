// Wires the search domain.
import { Module } from '@nestjs/common';
import { MomentsModule } from '../moments/index.js';
import { GroundedSearch } from './grounded-search.js';
import { Retrieval } from './retrieval.js';
import { VectorLists } from './vector-lists.js';
import { WordLists } from './word-lists.js';
import { SearchController } from './search.controller.js';
import { SearchService } from './search.service.js';

@Module({ imports: [MomentsModule], controllers: [SearchController], providers: [SearchService, Retrieval, WordLists, VectorLists, GroundedSearch], exports: [Retrieval] })
export class SearchModule {}
