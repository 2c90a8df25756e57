// Questions about things that do not happen in a scene, by how they differ from what does.
import { type Random } from './random.js';
import { type Scene } from './scene.js';
import { ACTIONS, COLOURS, type Content, EVERY_CONTENT, queryOf, SHAPES } from './vocabulary.js';

export type Difference = 'colour' | 'shape' | 'action' | 'unrelated';

export interface AbsentQuestion {
  readonly query: string;
  readonly differs: Difference;
}

const DIFFERENCES: readonly Difference[] = ['unrelated', 'colour', 'shape', 'action'];

/**
 * Each kind in turn, none twice; a kind that has no more is passed over. A wrong colour or shape makes an object that is nowhere in the
 * scene, a wrong action is one of an object that is there, an unrelated question shares as little as can be with any event.
 */
export function absentQuestions(random: Random, { events }: Pick<Scene, 'events'>, count: number): AbsentQuestion[] {
  const taken = new Set(events.map(queryOf));
  const waiting = new Map(DIFFERENCES.map((differs) => [differs, random.shuffled(candidates(differs, events))]));
  const questions: AbsentQuestion[] = [];
  while (questions.length < count && waiting.size > 0) {
    for (const [differs, contents] of [...waiting].slice(0, count - questions.length)) {
      const query = contents.map(queryOf).find((candidate) => !taken.has(candidate));
      if (query === undefined) waiting.delete(differs);
      else questions.push({ query, differs });
      if (query !== undefined) taken.add(query);
    }
  }
  return questions;
}

function candidates(differs: Difference, events: readonly Content[]): Content[] {
  const isThere = ({ colour, shape }: Content): boolean => events.some((event) => event.colour === colour && event.shape === shape);
  switch (differs) {
    case 'colour':
      return events.flatMap((event) => COLOURS.map((colour) => ({ ...event, colour }))).filter((content) => !isThere(content));
    case 'shape':
      return events.flatMap((event) => SHAPES.map((shape) => ({ ...event, shape }))).filter((content) => !isThere(content));
    case 'action':
      return events.flatMap((event) => ACTIONS.map((action) => ({ ...event, action }))).filter(isWrong);
    case 'unrelated':
      return leastRelated(events).filter((content) => !isThere(content) || isWrong(content));
  }
}

/** What moves or grows appears as well: nobody would call that wrong of an object that is there. */
const isWrong = ({ action }: Content): boolean => action !== 'appears';

/** In a short clip nothing is shared; where every object occurs, what shares least. */
function leastRelated(events: readonly Content[]): Content[] {
  const shared = (content: Content): number =>
    Math.max(0, ...events.map((e) => Number(e.colour === content.colour) + Number(e.shape === content.shape) + Number(e.action === content.action)));
  const ranked = EVERY_CONTENT.map((content) => ({ content, shared: shared(content) }));
  const least = Math.min(...ranked.map((entry) => entry.shared));
  return ranked.filter((entry) => entry.shared === least).map(({ content }) => content);
}
