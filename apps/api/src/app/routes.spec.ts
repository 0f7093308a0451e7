import { randomBytes, randomUUID } from 'node:crypto';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { Controller, Get, Module, RequestMethod, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AidtrailClient } from '@aidtrail/client';
import { CallerGuard, declaredCaller, HealthController, ProblemFilter, Public, type Caller } from '@aidtrail/nest';
import { startMemoryApi, type MemoryApi } from '../testing/memory-api.js';
import { controllers } from './api-module.js';

/** Who may call what, and how a key's campaigns limit that. A new route fails here until somebody has thought about it. */
const expected: Readonly<Record<string, string>> = {
  'POST /commands': 'signed-command',
  'POST /commands/bulk': 'signed-command',
  'GET /commands/:id': 'public',
  'GET /ledger': 'public',
  'GET /log/checkpoint': 'public',
  'GET /log/witnessed-checkpoint': 'public',
  'GET /log/status': 'public',
  'GET /log/policy': 'public',
  'GET /log/tile/:path': 'public',
  'GET /public/figures': 'public',
  'GET /public/figures/disclosed': 'public',
  'GET /public/figures/:cut': 'public',
  'GET /public/figures.csv': 'public',
  'GET /public/stream': 'public',
  'GET /events': 'public',
  'GET /events/:position': 'public',
  'POST /sessions/challenges': 'public',
  'POST /sessions': 'public',
  'POST /rosters': 'registrar, campaignInQuery',
  'POST /rosters/:id/batches': 'registrar, campaign-in-body',
  'GET /batches/:id/slips': 'worker registrar, batchInPath',
  'POST /intakes': 'channel, fundInQuery',
  'GET /intakes/:id/trace-codes': 'channel finance, intakeInPath',
  'POST /people/searches': 'registrar worker, campaign-in-body',
  'POST /people/:id/reads': 'registrar, personInPath',
  'POST /people/:id/erasure': 'registrar, wholePersonInPath',
  'POST /redemptions/quote': 'till, campaign-in-body',
  'GET /summary': 'finance programme, whole-ledger',
  'GET /campaigns': 'public',
  'GET /campaigns/:id': 'public',
  'GET /campaigns/:id/days': 'finance programme, campaignInPath',
  'GET /funds/:id': 'finance programme, fundInPath',
  'POST /traces': 'public',
  'GET /vouchers/:id': 'worker registrar finance programme, voucherInPath',
  'GET /batches/:id': 'worker registrar finance programme, batchInPath',
  'GET /merchants/:id': 'till finance programme, whole-ledger',
  'GET /merchants/:id/settlements': 'finance, whole-ledger',
  'GET /payables': 'finance, whole-ledger',
  'GET /settlements/:id': 'finance, whole-ledger',
  'GET /trial-balance': 'finance, whole-ledger',
  'GET /donations/:id/trace': 'finance, donationInPath',
  'GET /metrics': 'monitor',
  'GET /openapi.json': 'public',
  'GET /': 'public',
  'GET /assets/:path': 'public',
  'GET /:file': 'public',
  'GET /health': 'public without limit',
  'GET /ready': 'public without limit',
};

function callersOf(controller: Type): [route: string, caller: string][] {
  const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
  return Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
    if (name === 'constructor') return [];
    const handler = (controller.prototype as Record<string, object>)[name] as object;
    const path = Reflect.getMetadata(PATH_METADATA, handler) as string | undefined;
    if (path === undefined) return [];
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
    const route = `/${[prefix, path]
      .map((part) => part.replace(/^\/|\/$/g, ''))
      .filter(Boolean)
      .join('/')}`;
    // OpenAPI has no wildcards, so what stands for one has a name there.
    return [[`${method} ${route.replace(/\*$/, ':path')}`, describeCaller(declaredCaller(handler))]];
  });
}

function describeCaller(caller: Caller | undefined): string {
  if (caller === undefined) return 'undeclared';
  if (caller.kind === 'public') return caller.limited ? 'public' : 'public without limit';
  if (caller.kind === 'signed-command' || caller.kind === 'monitor') return caller.kind;
  const { roles, limit } = caller;
  return `${roles.join(' ')}, ${typeof limit === 'string' ? limit : limit.name}`;
}

