// Who can reach an address that the API listens on, and so whether a key is needed there.

/** Only this machine: `127.0.0.1`, `::1` with or without brackets, `localhost`. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

export interface Listening {
  readonly AUTH: 'auto' | 'required' | 'off';
  readonly HOST: string;
}

export const keysRequired = ({ AUTH, HOST }: Listening): boolean => AUTH === 'required' || (AUTH === 'auto' && !isLoopback(HOST));

/** What is wrong with the settings; undefined where nothing is. */
export function listeningFault({ AUTH, HOST }: Listening): string | undefined {
  if (AUTH !== 'off' || isLoopback(HOST)) return undefined;
  return `AUTH: off lets everybody who reaches ${HOST} do everything; leave it out, or listen on 127.0.0.1 alone`;
}
