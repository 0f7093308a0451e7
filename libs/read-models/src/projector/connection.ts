import pg from 'pg';
import { parsers } from '../database.js';

/** What a projector does to the database goes through one connection, in order; statements are sent without waiting. */
export interface Connection {
  readonly client: pg.Client;
  readonly isOpen: () => boolean;
  readonly close: () => Promise<void>;
}

/** Without `pipeline` a statement is sent when the one before is answered: `COPY` needs that. */
export async function connect(connectionString: string, { pipeline = true } = {}): Promise<Connection> {
  const client = new pg.Client({
    connectionString,
    types: parsers,
    pipeline,
    // A peer that is gone without a word is noticed, also while nothing is asked.
    keepAlive: true,
    application_name: 'aidtrail-projector',
  });
  let open = true;
  const gone = () => (open = false);
  client.on('error', gone);
  client.on('end', gone);
  await client.connect();
  return {
    client,
    isOpen: () => open,
    close: async () => {
      open = false;
      await client.end();
    },
  };
}

const RETRYABLE = new Set(['40001', '40P01', '53300', '55P03', '57P01', '57P02', '57P03']);
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN']);

/** True if trying again later may help: the database or the store is away, restarting, or was busy. */
export function isTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, name } = error as { code?: unknown; message?: unknown; name?: unknown };
  if (name === 'StoreUnavailable') return true;
  if (typeof code === 'string' && (code.startsWith('08') || RETRYABLE.has(code) || NETWORK.has(code))) return true;
  return /connection (terminated|ended|closed)|not queryable|client was closed/i.test(String(message));
}
