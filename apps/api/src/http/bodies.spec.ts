import { randomBytes, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AidtrailClient } from '@aidtrail/client';
import { base64Encode, encodeCommandEnvelope } from '@aidtrail/envelope';
import { createLogger } from '@aidtrail/nest';
import { newSigner, startMemoryApi, type MemoryApi } from '../testing/memory-api.js';

/** A connection of which the spec writes every byte itself. */
class Raw {
  private received = '';
  private readonly socket: Socket;
  readonly closed: Promise<void>;

  constructor(url: string) {
    this.socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
    this.socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.on('close', () => resolve()));
  }

  /** `type`: of a body that follows in chunks. */
  head(route: string, type?: string, more: { readonly token?: string; readonly announced?: number } = {}): void {
    const size = more.announced === undefined ? 'transfer-encoding: chunked' : `content-length: ${more.announced}`;
    const lines = [`${route} HTTP/1.1`, 'host: ledger.example'];
    if (type !== undefined) lines.push(`content-type: ${type}`, size);
    if (more.token !== undefined) lines.push(`authorization: Bearer ${more.token}`);
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  }

  /** One chunk a byte, as small as they can be. */
  async bytesOneByOne(text: string): Promise<void> {
    const chunks = [...Buffer.from(text)].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`);
    await new Promise<void>((resolve) => this.socket.write(Buffer.from(chunks.join(''), 'latin1'), () => resolve()));
  }

  endOfBody(): void {
    this.socket.write('0\r\n\r\n');
  }

  /** What has come once it holds `text`, or once the connection was closed. */
  async until(text: string): Promise<string> {
    while (!this.received.includes(text) && !this.socket.destroyed) await new Promise((r) => this.socket.once('data', r).once('close', r)); // prettier-ignore
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }
}

let api: MemoryApi;
const open: Raw[] = [];
const raw = (): Raw => {
  const made = new Raw(api.url);
  open.push(made);
  return made;
};
afterEach(async () => {
  for (const connection of open.splice(0)) connection.close();
  await api.close();
});

describe('a body', () => {
  it.each([
    ['POST /rosters', 'text/csv'],
    ['POST /rosters', 'application/octet-stream'],
    ['POST /intakes', 'application/x-ndjson'],
    ['POST /redemptions/quote', 'application/json'],
    ['POST /people/searches', 'application/json'],
    ['POST /people/6f1c3bd2-64a5-4d9c-8a2b-0d6a3f6f1c11/erasure', 'application/json'],
  ])('of %s (%s) is not waited for when nobody has a session', async (route, type) => {
    api = await startMemoryApi();
    const stranger = raw();
    stranger.head(route, type);
    // Not a byte of the body was sent: an answer now is one that did not read it.
    const answer = await stranger.until('"code"');
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toContain('"session_required"');
  });

  it('is not waited for where there is no route, nor from a role that may not', async () => {
    api = await startMemoryApi();
    const lost = raw();
    lost.head('POST /nothing', 'text/csv');
    expect(await lost.until('"code"')).toMatch(/^HTTP\/1\.1 404 /);
    const client = new AidtrailClient({ baseUrl: api.url, randomBytes, randomUuid: randomUUID });
    const token = await client.session(await api.enroll('worker', 'worker-1'));
    const worker = raw();
    worker.head('POST /rosters', 'text/csv', { token });
    expect(await worker.until('"code"')).toMatch(/^HTTP\/1\.1 403 [^]*"reader_role_not_allowed"/);
  });

  it('of a type that the route does not take is not read', async () => {
    api = await startMemoryApi();
    for (const [route, type] of [
      ['POST /commands', 'text/csv'],
      ['POST /commands/bulk', 'application/json'],
    ] as const) {
      // prettier-ignore
      const sender = raw();
      sender.head(route, type);
      expect(await sender.until('"code"')).toMatch(/^HTTP\/1\.1 415 /);
    }
  });

  it('that is said to be too large, or turns out to be, ends the connection', async () => {
    api = await startMemoryApi();
    const body = 'x'.repeat(131_073);
    const honest = raw();
    honest.head('POST /commands', 'application/json', { announced: body.length });
    expect(await honest.until('"code"')).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/);
    await honest.closed;
    const liar = raw();
    liar.head('POST /commands', 'application/json');
    await liar.bytesOneByOne(body);
    expect(await liar.until('"code"')).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/);
    await liar.closed;
  });

  it('may come in as many parts as it has bytes', async () => {
    api = await startMemoryApi();
    const data = { publicKey: base64Encode(newSigner().publicKey), role: 'service' };
    const text = JSON.stringify(encodeCommandEnvelope(api.sign('EnrollKey', data, [api.roots[0]])));
    for (const [route, type] of [
      ['POST /commands', 'application/json'],
      ['POST /commands/bulk', 'application/x-ndjson'],
    ] as const) {
      // prettier-ignore
      const sender = raw();
      sender.head(route, type);
      await sender.bytesOneByOne(text);
      sender.endOfBody();
      const answer = await sender.until('"payload"');
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    }
  });

  it('that is cut off is nobody’s fault of ours', async () => {
    const faults: unknown[] = [];
    const logger = createLogger('error', { write: (line) => void faults.push(line) });
    api = await startMemoryApi({ logger });
    const gone = raw();
    gone.head('POST /commands', 'application/json');
    await gone.bytesOneByOne('{"payload');
    gone.close();
    await gone.closed;
    expect((await fetch(`${api.url}/health`)).status).toBe(200);
    expect(faults).toEqual([]);
  });
});

describe('a connection', () => {
  it('more than there may be is closed unheard, and the others go on', async () => {
    api = await startMemoryApi({ limits: { connections: 2 } });
    const [first, second] = [raw(), raw()];
    for (const one of [first, second]) {
      one.head('GET /health');
      expect(await one.until('alive')).toContain('alive');
    }
    const third = raw();
    third.head('GET /health');
    await third.closed;
    expect(await third.until('alive')).toBe('');
    first.close();
    await first.closed;
    second.head('GET /health');
    expect((await second.until('alive')).length).toBeGreaterThan(0);
  });

  it('that brings no head, or half of one, is closed', async () => {
    api = await startMemoryApi({ limits: { headMilliseconds: 20 } });
    const [silent, half] = [raw(), raw()];
    half.head('GET /health\r\nx-never: ', undefined);
    await Promise.all([silent.closed, half.closed]);
  });

  it('that falls silent in the middle of a body is closed', async () => {
    api = await startMemoryApi({ limits: { silentMilliseconds: 20 } });
    const sender = raw();
    sender.head('POST /commands/bulk', 'application/x-ndjson');
    await sender.bytesOneByOne('{');
    await sender.closed;
  });
});
