import type { ServerWritableStream } from '@grpc/grpc-js';
import type { FaultPlace } from './faults.js';
import type { KeptEvent } from './kept.js';
import { strike, type Node } from './node.js';

/** Sends encoded responses no faster than the client takes them. */
export class Outlet {
  readonly #ended = new AbortController();

  constructor(
    readonly node: Node,
    readonly call: ServerWritableStream<unknown, Buffer>,
    /** What is read: the name that faults ask for. */
    readonly stream: string,
    readonly encode: (event: KeptEvent) => Buffer,
  ) {
    for (const end of ['cancelled', 'close', 'error']) call.once(end, () => this.#ended.abort());
  }

  /** Aborted as soon as the client is gone or the call is over. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  async send(response: Buffer): Promise<void> {
    if (this.ended.aborted || this.call.write(response)) return;
    await this.#drained();
  }

  /** `over`: nothing may be sent any more. */
  async sendEvent(event: KeptEvent, place: FaultPlace): Promise<'over' | undefined> {
    if (!this.node.faults.none) {
      const struck = await strike(this.node, this.call, place, this.stream);
      if (struck === 'over') return 'over';
      if (struck === 'duplicate') await this.send(this.encode(event));
    }
    this.node.sentEvents += 1;
    const full = !this.ended.aborted && !this.call.write(this.encode(event));
    if (full) await this.#drained();
    return this.ended.aborted ? 'over' : undefined;
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.call.off('drain', done);
        this.ended.removeEventListener('abort', done);
        resolve();
      };
      this.call.once('drain', done);
      this.ended.addEventListener('abort', done);
      if (this.ended.aborted) done();
    });
  }
}
