// Opens connections for outgoing requests: the guard decides on the very address that is connected to, whatever a name stood for before.
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { AppError } from '../../app-error.js';
import { addressRefused, type AddressGuard } from './address-guard.js';

/** As `dns.lookup` with `all`. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export const systemResolve: Resolve = (host) =>
  new Promise((resolve, reject) => systemLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses))));

const CONNECT_MS = 10_000;

/** A connector of undici. Its connections end with `address.refused` or `address.unresolvable` where they may not or cannot begin. */
export function guardedConnector(guard: AddressGuard, resolve: Resolve): buildConnector.connector {
  const connect = buildConnector({ lookup: guardedLookup(guard, resolve), timeout: CONNECT_MS });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // no name is looked up where there is none
    if (isIP(host) !== 0 && !guard.permits(host, host)) callback(addressRefused(host), null);
    else connect({ ...options, hostname: host }, callback);
  };
}

function guardedLookup(guard: AddressGuard, resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const permitted = addresses.filter(({ address }) => guard.permits(host.replace(/\.$/, ''), address));
        const [first] = permitted;
        if (!first) callback(addressRefused(host), '');
        else if (options.all) callback(null, permitted);
        else callback(null, first.address, first.family);
      },
      (cause: unknown) => callback(new AppError('address.unresolvable', `The name ${host} stands for no address.`, { cause }), ''),
    );
  };
}
