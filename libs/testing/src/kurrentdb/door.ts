import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Where clients come in: the sockets are our own, so that a test can destroy them at any moment. */
export interface Door {
  readonly port: number;
  /** On the same port as before. */
  open(): Promise<void>;
  /** With all connections destroyed. */
  close(): Promise<void>;
  /** Destroys all connections, or the one from this address and port. */
  kill(peer?: string): void;
}

/** Listens on 127.0.0.1. */
export async function openDoor(port: number, enter: (socket: Socket) => void): Promise<Door> {
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    enter(socket);
  });
  const listen = (on: number): Promise<void> =>
    new Promise((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(on, '127.0.0.1', () => {
        listener.off('error', reject);
        resolve();
      });
    });
  const kill = (peer?: string): void => {
    for (const socket of sockets) {
      if (peer === undefined || peer === `${socket.remoteAddress}:${socket.remotePort}`) socket.destroy();
    }
  };
  await listen(port);
  const actual = (listener.address() as AddressInfo).port;
  return {
    port: actual,
    open: () => listen(actual),
    close: () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      kill();
      return closed;
    },
    kill,
  };
}
