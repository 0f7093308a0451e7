/** What the caller may see of a failure of KurrentDB: no secrets, and nothing of what is stored there. */
import { isCommandError } from '@eventstore/db-client';
import { StoreUnavailable } from '../port.js';

/** The server answered and said no: the same request would fail again, and nothing of it was stored. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
}

/**
 * The server does not let this user read. That can pass, as when its access lists are changed; a subscription waits for
 * it, as for a server that is gone.
 */
export class AccessDenied extends StoreUnavailable {}

/** No attempt is left: the store was closed before or meanwhile. */
export class StoreClosed extends StoreUnavailable {
  constructor() {
    super('the event store is closed');
  }
}

const refusals: Readonly<Record<string, string>> = {
  'access-denied': 'it does not know this user and password, or the user lacks the permission',
  'maximum-append-size-exceeded': 'its MaxAppendSize is too small; aidtrail needs 1 MiB',
  'stream-deleted': 'a stream of the ledger was deleted there',
  'invalid-argument': 'an argument is invalid',
  'invalid-transaction': 'the transaction is invalid',
  unsupported: 'its version does not know this request',
};

/** What an append or a read ended with. Messages of the server may quote what is stored, so they are not passed on. */
export function asFault(error: unknown, request: 'append' | 'read'): Error {
  if (error instanceof StoreUnavailable || error instanceof RequestRefused) return error;
  const { type, code, message } = error as { type?: string; code?: number | string; message?: string };
  const kind = code === 7 || code === 16 ? 'access-denied' : (type ?? '');
  const reason = refusals[kind];
  if (reason !== undefined) {
    const refusal = `KurrentDB refused the request: ${reason}`;
    return kind === 'access-denied' && request === 'read' ? new AccessDenied(refusal) : new RequestRefused(refusal);
  }
  // "Unknown" is what the client calls all other codes; only an invalid argument (3) or a failed precondition (9) is final.
  if (isCommandError(error as Error) && (code === 3 || code === 9)) {
    return new RequestRefused(`KurrentDB refused the request (gRPC code ${code})`);
  }
  const why = /certificate|ECONNREFUSED|ENOTFOUND|ECONNRESET|EAI_AGAIN/i.exec(message ?? '')?.[0];
  return new StoreUnavailable(`KurrentDB cannot be reached: ${why ?? type ?? code ?? 'no connection'}`);
}

/** Whether the client found no node to speak to. Of several nodes it says only that it discovered none. */
export function isUnreached(error: unknown): boolean {
  const { type, code, message } = error as { type?: string; code?: number | string; message?: string };
  return type === 'unavailable' || code === 14 || /^Failed to discover|certificate/.test(message ?? '');
}
