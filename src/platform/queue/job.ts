// Job contracts: what may be rung for, declared in the domains apart from the code that does it.
import { AppError } from '../../app-error.js';

/** What a machine must have to do a job: ffmpeg and processor cores, a model, or a way to the outside. */
export type WorkerRole = 'media' | 'model' | 'delivery';

/** A kind of work; what it is about travels as one id. */
export interface JobContract<Name extends string = string> {
  readonly name: Name;
  readonly role: WorkerRole;
}

/** Does the work on one id. Rejecting is logged and nothing else: whether to try again is decided in Postgres. */
export type JobHandler = (id: string, signal: AbortSignal) => Promise<void>;

const defined: JobContract[] = [];

/** Every job whose contract this process has loaded. */
export const definedJobs = (): readonly JobContract[] => defined;

/** `defineJob({ name: 'analyze-window', role: 'model' })` */
export function defineJob<const Name extends string>(contract: JobContract<Name>): JobContract<Name> {
  if (!/^[a-z][a-z0-9-]*$/.test(contract.name)) throw new AppError('queue.invalid_job', `Not a job name: ${contract.name}.`);
  const job = Object.freeze({ ...contract });
  defined.push(job);
  return job;
}

/** Pairs every job with its handler; throws `queue.handlers_mismatch` unless each has exactly one. */
export function pairHandlers(
  jobs: readonly JobContract[],
  handlers: Readonly<Record<string, JobHandler>>,
): ReadonlyMap<string, JobHandler> {
  const names = jobs.map((job) => job.name);
  const faults = [
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name} is declared twice`),
    ...names.filter((name) => !(name in handlers)).map((name) => `${name} has no handler`),
    ...Object.keys(handlers).filter((name) => !names.includes(name)).map((name) => `${name} is handled but not declared`),
  ];
  if (faults.length > 0) throw new AppError('queue.handlers_mismatch', `Jobs and handlers differ: ${faults.join('; ')}.`);
  return new Map(Object.entries(handlers));
}
