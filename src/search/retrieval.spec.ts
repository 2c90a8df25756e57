// Tests of the ranked lists where the database or an embedder is away.
import type { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { AppError } from '../app-error.js';
import { type Embedder, ServerVectors, VectorIndex } from '../embeddings/index.js';
import { Retrieval } from './retrieval.js';
import { VectorLists } from './vector-lists.js';
import { WordLists } from './word-lists.js';

/** Knows trigrams once it is there, and nobody wrote the word; every list is empty. */
function database({ blinks }: { blinks: number }): DataSource {
  let left = blinks;
  const query = (sql: string): Promise<unknown[]> => {
    if (sql.includes('to_regprocedure')) return left-- > 0 ? Promise.reject(new Error('the database is away')) : Promise.resolve([{ there: true }]);
    if (sql.includes('unnest($1::text[]) AS word')) return Promise.resolve([{ word: `'blurb'` }]);
    return Promise.resolve(sql.includes('websearch_to_tsquery') ? [{ english: `'blurb'`, simple: `'blurb'`, all: `'blurb'` }] : []);
  };
  return { query, transaction: <T>(work: (manager: { query: typeof query }) => Promise<T>) => work({ query }) } as unknown as DataSource;
}

function retrievalOf(dataSource: DataSource, texts?: Embedder): Retrieval {
  const vectors = new VectorLists(dataSource, new ServerVectors(dataSource), new VectorIndex(dataSource, { VECTOR_MEMORY_BYTES: 0 }));
  return new Retrieval(dataSource, new WordLists(dataSource), vectors, { texts, pictures: undefined });
}

const byWords = (retrieval: Retrieval) => retrieval.byWords('blurb', { tenantId: 'default' }, 10);

describe('lists for words', () => {
  it('are there again after the database was away for a moment', async () => {
    const retrieval = retrievalOf(database({ blinks: 1 }));
    await expect(byWords(retrieval)).rejects.toThrow('away');
    expect((await byWords(retrieval)).lists.map(({ list }) => list)).toEqual(['text', 'trigram']);
  });

  it('lack those of an embedder that is away, and do not say where it is or what it said', async () => {
    const fault = new AppError('embeddings.unavailable', 'No vectors: inner.host:8080 answered 500: secret stack');
    const texts: Embedder = { name: () => Promise.resolve('m'), texts: () => Promise.reject(fault), close: () => Promise.resolve() };
    const { lists, warnings } = await byWords(retrievalOf(database({ blinks: 0 }), texts));
    expect(lists.map(({ list }) => list)).toEqual(['text', 'trigram']);
    expect(warnings).toEqual([{ code: 'embeddings.unavailable', message: 'Without the list "vector": its embedder is away.' }]);
  });
});
