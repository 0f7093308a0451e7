import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

export const NDJSON_TYPE = 'application/x-ndjson';

const types = ['application/json', NDJSON_TYPE, 'text/csv', 'application/octet-stream'] as const;

export type ContentType = (typeof types)[number];

/** A body of which nothing has been read. */
export class UnreadBody {
  constructor(
    readonly type: ContentType,
    readonly stream: IncomingMessage,
    /** What the sender says that it will be, in bytes. */
    readonly announcedBytes: number | undefined,
  ) {}
}

/**
 * No body is read before the guard has let its sender in: a handler's pipe reads it, `bytesOf` or `streamOf`. Every other
 * content type is answered with 415.
 */
export function registerContentTypes(http: FastifyInstance): void {
  http.removeAllContentTypeParsers();
  for (const type of types) {
    http.addContentTypeParser(type, ({ headers }, stream, done) => {
      const announced = headers['content-length'];
      done(null, new UnreadBody(type, stream, announced === undefined ? undefined : Number(announced)));
    });
  }
}
