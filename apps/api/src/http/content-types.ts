import type { FastifyInstance } from 'fastify';
import { MAX_ENVELOPE_BYTES } from '../commands/read-command.js';

export const NDJSON_TYPE = 'application/x-ndjson';

/** Of a roster; one byte more than the parser of rosters takes, so that it is the one to say so. */
const MAX_TEXT_BYTES = 10 * 1024 * 1024 + 1;

/**
 * Bodies reach the handlers as they came: JSON and tables as bytes, lines as a stream. Nothing is parsed before it is
 * known what it has to be. Every other content type is answered with 415.
 */
export function registerContentTypes(http: FastifyInstance): void {
  http.removeAllContentTypeParsers();
  const asBytes = (_request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => done(null, body);
  http.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: MAX_ENVELOPE_BYTES }, asBytes);
  for (const type of ['text/csv', 'application/octet-stream']) {
    http.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: MAX_TEXT_BYTES }, asBytes);
  }
  http.addContentTypeParser(NDJSON_TYPE, (_request, payload, done) => done(null, payload));
}
