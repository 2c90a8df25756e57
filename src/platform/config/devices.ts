// The devices that run the model, as the configuration lists them: a number, or a provider and a number.
import { z } from 'zod';

export const PROVIDERS = ['cpu', 'cuda', 'webgpu'] as const;
export type Provider = (typeof PROVIDERS)[number];

export interface Device {
  readonly provider: Provider;
  readonly deviceId: number;
}

const ENTRY = new RegExp(`^(?:(?<provider>${PROVIDERS.join('|')}):)?(?<number>\\d{1,3})$`);

/** The text of INFERENCE_DEVICES. */
export const deviceList = z.string().refine(
  (list) => list.split(',').every((entry) => ENTRY.test(entry.trim())),
  'must be devices with commas between them, such as 0,1 or cuda:0,cuda:1',
);

/** @example devicesOf({ INFERENCE_PROVIDER: 'cuda', INFERENCE_DEVICES: '0,cpu:0' }) // cuda 0 and cpu 0 */
export function devicesOf({ INFERENCE_PROVIDER, INFERENCE_DEVICES }: { INFERENCE_PROVIDER: Provider; INFERENCE_DEVICES: string }): Device[] {
  return INFERENCE_DEVICES.split(',').map((entry) => {
    const { provider = INFERENCE_PROVIDER, number } = ENTRY.exec(entry.trim())?.groups ?? {};
    return { provider: provider as Provider, deviceId: Number(number) };
  });
}

/** What is wrong with the list; undefined where nothing is. Only cpu may be named several times. */
export function deviceFault(config: Parameters<typeof devicesOf>[0]): string | undefined {
  const cards = devicesOf(config).filter(({ provider }) => provider !== 'cpu');
  const names = cards.map(nameOfDevice);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) return `INFERENCE_DEVICES: names ${twice} twice`;
  if (cards.some(({ provider, deviceId }) => provider === 'webgpu' && deviceId > 0)) return 'INFERENCE_DEVICES: webgpu has no other device than 0, which the runtime chooses itself';
  return undefined;
}

export const nameOfDevice = ({ provider, deviceId }: Device): string => `${provider}:${deviceId}`;
