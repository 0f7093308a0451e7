import { CannotAudit } from '../cannot-audit.js';
import type { LogSource } from './log-source.js';

export interface UrlOptions {
  /** Requests at a time. */
  readonly atOnce?: number;
  readonly timeoutMilliseconds?: number;
  /** Waiting before each further try; as many tries more as there are numbers. */
  readonly pausesMilliseconds?: readonly number[];
}

const DEFAULTS: Required<UrlOptions> = {
  atOnce: 8,
  timeoutMilliseconds: 30_000,
  pausesMilliseconds: [500, 1_000, 2_000, 4_000, 8_000],
};
const MAX_REDIRECTS = 3;

type Fetched = Uint8Array | 'too_large' | undefined;

/** What may go away by itself; everything else is final. */
class TryAgain extends Error {}

/**
 * The files of a log below a prefix, over http or https. What does not answer is asked again, later and later; 404 and 410
 * mean that there is no such file. A redirect may not lead to another scheme. Reading rejects with CannotAudit.
 */
export function urlSource(prefix: string, options: UrlOptions = {}): LogSource {
  const settings = { ...DEFAULTS, ...options };
  const base = baseOf(prefix);
  const turns = new Turns(settings.atOnce);
  return {
    ahead: settings.atOnce,
    read: (path, atMost) => turns.take(() => fetchPatiently(new URL(path, base), atMost, settings)),
    close: () => Promise.resolve(),
  };
}

function baseOf(prefix: string): URL {
  try {
    return new URL(prefix.endsWith('/') ? prefix : `${prefix}/`);
  } catch {
    throw new CannotAudit('The address of the log is not a URL.');
  }
}

async function fetchPatiently(url: URL, atMost: number, settings: Required<UrlOptions>): Promise<Fetched> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await fetchOnce(url, atMost, settings.timeoutMilliseconds);
    } catch (fault) {
      const pause = settings.pausesMilliseconds[tried];
      if (!(fault instanceof TryAgain)) throw fault;
      if (pause === undefined) throw new CannotAudit(`${url.href} does not give the file: ${fault.message}.`);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function fetchOnce(start: URL, atMost: number, timeoutMilliseconds: number): Promise<Fetched> {
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await fetch(url, { redirect: 'manual', signal }).catch((fault: unknown) => {
      throw new TryAgain(reasonOf(fault));
    });
    const next = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || next === null) return readBody(response, atMost);
    await response.body?.cancel();
    url = new URL(next, url);
    if (url.protocol !== start.protocol)
      throw new CannotAudit(`${start.href} leads to another scheme (${url.protocol}//), which is not followed.`);
  }
  throw new CannotAudit(`${start.href} leads from one place to the next without end.`);
}

async function readBody(response: Response, atMost: number): Promise<Fetched> {
  const { status, body } = response;
  if (status === 200 && body !== null) {
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        length += chunk.length;
        // Leaving the loop ends the transfer.
        if (length > atMost) return 'too_large';
        chunks.push(chunk);
      }
    } catch (fault) {
      throw new TryAgain(reasonOf(fault));
    }
    return new Uint8Array(Buffer.concat(chunks));
  }
  await body?.cancel();
  if (status === 404 || status === 410) return undefined;
  if (status === 429 || status >= 500) throw new TryAgain(`it answers with status ${status}`);
  throw new CannotAudit(`${response.url} answers with status ${status}.`);
}

function reasonOf(fault: unknown): string {
  const { name, message, cause } = fault as Partial<Error>;
  if (name === 'TimeoutError') return 'it takes too long';
  return (cause instanceof Error ? cause.message : message) ?? 'no reason given';
}

/** Lets so many run at a time, in the order in which they came. */
class Turns {
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly atOnce: number) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.atOnce) await new Promise<void>((resolve) => this.queue.push(resolve));
    else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
