import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';
import { proposalOf, sizeOf } from './append-call.js';
import type { AppendOutcome, Expected, Proposal } from './kept.js';
import { requireLeader, strike, type Node } from './node.js';
import { asRpcError, RpcError } from './rpc-errors.js';
import * as statuses from './batch-statuses.js';
import { streamIdentifier, streamName, uuidText } from './wire.js';

type Call = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

interface PendingAppend {
  readonly correlationId: shared.UUID;
  readonly stream: string;
  readonly expected: Expected;
  readonly proposals: Proposal[];
  size: number;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

/** Many appends over one call: each has a correlation id, may come in several frames, and is answered by itself. */
export function handleBatchAppend(node: Node, call: Call): void {
  serve(node, call).then(
    () => call.end(),
    (error: unknown) => call.emit('error', asRpcError(error)),
  );
}

async function serve(node: Node, call: Call): Promise<void> {
  const pending = new Map<string, PendingAppend>();
  // Frames of one call are taken one after the other, as they came. An error must find the call open, to be told.
  const frames = call.iterator({ destroyOnReturn: false }) as AsyncIterable<streams.BatchAppendReq>;
  for await (const request of frames) {
    const id = uuidText(request.getCorrelationId());
    const options = request.getOptions();
    if (options !== undefined) {
      const append = begin(request.getCorrelationId(), options);
      const refused = await refusedAtOnce(node, call, append);
      if (refused === 'over') continue;
      if (refused !== undefined) {
        call.write(answerTo(append, { error: refused }));
        continue;
      }
      pending.set(id, append);
    }
    const append = pending.get(id);
    if (append === undefined) continue;
    const answer = await take(node, call, append, request);
    if (answer === undefined) continue;
    pending.delete(id);
    if (answer !== 'over') call.write(answer);
    await strike(node, call, 'append-replied', append.stream);
  }
}

function begin(correlationId: shared.UUID | undefined, options: streams.BatchAppendReq.Options): PendingAppend {
  return {
    correlationId: correlationId ?? new shared.UUID(),
    stream: streamName(options.getStreamIdentifier()),
    expected: expectedOf(options),
    proposals: [],
    size: 0,
    deadline: options.getDeadline()?.toDate().getTime() ?? Infinity,
  };
}

function expectedOf(options: streams.BatchAppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasStreamPosition() ? Number(options.getStreamPosition()) : 'any';
}

async function refusedAtOnce(
  node: Node,
  call: Call,
  append: PendingAppend,
): Promise<statuses.Status | 'over' | undefined> {
  // Where the leader is, is told as an error of the whole call.
  requireLeader(node, call);
  try {
    node.authorize(call, 'write', append.stream);
  } catch (error) {
    if (error instanceof RpcError) return statuses.accessDenied();
    throw error;
  }
  if ((await strike(node, call, 'append', append.stream)) === 'over') return 'over';
  return append.deadline <= Date.now() ? statuses.timeout() : undefined;
}

/** Undefined as long as more frames of this append are to come. */
async function take(
  node: Node,
  call: Call,
  append: PendingAppend,
  request: streams.BatchAppendReq,
): Promise<streams.BatchAppendResp | 'over' | undefined> {
  for (const message of request.getProposedMessagesList()) {
    const proposal = proposalOf(message);
    append.proposals.push(proposal);
    append.size += sizeOf(proposal);
  }
  if (append.size > node.maxAppendSize) return answerTo(append, { error: statuses.tooLarge(node.maxAppendSize) });
  if ((await strike(node, call, 'append-half', append.stream)) === 'over') return 'over';
  if (!request.getIsFinal()) return undefined;
  if (append.deadline <= Date.now()) return answerTo(append, { error: statuses.timeout() });
  const outcome = node.memory.append(append.stream, append.expected, append.proposals);
  if ((await strike(node, call, 'append-committed', append.stream)) === 'over') return 'over';
  return answerTo(append, resultOf(outcome, append));
}

type Result = { readonly error: statuses.Status } | { readonly success: streams.BatchAppendResp.Success };

function resultOf(outcome: AppendOutcome, append: PendingAppend): Result {
  if (outcome.kind === 'stream-deleted') return { error: statuses.streamDeleted(append.stream) };
  if (outcome.kind === 'wrong-expected-version') {
    return { error: statuses.wrongExpectedVersion(append.expected, outcome.current) };
  }
  const success = new streams.BatchAppendResp.Success();
  if (outcome.revision < 0) success.setNoStream(new empties.Empty());
  else success.setCurrentRevision(outcome.revision.toString());
  if (outcome.position === undefined) success.setNoPosition(new empties.Empty());
  else {
    const position = new shared.AllStreamPosition();
    position.setCommitPosition(outcome.position.toString());
    position.setPreparePosition(outcome.position.toString());
    success.setPosition(position);
  }
  return { success };
}

function answerTo(append: PendingAppend, result: Result): streams.BatchAppendResp {
  const response = new streams.BatchAppendResp();
  response.setCorrelationId(append.correlationId);
  response.setStreamIdentifier(streamIdentifier(append.stream));
  if ('error' in result) response.setError(result.error);
  else response.setSuccess(result.success);
  return response;
}
