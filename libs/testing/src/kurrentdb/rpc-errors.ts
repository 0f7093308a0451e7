import { Metadata, status, type ServerErrorResponse } from '@grpc/grpc-js';

/** Where the leader listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** An error of a call: its trailers tell the client which of its own errors it is. */
export class RpcError extends Error implements ServerErrorResponse {
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, value);
  }
}

export function accessDenied(): RpcError {
  return new RpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
}

export function badCredentials(): RpcError {
  return new RpcError(status.UNAUTHENTICATED, 'Unauthenticated');
}

export function streamDeleted(stream: string): RpcError {
  return new RpcError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });
}

export function wrongExpectedVersion(what: { stream: string; expected: number; current: number }): RpcError {
  return new RpcError(status.FAILED_PRECONDITION, `Wrong expected version of '${what.stream}'.`, {
    exception: 'wrong-expected-version',
    'stream-name': what.stream,
    'expected-version': what.expected.toString(),
    'actual-version': what.current.toString(),
  });
}

export function tooLarge(maxAppendSize: number): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${maxAppendSize} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': maxAppendSize.toString(),
  });
}

export function missingProperty(property: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, `Required metadata property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });
}

export function notLeader(leader: Endpoint | undefined): RpcError {
  if (leader === undefined) return new RpcError(status.UNKNOWN, 'No leader info available in response');
  return new RpcError(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': leader.host,
    'leader-endpoint-port': leader.port.toString(),
  });
}

export function invalidArgument(what: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, what);
}

export function unavailable(): RpcError {
  return new RpcError(status.UNAVAILABLE, 'Server Is Not Ready');
}

export function timedOut(): RpcError {
  return new RpcError(status.ABORTED, 'Operation timed out');
}

/** What is thrown by accident is the server's fault, and told as such. */
export function asRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  return new RpcError(status.UNKNOWN, error instanceof Error ? error.message : String(error));
}
