import { randomUUID } from 'node:crypto';
import { StoreUnavailable } from '../port.js';
import type { Append, AppendOutcome, CommandOutcome } from '../port.js';
import type { Connection, Written } from './connection.js';
import { AccessDenied, RequestRefused } from './faults.js';
import type { Verdict } from './ledger-state.js';
import type { Names } from './names.js';
import { partOf, prepareBatch, type PreparedBatch } from './parts.js';
import { loneOutcomeData } from './records.js';
import { retried } from './retried.js';
import type { Sequencer } from './sequencer.js';

/** The server says that a batch is stored and the subscription has not shown it: after this we look at the end of `$all`. */
const verdictMilliseconds = 100;
/** Each round follows a race that was lost to a void batch; so many in a row do not happen. */
const mostRounds = 50;

/** A batch that the server has, and whose place in `$all` will be known. */
export interface Sent {
  readonly outcome: Promise<AppendOutcome>;
}

/**
 * Appends and refuses. The server keeps the streams: an append has an exact revision, and nothing else is asked of it.
 * Whether the batch counts follows from its place in `$all`, and the sequencer tells it.
 */
export class Writer {
  constructor(
    private readonly connection: Connection,
    private readonly sequencer: Sequencer,
    private readonly names: Names,
    private readonly outcomeOf: (commandId: string) => Promise<CommandOutcome | undefined>,
  ) {}

  async append(append: Append): Promise<AppendOutcome> {
    return (await this.send(append)).outcome;
  }

  /**
   * Resolves when the server has taken the append, or it is known that nothing will be stored: a later append then has a
   * later position.
   */
  async send(append: Append): Promise<Sent> {
    await this.ready();
    const { state } = this.sequencer;
    const stream = this.names.streamOf(append.stream);
    for (let round = 0; round < mostRounds; round += 1) {
      const known = await this.known(append);
      if (known) return { outcome: Promise.resolve(known) };
      const batch = await this.prepare(append);
      // Below the revision where the batch shall begin there may be more void ones than are known; then it conflicts.
      const revision = append.expectedVersion - 1 + state.voidsBelow(stream, Number.MAX_SAFE_INTEGER);
      const sending = new Sending(this.connection, this.sequencer, { stream, revision, ...batch });
      const actualRevision = await sending.written();
      if (actualRevision === undefined) return { outcome: unlessUnknown(this.settle(append, sending)) };
      sending.forget();
      await this.sequencer.catchUp();
      const now = await this.known(append);
      if (now) return { outcome: Promise.resolve(now) };
      const actualVersion = actualRevision + 1 - state.voidsBelow(stream, actualRevision + 1);
      if (actualVersion !== append.expectedVersion) {
        return { outcome: Promise.resolve({ status: 'version_conflict', actualVersion }) };
      }
    }
    throw new StoreUnavailable('KurrentDB: other appends to the stream went ahead too often');
  }

  /** A refusal, or an outcome that was given in another store. */
  async keepOutcome(given: CommandOutcome): Promise<CommandOutcome> {
    await this.ready();
    const { commandId } = given;
    if (!this.sequencer.state.commands.has(commandId)) {
      const batchId = randomUUID();
      const event = { id: commandId, type: this.names.types.refusal, data: loneOutcomeData(given, batchId) };
      const stream = this.names.refusalStream(commandId);
      const sending = new Sending(this.connection, this.sequencer, { stream, revision: -1, batchId, events: [event] });
      try {
        if ((await sending.written()) === undefined) await unlessUnknown(sending.verdict());
      } finally {
        sending.forget();
      }
    }
    const outcome = await unlessUnknown(this.outcomeOf(commandId));
    if (!outcome) throw new StoreUnavailable('KurrentDB does not show the outcome that it has stored');
    return outcome;
  }

