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

/** A quarter of each kind, none twice. An unrelated one shares neither colour and shape nor shape and action with any event. */
export function absentQuestions(random: Random, { events }: Pick<Scene, 'events'>, count: number): AbsentQuestion[] {
  const taken = new Set(events.map(queryOf));
  const questions: AbsentQuestion[] = [];
  for (let k = 0; k < count; k++) {
    const differs = DIFFERENCES[k % DIFFERENCES.length]!;
    const content = random.shuffled(candidates(differs, events)).find((candidate) => !taken.has(queryOf(candidate)));
    if (!content) continue;
    taken.add(queryOf(content));
    questions.push({ query: queryOf(content), differs });
  }
  return questions;
}

function candidates(differs: Difference, events: readonly Content[]): Content[] {
  switch (differs) {
    case 'colour':
      return events.flatMap((event) => COLOURS.map((colour) => ({ ...event, colour })));
    case 'shape':
      return events.flatMap((event) => SHAPES.map((shape) => ({ ...event, shape })));
    case 'action':
      return events.flatMap((event) => ACTIONS.map((action) => ({ ...event, action })));
    case 'unrelated':
      return leastRelated(events);
  }
}

/** In a short clip nothing is shared; where every object occurs, what shares least. */
function leastRelated(events: readonly Content[]): Content[] {
  const shared = (content: Content): number =>
    Math.max(0, ...events.map((e) => Number(e.colour === content.colour) + Number(e.shape === content.shape) + Number(e.action === content.action)));
  const ranked = EVERY_CONTENT.map((content) => ({ content, shared: shared(content) }));
  const least = Math.min(...ranked.map((entry) => entry.shared));
  return ranked.filter((entry) => entry.shared === least).map(({ content }) => content);
}
