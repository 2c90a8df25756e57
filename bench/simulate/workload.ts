// Videos that arrive over the days, and the plan that the planner of the product makes of each.
import { planSections } from '../../src/model/grounding/sections.js';
import { type PlannedWindow, planSection, type SectionFindings } from '../../src/model/grounding/window-plan.js';
import { Dice } from '../../src/world/dice.js';
import { type Settings } from './settings.js';

const DAY_SECONDS = 86_400;
const STREAMS = { arrivals: 1, lengths: 2, tenants: 3, findings: 4, priorities: 5 } as const;

/** Lengths against the mean; every one is as frequent as the others, and their mean is 1. */
const LENGTHS = [0.25, 0.5, 1, 2.25];

/** Plans of one length that differ in what moves. */
const PLANS_OF_LENGTH = 8;

/** Grey levels a second (src/model/grounding/section-activity.ts). */
const MOTION = { still: 0.1, calm: 20, busy: 120 } as const;

export interface PlannedSection {
  readonly seconds: number;
  readonly windows: readonly PlannedWindow[];
}

export interface Arrival {
  readonly id: string;
  readonly tenant: number;
  readonly priority: number;
  readonly atSeconds: number;
  readonly videoSeconds: number;
  readonly sections: readonly PlannedSection[];
}

/** In order of time. */
export function arrivals(settings: Settings): Arrival[] {
  const meanSeconds = settings['video-hours'] * 3600;
  const count = Math.max(1, Math.round((settings.hours * settings.days * 3600) / meanSeconds));
  const plans = LENGTHS.map((length, k) => Array.from({ length: PLANS_OF_LENGTH }, (_, j) => planOf(meanSeconds * length, settings, new Dice(settings.seed, STREAMS.findings + 100 * (PLANS_OF_LENGTH * k + j)))));
  const [when, which, whose, urgency] = [STREAMS.arrivals, STREAMS.lengths, STREAMS.tenants, STREAMS.priorities].map((stream) => new Dice(settings.seed, stream)) as [Dice, Dice, Dice, Dice];
  const tenantOf = byZipf(settings.tenants);
  const times = Array.from({ length: count }, () => timeOf(when, settings)).sort((a, b) => a - b);
  return times.map((atSeconds, k) => {
    const length = which.below(LENGTHS.length);
    const sections = plans[length]?.[which.below(PLANS_OF_LENGTH)] ?? [];
    const priority = urgency.chance(settings.urgent) ? 0 : 1;
    return { id: String(k).padStart(9, '0'), tenant: tenantOf(whose.unit()), priority, atSeconds, videoSeconds: meanSeconds * (LENGTHS[length] ?? 1), sections };
  });
}

/** A day swings between its mean and `peak` times the mean like a sine. */
function timeOf(dice: Dice, { days, peak }: Settings): number {
  for (;;) {
    const at = dice.unit() * days * DAY_SECONDS;
    const rate = 1 - (peak - 1) * Math.cos((2 * Math.PI * at) / DAY_SECONDS);
    if (dice.unit() * peak <= rate) return at;
  }
}

/** Tenant k has a share of 1 / (k + 1). */
function byZipf(count: number): (unit: number) => number {
  const shares = Array.from({ length: count }, (_, k) => 1 / (k + 1));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return (unit) => {
    let rest = unit * total;
    const found = shares.findIndex((share) => (rest -= share) < 0);
    return found < 0 ? count - 1 : found;
  };
}

function planOf(durationSeconds: number, settings: Settings, dice: Dice): PlannedSection[] {
  const video = { durationSeconds, width: Math.round((settings.height * 16) / 9), height: settings.height, frameRate: 25 };
  const options = { windowSeconds: 30, overlapSeconds: 6, fps: 2, maxTokens: settings['window-tokens'] };
  return planSections(durationSeconds).map((section) => {
    const unit = dice.unit();
    const kind = unit < settings.still ? 'still' : unit < settings.still + settings.busy ? 'busy' : 'calm';
    const seconds = section.endSeconds - section.startSeconds;
    const findings: SectionFindings = { transitions: [], stretches: [], motion: Array.from({ length: Math.ceil(seconds) }, () => MOTION[kind]), decodedUntil: section.endSeconds };
    return { seconds, windows: planSection(section, { video, findings }, options) };
  });
}
