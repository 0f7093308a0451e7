import { openDisclosures, utf8DecodeOrThrow, viewLeafOrThrow, type JsonValue } from '@aidtrail/envelope';
import type { EventStore, StoredEvent } from '@aidtrail/event-store';
import { streamConcept, type AnyConcept, type DomainEvent, type Recorded } from '@aidtrail/domain';
import { PassedOver } from './passed-over.js';
import type { LedgerCrypto, SealKeys } from './ports.js';

/** A folded stream. `version` 0 is a stream that does not exist, in its concept's initial state. */
export interface FoldedStream {
  readonly stream: string;
  readonly version: number;
  readonly state: unknown;
}

/** Where a decision takes folded streams from. */
export interface StreamSource {
  load(stream: string): Promise<FoldedStream>;
}

export type AnyRecorded = Recorded<DomainEvent>;

/**
 * Loads and folds streams. Streams that many commands look at (all but vouchers and donations, of which there are too
 * many) stay folded in memory by version, so that a command on a stream of a million events costs what one on a short
 * stream costs. What other processes append reaches the cache through `observe`; until then a fact may be a little old,
 * which the fact rule allows; an append on an old version ends in a conflict and a fresh read, and nothing is refused for
 * what is only cached.
 */
export class Streams {
  private readonly cache = new Map<string, FoldedStream>();
  private readonly loading = new Map<string, Promise<FoldedStream>>();
  private readonly passedOver: PassedOver[] = [];

  constructor(
    private readonly store: EventStore,
    private readonly sealKeys: SealKeys,
    private readonly crypto: LedgerCrypto,
  ) {}

  async load(stream: string): Promise<FoldedStream> {
    if (!isHot(stream)) return this.fold(initialOf(stream), await this.store.readStream(stream));
    const cached = this.cache.get(stream);
    if (cached !== undefined) return cached;
    const running = this.loading.get(stream);
    if (running !== undefined) return running;
    const load = this.loadHot(stream).finally(() => this.loading.delete(stream));
    this.loading.set(stream, load);
    return load;
  }

  /** Reads what is new since the cached version: after a version conflict, and before a refusal. */
  async reload(stream: string): Promise<FoldedStream> {
    if (!isHot(stream)) return this.load(stream);
    const cached = this.cache.get(stream) ?? initialOf(stream);
    const fresh = await this.store.readStream(stream, { fromVersion: cached.version + 1 });
    return this.remember(await this.fold(cached, fresh));
  }

  /** A stream as it stood before a leaf, read from the store. */
  async loadBefore(stream: string, position: number): Promise<FoldedStream> {
    const stored = await this.store.readStream(stream);
    return this.fold(
      initialOf(stream),
      stored.filter((event) => event.position < position),
    );
  }

  async loadMany(streams: readonly string[]): Promise<readonly FoldedStream[]> {
    const stored = await this.store.readStreams(streams);
    return Promise.all(streams.map((stream) => this.fold(initialOf(stream), stored.get(stream) ?? [])));
  }

  /** Folds events that this process has just appended. */
  applied(before: FoldedStream, events: readonly AnyRecorded[]): FoldedStream {
    const { decider } = conceptOf(before.stream);
    const state = events.reduce((folded: unknown, event) => decider.evolve(folded, event), before.state);
    const after = { stream: before.stream, version: before.version + events.length, state };
    const [first] = events;
    if (first !== undefined) this.passOver(first.position, events);
    return isHot(before.stream) ? this.remember(after) : after;
  }

  /** Hears of events that this process has appended without folding them. */
  appended(stream: string, firstPosition: number, events: readonly { readonly type: string }[]): void {
    if (!this.cache.has(stream) && !this.loading.has(stream)) this.passOver(firstPosition, events);
  }

  /**
   * For whoever follows the log and calls `observe`: what he may pass over, since it can be no news to the cache, and is
   * of no type that he needs for himself.
   */
  follower(isNeeded: (type: string) => boolean = () => false): PassedOver {
    const passedOver = new PassedOver(isNeeded);
    this.passedOver.push(passedOver);
    return passedOver;
  }

