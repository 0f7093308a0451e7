import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { indexOfPosition } from './all-position.js';
import { filterOf } from './event-filter.js';
import { isSoftDeleted, type KeptEvent, type KeptStream } from './kept.js';
import type { KurrentMemory } from './memory.js';
import { requireLeader, strike, type Node } from './node.js';
import { Outlet } from './outlet.js';
import { asRpcError, invalidArgument, streamDeleted } from './rpc-errors.js';
import { subscribe } from './subscription.js';
import { encodeStreamNotFound, streamName, withStructuredId } from './wire.js';

export type ReadCall = ServerWritableStream<streams.ReadReq, Buffer>;
type Options = streams.ReadReq.Options;

/** Reads and subscriptions: of one stream or of everything. Responses are written as encoded bytes. */
export function handleRead(node: Node, call: ReadCall): void {
  answer(node, call).catch((error: unknown) => {
    call.emit('error', asRpcError(error));
  });
}

async function answer(node: Node, call: ReadCall): Promise<void> {
  const options = call.request.getOptions();
  if (options === undefined) throw invalidArgument('What is to be read?');
  const stream = options.hasStream() ? streamName(options.getStream()?.getStreamIdentifier()) : '$all';
  node.authorize(call, 'read', stream);
  requireLeader(node, call);
  const structured = options.getUuidOption()?.hasStructured() === true;
  const outlet = new Outlet(node, call, stream, (event) => (structured ? withStructuredId(event.wire) : event.wire));
  const place = options.hasSubscription() ? 'subscription' : 'read';
  if ((await strike(node, call, place, stream)) === 'over') return;
  if (options.hasSubscription()) await subscribe(outlet, options);
  else await readOnce(outlet, options);
}

async function readOnce(outlet: Outlet, options: Options): Promise<void> {
  const { memory } = outlet.node;
  const count = Number(options.getCount());
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  let events: Iterable<KeptEvent>;
  if (options.hasAll()) {
    events = backwards ? allBackwards(memory, options) : allForwards(memory, options);
  } else {
    const stream = memory.stream(outlet.stream);
    if (stream?.tombstoned === true) throw streamDeleted(outlet.stream);
    if (stream === undefined || stream.events.length === 0 || isSoftDeleted(stream)) {
      await outlet.send(encodeStreamNotFound(outlet.stream));
      outlet.call.end();
      return;
    }
    events = backwards ? streamBackwards(memory, stream, options) : streamForwards(memory, stream, options);
  }
  const matches = filterOf(options);
  let sent = 0;
  for (const event of events) {
    if (sent >= count) break;
    if (matches !== undefined && !matches(event)) continue;
    if ((await outlet.sendEvent(event, 'read-event')) === 'over') return;
    sent += 1;
  }
  outlet.call.end();
}

/** From the event at the position on. */
function* allForwards(memory: KurrentMemory, options: Options): Generator<KeptEvent> {
  const all = options.getAll();
  let index = all?.hasEnd() === true ? memory.log.length : 0;
  if (all?.hasPosition() === true) index = indexOfPosition(memory, all.getPosition());
  for (let event = memory.log[index]; event !== undefined; event = memory.log[index]) {
    yield event;
    index += 1;
  }
}

/** From the event before the position on. */
function* allBackwards(memory: KurrentMemory, options: Options): Generator<KeptEvent> {
  const all = options.getAll();
  let index = all?.hasEnd() === true ? memory.log.length : 0;
  if (all?.hasPosition() === true) index = indexOfPosition(memory, all.getPosition());
  for (index -= 1; index >= 0; index -= 1) {
    const event = memory.log[index];
    if (event !== undefined) yield event;
  }
}

function* streamForwards(memory: KurrentMemory, stream: KeptStream, options: Options): Generator<KeptEvent> {
  const from = options.getStream();
  let revision = memory.firstVisible(stream);
  if (from?.hasEnd() === true) revision = stream.events.length;
  if (from?.hasRevision() === true) revision = Math.max(revision, Number(from.getRevision()));
  for (let event = stream.events[revision]; event !== undefined; event = stream.events[revision]) {
    yield event;
    revision += 1;
  }
}

function* streamBackwards(memory: KurrentMemory, stream: KeptStream, options: Options): Generator<KeptEvent> {
  const from = options.getStream();
  const first = memory.firstVisible(stream);
  let revision = from?.hasStart() === true ? 0 : stream.events.length - 1;
  if (from?.hasRevision() === true) revision = Math.min(revision, Number(from.getRevision()));
  for (; revision >= first; revision -= 1) {
    const event = stream.events[revision];
    if (event !== undefined) yield event;
  }
}
