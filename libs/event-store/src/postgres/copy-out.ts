import type { Connection, Submittable } from 'pg';

/**
 * `COPY … TO STDOUT (FORMAT binary)` as a query of the client, gathered in one piece of memory: the only way to get bytes
 * out of this protocol client without a detour over text.
 */
export class CopyOut implements Submittable {
  /** All that was copied; rejects with what the server or the connection reported. */
  readonly copied: Promise<Buffer>;
  private memory: Buffer;
  private length = 0;
  private resolve: (copied: Buffer) => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;

  /** Fills the given memory; what does not fit goes to a new, larger piece. */
  constructor(
    private readonly text: string,
    memory: Buffer,
  ) {
    this.memory = memory;
    this.copied = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  /** A row, in memory that the client uses again for the next ones. */
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    const length = this.length + chunk.length;
    if (length > this.memory.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.memory.length));
      this.memory.copy(larger, 0, 0, this.length);
      this.memory = larger;
    }
    chunk.copy(this.memory, this.length);
    this.length = length;
  }

  handleCommandComplete(): void {
    // The server is ready for the next statement only a message later.
  }

  handleReadyForQuery(): void {
    this.resolve(this.memory.subarray(0, this.length));
  }

  handleError(error: unknown): void {
    this.reject(error);
  }
}
