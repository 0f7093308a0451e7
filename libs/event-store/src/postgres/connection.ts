/** Connections of the event store: how they are set up, how long they may take, and which failures are faults. */
import pg from 'pg';
import type { Client, ClientBase } from 'pg';
import { StoreUnavailable } from '../port.js';

const connectMilliseconds = 5_000;
const statementMilliseconds = 5_000;
/** Our own clock runs a little longer than the server's, which reports more precisely what was too slow. */
const answerMilliseconds = statementMilliseconds + 1_000;

/**
 * Settings at the start of each connection. The store's statements are few and each has one good plan, along an index;
 * statistics lag behind a table that grows by thousands of rows a second, so the planner is not left to guess.
 */
const settings = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
  work_mem: '64MB',
  client_min_messages: 'warning',
  synchronous_commit: 'on',
  statement_timeout: String(statementMilliseconds),
};

export function configOf(connectionString: string): pg.ClientConfig {
  const url = new URL(connectionString);
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  url.searchParams.set('options', [url.searchParams.get('options') ?? '', ...flags].join(' ').trim());
  return {
    connectionString: url.href,
    connectionTimeoutMillis: connectMilliseconds,
    keepAlive: true,
    application_name: 'aidtrail event store',
  };
}

/** One connection, made when it is needed and made again after it broke. Its user takes turns by itself. */
export class SingleConnection {
  private client: Client | undefined;

  constructor(private readonly config: pg.ClientConfig) {}

  /** Runs an action on the connection. A connection that failed or was too slow is dropped. */
  async run<T>(action: (client: ClientBase) => Promise<T>): Promise<T> {
    try {
      this.client ??= await connect(this.config);
      return await withDeadline(this.client, action);
    } catch (error) {
      const fault = asFault(error);
      if (fault instanceof StoreUnavailable) this.drop();
      throw fault;
    }
  }

  async end(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private drop(): void {
    const { client } = this;
    this.client = undefined;
    if (client) breakConnection(client);
  }
}

export async function connect(config: pg.ClientConfig): Promise<Client> {
  const client = new pg.Client(config);
  client.on('error', () => undefined); // the statement under way reports it, or the next one
  await client.connect();
  return client;
}

/** Rejects when the server does not answer in time, and breaks the connection so that nothing waits on it any more. */
export async function withDeadline<C extends ClientBase, T>(client: C, action: (client: C) => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new StoreUnavailable(`PostgreSQL did not answer within ${answerMilliseconds} ms`));
      breakConnection(client);
    }, answerMilliseconds);
  });
  try {
    const running = action(client);
    running.catch(() => undefined);
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A polite end would wait for a server that may be gone. */
export function breakConnection(client: ClientBase): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

/**
 * What the caller may see of a failure. Server messages can quote row content, so only their SQLSTATE is passed on. No
 * SQLSTATE, or one of connection, resources, operator intervention, serialisation or read-only state: unavailable.
 */
export function asFault(error: unknown): Error {
  if (error instanceof StoreUnavailable) return error;
  const { code, severity, message } = error as { code?: string; severity?: string; message?: string };
  if (severity === undefined) return new StoreUnavailable(`PostgreSQL cannot be reached: ${code ?? message}`);
  const state = code ?? 'unknown';
  if (/^(08|25006|40|53|55P03|57|58)/.test(state)) {
    return new StoreUnavailable(`PostgreSQL could not serve the statement (SQLSTATE ${state})`);
  }
  return new StatementFailed(`PostgreSQL refused the statement (SQLSTATE ${state})`);
}

/** The server answered and said no: the same statement would fail again, and nothing of it was stored. */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';
}
