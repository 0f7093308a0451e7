import { CommitCheck } from './commit-check.js';
import {
  isSoftDeleted,
  metastreamOf,
  streamOfMetastream,
  tombstoneRevision,
  type AppendOutcome,
  type Expected,
  type KeptEvent,
  type KeptStream,
  type Proposal,
} from './kept.js';
import { parseStreamMetadata } from './stream-metadata.js';
import { encodeEvent } from './wire.js';

export interface KurrentMemoryOptions {
  /** Milliseconds since 1970, for `created` and `$maxAge`. */
  readonly now?: () => number;
  /** How many event ids are remembered for appends without an exact revision; the real cache is bounded too. */
  readonly rememberedIds?: number;
}

/**
 * What a database of one or more nodes holds, in memory. It outlives the server in front of it: hand the same memory to
 * a new server to restart it with its data, or to several servers to make them nodes of one cluster.
 */
export class KurrentMemory {
  /** `$all`, in the order of positions. */
  readonly log: KeptEvent[] = [];
  readonly now: () => number;
  readonly #streams = new Map<string, KeptStream>();
  readonly #check: CommitCheck;
  readonly #waiting = new Set<() => void>();
  #nextPosition = 0;
  #nextId = 0;

  constructor(options: KurrentMemoryOptions = {}) {
    this.now = options.now ?? Date.now;
    this.#check = new CommitCheck((name) => this.#streams.get(name), options.rememberedIds ?? 50_000);
    // A real node begins with events of its own, so that no event of a user is at position 0.
    for (const user of ['admin', 'ops']) this.#writeSystemEvent(`$user-${user}`, '$UserCreated', { loginName: user });
  }

  /** All or nothing: the decision and the writing happen in one step. */
  append(stream: string, expected: Expected, proposals: readonly Proposal[]): AppendOutcome {
    const check = this.#check.check(stream, expected, proposals);
    if (check.kind !== 'ok') return check;
    const kept = this.#open(stream);
    const wasDeleted = isSoftDeleted(kept);
    const firstRevision = kept.events.length;
    for (const proposal of proposals) this.#write(kept, proposal);
    if (proposals.length > 0) {
      if (wasDeleted) this.#undelete(kept, firstRevision);
      this.#describe(stream, proposals);
      this.#wake();
    }
    return { kind: 'written', revision: kept.events.length - 1, position: kept.events.at(-1)?.position };
  }

  /** Hides a stream until something is appended to it. Its events stay in `$all`. */
  delete(stream: string, expected: Expected): AppendOutcome {
    const check = this.#checkDelete(stream, expected);
    if (check.kind !== 'ok') return check;
    const metastream = metastreamOf(stream);
    const existed =
      (this.#streams.get(stream)?.events.length ?? 0) + (this.#streams.get(metastream)?.events.length ?? 0);
    if (existed === 0) return { kind: 'wrong-expected-version', current: -1 };
    // Written by hand: the number is larger than those that JSON.stringify can write.
    const event = this.#writeSystemEvent(metastream, '$metadata', `{"$tb":${tombstoneRevision}}`);
    this.#wake();
    return { kind: 'written', revision: Number(event.revision), position: event.position };
  }

  /** Ends a stream for good: nothing can be read from it or appended to it again. */
  tombstone(stream: string, expected: Expected): AppendOutcome {
    const check = this.#checkDelete(stream, expected);
    if (check.kind !== 'ok') return check;
    const kept = this.#open(stream);
    kept.tombstoned = true;
    const none = new Uint8Array();
    const event = this.#keep(stream, tombstoneRevision, {
      id: this.#freshId(),
      type: '$streamDeleted',
      isJson: true,
      data: none,
      metadata: none,
    });
    this.#wake();
    return { kind: 'written', revision: kept.events.length - 1, position: event.position };
  }

  stream(name: string): KeptStream | undefined {
    return this.#streams.get(name);
  }

  /** The index in {@link log} of the first event at this position or after it. */
  indexAt(position: number): number {
    let low = 0;
    let high = this.log.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.log[middle]?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first revision that a read of the stream may show; its end when it shows none. */
  firstVisible(stream: KeptStream): number {
    const { maxCount, maxAgeSeconds, truncateBefore } = stream.metadata;
    const end = stream.events.length;
    let first = 0;
    if (truncateBefore !== undefined) first = truncateBefore >= BigInt(end) ? end : Number(truncateBefore);
    if (maxCount !== undefined) first = Math.max(first, end - maxCount);
    if (maxAgeSeconds !== undefined) {
      const oldest = this.now() - maxAgeSeconds * 1000;
      while (first < end && (stream.events[first]?.created ?? 0) < oldest) first += 1;
    }
    return first;
  }

  /** Resolves at the next append. Ask for it in the same turn in which nothing more was found, and nothing is missed. */
  appended(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  #wake(): void {
    for (const waiting of [...this.#waiting]) waiting();
  }

  #open(name: string): KeptStream {
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const stream: KeptStream = { name, events: [], tombstoned: false, metadata: {} };
    this.#streams.set(name, stream);
    return stream;
  }

  #write(stream: KeptStream, proposal: Proposal): KeptEvent {
    const event = this.#keep(stream.name, stream.events.length, proposal);
    stream.events.push(event);
    this.#check.remember(event);
    return event;
  }

  #keep(stream: string, revision: number | bigint, proposal: Proposal): KeptEvent {
    const position = this.#nextPosition;
    const created = this.now();
    const wire = encodeEvent({ ...proposal, stream, revision, position, created });
    this.#nextPosition += wire.length;
    const event: KeptEvent = { id: proposal.id, type: proposal.type, stream, revision, position, created, wire };
    this.log.push(event);
    return event;
  }

  #writeSystemEvent(stream: string, type: string, data: object | string): KeptEvent {
    const json = Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
    const proposal = { id: this.#freshId(), type, isJson: true, data: json, metadata: new Uint8Array() };
    const event = this.#write(this.#open(stream), proposal);
    const described = streamOfMetastream(stream);
    if (described !== undefined) this.#open(described).metadata = parseStreamMetadata(json);
    return event;
  }

  /** The last event of a metastream says how its stream is shown; a deleted one comes back, without what it held. */
  #describe(metastream: string, proposals: readonly Proposal[]): void {
    const described = streamOfMetastream(metastream);
    const last = proposals.at(-1);
    if (described === undefined || last === undefined) return;
    const stream = this.#open(described);
    const wasDeleted = isSoftDeleted(stream);
    stream.metadata = parseStreamMetadata(last.data);
    if (wasDeleted) this.#undelete(stream, stream.events.length);
  }

  /** A deleted stream that is written to again begins after what it held. */
  #undelete(stream: KeptStream, firstRevision: number): void {
    const { raw } = stream.metadata;
    const rest = Object.fromEntries(Object.entries(raw ?? {}).filter(([key]) => key !== '$tb'));
    this.#writeSystemEvent(metastreamOf(stream.name), '$metadata', { ...rest, $tb: firstRevision });
  }

  #checkDelete(stream: string, expected: Expected): ReturnType<CommitCheck['check']> {
    return this.#check.check(stream, expected, [{ id: this.#freshId() }]);
  }

  #freshId(): string {
    this.#nextId += 1;
    return `00000000-0000-4000-8000-${this.#nextId.toString(16).padStart(12, '0')}`;
  }
}
