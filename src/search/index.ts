// Front door of the search domain.
export { type Found, type ListName, type RankedList, type Retrieved } from './ranked-list.js';
export { Retrieval } from './retrieval.js';
export { searchErrors } from './search.errors.js';
export { SEARCH_BODY_BYTES } from './search.schema.js';
export { SearchModule } from './search.module.js';
