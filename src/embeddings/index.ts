// Front door of the embeddings domain.
export { type Embedder, EMBEDDERS, type Embedders, type PictureEmbedder } from './embedder.js';
export { EmbeddingsModule } from './embeddings.module.js';
export { HttpEmbedder } from './http-embedder.js';
export { type ChunkWithoutVectors, VectorStore } from './vector-store.js';
