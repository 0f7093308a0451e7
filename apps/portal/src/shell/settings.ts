import { listOf, recordOf, textOf, wholeOf } from './shapes.js';

/** `portal.json`: addresses relative to the site, or absolute. */
export interface PortalSettings {
  /** Undefined on a host that has only the pages and a log. */
  readonly api: URL | undefined;
  readonly log: URL;
  readonly policy: URL;
}

export function portalSettings(value: unknown): PortalSettings | undefined {
  const file = recordOf(value);
  if (file === undefined) return undefined;
  const address = (name: string, otherwise: string): URL => {
    const text = textOf(file[name]);
    return new URL(text !== undefined && URL.canParse(text, document.baseURI) ? text : otherwise, document.baseURI);
  };
  return {
    api: file['api'] === null ? undefined : address('api', './'),
    log: address('log', 'log/'),
    policy: address('policy', 'log/policy'),
  };
}

/** What of `GET /ledger` the pages show. */
export interface LedgerTerms {
  readonly origin: string;
  readonly currency: string;
  readonly day: string;
  readonly k: number;
  readonly demo: boolean;
  /** Leaves that brought in a key with which the ledger signs events. */
  readonly keyLeaves: readonly number[];
}

export function ledgerTerms(value: unknown): LedgerTerms | undefined {
  const file = recordOf(value);
  const [origin, currency, day] = [textOf(file?.['origin']), textOf(file?.['currency']), textOf(file?.['day'])];
  const k = wholeOf(file?.['k']);
  if (origin === undefined || currency === undefined || day === undefined || k === undefined) return undefined;
  const keyLeaves = listOf(file?.['eventKeyLeaves'], wholeOf) ?? [];
  return { origin, currency, day, k, demo: file?.['demo'] === true, keyLeaves };
}
