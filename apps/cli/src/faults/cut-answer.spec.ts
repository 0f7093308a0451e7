import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Unavailable } from '@aidtrail/client';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { base64Encode, type SignedCommand } from '@aidtrail/envelope';
import { silentWorld } from './small-relief.testing.js';

type Route = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A server that answers as a spec wants, and keeps what it was sent. */
async function fakeServer(routes: Readonly<Record<string, Route>>) {
  const sent: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      sent.push(`${request.method} ${request.url} ${body}`);
      routes[request.url ?? '']?.(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { client, entropy } = silentWorld(`http://127.0.0.1:${port}`, 'cut answer');
  running.add(server);
  return { client, sent, signer: sodiumSigner(entropy.bytes(32)) };
}

const running = new Set<Server>();

afterEach(async () => {
  for (const server of running) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  running.clear();
});

const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

/** Half an answer, then the end of the connection: the server was killed while it wrote. */
function cut(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-length': text.length });
  response.write(text.slice(0, text.length / 2), () => response.destroy());
}

const ledger: Record<string, Route> = {
  '/ledger': (_, response) => json(response, { origin: 'ledger.example/fake' }),
  '/log/checkpoint': (_, response) => json(response, {}, 404),
};

const EXPIRES = '2026-06-01T00:02:00Z';
const keyIn = (body: string) => (JSON.parse(body) as { readonly key: string }).key;

const accepted = { leafHash: 'aGFzaA==', event: 'event-1', publishBy: '2026-06-01T00:00:00Z' };
const answer = JSON.stringify({ payload: base64Encode(new TextEncoder().encode(JSON.stringify({ accepted }))) });

describe('a client whose answer is cut off', () => {
  it('takes the outcome for unknown and hands in the same bytes again', async () => {
    let answers = 0;
    const server = await fakeServer({
      ...ledger,
      '/commands': (_, response) => (answers++ === 0 ? cut(response, answer) : void response.end(answer)),
    });
    const receipt = await server.client.submit({ type: 'StartDay', data: { day: '2026-06-01' } }, [server.signer]);
    expect(receipt).toMatchObject(accepted);
    const [first, second, ...others] = server.sent.filter((line) => line.startsWith('POST /commands '));
    expect(second).toBe(first);
    expect(others).toEqual([]);
  });

  it('says so of a whole upload, and gives no receipts of half of it', async () => {
    const line = `{"line":1,"status":200,"answer":${answer}}\n`;
    const server = await fakeServer({ ...ledger, '/commands/bulk': (_, response) => cut(response, line + line) });
    const commands: SignedCommand[] = [];
    for (const day of ['2026-06-01', '2026-06-02'])
      commands.push(await server.client.build({ type: 'StartDay', data: { day } }, [server.signer]));
    await expect(server.client.sendBulk(commands)).rejects.toThrow(Unavailable);
  });
});

describe('a client whose session ended with the server’s process', () => {
  it('opens another and asks once more, and not for ever', async () => {
    let tokens = 0;
    let valid = 'token-1';
    const server = await fakeServer({
      '/sessions/challenges': (_, response, body) =>
        json(response, { log: 'ledger.example/fake', nonce: 'n'.repeat(22), key: keyIn(body), expires: EXPIRES }),
      '/sessions': (_, response) => json(response, { token: `token-${(tokens += 1)}` }),
      '/payables': ({ headers }, response) =>
        headers.authorization === `Bearer ${valid}`
          ? json(response, { payables: [] })
          : json(response, { code: 'session_required', en: 'Open a session first.' }, 401),
    });
    expect(await server.client.get('/payables', server.signer)).toEqual({ payables: [] });
    valid = 'token-2';
    expect(await server.client.get('/payables', server.signer)).toEqual({ payables: [] });
    valid = 'nobody has it';
    await expect(server.client.get('/payables', server.signer)).rejects.toThrow('session_required');
    expect(tokens).toBe(3);
  });
});
