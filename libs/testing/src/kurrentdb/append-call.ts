import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import type { AppendOutcome, Expected, Proposal } from './kept.js';
import { requireLeader, strike, type Node } from './node.js';
import { asRpcError, invalidArgument, missingProperty, streamDeleted, tooLarge } from './rpc-errors.js';
import { streamName, uuidText } from './wire.js';

const { AppendResp } = streams;
type Call = ServerReadableStream<streams.AppendReq, streams.AppendResp>;

/** The classic append: options first, then one message per event; one answer when the client has ended. */
export function handleAppend(node: Node, call: Call, reply: sendUnaryData<streams.AppendResp>): void {
  answer(node, call, reply).catch((error: unknown) => {
    reply(asRpcError(error));
  });
}

async function answer(node: Node, call: Call, reply: sendUnaryData<streams.AppendResp>): Promise<void> {
  const received = await receive(node, call);
  if (received === undefined) return;
  const { stream, expected, proposals } = received;
  const outcome = node.memory.append(stream, expected, proposals);
  if ((await strike(node, call, 'append-committed', stream)) === 'over') return;
  reply(null, responseOf(outcome, stream, expected));
  await strike(node, call, 'append-replied', stream);
}

interface Received {
  readonly stream: string;
  readonly expected: Expected;
  readonly proposals: readonly Proposal[];
}

async function receive(node: Node, call: Call): Promise<Received | undefined> {
  let stream: string | undefined;
  let expected: Expected = 'any';
  const proposals: Proposal[] = [];
  let size = 0;
  for await (const request of call as AsyncIterable<streams.AppendReq>) {
    const options = request.getOptions();
    if (options !== undefined) {
      stream = streamName(options.getStreamIdentifier());
      expected = expectedOf(options);
      node.authorize(call, 'write', stream);
      requireLeader(node, call);
      if ((await strike(node, call, 'append', stream)) === 'over') return undefined;
      continue;
    }
    if (stream === undefined) throw invalidArgument('The options come first.');
    const proposal = proposalOf(request.getProposedMessage());
    size += sizeOf(proposal);
    if (size > node.maxAppendSize) throw tooLarge(node.maxAppendSize);
    proposals.push(proposal);
    if (proposals.length === 1 && (await strike(node, call, 'append-half', stream)) === 'over') return undefined;
  }
  // The client went away before it had said everything: then nothing is written.
  if (call.cancelled || stream === undefined) return undefined;
  return { stream, expected, proposals };
}

type Expecting = streams.AppendReq.Options | streams.DeleteReq.Options | streams.TombstoneReq.Options;

export function expectedOf(options: Expecting | undefined): Expected {
  if (options?.hasAny() === true) return 'any';
  if (options?.hasNoStream() === true) return 'no_stream';
  if (options?.hasStreamExists() === true) return 'stream_exists';
  if (options?.hasRevision() === true) return Number(options.getRevision());
  throw invalidArgument('Which revision is expected?');
}

type ProposedMessage = streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage;

export function proposalOf(message: ProposedMessage | undefined): Proposal {
  const properties = message?.getMetadataMap();
  const type = properties?.get('type');
  const contentType = properties?.get('content-type');
  if (message === undefined || type === undefined) throw missingProperty('type');
  if (contentType === undefined) throw missingProperty('content-type');
  return {
    id: uuidText(message.getId()),
    type,
    isJson: contentType === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** Newer servers count type and metadata too; older ones the data alone. */
export function sizeOf(proposal: Proposal): number {
  return proposal.data.length + proposal.metadata.length + proposal.type.length * 2;
}

function responseOf(outcome: AppendOutcome, stream: string, expected: Expected): streams.AppendResp {
  const response = new AppendResp();
  if (outcome.kind === 'stream-deleted') throw streamDeleted(stream);
  if (outcome.kind === 'wrong-expected-version') {
    response.setWrongExpectedVersion(wrongVersion(outcome.current, expected));
    return response;
  }
  const success = new AppendResp.Success();
  if (outcome.revision < 0) success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(outcome.revision.toString());
  if (outcome.position === undefined) success.setNoPosition(new shared.Empty());
  else {
    const position = new AppendResp.Position();
    position.setCommitPosition(outcome.position.toString());
    position.setPreparePosition(outcome.position.toString());
    success.setPosition(position);
  }
  response.setSuccess(success);
  return response;
}

function wrongVersion(current: number, expected: Expected): streams.AppendResp.WrongExpectedVersion {
  const wrong = new AppendResp.WrongExpectedVersion();
  if (expected === 'any') wrong.setExpectedAny(new shared.Empty());
  else if (expected === 'no_stream') wrong.setExpectedNoStream(new shared.Empty());
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(new shared.Empty());
  else wrong.setExpectedRevision(expected.toString());
  if (current < 0) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(current.toString());
  return wrong;
}
