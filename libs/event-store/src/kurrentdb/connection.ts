/** The client of KurrentDB with what it lacks: deadlines, drained reads, a close that ends, faults that tell no secrets. */
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  NO_STREAM,
  START,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AllStreamSubscription,
  type Credentials,
  type EventData,
} from '@eventstore/db-client';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Readable } from 'node:stream';
import { StoreUnavailable } from '../port.js';
import { addressOrThrow, type Address } from './address.js';
import { asFault, isUnreached, StoreClosed } from './faults.js';
import type { AllPosition } from './ledger-state.js';
import { reachProblemOf } from './reach-problem.js';

/** An event to be written. */
export interface Written {
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata?: Uint8Array | object | undefined;
}

/** An event as it was read. Metadata that looks like JSON arrives as its value, any other as bytes. */
export interface Recorded {
  readonly id: string;
  readonly type: string;
  readonly streamId: string;
  readonly revision: bigint;
  readonly data: unknown;
  readonly metadata: unknown;
  /** Always there when `$all` is read. */
  readonly position: AllPosition | undefined;
}

export type WriteResult = { readonly written: true } | { readonly written: false; readonly actualRevision: number };

const attemptMilliseconds = 5_000;
const idleMilliseconds = 5_000;
const disposeMilliseconds = 2_000;

export class Connection {
  private readonly client: EventStoreDBClient;
  private readonly address: Address;
  /** Given with each append: then the client takes the classic path, which has a deadline and shares no state. */
  private readonly credentials: Credentials;
  private closed = false;
  private probing: Promise<string | undefined> | undefined;
  /** Ends the calls under way. No promise that all of them wait for: it would keep each of them as long as it lives. */
  private readonly underWay = new Set<() => void>();

  /** Throws TypeError for a string that the client cannot use; the message does not repeat it. */
  constructor(connectionString: string) {
    this.address = addressOrThrow(connectionString);
    const { username, password } = this.address;
    this.credentials = { username, password };
    try {
      this.client = EventStoreDBClient.connectionString(connectionString);
    } catch {
      // Without the cause: it quotes the string, with the password in it.
      throw new TypeError('KurrentDB: its address is not a valid esdb:// string');
    }
  }

