import type { Metadata } from '@grpc/grpc-js';
import type { Faults, FaultPlace } from './faults.js';
import type { KurrentMemory } from './memory.js';
import { notLeader, timedOut, unavailable, type Endpoint, type RpcError } from './rpc-errors.js';

/** What every kind of call tells about its caller. */
export interface Caller {
  readonly metadata: Metadata;
  /** Address and port. */
  getPeer(): string;
}

/** What the services of one node share. */
export interface Node {
  readonly memory: KurrentMemory;
  readonly faults: Faults;
  /** Most bytes of one append: types, data and metadata of its events. */
  readonly maxAppendSize: number;
  /** Events sent to readers and subscribers since the start. */
  sentEvents: number;
  /** @throws RpcError when whoever calls may not do this with the stream */
  authorize(call: Caller, operation: 'read' | 'write' | 'delete', stream: string): void;
  /** The other node, when this one is a follower. */
  leader(): Endpoint | undefined;
  /** Destroys the connection over which a call came. */
  kill(call: Caller): void;
}

/** `over`: the call gets no answer any more. */
export type Struck = 'over' | 'duplicate' | undefined;

/**
 * Lets the fault strike that waits at this place, if there is one.
 * @throws RpcError the one that the fault answers with
 */
export async function strike(node: Node, call: Caller, at: FaultPlace, stream: string): Promise<Struck> {
  const does = await node.faults.next(at, stream);
  switch (does) {
    case undefined:
      return undefined;
    case 'kill':
      node.kill(call);
      return 'over';
    case 'silence':
      return 'over';
    case 'duplicate':
      return 'duplicate';
    default:
      throw errorOf(does, node);
  }
}

function errorOf(does: 'unavailable' | 'timeout' | 'not-leader' | 'delay', node: Node): RpcError {
  if (does === 'not-leader') return notLeader(node.leader());
  return does === 'timeout' ? timedOut() : unavailable();
}

/** A follower passes writes on to the leader, unless the client says that only the leader itself may answer. */
export function requireLeader(node: Node, call: Caller): void {
  const leader = node.leader();
  if (leader !== undefined && call.metadata.get('requires-leader')[0] === 'true') throw notLeader(leader);
}
