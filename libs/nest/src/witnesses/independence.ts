import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/**
 * Whether a witness's address can belong to somebody else. One on this machine is under the hands of whoever could forge
 * the log, and proves nothing to others. `ownHosts`: names and addresses of the ledger's own machine, in lower case. An
 * address alone cannot show that whoever is behind it is independent; it can only show that nobody is.
 */
export function isElsewhere(url: string, ownHosts: ReadonlySet<string>): boolean {
  const host = new URL(url).hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  return !isLoopback(host) && !ownHosts.has(host);
}

/** What this machine is called, with the host of the log's name and the address that it is served at. */
export function ownHostsOf({ origin, host }: { readonly origin: string; readonly host: string }): ReadonlySet<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((some) => some?.map(({ address }) => address) ?? []);
  const named = origin.split('/', 1)[0]?.replace(/:\d+$/, '') ?? origin;
  return new Set([named, host, hostname(), ...addresses].map((one) => one.toLowerCase()));
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  if (isIP(host) === 4) return host.startsWith('127.') || host === '0.0.0.0';
  return host === '::1' || host === '::' || host.startsWith('::ffff:7f');
}
