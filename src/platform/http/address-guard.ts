// Which addresses the product may send a request to that somebody else named: public ones, and what the operator allows.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { AppError } from '../../app-error.js';

/** Not to be reached from outside a network, whoever owns it (the special-purpose registries of IANA). */
const INSIDE = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/96', '::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '100:0:0:1::/64', '2001::/23', '2001:db8::/32'],
  ...['2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
].map((range) => ipaddr.parseCIDR(range));

type Range = ReturnType<typeof ipaddr.parseCIDR>;
type Address = ReturnType<typeof ipaddr.process>;

/** True for what anybody can reach. An IPv4 address in the clothes of IPv6 (`::ffff:a.b.c.d`) is judged as what it is. */
export const isPublic = (address: string): boolean => !isInside(ipaddr.process(address), INSIDE);

const isInside = (address: Address, ranges: readonly Range[]): boolean =>
  ranges.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));

/** Something of OUTGOING_ALLOW: a host name, an address or a range of addresses. */
export const isAllowEntry = (entry: string): boolean => rangeOf(entry) !== undefined || /^(?!.*[.\d]$)[a-z\d_-]+(\.[a-z\d_-]+)*$/i.test(entry);

function rangeOf(entry: string): Range | undefined {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
  if (isIP(entry) === 0) return undefined;
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128] as Range;
}

export class AddressGuard {
  private readonly ranges: readonly Range[];
  private readonly names: ReadonlySet<string>;

  /** `allow`: entries of OUTGOING_ALLOW. */
  constructor(allow: readonly string[]) {
    this.ranges = allow.map(rangeOf).filter((range) => range !== undefined);
    this.names = new Set(allow.map((entry) => entry.toLowerCase()));
  }

  /** Whether a connection to `address` may be opened for a URL that names `host`. */
  permits(host: string, address: string): boolean {
    return this.names.has(host.toLowerCase()) || isPublic(address) || isInside(ipaddr.process(address), this.ranges);
  }

  /** Throws `address.refused` where that is plain from the URL alone; what a name stands for is judged when it is connected to. */
  checkUrl(url: string): void {
    const host = hostOf(url);
    const literal = /(^|\.)localhost$/i.test(host) ? '127.0.0.1' : host;
    if (isIP(literal) !== 0 && !this.permits(host, literal)) throw addressRefused(host);
  }
}

/** The host of a URL as sockets want it: an IPv6 address without its brackets. */
export const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

export const addressRefused = (host: string): AppError =>
  new AppError('address.refused', `${host} is not at a public address. Whoever runs this service can allow it (OUTGOING_ALLOW).`);
