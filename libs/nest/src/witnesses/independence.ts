import { hostname, networkInterfaces } from 'node:os';
import { canBeElsewhere } from '@aidtrail/public-log';

/** Whether a witness's address can belong to somebody else. `ownHosts`: names and addresses of the ledger's own machine. */
export function isElsewhere(url: string, ownHosts: ReadonlySet<string>): boolean {
  return canBeElsewhere(url, [...ownHosts]);
}

/** What this machine is called, with the host of the log's name and the address that it is served at. */
export function ownHostsOf({ origin, host }: { readonly origin: string; readonly host: string }): ReadonlySet<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((some) => some?.map(({ address }) => address) ?? []);
  const named = origin.split('/', 1)[0]?.replace(/:\d+$/, '') ?? origin;
  return new Set([named, host, hostname(), ...addresses].map((one) => one.toLowerCase()));
}
