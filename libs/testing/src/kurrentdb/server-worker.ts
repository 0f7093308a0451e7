/**
 * The server in a process of its own: `node dist/kurrentdb/server-worker.js [options as JSON]`. The first line of its output is
 * the connection string. It ends with its standard input or its parent, or on SIGTERM.
 */
import { startKurrentServer, type ServerSettings } from './server.js';
import type { Order } from './server-process.js';

const server = await startKurrentServer(JSON.parse(process.argv[2] ?? '{}') as ServerSettings);
process.stdout.write(`${server.connectionString}\n`);
process.on('message', (order: Order) => {
  const done = order.does === 'restart' ? server.restart(order.downMs) : obey(order);
  void Promise.resolve(done).then(() => process.send?.({ done: order.number, sentEvents: server.sentEvents }));
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

function obey(order: Exclude<Order, { does: 'restart' }>): void {
  if (order.does === 'inject') server.inject(order.fault);
  if (order.does === 'killConnections') server.killConnections();
}
