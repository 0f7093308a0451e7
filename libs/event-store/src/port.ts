/**
 * The event store port. This comment is the contract; one suite (`contract.ts`) holds every adapter to it.
 *
 * **Order.** Every stored event has a `position`: a gapless, 0-based ordinal over the whole store, equal to the order
 * of commit. It is the leaf index of the public log. A stream's `version` counts its events from 1 without gaps; the
 * version of a stream that does not exist is 0. Nothing is ever updated or deleted.
 *
 * **Durability.** When `append`, `appendMany` or `refuse` resolve, what they report is on disk. A promise rejected with
 * the fault `StoreUnavailable` means that the outcome is unknown: the caller repeats the same call with the same ids.
 *
 * **Shapes.** Event and command ids are UUIDs in the canonical lower-case text form (RFC 9562). Stream names are 1 … 200
 * printable ASCII characters, the first a letter or digit; versions are at most 2,147,483,647. Malformed input rejects
 * with `TypeError`, an input outside a stated range with `RangeError`; in both cases nothing was stored, and a repetition
 * fails again. Byte arrays come back verbatim; a caller leaves its arrays alone until the call has resolved.
 *
 * **Atomicity.** The events of one append to one stream are stored all or none. Nothing else is atomic: `appendMany`
 * may be cut off between streams and its caller resumes. Its appends take positions in the order given.
 *
 * **One outcome per command.** A command id has at most one outcome for ever, accepted or refused, in all processes.
 * An append that carries a command stores the signed answer with the events, in one atomic step. If the command id
 * has an outcome already, nothing is stored and that outcome is returned (`command_decided`), whatever the versions.
 *
 * **Event ids are unique** in the store. An append with an id that is stored already stores nothing and returns
 * `event_exists`; a policy that runs again meets its own work this way.
 *
 * **Precedence** when several apply: `command_decided`, `event_exists`, `version_conflict`.
 *
 * **Subscriptions** deliver each event once, in order, without a gap, from the given position on, also across the
 * seam between stored and new events and across a lost connection; they end only when the signal aborts or the
 * handler throws (the promise rejects with what it threw), or with `StoreUnavailable` when this store is closed. The
 * next batch is not handed over before the handler has finished with the one before; an abort lets it finish.
 */
export interface EventStore {
  /**
   * Appends 1 … 1,000 events, together at most 16 MiB, to one stream. `expectedVersion` is exact: the stream's current
   * version. No two events of one append share an id.
   */
  append(append: Append): Promise<AppendOutcome>;

  /**
   * Appends to many streams in as few durable commits as possible, for bulk issuance. The outcomes stand in the order
   * given, and are those of the same appends made one after the other. No two appends of one call may name the same
   * stream. Appends carry no command. When it rejects, a part of the appends may have been stored.
   */
  appendMany(appends: readonly Append[]): Promise<readonly AppendOutcome[]>;

  /** Stores a final refusal, unless the command id has an outcome: then that one is returned and nothing is stored. */
  refuse(refusal: CommandOutcome & { readonly kind: 'refused' }): Promise<CommandOutcome>;

  /** The outcome of a command id, or undefined if it has none. */
  outcomeOf(commandId: string): Promise<CommandOutcome | undefined>;

  /** A stream's events in order, from a version on (default 1); an empty array for a stream that does not exist. */
  readStream(stream: string, options?: { readonly fromVersion?: number }): Promise<readonly StoredEvent[]>;

  /** Whole streams, many in one round trip; the map has an entry, perhaps empty, for each stream asked for. */
  readStreams(streams: readonly string[]): Promise<ReadonlyMap<string, readonly StoredEvent[]>>;

  /** Current versions (0 = no such stream), an entry for each stream asked for. */
  versionsOf(streams: readonly string[]): Promise<ReadonlyMap<string, number>>;

  /** The event with this id, or undefined. */
  readEvent(eventId: string): Promise<StoredEvent | undefined>;

  /**
   * Events from a position on (default 0), up to but not including `before`, in batches that are never empty. Ends at the
   * head as it was when the reading began, also when `before` lies beyond it.
   */
  readAll(options?: ReadAllOptions): AsyncIterable<readonly StoredEvent[]>;

  /**
   * Only the leaves of what `readAll` gives, for whoever hashes, publishes or replays them. A batch holds until the next
   * one is asked for: then its memory may be used again.
   */
  readLeaves(options?: ReadAllOptions): AsyncIterable<readonly Uint8Array[]>;

  /** The number of events stored: the position that the next event will get. */
  head(): Promise<number>;

  /** Delivers events from a position on, for ever; see "Subscriptions" above. Resolves when the signal aborts. */
  subscribe(options: SubscribeOptions): Promise<void>;

  /** Finishes what was handed over, releases connections. Calls after it reject with `StoreUnavailable`. */
  close(): Promise<void>;
}

/** An event to store. `bytes` is the signed leaf, stored and published verbatim; `sealed` its encrypted disclosures. */
export interface NewEvent {
  readonly id: string;
  /** 1 … 65,535 bytes. */
  readonly bytes: Uint8Array;
  /** 1 … 1,048,576 bytes. */
  readonly sealed?: Uint8Array;
}

export interface StoredEvent extends NewEvent {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
}

export interface Append {
  readonly stream: string;
  readonly expectedVersion: number;
  readonly events: readonly NewEvent[];
  readonly command?: CommandOutcome & { readonly kind: 'accepted' };
}

/**
 * What became of a command. `bodyHash`: SHA-256 of the signed body, 32 bytes. `answer`: the signed answer, 1 … 65,535
 * bytes.
 */
export interface CommandOutcome {
  readonly kind: 'accepted' | 'refused';
  readonly commandId: string;
  readonly bodyHash: Uint8Array;
  readonly answer: Uint8Array;
}

export type AppendOutcome =
  | { readonly status: 'appended'; readonly firstPosition: number; readonly version: number }
  | { readonly status: 'command_decided'; readonly outcome: CommandOutcome }
  | { readonly status: 'event_exists'; readonly eventId: string }
  | { readonly status: 'version_conflict'; readonly actualVersion: number };

export interface ReadAllOptions {
  readonly from?: number;
  readonly before?: number;
  /** Events per batch at most, 1 … 10,000; default 2,000. */
  readonly batchSize?: number;
}

export type Linger = number | ((delivered: number) => number);

export interface SubscribeOptions {
  /** The first position to deliver; it may lie beyond the head. */
  readonly from: number;
  readonly handle: (events: readonly StoredEvent[]) => Promise<void>;
  readonly signal: AbortSignal;
  /** Events per batch at most, 1 … 10,000; default 2,000. */
  readonly batchSize?: number;
  /**
   * How long to wait, after a batch that was not full, before reading again, so that many small commits come as one
   * batch; a function is given the number of events in that batch. Default 20. Delivery is later by so much at most;
   * nothing else changes.
   */
  readonly lingerMilliseconds?: Linger;
  /**
   * The first position, not below the given one, that the handler has a use for; what lies before it is not delivered.
   * Asked, and waited for, before each read. If it rejects, so does the subscription. Default: each position has its use.
   */
  readonly nextNeeded?: (position: number) => number | Promise<number>;
}

/** The store cannot be reached or did not answer in time. The outcome of the call is unknown: repeat it unchanged. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
