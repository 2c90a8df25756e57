// Front door of the embeddings domain.
export { type Embedder, EMBEDDERS, type Embedders, type PictureEmbedder } from './embedder.js';
export { EmbeddingsModule } from './embeddings.module.js';
export { ServerVectors } from './server-vectors.js';
export { VectorIndex } from './vector-index.js';
export { type Nearest } from './vector-table.js';
export { HttpEmbedder } from './http-embedder.js';
export { type ChunkWithoutVectors, VectorStore } from './vector-store.js';