  /** The batch is written; what it counts for is told by its place. */
  private async settle(append: Append, sending: Sending): Promise<AppendOutcome> {
    const verdict = await sending.verdict().finally(() => sending.forget());
    if (verdict?.stored) {
      const { firstPosition } = verdict;
      return { status: 'appended', firstPosition, version: append.expectedVersion + append.events.length };
    }
    if (!verdict) await this.sequencer.catchUp();
    // Void: it lost a race. What it lost to is known now; if only the version was another one, it begins again.
    return this.append(append);
  }

  /** The answer that follows from what is stored already, in the order of precedence. */
  private async known(append: Append): Promise<AppendOutcome | undefined> {
    const { state } = this.sequencer;
    const { command, events } = append;
    const stored = (): string | undefined => events.find(({ id }) => state.ids.has(id))?.id;
    let eventId = stored();
    if (eventId !== undefined && command && !state.commands.has(command.commandId)) {
      // The command may have been decided elsewhere just now, which stands before.
      await this.sequencer.catchUp();
      eventId = stored();
    }
    if (command && state.commands.has(command.commandId)) {
      const outcome = await this.outcomeOf(command.commandId);
      if (outcome) return { status: 'command_decided', outcome };
    }
    return eventId === undefined ? undefined : { status: 'event_exists', eventId };
  }

  /** Before anything is sent: an append of somebody who may not read is refused for good, since nothing can be stored. */
  private async ready(): Promise<void> {
    try {
      await this.sequencer.ready();
    } catch (error) {
      throw error instanceof AccessDenied ? new RequestRefused(error.message) : error;
    }
  }

  private async prepare(append: Append): Promise<PreparedBatch> {
    const batch = prepareBatch(append, this.names);
    const stream = this.names.partsStream(batch.batchId);
    for (const [i, data] of batch.parts.entries()) {
      const part = partOf(data, this.names);
      const result = await retried(() => this.connection.append(stream, i - 1, [part]), i - 1);
      // Nobody else writes there: a stream that ends with this part has it from an attempt before.
      if (result !== 'enough' && !result.written && result.actualRevision !== i) {
        throw new StoreUnavailable('KurrentDB does not keep the parts of an append as they were written');
      }
    }
    return batch;
  }
}

interface Request {
  readonly stream: string;
  readonly revision: number;
  readonly batchId: string;
  readonly events: readonly Written[];
}

/** One batch on its way: sent again with the same ids and revision while its outcome is unknown. */
class Sending {
  private told: Verdict | undefined;
  private tell: () => void = () => undefined;
  private readonly shown: Promise<void>;
  readonly forget: () => void;

  constructor(
    private readonly connection: Connection,
    private readonly sequencer: Sequencer,
    private readonly request: Request,
  ) {
    this.shown = new Promise((resolve) => (this.tell = resolve));
    this.forget = sequencer.onVerdict(request.batchId, (verdict) => {
      this.told = verdict;
      this.tell();
    });
  }

  /** Undefined when the batch, or one with the same ids, is written there; else the last revision of the stream. */
  async written(): Promise<number | undefined> {
    const { stream, revision, events } = this.request;
    try {
      const result = await retried(
        () => this.connection.append(stream, revision, events),
        revision,
        // If the batch came by in `$all`, it is written, whatever became of the reply.
        { enough: this.shown, isEnough: () => this.told !== undefined },
      );
      if (result === 'enough' || result.written) return undefined;
      return result.actualRevision;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Undefined if what is written there is another call's batch with the same ids. */
  async verdict(): Promise<Verdict | undefined> {
    if (this.told) return this.told;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, verdictMilliseconds)));
    await Promise.race([this.shown, late]);
    clearTimeout(timer);
    if (!this.told) await this.sequencer.catchUp();
    return this.told;
  }
}

/** What was written may be stored: no failure from then on may say that it is not. */
async function unlessUnknown<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    throw error instanceof StoreUnavailable ? error : new StoreUnavailable((error as Error).message);
  }
}