  /** Takes in what any process appended, in order, so that cached facts stay fresh. */
  async observe(events: readonly StoredEvent[]): Promise<void> {
    for (const event of events) {
      // A load that is under way may have read before this event; without waiting, its result would stay old.
      await this.loading.get(event.stream)?.catch(() => undefined);
      const cached = this.cache.get(event.stream);
      if (cached === undefined || cached.version >= event.version) continue;
      if (cached.version + 1 === event.version) this.remember(await this.fold(cached, [event]));
      else this.cache.delete(event.stream);
    }
  }

  /** Forgets all folds, once those under way have ended; for whoever begins to observe and cannot know what was missed. */
  async forget(): Promise<void> {
    await Promise.allSettled(this.loading.values());
    this.cache.clear();
  }

  /** Stored events as the domain sees them, with their private parts as far as the keys still exist. */
  async recorded(events: readonly StoredEvent[]): Promise<readonly AnyRecorded[]> {
    const sealed = events.filter((event) => event.sealed !== undefined && needsPrivate(event));
    const keys =
      sealed.length === 0
        ? new Map<string, Uint8Array | 'erased'>()
        : await this.sealKeys.keysOf([...new Set(sealed.map((event) => event.stream))]);
    return events.map((event) => toRecorded(event, this.openPrivate(event, keys)));
  }

  /** The private fields of one event: the command's and the ledger's; undefined when there are none or all is erased. */
  private openPrivate(
    event: StoredEvent,
    keys: ReadonlyMap<string, Uint8Array | 'erased'>,
  ): Readonly<Record<string, JsonValue>> | undefined {
    const key = keys.get(event.stream);
    if (event.sealed === undefined || key === undefined || key === 'erased') return undefined;
    const plaintext = utf8DecodeOrThrow(this.crypto.openSealed(key, event.id, event.sealed));
    return openDisclosures(JSON.parse(plaintext) as string[]);
  }

  private async loadHot(stream: string): Promise<FoldedStream> {
    const loaded = await this.fold(initialOf(stream), await this.store.readStream(stream));
    // Anybody can ask for keys that do not exist, and would fill the cache with them; of these streams there is one each.
    return loaded.version === 0 && !SINGLE.test(stream) ? loaded : this.remember(loaded);
  }

  private async fold(from: FoldedStream, stored: readonly StoredEvent[]): Promise<FoldedStream> {
    if (stored.length === 0) return from;
    const { decider } = conceptOf(from.stream);
    let state = from.state;
    for (const event of await this.recorded(stored)) state = decider.evolve(state, event);
    return { stream: from.stream, version: from.version + stored.length, state };
  }

  private passOver(firstPosition: number, events: readonly { readonly type: string }[]): void {
    const types = events.map(({ type }) => type);
    for (const follower of this.passedOver) follower.appended(firstPosition, types);
  }

  private remember(folded: FoldedStream): FoldedStream {
    const cached = this.cache.get(folded.stream);
    if (cached !== undefined && cached.version > folded.version) return cached;
    this.cache.delete(folded.stream);
    this.cache.set(folded.stream, folded);
    if (this.cache.size > MAX_CACHED) this.cache.delete(this.cache.keys().next().value as string);
    return folded;
  }
}

const MAX_CACHED = 50_000;
const COLD = /^(voucher|donation)-/;
const SINGLE = /-main$/;

function isHot(stream: string): boolean {
  return !COLD.test(stream);
}

/** The first two events of a voucher fold without their private part; leaving it sealed spares work per redemption. */
function needsPrivate(event: StoredEvent): boolean {
  return event.version > 2 || !event.stream.startsWith('voucher-');
}

/** A stream that does not exist yet. */
export function initialOf(stream: string): FoldedStream {
  return { stream, version: 0, state: conceptOf(stream).decider.initial };
}

/** @throws RangeError for a stream of no known category: a newer program wrote it. */
function conceptOf(stream: string): AnyConcept {
  const concept = streamConcept(stream);
  if (concept === undefined) throw new RangeError('A stream has a category that this version does not know: upgrade.');
  return concept;
}

function toRecorded(event: StoredEvent, privateFields: Readonly<Record<string, JsonValue>> | undefined): AnyRecorded {
  const leaf = viewLeafOrThrow(event.bytes);
  return {
    type: leaf.type,
    data: leaf.data,
    ...(privateFields === undefined ? {} : { private: privateFields }),
    id: event.id,
    position: event.position,
    day: leaf.day,
  };
}