  /**
   * Appends at exactly this revision (-1: to a stream that does not exist). One attempt. `StoreUnavailable`: the outcome
   * is unknown, and the same call may be repeated; another error: nothing was written.
   */
  async append(stream: string, revision: number, events: readonly Written[]): Promise<WriteResult> {
    this.mustBeOpen();
    const data = events.map(
      ({ id, type, data, metadata }) =>
        ({ id, type, data, metadata, contentType: 'application/octet-stream' }) as unknown as EventData,
    );
    try {
      const appending = this.client.appendToStream(stream, data, {
        expectedRevision: revision < 0 ? NO_STREAM : BigInt(revision),
        credentials: this.credentials,
        deadline: attemptMilliseconds,
        requiresLeader: true,
      });
      await this.whileOpen(within(attemptMilliseconds + 500, appending));
      return { written: true };
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) {
        const { actualVersion } = error;
        return { written: false, actualRevision: typeof actualVersion === 'bigint' ? Number(actualVersion) : -1 };
      }
      throw await this.faultOf(error, 'append');
    }
  }

  /** At most so many events of a stream from a revision on; none if there is no such stream. */
  readStream(stream: string, fromRevision: number, maxCount: number): Promise<Recorded[]> {
    return this.collect(() =>
      this.client.readStream(stream, { fromRevision: BigInt(fromRevision), maxCount, requiresLeader: true }),
    );
  }

  async lastOfStream(stream: string): Promise<Recorded | undefined> {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1, requiresLeader: true } as const;
    const [last] = await this.collect(() => this.client.readStream(stream, options));
    return last;
  }

  /** At most so many events of `$all` from a position on; the event at that position is among them. */
  readAll(from: AllPosition | undefined, maxCount: number): Promise<Recorded[]> {
    return this.collect(() =>
      this.client.readAll({ direction: FORWARDS, fromPosition: from ?? START, maxCount, requiresLeader: true }),
    );
  }

  readAllBackwards(from: AllPosition | undefined, maxCount: number): Promise<Recorded[]> {
    return this.collect(() =>
      this.client.readAll({ direction: BACKWARDS, fromPosition: from ?? END, maxCount, requiresLeader: true }),
    );
  }

  /** Events of some types, by the beginnings of their names. It ends with an error; its user begins again. */
  subscribe(after: AllPosition | undefined, prefixes: string[]): AllStreamSubscription {
    this.mustBeOpen();
    const subscription = this.client.subscribeToAll({
      fromPosition: after ?? START,
      filter: { filterOn: 'eventType', prefixes, checkpointInterval: 100 },
      requiresLeader: true,
    });
    const converting = subscription as unknown as { convertGrpcEvent?: typeof plainRecord };
    if (converting.convertGrpcEvent) converting.convertGrpcEvent = plainRecord;
    return subscription;
  }

  /**
   * What is under way, and whatever is called later, ends with `StoreUnavailable`. Cannot hang: what the server does not
   * let go is left to the end of the process.
   */
  async close(): Promise<void> {
    this.closed = true;
    for (const end of [...this.underWay]) end();
    await within(disposeMilliseconds, this.client.dispose()).catch(() => undefined);
    // The client leaves its channel open.
    const { getChannel } = this.client as unknown as { getChannel?: () => Promise<{ close(): void }> };
    const closing = getChannel?.().then(async (channel) => {
      // Who waited for the channel as well takes it first: the client lets a call on a closed one end the process.
      await new Promise((resolve) => setImmediate(resolve));
      channel.close();
    });
    await within(disposeMilliseconds, closing ?? Promise.resolve()).catch(() => undefined);
  }

  /**
   * Reads to the end: a reading that is left early never lets the client go. The deadline counts from the last event,
   * since a page may be long.
   */
  private async collect(read: () => { cancel(): Promise<void> }): Promise<Recorded[]> {
    this.mustBeOpen();
    const reading = read();
    const stream = reading as unknown as Readable;
    return new Promise((resolve, reject) => {
      const events: Recorded[] = [];
      let last = performance.now();
      const settle = (done: () => void): void => {
        clearInterval(timer);
        this.underWay.delete(end);
        done();
      };
      const giveUp = (fault: StoreUnavailable): void => {
        void reading.cancel().catch(() => undefined);
        settle(() => reject(fault));
      };
      const end = (): void => giveUp(new StoreClosed());
      this.underWay.add(end);
      const timer = setInterval(() => {
        if (performance.now() - last < idleMilliseconds) return;
        giveUp(new StoreUnavailable(`KurrentDB did not answer within ${idleMilliseconds} ms`));
      }, 500);
      stream.on('data', ({ event }: { readonly event?: Recorded }) => {
        last = performance.now();
        if (event) events.push(event);
      });
      stream.on('end', () => settle(() => resolve(events)));
      stream.on('error', (error) => {
        settle(() => {
          if (error instanceof StreamNotFoundError) resolve([]);
          else void this.faultOf(error, 'read').then(reject, reject);
        });
      });
    });
  }

  private whileOpen<T>(action: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => reject(new StoreClosed());
      this.underWay.add(end);
      void action.then(resolve, reject).finally(() => this.underWay.delete(end));
    });
  }

  private mustBeOpen(): void {
    if (this.closed) throw new StoreClosed();
  }

  private async faultOf(error: unknown, request: 'append' | 'read'): Promise<Error> {
    const fault = asFault(error, request);
    if (this.closed || !isUnreached(error)) return fault;
    // One at a time, however many calls have failed.
    this.probing ??= reachProblemOf(this.address).finally(() => (this.probing = undefined));
    const problem = await this.probing;
    return problem === undefined ? fault : new StoreUnavailable(`KurrentDB cannot be reached: ${problem}`);
  }
}

/**
 * The same as the client's own conversion, without its attempt to read the metadata as JSON, which costs an exception
 * for each of our events. Were it not used, nothing but time would be lost.
 */
function plainRecord(read: ReadResp.ReadEvent): { readonly event?: Recorded } {
  const event = read.getEvent();
  if (!event) return {};
  return {
    event: {
      id: event.getId()?.getString() ?? '',
      type: event.getMetadataMap().get('type') ?? '',
      streamId: Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
      revision: BigInt(event.getStreamRevision()),
      data: event.getData_asU8(),
      metadata: event.getCustomMetadata_asU8(),
      position: { commit: BigInt(event.getCommitPosition()), prepare: BigInt(event.getPreparePosition()) },
    },
  };
}

async function within<T>(milliseconds: number, action: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new StoreUnavailable(`KurrentDB did not answer within ${milliseconds} ms`)),
      milliseconds,
    );
  });
  action.catch(() => undefined);
  try {
    return await Promise.race([action, late]);
  } finally {
    clearTimeout(timer);
  }
}
