import type { Connection, Submittable } from 'pg';
import { copyTextOf, type Table } from '../tables/define.js';

const ROWS_PER_PIECE = 1_000;

/** The part of the protocol's connection that the type declarations leave out. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/**
 * `COPY … FROM STDIN` of many rows as one query of the client. The text is made piece by piece, as fast as the connection
 * takes it, so that the thread has turns for other work in between.
 */
export class CopyIn implements Submittable {
  /** Resolves when the table has the rows; rejects with what the server or the connection reported. */
  readonly copied: Promise<void>;
  private resolve: () => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;
  private failed = false;
  private readonly text: string;

  constructor(
    schema: string,
    private readonly table: Table,
    private readonly rows: readonly Readonly<Record<string, unknown>>[],
  ) {
    this.text = `copy ${schema}.${table.name} (${Object.keys(table.columns).join(', ')}) from stdin`;
    this.copied = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    // What the server says in the end settles the promise; this only has to make sure that it says something.
    this.send(connection).catch((error: unknown) => {
      this.reject(error);
      connection.sendCopyFail('the rows could not be made');
    });
  }

  handleCommandComplete(): void {
    // The server is ready for the next statement only a message later.
  }

  handleReadyForQuery(): void {
    this.resolve();
  }

  handleError(error: unknown): void {
    this.failed = true;
    this.reject(error);
  }

  private async send(connection: CopyConnection): Promise<void> {
    for (let from = 0; from < this.rows.length && !this.failed; from += ROWS_PER_PIECE) {
      connection.sendCopyFromChunk(textOf(this.table, this.rows.slice(from, from + ROWS_PER_PIECE)));
      await writable(connection.stream);
    }
    if (!this.failed) connection.endCopyFrom();
  }
}

function textOf(table: Table, rows: readonly Readonly<Record<string, unknown>>[]): Buffer {
  const columns = Object.entries(table.columns);
  let text = '';
  for (const row of rows) {
    let separator = '';
    for (const [name, column] of columns) {
      text += separator + copyTextOf(column, row[name]);
      separator = '\t';
    }
    text += '\n';
  }
  return Buffer.from(text);
}

/** A turn of the event loop at least. A stream that breaks is no longer waited for: the client then fails the query. */
async function writable(stream: Connection['stream']): Promise<void> {
  await new Promise(setImmediate);
  if (!stream.writableNeedDrain || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}
