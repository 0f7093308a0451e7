import { ledgerTerms, portalSettings, type LedgerTerms, type PortalSettings } from './settings.js';

/** What came of a question. An old answer is one that was kept here, because the server did not answer. */
export type Answer<T> =
  | {
      readonly kind: 'answered';
      readonly value: T;
      /** When the server gave it, by its clock. */
      readonly at?: Date;
      readonly old?: { readonly from: Date | undefined };
    }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'erased' }
  | { readonly kind: 'too_many' }
  | { readonly kind: 'unreachable' }
  /** It is not what this page understands: another version of the server, or something in between. */
  | { readonly kind: 'not_understood' };

/** Untrusted: what it is given, parsed and as it was sent. Undefined for what it does not understand. */
export type Reader<T> = (value: unknown, text: string) => T | undefined;

let settings: Promise<PortalSettings> | undefined;

/** Where the pages ask; a file beside them, so that one build works on every host. */
export function readSettings(): Promise<PortalSettings> {
  settings ??= ask('portal.json', portalSettings).then((answer) => {
    if (answer.kind === 'answered') return answer.value;
    settings = undefined;
    return portalSettings({}) as PortalSettings;
  });
  return settings;
}

export async function askApi<T>(path: string, reader: Reader<T>, body?: object): Promise<Answer<T>> {
  const { api } = await readSettings();
  return api === undefined ? { kind: 'not_found' } : ask(new URL(path, api), reader, body);
}

/** A file that lies beside the pages, whoever serves them. */
export function askSite<T>(path: string, reader: Reader<T>): Promise<Answer<T>> {
  return ask(path, reader);
}

let terms: Promise<Answer<LedgerTerms>> | undefined;

/** Asked once, and again after a failure. */
export function readTerms(): Promise<Answer<LedgerTerms>> {
  terms ??= askApi('ledger', ledgerTerms).then((answer) => {
    if (answer.kind !== 'answered') terms = undefined;
    return answer;
  });
  return terms;
}

async function ask<T>(url: string | URL, reader: Reader<T>, body?: object): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(url, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      // Whatever a cache on the way would say, a figure that was published is to be seen.
      cache: 'no-cache',
      ...(body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    return { kind: 'unreachable' };
  }
  if (!response.ok) return { kind: failureOf(response.status) };
  const value = await response.text().then(
    (text) => read(text, reader),
    () => undefined,
  );
  if (value === undefined) return { kind: 'not_understood' };
  const at = dateOf(response);
  if (response.headers.has('aidtrail-kept')) return { kind: 'answered', value, old: { from: at } };
  return { kind: 'answered', value, ...(at === undefined ? {} : { at }) };
}

function read<T>(text: string, reader: Reader<T>): T | undefined {
  try {
    return reader(JSON.parse(text), text);
  } catch {
    return undefined;
  }
}

function failureOf(status: number): 'not_found' | 'erased' | 'too_many' | 'unreachable' {
  if (status === 410) return 'erased';
  if (status === 429) return 'too_many';
  return status >= 500 ? 'unreachable' : 'not_found';
}

/** By the server's clock, not by this device's, which may be years off. */
function dateOf(response: Response): Date | undefined {
  const date = new Date(response.headers.get('date') ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}
