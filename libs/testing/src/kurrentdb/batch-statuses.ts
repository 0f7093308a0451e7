/** How BatchAppend tells errors: each as a google.rpc.Status whose details are a message of the protocol. */
import codes from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpc from '@eventstore/db-client/generated/status_pb.js';
import anys from 'google-protobuf/google/protobuf/any_pb.js';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Expected } from './kept.js';
import { streamIdentifier } from './wire.js';

export type Status = rpc.Status;
const { Code } = codes;

export function wrongExpectedVersion(expected: Expected, current: number): Status {
  const wrong = new shared.WrongExpectedVersion();
  if (expected === 'any') wrong.setExpectedAny(new empties.Empty());
  else if (expected === 'no_stream') wrong.setExpectedNoStream(new empties.Empty());
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(new empties.Empty());
  else wrong.setExpectedStreamPosition(expected.toString());
  if (current < 0) wrong.setCurrentNoStream(new empties.Empty());
  else wrong.setCurrentStreamRevision(current.toString());
  return status(Code.ALREADY_EXISTS, 'WrongExpectedVersion', wrong);
}

export function streamDeleted(stream: string): Status {
  const deleted = new shared.StreamDeleted();
  deleted.setStreamIdentifier(streamIdentifier(stream));
  return status(Code.NOT_FOUND, 'StreamDeleted', deleted);
}

export function accessDenied(): Status {
  return status(Code.PERMISSION_DENIED, 'AccessDenied', new shared.AccessDenied());
}

export function timeout(): Status {
  return status(Code.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout());
}

export function tooLarge(maxAppendSize: number): Status {
  const exceeded = new shared.MaximumAppendSizeExceeded();
  exceeded.setMaxappendsize(maxAppendSize);
  return status(Code.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', exceeded);
}

function status(code: codes.Code, name: string, details: { serializeBinary(): Uint8Array }): Status {
  const any = new anys.Any();
  any.pack(details.serializeBinary(), `event_store.client.${name}`);
  const result = new rpc.Status();
  result.setCode(code);
  result.setMessage(name);
  result.setDetails(any);
  return result;
}
