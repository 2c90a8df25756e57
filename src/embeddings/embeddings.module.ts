// Gives every module the embedders that the configuration names; closes them at the end.
import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { EMBEDDERS, type Embedders } from './embedder.js';
import { ServerVectors } from './server-vectors.js';
import { VectorIndex } from './vector-index.js';
import { VectorStore } from './vector-store.js';

@Global()
@Module({})
export class EmbeddingsModule implements OnApplicationShutdown {
  constructor(@Inject(EMBEDDERS) private readonly embedders: Embedders) {}

  static with(embedders: Embedders): DynamicModule {
    return { module: EmbeddingsModule, providers: [{ provide: EMBEDDERS, useValue: embedders }, VectorStore, VectorIndex, ServerVectors], exports: [EMBEDDERS, VectorStore, VectorIndex, ServerVectors] };
  }

  async onApplicationShutdown(): Promise<void> {
    const { texts, pictures } = this.embedders;
    await texts?.close();
    if (pictures !== texts) await pictures?.close();
  }
}