describe('who may call a route', () => {
  let api: MemoryApi;
  beforeAll(async () => {
    api = await startMemoryApi();
  });
  afterAll(() => api.close());

  it('is declared on every route, and is what we decided', () => {
    const declared = [...controllers, HealthController].flatMap((controller) => callersOf(controller as Type));
    expect(Object.fromEntries(declared)).toEqual(expected);
  });

  it('covers every route that is served', async () => {
    const { paths } = (await (await fetch(`${api.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    const served = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(served.sort()).toEqual(Object.keys(expected).sort());
  });

  it('is asked before anything else: a private route tells a stranger nothing', async () => {
    const sessions = Object.entries(expected).filter(([, caller]) => !/^public|^signed-command$/.test(caller));
    expect(sessions.length).toBeGreaterThan(10);
    for (const [route] of sessions) {
      const [method, path] = route.split(' ') as [string, string];
      const response = await fetch(`${api.url}${path.replace(/:\w+/, 'x')}`, { method });
      expect([route, response.status]).toEqual([route, 401]);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('is limited to the campaigns of a key on every route, for every role that may call it', async () => {
    const [own, other] = [randomUUID(), randomUUID()];
    const limited = await startMemoryApi({
      system: {
        people: { campaignsOf: () => Promise.resolve([other]) } as never,
        donors: { intakeOwner: () => Promise.resolve({ fundId: other }) } as never,
      },
    });
    try {
      const client = new AidtrailClient({ baseUrl: limited.url, randomBytes, randomUuid: randomUUID });
      const tokens = new Map<string, string>();
      const bodies: Readonly<Record<string, object>> = {
        '/redemptions/quote': { campaign: other, basket: [{ category: 'rice', quantity: 1, amountMinor: 1 }] },
        '/people/searches': { campaign: other, purpose: 'claim_check', name: '石小禾' },
      };
      for (const [route, caller] of Object.entries(expected)) {
        const [roles = '', limit] = caller.split(', ');
        if (limit === undefined) continue;
        for (const role of roles.split(' ')) {
          const token = tokens.get(role) ?? (await client.session(await limited.enroll(role, `${role}-1`, { campaigns: [own], organisation: other, store: other }))); // prettier-ignore
          tokens.set(role, token);
          const [method, path] = route.split(' ') as [string, string];
          const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
          const body = JSON.stringify(bodies[path] ?? { batch: other, campaign: other, partner: other });
          const response = await fetch(
            `${limited.url}${path.replace(/:\w+/, other)}?campaign=${other}&fund=${other}`,
            method === 'GET' ? { headers } : { method, headers, body },
          );
          const { code } = (await response.json()) as { readonly code: string };
          expect([route, role, code]).toEqual([route, role, 'reader_out_of_scope']);
        }
      }
    } finally {
      await limited.close();
    }
  });

  it('may not be declared twice', () => {
    class Twice {
      route(): void {}
    }
    const method = Object.getOwnPropertyDescriptor(Twice.prototype, 'route') as PropertyDescriptor;
    Public()(Twice.prototype, 'route', method);
    expect(() => Public()(Twice.prototype, 'route', method)).toThrow(TypeError);
  });
});

@Controller('forgotten')
class ForgottenController {
  @Get()
  // eslint-disable-next-line aidtrail/route-declares-caller -- that is what the guard has to notice
  read(): string {
    return 'private';
  }
}

@Module({
  controllers: [ForgottenController],
  providers: [
    { provide: APP_GUARD, useClass: CallerGuard },
    { provide: APP_FILTER, useValue: new ProblemFilter(() => undefined) },
  ],
})
class ForgottenModule {}

describe('a route that does not declare its caller', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(ForgottenModule, new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  it('is refused at run time', async () => {
    const response = await fetch(`${await app.getUrl()}/forgotten`);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'route_undeclared' });
  });
});
