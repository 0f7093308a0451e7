import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What the link does with bytes. `silent` takes them and passes none on, as a frozen machine does. */
type Mode = 'open' | 'silent';

/** A TCP link to a server that can be made to fail in the ways that networks and servers do. */
export interface CuttableLink {
  readonly port: number;
  /** `silent` holds for all that are or will be connected; `open` breaks those that were kept waiting. */
  set(mode: Mode): void;
  /** Breaks the connection over which these bytes come, before the server has seen them. Resolves when it happened. */
  loseRequestWith(bytes: Buffer): Promise<void>;
  /** Lets these bytes through, waits for what the server answers, and breaks the connection instead of passing it on. */
  loseAnswerTo(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

interface Trap {
  readonly bytes: Buffer;
  readonly loses: 'request' | 'answer';
  readonly sprung: () => void;
}

export async function openCuttableLink(target: { readonly port: number }): Promise<CuttableLink> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let mode: Mode = 'open';
  let trap: Trap | undefined;
  const server = createServer((near) => {
    const far = connect(target.port, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    const cut = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    let losing: Trap | undefined;
    near.on('data', (chunk) => {
      if (mode === 'silent') return;
      if (trap !== undefined && chunk.includes(trap.bytes)) {
        losing = trap;
        trap = undefined;
        if (losing.loses === 'request') {
          cut();
          return losing.sprung();
        }
      }
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (losing !== undefined) {
        cut();
        return losing.sprung();
      }
      if (mode === 'open') near.write(chunk);
    });
    for (const socket of pair) {
      socket.on('error', () => undefined); // `close` follows
      socket.on('close', cut);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = (): void => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
  const lose = (loses: Trap['loses'], bytes: Buffer) =>
    new Promise<void>((sprung) => (trap = { bytes, loses, sprung }));
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      // What was swallowed is lost: a stream that goes on without it would be another fault than the one meant.
      if (mode === 'silent' && next === 'open') cutAll();
      mode = next;
    },
    loseRequestWith: (bytes) => lose('request', bytes),
    loseAnswerTo: (bytes) => lose('answer', bytes),
    close: async () => {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
