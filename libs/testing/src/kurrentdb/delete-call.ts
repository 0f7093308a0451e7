import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { expectedOf } from './append-call.js';
import type { AppendOutcome, Expected } from './kept.js';
import { requireLeader, type Node } from './node.js';
import { asRpcError, streamDeleted, wrongExpectedVersion } from './rpc-errors.js';
import { streamName } from './wire.js';

type Request = streams.DeleteReq | streams.TombstoneReq;

/** Hides a stream; it may be written to again. */
export function handleDelete(
  node: Node,
  call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>,
  reply: sendUnaryData<streams.DeleteResp>,
): void {
  try {
    const position = remove(node, call, (stream, expected) => node.memory.delete(stream, expected));
    reply(null, withPosition(new streams.DeleteResp(), new streams.DeleteResp.Position(), position));
  } catch (error) {
    reply(asRpcError(error));
  }
}

/** Ends a stream for good. */
export function handleTombstone(
  node: Node,
  call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>,
  reply: sendUnaryData<streams.TombstoneResp>,
): void {
  try {
    const position = remove(node, call, (stream, expected) => node.memory.tombstone(stream, expected));
    reply(null, withPosition(new streams.TombstoneResp(), new streams.TombstoneResp.Position(), position));
  } catch (error) {
    reply(asRpcError(error));
  }
}

function remove(
  node: Node,
  call: ServerUnaryCall<Request, unknown>,
  carryOut: (stream: string, expected: Expected) => AppendOutcome,
): string {
  const options = call.request.getOptions();
  const stream = streamName(options?.getStreamIdentifier());
  const expected = expectedOf(options);
  node.authorize(call, 'delete', stream);
  requireLeader(node, call);
  const outcome = carryOut(stream, expected);
  if (outcome.kind === 'stream-deleted') throw streamDeleted(stream);
  if (outcome.kind === 'wrong-expected-version') {
    throw wrongExpectedVersion({ stream, expected: inNumbers(expected), current: outcome.current });
  }
  return (outcome.position ?? 0).toString();
}

/** The trailers of an error tell what was expected as the server's own numbers. */
function inNumbers(expected: Expected): number {
  if (typeof expected === 'number') return expected;
  return { no_stream: -1, any: -2, stream_exists: -4 }[expected];
}

interface Position {
  setCommitPosition(value: string): unknown;
  setPreparePosition(value: string): unknown;
}

function withPosition<P extends Position, R extends { setPosition(position: P): unknown }>(
  response: R,
  position: P,
  value: string,
): R {
  position.setCommitPosition(value);
  position.setPreparePosition(value);
  response.setPosition(position);
  return response;
}
