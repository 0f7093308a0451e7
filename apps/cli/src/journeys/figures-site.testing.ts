import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { parseLeafOrThrow, type LeafContent } from '@aidtrail/envelope';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { publishLog, resignLeaf, witnessesForSpecs, type PublishedLog } from '@aidtrail/testing/published-log';
import { leavesOf } from '@aidtrail/testing/reading';

type Document = Record<string, unknown>;

const examples = new URL('../../../portal/src/programme/fixtures/', import.meta.url);
const dist = new URL('../../../portal/dist/', import.meta.url);

export async function exampleFigures(name = 'published-figures.json'): Promise<Document> {
  return JSON.parse(await readFile(new URL(name, examples), 'utf8')) as Document;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** The public site with published figures, and its log on another host, which goes on when the site's server has ended. */
export class FiguresSite {
  readonly streams = new Set<ServerResponse>();
  /** What the operator calls counties. */
  names: Document = {};
  private document: string | undefined;
  private second: string | undefined;
  private log: PublishedLog | undefined;
  private cuts = 0;
  private event = ': none yet\n\n';
  private port = 0;
  private server: Server | undefined;
  private readonly logServer: Server;

  private constructor(
    private readonly leaves: Uint8Array[],
    private readonly resigned: (change: Partial<LeafContent>) => Uint8Array,
    private readonly origin: string,
  ) {
    this.logServer = createServer((request, response) => this.answerLog(request, response));
  }

  static async start(): Promise<FiguresSite> {
    const h = await createLedgerHarness();
    await h.enroll('service');
    const leaves = (await leavesOf(h.store)).map(({ stored }) => stored.bytes);
    const last = leaves.at(-1) as Uint8Array;
    const site = new FiguresSite(leaves, (change) => resignLeaf(last, change, h.eventSigner), h.origin);
    await listen(site.logServer, 0);
    await site.resume();
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get logUrl(): string {
    return `http://localhost:${(this.logServer.address() as AddressInfo).port}/`;
  }

  /** Publishes figures as the ledger does: their digest in the log first, then the document, then the event. */
  async publish(figures: Document, disclosed?: Document): Promise<number> {
    const cut = this.leaves.length;
    const before = parseLeafOrThrow(this.leaves.at(-1) as Uint8Array);
    const document = JSON.stringify({ ...figures, log: this.origin, treeSize: cut });
    const digest = createHash('sha256').update(document).digest('base64');
    const leaf = (type: string, data: LeafContent['data']): Uint8Array =>
      this.resigned({ type, stream: 'figures-main', version: (this.cuts += 1), day: before.day, data });
    this.leaves.push(leaf('FiguresCut', {}), leaf('FiguresPublished', { cut, digest }));
    this.log = publishLog(this.leaves, { origin: this.origin, witnesses: witnessesForSpecs(2) });
    this.document = document;
    this.second = disclosed && JSON.stringify({ ...disclosed, log: this.origin, treeSize: cut });
    this.event = `event: figures\nid: ${cut}\ndata: ${JSON.stringify({ cut, leaf: cut + 1, digest })}\n\n`;
    for (const stream of this.streams) stream.write(this.event);
    return Promise.resolve(cut);
  }

  /** Another document under the address of the published one. */
  swap(change: (document: Document) => Document): void {
    this.document = JSON.stringify(change(JSON.parse(this.document ?? '{}') as Document));
  }

  /** The server that has pages and figures ends; its log is still there. */
  async stop(): Promise<void> {
    for (const stream of this.streams) stream.destroy();
    await closed(this.server);
    this.server = undefined;
  }

  async resume(): Promise<void> {
    const server = createServer((request, response) => void this.answer(request, response));
    await listen(server, this.port);
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async close(): Promise<void> {
    await this.stop();
    await closed(this.logServer);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').replace(/[?#].*$/, '').slice(1) || 'index.html';
    const send = (status: number, type: string, body: string | Buffer): void =>
      void response.writeHead(status, { 'content-type': type, 'cache-control': 'no-cache' }).end(body);
    const sendOr404 = (type: string, body: string | undefined): void =>
      body === undefined ? send(404, 'application/problem+json', '{"status":404}') : send(200, type, body);
    switch (path) {
      case 'public/figures':
        return sendOr404('application/json', this.document);
      case 'public/figures/disclosed':
        return sendOr404('application/json', this.second);
      case 'public/stream':
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        response.write(this.event);
        this.streams.add(response);
        return void response.on('close', () => this.streams.delete(response));
      case 'portal.json':
        return send(200, 'application/json', JSON.stringify({ api: './', log: this.logUrl, policy: 'log/policy' }));
      case 'division-names.json':
        return send(200, 'application/json', JSON.stringify(this.names));
      case 'log/policy':
        return sendOr404('text/plain; charset=utf-8', this.log?.policy);
    }
    try {
      const bytes = await readFile(new URL(path, dist));
      send(200, types[extname(path)] ?? 'application/octet-stream', bytes);
    } catch {
      send(404, 'application/problem+json', '{"status":404}');
    }
  }

  private answerLog(request: IncomingMessage, response: ServerResponse): void {
    const bytes = this.log?.files.get((request.url ?? '/').slice(1));
    response.setHeader('access-control-allow-origin', '*');
    response.writeHead(bytes === undefined ? 404 : 200, { 'cache-control': 'no-store' }).end(bytes);
  }
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
}

async function closed(server: Server | undefined): Promise<void> {
  if (server === undefined) return;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
