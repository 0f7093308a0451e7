import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  createLogger,
  faultFields,
  openSystem,
  readDivisionNamesOrThrow,
  type Config,
  type Logger,
  type Reproducible,
  type System,
} from '@aidtrail/nest';
import { readMonitorToken } from '../metrics/monitor-token.js';
import { Metrics } from '../metrics/metrics.js';
import { createApp } from './create-app.js';

export interface RunningApi {
  /** Such as `http://127.0.0.1:7420`. */
  readonly url: string;
  readonly system: System;
  /** Resolves when the API was closed, or rejects with the fault of background work that had to stop for good. */
  readonly ended: Promise<void>;
  /** Takes no new requests, finishes those in flight, stops the background work, then the database. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** Default: structured JSON on standard output at the configured level. */
  readonly logger?: Logger;
  readonly clock?: () => number;
  /** See `SystemOptions`. */
  readonly reproducible?: Reproducible;
}

/** Opens the ledger of a data directory and serves it. Throws what `openSystem` and `readDivisionNamesOrThrow` throw. */
export async function startApi(config: Config, options: StartOptions = {}): Promise<RunningApi> {
  const logger = options.logger ?? createLogger(config.logLevel);
  const clock = options.clock ?? Date.now;
  const metrics = new Metrics();
  const monitorToken = await readMonitorToken(config);
  const names = config.divisionNames === undefined ? undefined : await readDivisionNamesOrThrow(config.divisionNames);
  const system = await openSystem(config, {
    clock,
    reproducible: options.reproducible,
    observer: metrics.observer,
    wrapStore: metrics.wrapStore,
    onWarning: (sentence) => logger.warn(sentence),
    onFault: (where, fault) => logger.error({ where, ...faultFields(fault) }, 'background fault'),
  });
  try {
    metrics.watch(system);
    const app = await createApp({
      system,
      logger,
      metrics,
      clock,
      publicRequestsPerMinute: config.publicRequestsPerMinute,
      trustedProxies: config.trustedProxies,
      logUrl: config.logUrl,
      monitorToken,
      divisionNames: names,
    });
    const dropUnused = watchUnused(app.getHttpServer());
    await app.listen({ port: config.port, host: config.host }).catch((fault: unknown) => {
      throw listenFailure(fault, config);
    });
    return running(app, { system, logger, config, dropUnused });
  } catch (error) {
    await system.close();
    throw error;
  }
}

/** In words what is in the way of listening, where an operator can do something about it. */
function listenFailure(fault: unknown, { host, port }: Config): unknown {
  const { code } = fault as { readonly code?: unknown };
  if (code === 'EADDRINUSE') return new Error(`Port ${port} of ${host} is taken: use another --port.`);
  if (code === 'EADDRNOTAVAIL') return new Error(`This machine has no address ${host}: use another --host.`);
  if (code === 'EACCES') return new Error(`Port ${port} needs rights that this process lacks: use another --port.`);
  return fault;
}

function running(
  app: NestFastifyApplication,
  { system, logger, config, dropUnused }: { system: System; logger: Logger; config: Config; dropUnused: () => void },
): RunningApi {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  let closing: Promise<void> | undefined;
  let end: (fault?: unknown) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (fault) => {
      if (fault === undefined) resolve();
      else reject(fault instanceof Error ? fault : new Error('Background work stopped for good.'));
    };
  });
  // Whoever waits gets it; it must not count as unhandled until then.
  ended.catch(() => undefined);
  const close = () =>
    (closing ??= (async () => {
      const finished = app.close();
      dropUnused();
      await finished;
      await system.close();
      logger.info({ origin: system.file.origin }, 'closed');
      end();
    })());
  system.start((fault) => {
    logger.fatal(faultFields(fault), 'background work stopped');
    void close().catch(() => undefined);
    end(fault);
  });
  if (system.calendar === 'free') logger.warn('the calendar is free: days may run ahead of the clock');
  logger.info({ url, origin: system.file.origin, demo: system.file.demo }, 'serving');
  return { url, system, ended, close };
}

/**
 * Clients open connections in advance. One that has not brought a request yet counts as busy for the HTTP server, which
 * would wait for it when it closes. The function that this returns ends them.
 */
function watchUnused(server: Server): () => void {
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage) => unused.delete(socket));
  return () => unused.forEach((socket) => socket.destroy());
}
