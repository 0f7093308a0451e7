import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is answered. No header or body repeats anything of the request. */
export interface HttpAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  /** Bytes that never change may be kept for ever; everything else is asked for anew. */
  readonly isImmutable?: boolean;
}

/** Untrusted: everything in it. `path` is without its query. The body is empty for GET. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: Uint8Array;
}

export interface HttpOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly answer: (request: HttpRequest) => Promise<HttpAnswer>;
  /** A fault while answering; the sender gets 500. */
  readonly onFault: (fault: unknown) => void;
  /** For specs, which cannot wait so long. */
  readonly limits?: Partial<HttpLimits>;
}

/** How much and how long a sender may keep this process busy. */
export interface HttpLimits {
  readonly bodyBytes: number;
  readonly connections: number;
  /** From the first byte of a request to its last. */
  readonly requestMilliseconds: number;
  /** Between two requests on one connection. */
  readonly keepAliveMilliseconds: number;
}

const LIMITS: HttpLimits = {
  bodyBytes: 10 * 1_024,
  connections: 1_024,
  requestMilliseconds: 10_000,
  keepAliveMilliseconds: 72_000,
};

const TEXT = 'text/plain; charset=utf-8';

export interface RunningServer {
  /** Such as `http://127.0.0.1:7430`. */
  readonly url: string;
  /** Takes no new requests and finishes those in flight. */
  close(): Promise<void>;
}

/** A small HTTP/1.1 server for GET, HEAD and POST of small bodies, on which nobody can sit for ever. */
export async function startHttpServer(options: HttpOptions): Promise<RunningServer> {
  const limits = { ...LIMITS, ...options.limits };
  const server = createServer(
    {
      requestTimeout: limits.requestMilliseconds,
      headersTimeout: limits.requestMilliseconds,
      keepAliveTimeout: limits.keepAliveMilliseconds,
      connectionsCheckingInterval: Math.min(1_000, limits.requestMilliseconds),
      noDelay: true,
    },
    (request, response) => void serve(request, response, { ...options, limits }),
  );
  server.maxConnections = limits.connections;
  // A sender who reads no answer is let go as well.
  server.setTimeout(limits.keepAliveMilliseconds);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}`, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, onFault, limits }: HttpOptions & { readonly limits: HttpLimits },
): Promise<void> {
  try {
    const { method = '' } = request;
    if (method !== 'POST' && method !== 'GET' && method !== 'HEAD') return send(response, { status: 405 });
    const body = method === 'POST' ? await readBody(request, limits.bodyBytes) : new Uint8Array();
    if (body === 'gone') return;
    if (body === 'too large') {
      // What is still on its way is not read.
      response.shouldKeepAlive = false;
      return send(response, { status: 413, body: 'the body is larger than this witness reads\n' });
    }
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    send(response, await answer({ method: method === 'POST' ? 'POST' : 'GET', path, body }));
  } catch (fault) {
    onFault(fault);
    send(response, { status: 500 });
  }
}

function readBody(request: IncomingMessage, most: number): Promise<Uint8Array | 'too large' | 'gone'> {
  if (Number(request.headers['content-length'] ?? 0) > most) return Promise.resolve('too large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > most) return resolve('too large');
      chunks.push(chunk);
    });
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once('close', () => resolve('gone'));
  });
}

function send(response: ServerResponse, { status, type = TEXT, body = '', isImmutable = false }: HttpAnswer): void {
  if (response.destroyed || response.headersSent) return;
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  response
    .writeHead(status, {
      'content-type': type,
      'content-length': bytes.length,
      'cache-control': isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      'access-control-allow-origin': '*',
    })
    .end(bytes);
}
