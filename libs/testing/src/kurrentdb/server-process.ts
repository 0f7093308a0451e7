import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Fault } from './faults.js';
import type { ServerSettings } from './server.js';

/** What the parent tells the server; each order is answered with its number. */
export type Order = { readonly number: number } & (
  | { readonly does: 'inject'; readonly fault: Fault }
  | { readonly does: 'killConnections' }
  | { readonly does: 'restart'; readonly downMs: number }
  | { readonly does: 'count' }
);

/** A server in another process, so that it takes neither time nor memory of the client that is measured. */
export interface KurrentServerProcess {
  readonly connectionString: string;
  inject(fault: Fault): Promise<void>;
  killConnections(): Promise<void>;
  restart(downMs?: number): Promise<void>;
  /** Events sent to readers and subscribers since the start. */
  sentEvents(): Promise<number>;
  /** Kills the process with all that it held. */
  stop(): Promise<void>;
}

/** Needs the compiled package: `node tools/build.mjs`. */
export async function forkKurrentServer(settings: ServerSettings = {}): Promise<KurrentServerProcess> {
  const worker = fileURLToPath(new URL('../../dist/kurrentdb/server-worker.js', import.meta.url));
  const child = fork(worker, [JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] });
  const [line] = (await Promise.race([
    once(child.stdout ?? child, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('The KurrentDB test server did not start.'))),
  ])) as [Buffer];
  let number = 0;
  type Unnumbered = Order extends infer O ? (O extends unknown ? Omit<O, 'number'> : never) : never;
  const tell = async (order: Unnumbered): Promise<number> => {
    number += 1;
    const mine = number;
    return new Promise((resolve) => {
      const answered = (answer: { done: number; sentEvents: number }): void => {
        if (answer.done !== mine) return;
        child.off('message', answered);
        resolve(answer.sentEvents);
      };
      child.on('message', answered);
      child.send({ ...order, number: mine });
    });
  };
  return {
    connectionString: line.toString('utf8').trim(),
    inject: async (fault) => void (await tell({ does: 'inject', fault })),
    killConnections: async () => void (await tell({ does: 'killConnections' })),
    restart: async (downMs = 0) => void (await tell({ does: 'restart', downMs })),
    sentEvents: () => tell({ does: 'count' }),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
