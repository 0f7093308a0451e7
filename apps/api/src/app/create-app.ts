import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { logRequest, NestLogger, type Config, type DivisionNames, type Logger } from '@aidtrail/nest';
import { beforeRouting } from '../http/before-routing.js';
import { connectionLimits, serverOptions, type ConnectionLimits } from '../http/connection-limits.js';
import { createPublicLimiter } from '../http/public-limiter.js';
import { registerContentTypes } from '../http/content-types.js';
import { describeApi } from '../openapi/openapi.js';
import { loadSite, portalFolder, type Site } from '../site/site.js';
import { OpenApiHolder } from '../openapi/openapi.controller.js';
import { ApiModule, type ApiParts } from './api-module.js';

export type AppParts = Omit<ApiParts, 'limiter' | 'site'> &
  Pick<Config, 'publicRequestsPerMinute' | 'trustedProxies' | 'logUrl'> & {
    /** For the public site. */
    readonly divisionNames?: DivisionNames | undefined;
    /** For specs, which cannot wait so long nor open so many. */
    readonly limits?: Partial<ConnectionLimits>;
    /** Default: the portal as it was built. */
    readonly site?: Site;
  };

/** The API over a system that is open already. It does not own the system: whoever opened it closes it. */
export async function createApp(parts: AppParts): Promise<NestFastifyApplication> {
  const { publicRequestsPerMinute, trustedProxies, logUrl, divisionNames, ...others } = parts;
  const { limits: smaller, site: given, ...ofModule } = others;
  const limits = { ...connectionLimits, ...smaller };
  const adapter = new FastifyAdapter({
    logger: false,
    // Not the client's: what it sends would end up in our logs.
    genReqId: () => randomUUID(),
    ...serverOptions(limits),
    ...beforeRouting,
    routerOptions: { maxParamLength: 200 },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
  });
  const http = adapter.getInstance<FastifyInstance>();
  http.server.maxConnections = limits.connections;
  registerContentTypes(http);
  logRequests(http, parts.logger);
  closeConnectionsWhenStopping(http);
  const limiter = await createPublicLimiter(http, publicRequestsPerMinute);
  const site = given ?? (await loadSite(portalFolder, { logUrl, divisionNames }));
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.of({ ...ofModule, limiter, site }), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(parts.logger),
  });
  app.get(OpenApiHolder).document = describeApi(app);
  return app;
}

function logRequests(http: FastifyInstance, logger: Logger): void {
  http.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  http.addHook('onResponse', (request, reply, done) => {
    logRequest(logger, {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
    });
    done();
  });
}

/**
 * A client keeps its connection after a response, and the server would wait for it to end. So once the server is told to
 * stop, each connection ends with the request that it is busy with.
 */
function closeConnectionsWhenStopping(http: FastifyInstance): void {
  let isStopping = false;
  http.addHook('preClose', (done) => {
    isStopping = true;
    done();
  });
  http.addHook('onSend', (_request, reply, payload, done) => {
    if (isStopping) void reply.header('connection', 'close');
    done(null, payload);
  });
  http.addHook('onResponse', (_request, _reply, done) => {
    // Responses that began before keep their connection; by the next turn it counts as idle.
    if (isStopping) setImmediate(() => http.server.closeIdleConnections());
    done();
  });
}
