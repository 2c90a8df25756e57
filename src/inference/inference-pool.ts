// The inference port over several devices: a child for each, and a window goes where it was seen last if that one is free.
import { unlessAborted } from './aborted.js';
import { type ChatOptions, type ChatRequest, type ChatResult, type Inference, type ModelCard, type RunOptions, type WindowRequest, type WindowResult } from './inference.js';
import { Seats } from './seats.js';

interface Seat {
  readonly device: Inference;
  /** The window that the device worked on last. */
  lastWindow: string | undefined;
}

export class InferencePool implements Inference {
  private readonly seats: Seats<Seat>;

  constructor(private readonly devices: readonly [Inference, ...Inference[]]) {
    this.seats = new Seats(devices.map((device): Seat => ({ device, lastWindow: undefined })));
  }

  /** Loads the checkpoint on every device. */
  async model(): Promise<ModelCard> {
    const [card] = await Promise.all([this.devices[0].model(), ...this.devices.slice(1).map((device) => device.model())]);
    return card;
  }

  async run(request: WindowRequest, options: RunOptions = {}): Promise<WindowResult> {
    const window = windowOf(request);
    const work = (seat: Seat): Promise<WindowResult> => {
      seat.lastWindow = window;
      return seat.device.run(request, options);
    };
    return unlessAborted(this.seats.take(work, { urgent: options.urgent, prefers: ({ lastWindow }) => lastWindow === window }), options.signal);
  }

  /** On whichever device is free first. */
  async chat(request: ChatRequest, options: ChatOptions = {}): Promise<ChatResult> {
    const work = (seat: Seat): Promise<ChatResult> => {
      seat.lastWindow = undefined;
      return seat.device.chat(request, options);
    };
    return unlessAborted(this.seats.take(work, { urgent: true }), options.signal);
  }

  async close(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.close()));
  }
}

const windowOf = ({ contentHash, startSeconds, endSeconds, sampling }: WindowRequest): string =>
  JSON.stringify([contentHash, startSeconds, endSeconds, sampling]);
