import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { randomUUID } from 'node:crypto';
import { indexOfPosition } from './all-position.js';
import { checkpointInterval, filterOf } from './event-filter.js';
import type { KeptEvent } from './kept.js';
import type { KurrentMemory } from './memory.js';
import type { Outlet } from './outlet.js';
import { streamDeleted } from './rpc-errors.js';
import { encodeCaughtUp, encodeCheckpoint, encodeConfirmation } from './wire.js';

/** Further behind than this a subscription is no longer live: it catches up, and says so once it has. */
const liveBuffer = 1000;

/** What a subscription reads on, event after event, in order. */
interface Feed {
  next(): KeptEvent | undefined;
  /** How many events are ahead. */
  behind(): number;
}

/** Never returns before the client is gone. What is appended meanwhile is not missed: one cursor serves old and new. */
export async function subscribe(outlet: Outlet, options: ReadReq.Options): Promise<void> {
  const { memory } = outlet.node;
  const start = options.hasAll() ? allCursor(memory, options) : streamCursor(memory, outlet.stream, options);
  const feed = options.hasAll() ? allFeed(memory, start) : streamFeed(memory, outlet.stream, start);
  const matches = filterOf(options);
  const checkpoints = new Checkpoints(outlet, options.getFilter(), start > 0 ? memory.log[start - 1] : undefined);
  await outlet.send(encodeConfirmation(randomUUID()));
  let catchingUp = feed.behind() > 0;
  let live = false;
  while (!outlet.ended.aborted) {
    for (let event = feed.next(); event !== undefined; event = feed.next()) {
      const matching = matches === undefined || matches(event);
      if (matching && (await outlet.sendEvent(event, 'subscription-event')) === 'over') return;
      await checkpoints.considered(event, matching);
      if (outlet.ended.aborted) return;
      catchingUp ||= feed.behind() > liveBuffer;
    }
    if (catchingUp) await checkpoints.caughtUp();
    if (catchingUp || !live) await outlet.send(encodeCaughtUp());
    catchingUp = false;
    live = true;
    // Sending may have taken a while: only what is not there yet is waited for.
    if (feed.behind() === 0) await memory.appended(outlet.ended);
  }
}

/** Positions behind which a filtered subscription has looked, for readers that would otherwise look there again. */
class Checkpoints {
  readonly #interval: number;
  #considered = 0;
  #reached: KeptEvent | undefined;
  #sent = -1;

  constructor(
    readonly outlet: Outlet,
    filter: ReadReq.Options.FilterOptions | undefined,
    start: KeptEvent | undefined,
  ) {
    this.#interval = filter === undefined ? Infinity : checkpointInterval(filter);
    this.#reached = start;
  }

  async considered(event: KeptEvent, matching: boolean): Promise<void> {
    if (matching) this.#reached = event;
    this.#considered += 1;
    if (this.#considered < this.#interval) return;
    this.#considered = 0;
    this.#reached = event;
    await this.#send();
  }

  async caughtUp(): Promise<void> {
    if (this.#interval !== Infinity) await this.#send();
  }

  async #send(): Promise<void> {
    const position = this.#reached?.position;
    if (position !== undefined && position <= this.#sent) return;
    this.#sent = position ?? this.#sent;
    await this.outlet.send(encodeCheckpoint(position));
  }
}

/** The index of the first event after the position that the client has. */
function allCursor(memory: KurrentMemory, options: ReadReq.Options): number {
  const all = options.getAll();
  if (all?.hasEnd() === true) return memory.log.length;
  if (all?.hasPosition() !== true) return 0;
  return Math.min(memory.log.length, indexOfPosition(memory, all.getPosition()) + 1);
}

function allFeed(memory: KurrentMemory, start: number): Feed {
  let index = start;
  return {
    next: () => {
      const event = memory.log[index];
      if (event !== undefined) index += 1;
      return event;
    },
    behind: () => memory.log.length - index,
  };
}

/** The first revision after the one that the client has; the stream need not exist yet. */
function streamCursor(memory: KurrentMemory, name: string, options: ReadReq.Options): number {
  const from = options.getStream();
  if (from?.hasEnd() === true) return memory.stream(name)?.events.length ?? 0;
  return from?.hasRevision() === true ? Number(from.getRevision()) + 1 : 0;
}

function streamFeed(memory: KurrentMemory, name: string, start: number): Feed {
  let revision = start;
  return {
    next: () => {
      const stream = memory.stream(name);
      if (stream?.tombstoned === true) throw streamDeleted(name);
      if (stream === undefined) return undefined;
      revision = Math.max(revision, memory.firstVisible(stream));
      const event = stream.events[revision];
      if (event !== undefined) revision += 1;
      return event;
    },
    behind: () => {
      const stream = memory.stream(name);
      return stream === undefined || stream.tombstoned ? 0 : Math.max(0, stream.events.length - revision);
    },
  };
}
