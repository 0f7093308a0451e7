import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { KurrentMemory } from './memory.js';
import { invalidArgument } from './rpc-errors.js';

/**
 * The index in `$all` of the event at a position; the end for positions beyond it.
 * @throws RpcError where no event is there: on the real server it would lie in the middle of a record
 */
export function indexOfPosition(memory: KurrentMemory, position: ReadReq.Options.Position | undefined): number {
  const commit = BigInt(position?.getCommitPosition() ?? '0');
  const last = memory.log.at(-1);
  if (last === undefined || commit > BigInt(last.position)) return memory.log.length;
  const index = memory.indexAt(Number(commit));
  if (commit !== 0n && memory.log[index]?.position !== Number(commit)) {
    throw invalidArgument('Trying to read from an invalid position.');
  }
  return index;
}
