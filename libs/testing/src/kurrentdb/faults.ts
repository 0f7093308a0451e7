import { setTimeout as later } from 'node:timers/promises';

/**
 * Where a fault strikes:
 * - `append`: nothing of the append has been looked at; `append-half`: its first event has arrived, nothing is written;
 *   `append-committed`: it is written, the reply is not sent; `append-replied`: the reply has been sent.
 * - `read`, `subscription`: it has just been asked for; `read-event`, `subscription-event`: before its next event.
 * - `gossip`: a client looks for the leader.
 */
export type FaultPlace =
  | 'append'
  | 'append-half'
  | 'append-committed'
  | 'append-replied'
  | 'read'
  | 'read-event'
  | 'subscription'
  | 'subscription-event'
  | 'gossip';

export interface Fault {
  readonly at: FaultPlace;
  /**
   * - `kill`: the connection is destroyed, and all that goes over it; `silence`: no answer, ever.
   * - `delay`: `delayMs` later it goes on; `duplicate` (`…-event` only): the event is sent twice.
   * - `unavailable`, `timeout`, `not-leader`: it is answered with that error.
   */
  readonly does: 'kill' | 'silence' | 'delay' | 'duplicate' | 'unavailable' | 'timeout' | 'not-leader';
  /** Only in this stream (`$all` for reads of everything); anywhere when left out. */
  readonly stream?: string;
  /** How often it is passed before it strikes; 0 when left out. */
  readonly skip?: number;
  /** How often it strikes; 1 when left out. */
  readonly times?: number;
  readonly delayMs?: number;
}

/** Plain data, so that a test can also hand it to a server in another process. Faults strike in the order of injection. */
export class Faults {
  #armed: { readonly fault: Fault; skip: number; times: number }[] = [];

  inject(fault: Fault): void {
    this.#armed.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  clear(): void {
    this.#armed = [];
  }

  /** Whether faults of this place are armed at all: asked once per event that is read. */
  get none(): boolean {
    return this.#armed.length === 0;
  }

  /** The fault that strikes here now. A delay has passed when this resolves. */
  async next(at: FaultPlace, stream: string): Promise<Fault['does'] | undefined> {
    if (this.none) return undefined;
    const armed = this.#armed.find(({ fault }) => fault.at === at && (fault.stream ?? stream) === stream);
    if (armed === undefined) return undefined;
    if (armed.skip > 0) {
      armed.skip -= 1;
      return undefined;
    }
    armed.times -= 1;
    if (armed.times <= 0) this.#armed.splice(this.#armed.indexOf(armed), 1);
    if (armed.fault.does === 'delay') await later(armed.fault.delayMs ?? 0);
    return armed.fault.does === 'delay' ? undefined : armed.fault.does;
  }
}
