// `secondsight ask FILE "question"`: when does it happen?
import { type MomentsJson } from './api-client.js';
import { tellLimitations, told } from './limitations.js';
import { withService } from './stack.js';
import { clock, table } from './table.js';

export interface AskCommandOptions {
  readonly json: boolean;
  readonly server?: string | undefined;
  readonly key?: string | undefined;
  readonly topK?: number | undefined;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Exit code 0 for an answer, "not in this video" included. */
export async function ask(file: string, question: string, options: AskCommandOptions): Promise<number> {
  return withService(options, async (api) => {
    await tellLimitations(api, (sentence) => process.stderr.write(`${sentence}\n`));
    const video = await api.upload(file);
    const answer = await api.ask(video.id, question, {
      ...(options.topK !== undefined && { top_k: options.topK }),
      ...(options.start !== undefined && { start_time: options.start }),
      ...(options.end !== undefined && { end_time: options.end }),
    });
    for (const { code, message } of told([...video.warnings, ...answer.warnings])) process.stderr.write(`warning: ${code}: ${message}\n`);
    process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : `${sentence(answer)}\n`);
    return 0;
  });
}

function closest({ best_rejected: best }: MomentsJson): string {
  if (!best) return '';
  return ` Closest, and not believed: ${clock(best.start_time)} - ${clock(best.end_time)} (${best.confidence.toFixed(2)} sure).`;
}

function sentence(answer: MomentsJson): string {
  if (answer.answer === 'not_in_video') return `Not in this video.${closest(answer)}`;
  const rows = answer.data.map((m) => [clock(m.start_time), clock(m.end_time), m.confidence?.toFixed(2) ?? '']);
  return table(['start', 'end', 'sure'], rows);
}
